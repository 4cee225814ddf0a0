/**
 * Proves that a folder of this machine is the file share: a small file written through the mount must appear in the bucket with its digest, and is
 * removed again through the mount. Meanwhile nothing else of the share is touched.
 */
import { createHash } from 'node:crypto'
import type { ShareFound } from '../../shared/domain/gateway.ts'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import type { EventLog } from '../../shared/ports/journal.ts'
import type { ObjectStore } from '../../shared/ports/objectStore.ts'
import type { World } from '../../shared/ports/world.ts'
import { minute, second } from '../../shared/units/duration.ts'

/** The mounted folder, as far as a probe needs it. */
export interface ProbePlace {
  /** Writes a new file and makes it durable. @returns the time that the share gives it, ms since 1970. @throws Fault share-missing, share-write-failed. */
  leave(name: string, body: Uint8Array, signal: AbortSignal): Promise<number>
  /** One that is not there is no fault. @throws Fault share-write-failed. */
  remove(name: string): Promise<void>
}

export type ProbeInput = {
  readonly place: ProbePlace
  readonly share: ShareFound
  readonly store: ObjectStore
  readonly journal: EventLog
  readonly world: World
  /** The object must be there within so many milliseconds: a gateway with a full cache takes its time. */
  readonly limit?: number
  readonly interval?: number
}

export type ShareProbe = {
  /** From the end of writing until the object was there. */
  readonly landedMs: number
  /** Whether the object went when the file was removed. It may take longer than a person waits for it: that is no fault. */
  readonly removed: boolean
  /** How far the share's clock is ahead of this machine's. */
  readonly skewMs: number
}

const probeBytes = 64 * 1024
const defaultLimit = 5 * minute
const defaultInterval = 2 * second
const removalLimit = minute
const stampTick = 2 * second

/** @throws Fault share-not-behind when the object does not appear or holds other bytes; share-missing, share-write-failed, aws-*. */
export async function probeShare(input: ProbeInput, signal: AbortSignal): Promise<ShareProbe> {
  const { place, share, world, journal, limit = defaultLimit } = input
  if (share.bucket === null) throw new Fault('share-not-found', { location: 'not a bucket' })
  const name = `.firn-probe-${world.random.uuid()}`
  const body = world.random.bytes(probeBytes)
  const object = { bucket: share.bucket, key: `${share.prefix}${name}` }
  let probe: ShareProbe
  try {
    const before = world.clock.now()
    const stamped = await place.leave(name, body, signal)
    const writtenAt = world.clock.monotonic()
    const landed = await seen(input, signal, limit, async () => holds(input.store, object, body, signal))
    if (!landed) throw new Fault('share-not-behind', { share: share.shareId, waitedMs: limit })
    probe = {
      landedMs: Math.round(world.clock.monotonic() - writtenAt),
      removed: false,
      skewMs: skewOf(stamped, before, world.clock.now()),
    }
  } finally {
    await place.remove(name)
  }
  const removed = await seen(
    input,
    signal,
    removalLimit,
    async () => (await input.store.head(object.bucket, object.key, signal)) === undefined,
  )
  journal.append('share-probed', { share: share.shareId, landedMs: probe.landedMs, skewMs: probe.skewMs, removed: removed ? 1 : 0 })
  return { ...probe, removed }
}

/** Between the two moments the share has stamped the file; outside of them it is off by at least the difference. File systems stamp by ticks of up to two seconds. */
function skewOf(stamped: number, before: number, after: number): number {
  const off = stamped < before ? stamped - before : Math.max(stamped - after, 0)
  return Math.abs(off) < stampTick ? 0 : Math.round(off)
}

async function seen(
  { world, interval = defaultInterval }: ProbeInput,
  signal: AbortSignal,
  limit: number,
  look: () => Promise<boolean>,
): Promise<boolean> {
  const until = world.clock.monotonic() + limit
  for (;;) {
    if (await look()) return true
    if (world.clock.monotonic() >= until) return false
    await world.clock.sleep(interval, signal)
  }
}

type Placed = { readonly bucket: string; readonly key: string }

/** A name that nobody could guess: other bytes under it mean that something between mount and bucket changes them. */
async function holds(store: ObjectStore, { bucket, key }: Placed, body: Uint8Array, signal: AbortSignal): Promise<boolean> {
  const head = await store.head(bucket, key, signal)
  // Data comes first and its end second: a shorter object is on its way.
  if (head === undefined || head.size < body.length) return false
  const hash = createHash('sha256')
  try {
    for await (const chunk of store.read(bucket, key, head.versionId, signal)) hash.update(chunk)
  } catch (error) {
    // Written over between the look and the read: the next look sees what is there now.
    if (isFault(error, 'aws-refused') && error.facts['status'] === 404) return false
    throw error
  }
  if (!hash.digest().equals(createHash('sha256').update(body).digest())) throw new Fault('share-not-behind', { bytes: 'differ' })
  return true
}
