/** firn inspect: before a device is shipped, its bill of materials and a sample of it read back. */
import { InvalidArgumentError, type Command } from 'commander'
import type { Inspection, SampleSize } from '../../../shared/domain/inspection.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { allows } from '../../../shared/lifecycle/deviceLifecycle.ts'
import { formatBytes } from '../../../shared/units/bytes.ts'
import { inspectDevice } from '../../engine/inspectDevice.ts'
import { trackDevices } from '../../engine/steps.ts'
import { accessFrom, withDeviceOptions, type DeviceOptions } from '../deviceOptions.ts'
import { exitCodes } from '../exitCodes.ts'
import { count } from '../output.ts'
import { action, personName } from '../session.ts'

type Options = DeviceOptions & { readonly person: string; readonly seed?: string; readonly items?: SampleSize }

export function inspectCommand(program: Command): void {
  const command = withDeviceOptions(program.command('inspect'))
    .description('before a device is shipped: write its bill of materials, read a sample of it back and compare')
    .requiredOption('--person <name>', 'who inspects it', personName)
    .option('--items <number>', 'how many items to read back, or "all" (default: 500 items or 10 GB)', sampleOf)
    .option('--seed <text>', 'which items: the same seed chooses the same ones (default: a random one)')
  action(command, async (session) =>
    session.withMigration(async (work, { journal }) => {
      const options = command.opts<Options>()
      const onSite = (await trackDevices(work))
        .map(({ device }) => device)
        .filter((device) => !device.givenUp && allows(device.state, 'load'))
      // One that another workstation fills is passed over, unless it is asked for: then the answer says who has it.
      const chosen = onSite.filter(({ id }) => (options.device === undefined ? journal.lent(id) === undefined : id === options.device))
      const [device, another] = chosen
      if (device === undefined) throw new Fault('device-not-here', { devices: journal.fleet().length, onSite: onSite.length })
      if (another !== undefined) throw new Fault('bad-input', { field: '--device', problem: `${chosen.length} devices are on site` })
      const { seed, items: sample, person } = options
      const how = { person, ...(seed === undefined ? {} : { seed }), ...(sample === undefined ? {} : { sample }) }
      const inspection = await inspectDevice(work, device, await accessFrom(options, device, session), how)
      for (const line of words(inspection)) session.output.line(line)
      return { exitCode: inspection.differing > 0 ? exitCodes.needsPerson : exitCodes.done, summary: { device: device.id, inspection } }
    }),
  )
}

function words(inspection: Inspection): string[] {
  const { deviceId, items, bytes, batches, manifestSha256, leftBehindItems, leftBehindBytes, sampledItems, sampledBytes, differing, seed } =
    inspection
  return [
    `Device ${deviceId}: ${count(items)} items, ${formatBytes(bytes)}, ${count(batches)} batches`,
    `Bill of materials: SHA-256 ${manifestSha256}`,
    ...(leftBehindItems === 0
      ? []
      : [
          `Left behind: ${count(leftBehindItems)} items, ${formatBytes(leftBehindBytes)}, each with its reason in the list beside the bill`,
        ]),
    `Read back: ${count(sampledItems)} items, ${formatBytes(sampledBytes)} (seed ${seed}), ${count(differing)} differ`,
    ...(differing === 0 ? [] : ['They are sent again by firn load. Then inspect the whole device: firn inspect --items all']),
  ]
}

function sampleOf(text: string): SampleSize {
  if (text === 'all') return 'all'
  const items = Number(text)
  if (!Number.isInteger(items) || items < 1 || items > 1_000_000) throw new InvalidArgumentError('a number from 1 to 1000000, or all')
  return { items, bytes: Number.POSITIVE_INFINITY }
}
