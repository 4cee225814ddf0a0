/** firn ship: records that a loaded device was handed to the carrier, and by whom. */
import { InvalidArgumentError, type Command } from 'commander'
import { handChecks, type ShipCheck } from '../../../shared/domain/shipGate.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { shipDevice, tickAll } from '../../engine/shipGate.ts'
import { trackDevices } from '../../engine/steps.ts'
import { action, ordinalNumber, personName } from '../session.ts'

export function shipCommand(program: Command): void {
  const command = program
    .command('ship')
    .description('record that a loaded device was handed to the carrier; refused while a line of its ship checklist is open')
    .requiredOption('--person <name>', 'who handed it over', personName)
    .option(
      '--checked <lines>',
      `what that person has looked at, with commas, or "all": ${handChecks.join(', ')}`,
      checkedLines,
      [] as readonly ShipCheck[],
    )
    .option('--place <place>', 'where', '')
    .option('--note <note>', 'anything to remember, such as a seal number', '')
    .option('--device <number>', 'which device, if several are on site', ordinalNumber)
  action(command, async (session) =>
    session.withMigration(async (work) => {
      const options = command.opts<{ person: string; checked: readonly ShipCheck[]; place: string; note: string; device?: number }>()
      const onSite = (await trackDevices(work))
        .map(({ device }) => device)
        .filter(
          (device) => device.state === 'WithCustomer' && !device.givenUp && (options.device === undefined || device.id === options.device),
        )
      const [device, another] = onSite
      if (device === undefined) throw new Fault('device-not-here', { onSite: 0 })
      if (another !== undefined) throw new Fault('bad-input', { field: '--device', problem: `${onSite.length} devices are on site` })
      tickAll(work.migration, device, options.person, options.checked)
      const { person, place, note } = options
      await shipDevice(work, device, { person, place, note })
      await trackDevices(work)
      session.output.line(`Device ${device.id}: handed over by ${options.person}`)
      return { summary: { device: device.id, job: device.jobId ?? null } }
    }),
  )
}

function checkedLines(text: string): readonly ShipCheck[] {
  if (text === 'all') return handChecks
  return text.split(',').map((one) => {
    const line = handChecks.find((code) => code === one.trim())
    if (line === undefined) throw new InvalidArgumentError(`"${one.trim()}" is not one of ${handChecks.join(', ')}`)
    return line
  })
}
