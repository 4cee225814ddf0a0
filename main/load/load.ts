/** Load: brings one lane's items to a device or straight to S3. Batches first, then items that travel alone, in order of key. */
import type { ArchiveId } from '../../shared/domain/item.ts'
import type { Transfer } from '../../shared/domain/transfer.ts'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import { forEachBounded } from '../../shared/flow/pool.ts'
import { runStage, type StageEvent, type StageReport } from '../../shared/flow/stage.ts'
import type { EventLog, TransferJournal } from '../../shared/ports/journal.ts'
import type { Source } from '../../shared/ports/source.ts'
import type { Target } from '../../shared/ports/target.ts'
import type { World } from '../../shared/ports/world.ts'
import { bytes, MiB } from '../../shared/units/bytes.ts'
import { sendBatch } from './batch.ts'
import { Receipts } from '../../shared/flow/receipts.ts'
import { Roots } from '../../shared/flow/roots.ts'
import { AdaptiveWidth } from '../../shared/flow/adaptiveWidth.ts'
import { Trouble } from '../../shared/flow/trouble.ts'
import type { Loading, LoadLane, LoadLimits, Tally } from './lane.ts'
import { sendLarge } from './large.ts'
import { MemoryBudget } from './memoryBudget.ts'
import { SpaceGuard } from './spaceGuard.ts'
import { sendWhole } from './whole.ts'

export type { LoadLane, LoadLimits }
export type LoadOutcome = Readonly<Tally>

export type LoadInput = {
  readonly lane: LoadLane
  readonly source: (archiveId: ArchiveId) => Source
  /** By archive, because each goes to a bucket of its own. Asked once per archive. */
  readonly target: (archiveId: ArchiveId) => Target
  readonly journal: TransferJournal & EventLog
  readonly world: World
  readonly limits?: Partial<LoadLimits>
}

export const defaultLoadLimits: LoadLimits = { partSize: bytes(8 * MiB), width: { start: 4, least: 1, most: 32 }, batchWidth: 2 }
const partBuffers = 128 * MiB
/** Items intended with one durable write. */
const intendedTogether = 16

/**
 * Runs until everything of the lane that can go has gone; run it again to go on after a stop or a crash.
 * Faults of one item are told as trouble and the item stays for the next run; it is left behind only when the source says so.
 * @throws Fault that stops the lane: device-full, archive-missing, source-unreadable, aws-* that outlast the retries, disk-full. What was in flight has ended.
 */
export function load(input: LoadInput, signal: AbortSignal): AsyncGenerator<StageEvent<LoadOutcome>, void> {
  return runStage('load', input.world.clock, signal, async (report) => {
    const { lane, journal, world } = input
    const limits = { ...defaultLoadLimits, ...input.limits }
    const receipts = new Receipts(journal, world.clock)
    const tally: Tally = { items: 0, bytes: 0, batches: 0, leftBehind: 0, adopted: 0, bytesResent: 0 }
    const pace = new AdaptiveWidth(world.clock, limits.width)
    const loading = perArchive(input, limits, { receipts, tally, pace }, report)
    const totals = journal.laneTotals(lane)
    report.total(totals.items - totals.doneItems, totals.bytes - totals.doneBytes)
    const who = lane.route === 'device' ? { route: lane.route, device: lane.deviceId } : { route: lane.route }
    journal.append('load-started', { ...who, items: totals.items - totals.doneItems, bytes: totals.bytes - totals.doneBytes })
    const trouble = new Trouble(report)
    try {
      if (lane.route === 'device') {
        await forEachBounded(journal.waitingBatches(lane.deviceId), limits.batchWidth, signal, async (batch) =>
          trouble.contain(undefined, signal, async () => {
            const archive = journal.members(batch.id)[0]?.archiveId
            if (archive === undefined) journal.batchSent(batch.id, { bytes: bytes(0), etag: undefined })
            else await sendBatch(loading(archive), batch, signal)
          }),
        )
      }
      await forEachBounded(
        intended(journal, lane, signal),
        () => pace.width,
        signal,
        async (transfer) =>
          trouble.contain(transfer.itemId, signal, async () => {
            try {
              await sendSingle(loading(transfer.archiveId), transfer, signal)
              pace.done(transfer.size)
            } catch (error) {
              // These two say nothing of how much is borne.
              if (!isFault(error, 'object-conflict', 'item-too-large')) pace.failed()
              throw error
            }
          }),
      )
    } finally {
      receipts.flush()
    }
    journal.append('load-finished', { ...who, ...tally })
    return { ...tally }
  })
}

/** What each archive's items are sent with: everything in common but the target and how full it is. */
function perArchive(
  { source, target, journal, world }: LoadInput,
  limits: LoadLimits,
  { receipts, tally, pace }: Pick<Loading, 'receipts' | 'tally' | 'pace'>,
  report: StageReport,
): (archiveId: ArchiveId) => Loading {
  const roots = new Roots(source, world.clock)
  const memory = new MemoryBudget(partBuffers)
  const spaces = new Map<Target, SpaceGuard>()
  const all = new Map<ArchiveId, Loading>()
  return (archiveId) => {
    const known = all.get(archiveId)
    if (known !== undefined) return known
    const to = target(archiveId)
    const space = spaces.get(to) ?? new SpaceGuard(to, world.clock)
    spaces.set(to, space)
    const loading: Loading = {
      source,
      target: to,
      journal,
      limits,
      report,
      receipts,
      space,
      roots,
      memory,
      tally,
      pace,
      clock: world.clock,
    }
    all.set(archiveId, loading)
    return loading
  }
}

/** Yields items only after their intent is durable. */
async function* intended(journal: TransferJournal, lane: LoadLane, signal: AbortSignal): AsyncGenerator<Transfer, void> {
  let group: Transfer[] = []
  for (const transfer of journal.waiting(lane)) {
    group.push(transfer)
    if (group.length < intendedTogether) continue
    signal.throwIfAborted()
    journal.intend(group.map((one) => one.itemId))
    yield* group
    group = []
  }
  if (group.length === 0) return
  signal.throwIfAborted()
  journal.intend(group.map((one) => one.itemId))
  yield* group
}

async function sendSingle(loading: Loading, transfer: Transfer, signal: AbortSignal): Promise<void> {
  await loading.roots.ready(transfer.archiveId, signal)
  if (transfer.size > loading.target.traits.largestItem) {
    loading.journal.leaveBehind(transfer.itemId, 'item-too-large')
    loading.tally.leftBehind += 1
    loading.report.also('leftBehind', 1)
    throw new Fault('item-too-large', { bytes: transfer.size })
  }
  if (transfer.size > loading.limits.partSize) await sendLarge(loading, transfer, signal)
  else await sendWhole(loading, transfer, signal)
}
