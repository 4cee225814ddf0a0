/** firn names: the items that travel under another name than their own, with both names. */
import type { Command } from 'commander'
import { stringify } from 'csv-stringify/sync'
import { writeNewFile } from '../newFile.ts'
import { count } from '../output.ts'
import { action } from '../session.ts'

export function namesCommand(program: Command): void {
  const command = program
    .command('names')
    .description('list the items that the plan puts on a device under another name than their own; both names are in the file')
    .requiredOption(
      '--out <file>',
      'new CSV file: bucket, key, key by its own name, item. Names may be those of patients: keep it as you keep them',
    )
  action(command, async (session) =>
    session.withMigration(async (_work, { journal }) => {
      const { out } = command.opts<{ out: string }>()
      let items = 0
      await writeNewFile('--out', out, async (sink) => {
        await sink.write(stringify([['bucket', 'key', 'own_key', 'item']]))
        for (const { bucket, key, ownKey, itemId } of journal.mappedNames()) {
          session.signal.throwIfAborted()
          items += 1
          await sink.write(stringify([[bucket, key, ownKey, itemId]]))
        }
      })
      session.output.line(`${count(items)} items travel under another name than their own; both names of each are in the file`)
      return { summary: { items } }
    }),
  )
}
