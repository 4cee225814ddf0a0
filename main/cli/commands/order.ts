/** firn order: orders the devices of the approved plan. Safe to repeat. */
import type { Command } from 'commander'
import { Fault } from '../../../shared/faults/fault.ts'
import { wantedTrustOf } from '../../engine/importRole.ts'
import { cancelOrder, changeOrder } from '../../engine/orders.ts'
import { orderDevices, trackDevices } from '../../engine/steps.ts'
import { action, ordinalNumber, personName } from '../session.ts'

type Options = { readonly person?: string; readonly showTrust: boolean; readonly change?: number; readonly cancel?: number }

export function orderCommand(program: Command): void {
  const command = program
    .command('order')
    .description('order the Snowball devices of the approved plan; safe to repeat')
    .option('--person <name>', 'who orders', personName)
    .option('--show-trust', 'print the trust policy that the import role needs, and order nothing', false)
    .option(
      '--change <number>',
      'send the settings as they are in migration.json now for this device, which is ordered already',
      ordinalNumber,
    )
    .option('--cancel <number>', 'cancel the order of this device; it may be ordered again', ordinalNumber)
  action(command, async (session) => {
    const { person = '', change, cancel, showTrust } = command.opts<Options>()
    if (person === '' && !showTrust) throw new Fault('bad-input', { field: '--person', problem: 'is needed: who orders' })
    return session.withMigration(async (work, { journal }) => {
      if (showTrust) {
        const trust = wantedTrustOf(work.migration)
        session.output.line(trust)
        return { summary: { trust: JSON.parse(trust) as unknown } }
      }
      if (change !== undefined && cancel !== undefined)
        throw new Fault('bad-input', { field: '--cancel', problem: 'change or cancel: give one of the two' })
      if (change !== undefined || cancel !== undefined) {
        const seen = (await trackDevices(work)).find(({ device }) => device.id === (change ?? cancel))
        if (seen === undefined)
          throw new Fault('bad-input', { field: '--change', problem: 'there is no such device, or it is not ordered' })
        await (change === undefined ? cancelOrder : changeOrder)(work, seen.device, person)
        session.output.line(
          `Device ${seen.device.id}: ${change === undefined ? 'the order is cancelled' : 'AWS has the settings as they are now'}`,
        )
        return { summary: { [change === undefined ? 'cancelled' : 'changed']: seen.device.id } }
      }
      const ordered = await orderDevices(work, person)
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
    })
  })
}
