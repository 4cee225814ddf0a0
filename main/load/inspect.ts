/**
 * Inspect: before a device leaves, its bill of materials is written and a sample of it read back and compared. What differs is sent again by the next load.
 */
import { createHash } from 'node:crypto'
import { stringify } from 'csv-stringify/sync'
import type { Archive } from '../../shared/domain/archive.ts'
import { usualSample, type Inspection, type SampleSize } from '../../shared/domain/inspection.ts'
import type { ArchiveId, ItemId } from '../../shared/domain/item.ts'
import type { BatchId, DeviceId } from '../../shared/domain/transfer.ts'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import { forEachBounded } from '../../shared/flow/pool.ts'
import { runStage, type StageEvent, type StageReport } from '../../shared/flow/stage.ts'
import type { Journal, LoadedItem } from '../../shared/ports/journal.ts'
import type { Target } from '../../shared/ports/target.ts'
import type { World } from '../../shared/ports/world.ts'
import { sameBytes, toBase64, toHex } from '../../shared/units/digest.ts'
import { Sample } from './sample.ts'
import { memberName, tarMember } from './tarMember.ts'

/** Where the bill of materials goes: a file of its own, complete only when closed. */
export interface ManifestSink {
  write(text: string): Promise<void>
  close(): Promise<{ readonly sha256: string }>
  abandon(): Promise<void>
}

export type InspectInput = {
  readonly deviceId: DeviceId
  readonly person: string
  readonly seed: string
  readonly sample?: SampleSize
  readonly archives: readonly Archive[]
  readonly target: (archiveId: ArchiveId) => Target
  readonly manifest: () => Promise<ManifestSink>
  /** The list of what was planned for the device and is not on it, with the reason of each. */
  readonly leftBehind: () => Promise<ManifestSink>
  /** In the transaction that records the inspection: what else must be recorded with it. */
  readonly recorded: (inspection: Inspection) => unknown
  readonly journal: Pick<Journal, 'laneTotals' | 'onDevice' | 'leftBehindOf' | 'sendAgain' | 'addInspection' | 'append' | 'together'>
  readonly world: World
  /** Items read at once. Default 4. */
  readonly width?: number
}

export const manifestColumns = [
  'bucket',
  'key',
  'size',
  'sha256_hex',
  'crc64nvme_base64',
  'batch_key',
  'item',
  'source_changed_since',
] as const
export const leftBehindColumns = ['bucket', 'key', 'size', 'reason', 'item'] as const

/**
 * @throws Fault wrong-order while something planned is not loaded, uploads-open while the device holds uploads that were never completed,
 * aws-* and device-* when it cannot be read, disk-full. Items that differ are a trouble each, and are counted in the outcome.
 */
export function inspect(input: InspectInput, signal: AbortSignal): AsyncGenerator<StageEvent<Inspection>, void> {
  const { journal, world, deviceId, person, seed } = input
  return runStage('inspect', world.clock, signal, async (report) => {
    const { items, doneItems } = journal.laneTotals({ route: 'device', deviceId })
    if (doneItems < items) throw new Fault('wrong-order', { device: deviceId, notLoaded: items - doneItems })
    await requireNoOpenUploads(input, signal)
    const size = input.sample ?? usualSample
    const sample = new Sample<LoadedItem>(seed, size === 'all' ? 0 : size.items)
    const bill = await writeManifest(input, sample, report, signal)
    const missed = await writeLeftBehind(input, signal)
    const drawn = size === 'all' ? undefined : sample.drawn(size.bytes)
    report.total(drawn?.length ?? bill.items, drawn === undefined ? bill.bytes : bytesOf(drawn))
    const read = await readBack(input, drawn ?? journal.onDevice(deviceId), report, signal)
    const inspection: Inspection = { deviceId, at: world.clock.now(), person, seed, ...bill, ...missed, ...read.counted }
    journal.together(() => {
      if (read.differing.length > 0) journal.sendAgain(read.differing)
      journal.addInspection(inspection)
      input.recorded(inspection)
      journal.append('device-inspected', {
        device: deviceId,
        person,
        seed,
        items: bill.items,
        bytes: bill.bytes,
        manifest: bill.manifestSha256,
        sampled: read.counted.sampledItems,
        differing: read.counted.differing,
      })
    })
    return inspection
  })
}

async function requireNoOpenUploads({ archives, target, deviceId }: InspectInput, signal: AbortSignal): Promise<void> {
  const asked = new Set<string>()
  let open = 0
  for (const { id, bucket } of archives) {
    if (asked.has(bucket)) continue
    asked.add(bucket)
    open += (await target(id).openUploads('', signal)).length
  }
  if (open > 0) throw new Fault('uploads-open', { device: deviceId, uploads: open })
}

type Bill = Pick<Inspection, 'items' | 'bytes' | 'batches' | 'manifestSha256'>

async function writeManifest(
  { journal, archives, deviceId, manifest }: InspectInput,
  sample: Sample<LoadedItem>,
  report: StageReport,
  signal: AbortSignal,
): Promise<Bill> {
  const buckets = new Map(archives.map(({ id, bucket }) => [id, bucket]))
  const sink = await manifest()
  let [items, size, batches] = [0, 0, 0]
  let lastBatch: BatchId | undefined
  try {
    await sink.write(stringify([[...manifestColumns]]))
    for (const item of journal.onDevice(deviceId)) {
      signal.throwIfAborted()
      items += 1
      size += item.size
      if (item.batchId !== undefined && item.batchId !== lastBatch) batches += 1
      lastBatch = item.batchId
      sample.show(item)
      const row = [
        buckets.get(item.archiveId) ?? '',
        item.key,
        item.size,
        toHex(item.sha256),
        toBase64(item.crc64nvme),
        item.batchKey ?? '',
        item.itemId,
        item.changedSince ? 'yes' : '',
      ]
      await sink.write(stringify([row]))
      report.also('listed', 1)
      if (item.changedSince) report.also('source-changed', 1)
    }
    return { items, bytes: size, batches, manifestSha256: (await sink.close()).sha256 }
  } catch (error) {
    await sink.abandon()
    throw error
  }
}

async function writeLeftBehind(
  { journal, archives, deviceId, leftBehind }: InspectInput,
  signal: AbortSignal,
): Promise<Pick<Inspection, 'leftBehindItems' | 'leftBehindBytes'>> {
  const buckets = new Map(archives.map(({ id, bucket }) => [id, bucket]))
  const sink = await leftBehind()
  let [leftBehindItems, leftBehindBytes] = [0, 0]
  try {
    await sink.write(stringify([[...leftBehindColumns]]))
    for (const { archiveId, key, size, reason, itemId } of journal.leftBehindOf(deviceId)) {
      signal.throwIfAborted()
      leftBehindItems += 1
      leftBehindBytes += size
      await sink.write(stringify([[buckets.get(archiveId) ?? '', key, size, reason, itemId]]))
    }
    await sink.close()
    return { leftBehindItems, leftBehindBytes }
  } catch (error) {
    await sink.abandon()
    throw error
  }
}

/** What has to be sent again: a whole batch where a member of it differs. */
export type Differing = { readonly itemId: ItemId; readonly batchId: BatchId | undefined }
type ReadBack = {
  readonly counted: Pick<Inspection, 'sampledItems' | 'sampledBytes' | 'differing'>
  readonly differing: readonly Differing[]
}

async function readBack(
  { target, deviceId, width }: InspectInput,
  chosen: Iterable<LoadedItem>,
  report: StageReport,
  signal: AbortSignal,
): Promise<ReadBack> {
  const differing: Differing[] = []
  let [sampledItems, sampledBytes] = [0, 0]
  await forEachBounded(chosen, width ?? 4, signal, async (item) => {
    const why = await difference(target(item.archiveId), item, signal)
    sampledItems += 1
    sampledBytes += item.size
    if (why !== undefined) {
      differing.push({ itemId: item.itemId, batchId: item.batchId })
      report.trouble(new Fault('device-differs', { device: deviceId, why }), item.itemId)
    }
    report.add(1, item.size)
  })
  return { counted: { sampledItems, sampledBytes, differing: differing.length }, differing }
}

/** `undefined`: it came back as it was sent. */
async function difference(target: Target, item: LoadedItem, signal: AbortSignal): Promise<string | undefined> {
  try {
    if (item.batchKey === undefined) return await compare(target, item.key, 0, new Uint8Array(0), item, signal)
    if (item.offset === undefined) return 'no place in its batch'
    // The member's own header is read with it: by its name the import makes the object.
    return await compare(target, item.batchKey, item.offset, await headOf(item.batchKey, item), item, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (isFault(error, 'object-missing')) return 'not there'
    throw error
  }
}

/** What stands before the member's body. It follows from name, time and size alone. */
async function headOf(batchKey: string, { key, mtimeUs, size }: LoadedItem): Promise<Uint8Array> {
  const whole = Buffer.concat(await tarMember({ name: memberName(batchKey, key), mtimeUs }, new Uint8Array(size)))
  return whole.subarray(0, whole.length - Math.ceil(size / 512) * 512)
}

async function compare(
  target: Target,
  key: string,
  offset: number,
  head: Uint8Array,
  item: LoadedItem,
  signal: AbortSignal,
): Promise<string | undefined> {
  const length = head.length + item.size
  if (length === 0) return (await target.head(key, signal))?.size === 0 ? undefined : 'not there'
  const hash = createHash('sha256')
  let at = 0
  for await (const chunk of target.read(key, { offset, length }, signal)) {
    const inHead = chunk.subarray(0, Math.max(head.length - at, 0))
    if (!sameBytes(inHead, head.subarray(at, at + inHead.length))) return 'header of the batch member'
    hash.update(chunk.subarray(inHead.length))
    at += chunk.length
  }
  if (at !== length) return 'length'
  return sameBytes(hash.digest(), item.sha256) ? undefined : 'bytes'
}

function bytesOf(items: readonly LoadedItem[]): number {
  return items.reduce((sum, { size }) => sum + size, 0)
}
