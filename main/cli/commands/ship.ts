/** firn ship: records that a loaded device was handed to the carrier, and by whom. */
import type { Command } from 'commander'
import { Fault } from '../../../shared/faults/fault.ts'
import { shipDevice, trackDevices } from '../../engine/steps.ts'
import { action, ordinalNumber, personName } from '../session.ts'

export function shipCommand(program: Command): void {
  const command = program
    .command('ship')
    .description('record that a loaded device was handed to the carrier; refused while planned items are not on it')
    .requiredOption('--person <name>', 'who handed it over', personName)
    .option('--place <place>', 'where', '')
    .option('--note <note>', 'anything to remember, such as a seal number', '')
    .option('--device <number>', 'which device, if several are on site', ordinalNumber)
  action(command, async (session) =>
    session.withMigration(async (work) => {
      const options = command.opts<{ person: string; place: string; note: string; device?: number }>()
      const onSite = (await trackDevices(work))
        .map(({ device }) => device)
        .filter(
          (device) => device.state === 'WithCustomer' && !device.givenUp && (options.device === undefined || device.id === options.device),
        )
      const [device, another] = onSite
      if (device === undefined) throw new Fault('device-not-here', { onSite: 0 })
      if (another !== undefined) throw new Fault('bad-input', { field: '--device', problem: `${onSite.length} devices are on site` })
      await shipDevice(work, device, options)
      await trackDevices(work)
      session.output.line(`Device ${device.id}: handed over by ${options.person}`)
      return { summary: { device: device.id, job: device.jobId ?? null } }
    }),
  )
}
