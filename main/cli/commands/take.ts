/** firn take: on another workstation, a folder from a work order, in which its device is loaded and inspected. */
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { Fault } from '../../../shared/faults/fault.ts'
import { takeOrder } from '../../engine/takeOrder.ts'
import { action, personName } from '../session.ts'

type Options = {
  readonly archive: ReadonlyMap<number, string>
  readonly person: string
  readonly profile?: string
  readonly rehearsalOf?: string
}

export function takeCommand(program: Command): void {
  const command = program
    .command('take')
    .description('on another workstation: make a folder from a work order, to load and inspect its device there')
    .argument('<order>', 'the file that firn work-order wrote')
    .argument('<folder>', 'new or empty folder; it is brought back when the device is loaded')
    .requiredOption('--archive <place>', 'where an archive is here, as 1=/path; once for each', placeOf, new Map<number, string>())
    .requiredOption('--person <name>', 'who takes the order', personName)
    .option('--profile <profile>', 'profile of the AWS credentials here')
    .option('--rehearsal-of <folder>', 'in a rehearsal: the folder that the order comes from, whose simulated AWS has the device')
  action(command, async ({ output }) => {
    const { archive, person, profile, rehearsalOf } = command.opts<Options>()
    const [file = '', wanted = ''] = command.args
    if (!existsSync(file) || !statSync(file).isFile()) throw new Fault('work-order-unfit', { problem: 'there is no such file' })
    const folder = resolve(wanted)
    const { order, migration } = takeOrder({ order: resolve(file), folder, person, roots: archive, profile, rehearsalOf }, process.env)
    migration.close()
    output.line(`Device ${order.deviceId} is to be loaded from here, as lent by ${order.person}.`)
    output.line(`Next: firn load --migration ${folder}, then firn inspect; then bring the folder back: firn work-order --return FOLDER`)
    return { summary: { order, folder } }
  })
}

function placeOf(text: string, before: ReadonlyMap<number, string>): ReadonlyMap<number, string> {
  const [, id, path = ''] = /^(\d+)=(.+)$/.exec(text) ?? []
  if (id === undefined) throw new Fault('bad-input', { field: '--archive', problem: 'is a number and a folder, as 1=/path' })
  const root = resolve(path)
  if (!existsSync(root) || !statSync(root).isDirectory()) throw new Fault('archive-missing', { archive: Number(id) })
  return new Map([...before, [Number(id), root]])
}
