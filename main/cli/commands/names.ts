/** firn names: the items that travel under another name than their own, with both names. */
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { stringify } from 'csv-stringify/sync'
import { Fault } from '../../../shared/faults/fault.ts'
import { count } from '../output.ts'
import { action } from '../session.ts'

const writtenAtOnce = 1000

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
      const file = await open(resolve(out), 'wx', 0o600).catch((error: unknown) => {
        throw new Fault('bad-input', { field: '--out', problem: 'cannot be made, or is there already' }, { cause: error })
      })
      let items = 0
      try {
        let rows: (string | number)[][] = [['bucket', 'key', 'own_key', 'item']]
        for (const { bucket, key, ownKey, itemId } of journal.mappedNames()) {
          items += 1
          rows.push([bucket, key, ownKey, itemId])
          if (rows.length < writtenAtOnce) continue
          session.signal.throwIfAborted()
          await file.write(stringify(rows))
          rows = []
        }
        await file.write(stringify(rows))
        await file.sync()
      } finally {
        await file.close()
      }
      session.output.line(`${count(items)} items travel under another name than their own; both names of each are in the file`)
      return { summary: { items } }
    }),
  )
}
