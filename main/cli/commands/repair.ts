/** firn repair: what a verification found missing or different in S3 is planned to be sent again, over the link. */
import type { Command } from 'commander'
import { formatBytes } from '../../../shared/units/bytes.ts'
import { planRepair } from '../../engine/steps.ts'
import { count } from '../output.ts'
import { action, personName } from '../session.ts'

export function repairCommand(program: Command): void {
  const command = program
    .command('repair')
    .description('plan what the last verification found missing or different in S3 for the link lane; firn load --link then sends it')
    .requiredOption('--person <name>', 'who decides it', personName)
  action(command, async (session) =>
    session.withMigration(async (work) => {
      const repaired = await planRepair(work, command.opts<{ person: string }>().person)
      session.output.line(
        repaired.items === 0
          ? 'Nothing that was sent by device or link is missing or different.'
          : `${count(repaired.items)} items, ${formatBytes(repaired.bytes)}, wait on the link lane: firn load --link, then firn verify.`,
      )
      return { summary: repaired }
    }),
  )
}
