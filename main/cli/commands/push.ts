/** firn push: copies through the file share and waits until the gateway has uploaded it. Safe to stop and repeat. */
import type { Command } from 'commander'
import { formatBytes } from '../../../shared/units/bytes.ts'
import { awaitLanding, pushShare } from '../../engine/steps.ts'
import { exitCodes } from '../exitCodes.ts'
import { count } from '../output.ts'
import { action, personName } from '../session.ts'

export function pushCommand(program: Command): void {
  const command = program
    .command('push')
    .description('copy through the Storage Gateway share and wait until it has landed in S3; safe to stop and repeat')
    .option('--no-wait', 'do not wait for the upload')
    .option('--accept-mount <name>', 'your name: the share is rightly mounted from elsewhere than at the first push', personName)
  action(command, async (session) =>
    session.withMigration(async (work, { journal }) => {
      const { wait, acceptMount } = command.opts<{ wait: boolean; acceptMount?: string }>()
      const pushed = await pushShare(work, acceptMount === undefined ? {} : { acceptMount })
      session.output.line(`Pushed ${count(pushed.items)} items, ${formatBytes(pushed.bytes)}; ${count(pushed.leftBehind)} left behind`)
      const landed = wait ? await awaitLanding(work) : undefined
      if (landed !== undefined)
        session.output.line(
          landed.drained ? 'The gateway has uploaded everything.' : `The gateway has not uploaded everything: ${landed.ended}`,
        )
      if (pushed.leftBehind > 0) session.output.line('What was left behind has changed or gone since the scan: firn scan, then firn plan.')
      const { items, doneItems } = journal.laneTotals({ route: 'share' })
      const exitCode =
        doneItems < items
          ? exitCodes.tryLater
          : pushed.leftBehind > 0 || (landed !== undefined && !landed.drained)
            ? exitCodes.notAllVerified
            : exitCodes.done
      return { exitCode, summary: { pushed, landed: landed ?? null, waiting: items - doneItems } }
    }),
  )
}
