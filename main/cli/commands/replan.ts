/** firn replan: what a device has not safely taken is planned anew, by the decision of a named person. */
import type { Command } from 'commander'
import { Fault } from '../../../shared/faults/fault.ts'
import { formatBytes } from '../../../shared/units/bytes.ts'
import { replanDevice, type ReplanDecision } from '../../engine/replan.ts'
import { trackDevices } from '../../engine/steps.ts'
import { accessFrom, withDeviceOptions, type DeviceOptions } from '../deviceOptions.ts'
import { count } from '../output.ts'
import { action, personName } from '../session.ts'

type Options = DeviceOptions & { readonly person: string; readonly dead: boolean; readonly to?: ReplanDecision['to'] }

export function replanCommand(program: Command): void {
  const command = withDeviceOptions(program.command('replan'))
    .description('plan anew what a device has not safely taken: the rest of one that is full, or with --dead all of it')
    .requiredOption('--person <name>', 'who decides', personName)
    .option('--dead', 'the device is dead or lost: nothing on it counts', false)
    .option('--to <where>', 'link, replacement, or the number of a device (default: one with room, else a replacement)', whereTo)
  action(command, async (session) =>
    session.withMigration(async (work) => {
      const options = command.opts<Options>()
      await trackDevices(work)
      const fleet = work.migration.journal.fleet()
      const device = fleet.find((one) => one.id === options.device)
      if (device === undefined)
        throw new Fault('bad-input', {
          field: '--device',
          problem: options.device === undefined ? 'is missing' : 'there is no such device',
        })
      const decision = { cause: options.dead ? 'dead' : 'full', person: options.person, to: options.to } as const
      // A dead device is not asked for anything.
      const access = options.dead ? undefined : await accessFrom(options, device, session)
      const { replan, kept, byLink } = await replanDevice(work, device, decision, access)
      const where = replan.to.route === 'link' ? 'straight to S3' : `onto device ${replan.to.deviceId}`
      session.output.line(
        `Device ${device.id}: ${count(replan.items)} items, ${formatBytes(replan.bytes)} planned anew ${where}, as ${replan.person} decided`,
      )
      if (kept > 0) session.output.line(`${count(kept)} were found whole on it and stay: firn load --device ${device.id} records them.`)
      const to = work.migration.journal.fleet().find((one) => replan.to.route === 'device' && one.id === replan.to.deviceId)
      if (to?.jobId === undefined && replan.to.route === 'device') session.output.line('The other device is not ordered yet: firn order.')
      if (byLink > 0)
        session.output.line(`${count(byLink)} of them go over the link, because their studies are partly on it already: firn load --link`)
      return { summary: { replan, kept, byLink } }
    }),
  )
}

function whereTo(text: string): ReplanDecision['to'] {
  if (text === 'link' || text === 'replacement') return text
  const device = Number(text)
  if (!Number.isInteger(device) || device < 1)
    throw new Fault('bad-input', { field: '--to', problem: 'is neither link, replacement nor the number of a device' })
  return device
}
