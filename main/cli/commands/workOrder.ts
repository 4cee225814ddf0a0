/** firn work-order: lends a device to another workstation, which fills it, and takes back what was done there. */
import type { Command } from 'commander'
import { Fault } from '../../../shared/faults/fault.ts'
import type { FleetRecord } from '../../../shared/ports/journal.ts'
import type { OpenMigration } from '../../engine/migrationFolder.ts'
import { lendDevice, recallDevice, takeBack } from '../../engine/workOrders.ts'
import { count } from '../output.ts'
import { action, ordinalNumber, personName, type Ending, type Session } from '../session.ts'

type Options = {
  readonly device?: number
  readonly out?: string
  readonly return?: string
  readonly recall: boolean
  readonly person?: string
}

export function workOrderCommand(program: Command): void {
  const command = program
    .command('work-order')
    .description('let another workstation fill a device: write the order (--out), take back what was done (--return), or recall it')
    .option('--device <number>', 'the device that is lent or recalled', ordinalNumber)
    .option('--out <file>', 'new file for the order; it holds paths, which may be those of patients')
    .option('--return <folder>', 'folder of the work order, brought back from the other workstation; it is only read')
    .option('--recall', 'the order or its workstation is lost: whatever comes back is refused', false)
    .option('--person <name>', 'who does it', personName)
  action(command, async (session) =>
    session.withMigration(async (_work, migration) => {
      const options = command.opts<Options>()
      const asked = [options.out, options.return, options.recall ? true : undefined].filter((one) => one !== undefined).length
      if (asked === 0) return list(session, migration)
      if (asked > 1)
        throw new Fault('bad-input', { field: '--out', problem: 'lending, returning and recalling are three steps, by three calls' })
      const { person } = options
      if (person === undefined) throw new Fault('bad-input', { field: '--person', problem: 'is needed: who does it' })
      if (options.return !== undefined) {
        const returned = await takeBack(migration, options.return, person, session.signal)
        session.output.line(
          `${count(returned.sent)} items are on the device, ${count(returned.leftBehind)} were left behind, ${count(returned.waiting)} wait still.`,
        )
        if (returned.changedSince > 0)
          session.output.line(`${count(returned.changedSince)} of them have changed at the source since: the device holds what was sent.`)
        return { summary: { returned } }
      }
      const device = deviceOf(migration, options.device)
      if (options.recall) {
        const order = recallDevice(migration, device, person)
        session.output.line(
          `Device ${device.id} is back. What the other workstation loaded is loaded again: firn load --device ${device.id}`,
        )
        return { summary: { recalled: order.id } }
      }
      const order = lendDevice(migration, device, person, options.out ?? '')
      session.output.line(`Device ${device.id} is lent. On the other workstation: firn take ORDER FOLDER --archive 1=/path --person NAME`)
      session.output.line('The order names paths, which may be those of patients. Carry it as you would carry images.')
      return { summary: { lent: order } }
    }),
  )
}

function list({ output }: Session, { journal }: OpenMigration): Ending {
  const orders = journal.workOrders()
  if (orders.length === 0) output.line('No device was ever lent: firn work-order --device N --out FILE --person NAME')
  for (const { deviceId, state, person, at } of orders)
    output.line(`Device ${deviceId}: ${state}, lent by ${person} on ${new Date(at).toISOString().slice(0, 16)}`)
  return { summary: { workOrders: orders } }
}

function deviceOf({ journal }: OpenMigration, wanted: number | undefined): FleetRecord {
  const device = journal.fleet().find(({ id }) => id === wanted)
  if (device === undefined)
    throw new Fault('bad-input', { field: '--device', problem: wanted === undefined ? 'is missing' : 'there is no such device' })
  return device
}
