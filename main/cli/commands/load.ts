/** firn load: copies to the devices that are on site, or straight to S3. Safe to stop and repeat. */
import type { Command } from 'commander'
import { Fault } from '../../../shared/faults/fault.ts'
import type { Journal } from '../../../shared/ports/journal.ts'
import { allows } from '../../../shared/lifecycle/deviceLifecycle.ts'
import type { LoadOutcome } from '../../load/load.ts'
import { loadDevice, loadLink, trackDevices } from '../../engine/steps.ts'
import { formatBytes } from '../../../shared/units/bytes.ts'
import { exitCodes } from '../exitCodes.ts'
import { count } from '../output.ts'
import { accessFrom, withDeviceOptions, type DeviceOptions } from '../deviceOptions.ts'
import { action } from '../session.ts'

type Options = DeviceOptions & { readonly link: boolean }

export function loadCommand(program: Command): void {
  const command = withDeviceOptions(program.command('load'))
    .description('copy to the devices on site (or with --link straight to S3); safe to stop and repeat')
    .option('--link', 'the items that the plan sends straight to S3', false)
  action(command, async (session) =>
    session.withMigration(async (work, { journal }) => {
      const options = command.opts<Options>()
      const loaded: { device: number | null; outcome: LoadOutcome }[] = []
      if (options.link) {
        loaded.push({ device: null, outcome: await loadLink(work) })
      } else {
        const onSite = (await trackDevices(work))
          .map(({ device }) => device)
          .filter((device) => !device.givenUp && allows(device.state, 'load'))
        // One that another workstation fills is passed over, unless it is asked for: then the answer says who has it.
        const chosen = onSite.filter(({ id }) => (options.device === undefined ? journal.lent(id) === undefined : id === options.device))
        // One address is one device: two devices' items on the same one would leave the other empty, and shipped.
        if ((options.endpoint ?? options.manifest) !== undefined && chosen.length > 1)
          throw new Fault('bad-input', { field: '--device', problem: `${chosen.length} devices are on site; say which one --endpoint is` })
        if (chosen.length === 0) throw new Fault('device-not-here', { devices: journal.devices().length, onSite: onSite.length })
        for (const device of chosen)
          loaded.push({ device: device.id, outcome: await loadDevice(work, device, await accessFrom(options, device, session)) })
      }
      const waiting = loaded.reduce((sum, { device }) => sum + waitingIn(journal, device), 0)
      for (const { device, outcome } of loaded) {
        session.output.line(
          `${device === null ? 'Link' : `Device ${device}`}: ${count(outcome.items)} items, ${formatBytes(outcome.bytes)} sent, ${count(outcome.leftBehind)} left behind`,
        )
      }
      const leftBehind = loaded.reduce((sum, { outcome }) => sum + outcome.leftBehind, 0)
      if (leftBehind > 0) session.output.line('What was left behind has changed or gone since the scan: firn scan, then firn plan.')
      if (waiting > 0) session.output.line(`${count(waiting)} items are not sent yet: run the same command again.`)
      return {
        exitCode: waiting > 0 ? exitCodes.tryLater : leftBehind > 0 ? exitCodes.notAllVerified : exitCodes.done,
        summary: { loaded, waiting },
      }
    }),
  )
}

function waitingIn(journal: Journal, id: number | null): number {
  const device = journal.devices().find((one) => one.id === id)
  const { items, doneItems } = journal.laneTotals(device === undefined ? { route: 'link' } : { route: 'device', deviceId: device.id })
  return items - doneItems
}
