/** firn order: orders the devices of the approved plan. Safe to repeat. */
import type { Command } from 'commander'
import { orderDevices, trackDevices } from '../../engine/steps.ts'
import { action, personName } from '../session.ts'

export function orderCommand(program: Command): void {
  const command = program
    .command('order')
    .description('order the Snowball devices of the approved plan; safe to repeat')
    .requiredOption('--person <name>', 'who orders', personName)
  action(command, async (session) =>
    session.withMigration(async (work, { journal }) => {
      const ordered = await orderDevices(work, command.opts<{ person: string }>().person)
      const seen = await trackDevices(work)
      for (const { device, job } of seen) session.output.line(`Device ${device.id}: job ${job.jobId}, ${job.state}`)
      const waiting = journal.devices().filter((device) => device.jobId === undefined).length
      if (waiting > 0) session.output.line(`${waiting} devices wait for the next wave: the account's limit of devices at once is reached.`)
      return {
        summary: {
          ordered: ordered.length,
          waiting,
          devices: seen.map(({ device, job }) => ({ device: device.id, job: job.jobId, state: job.state })),
        },
      }
    }),
  )
}
