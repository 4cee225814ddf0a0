/** Push: brings the share lane's items into the mounted file share, each under its final name. That they are in S3 is another matter: see verify/landed.ts. */
import type { Archive } from '../../shared/domain/archive.ts'
import type { ArchiveId } from '../../shared/domain/item.ts'
import type { Transfer } from '../../shared/domain/transfer.ts'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import { leaveBehind, type Lane } from '../../shared/flow/leaveBehind.ts'
import { forEachBounded } from '../../shared/flow/pool.ts'
import { Receipts } from '../../shared/flow/receipts.ts'
import { Roots } from '../../shared/flow/roots.ts'
import { runStage, type StageEvent } from '../../shared/flow/stage.ts'
import { Trouble } from '../../shared/flow/trouble.ts'
import type { EventLog, TransferJournal } from '../../shared/ports/journal.ts'
import type { ShareMonitor, ShareState } from '../../shared/ports/shareMonitor.ts'
import type { ShareTarget } from '../../shared/ports/shareTarget.ts'
import type { Source } from '../../shared/ports/source.ts'
import type { World } from '../../shared/ports/world.ts'
import { defaultDrainLimits, DrainGuard, type DrainLimits } from './drainGuard.ts'

export type PushInput = {
  readonly shareTarget: ShareTarget
  readonly monitor: ShareMonitor
  readonly share: ShareState
  readonly journal: TransferJournal & EventLog
  readonly archives: readonly Archive[]
  readonly source: (archiveId: ArchiveId) => Source
  readonly world: World
  /** Items at once. Default 4. */
  readonly width?: number
  readonly drain?: Partial<DrainLimits>
}

/** Counted in this run alone. `found`: items whose bytes were in the share already. */
export type PushOutcome = { readonly items: number; readonly bytes: number; readonly leftBehind: number; readonly found: number }

const lane = { route: 'share' } as const
const intendedTogether = 32
/** A share that refuses one item so often does not mean the cache. */
const refusalsOfOne = 5

/**
 * Runs until everything that can go has gone; run it again to go on after a stop or a crash.
 * @throws Fault that stops the lane: share-missing, share-refused, share-write-failed, archive-missing, source-unreadable, disk-full. What was in flight has ended.
 */
export function push(input: PushInput, signal: AbortSignal): AsyncGenerator<StageEvent<PushOutcome>, void> {
  const { journal, world } = input
  return runStage('push', world.clock, signal, async (report) => {
    const totals = journal.laneTotals(lane)
    report.total(totals.items - totals.doneItems, totals.bytes - totals.doneBytes)

    const receipts = new Receipts(journal, world.clock)
    const roots = new Roots(input.source, world.clock)
    const tally = { items: 0, bytes: 0, leftBehind: 0, found: 0 }
    const guard = new DrainGuard(input.monitor, input.share, world.clock, report, { ...defaultDrainLimits, ...input.drain })
    const trouble = new Trouble(report)
    await checkShare(input.shareTarget, guard, signal)
    journal.append('push-started', { items: totals.items - totals.doneItems, bytes: totals.bytes - totals.doneBytes })
    const pushing: Pushing = { input, journal, receipts, roots, report, tally, guard }
    try {
      await forEachBounded(intended(input, signal), input.width ?? 4, signal, async (one) =>
        trouble.contain(one.transfer.itemId, signal, async () => {
          await roots.ready(one.transfer.archiveId, signal)
          await pushOne(pushing, one, signal)
        }),
      )
    } finally {
      receipts.flush()
    }
    journal.append('push-finished', { ...tally })
    return { ...tally }
  })
}

type Pushing = Lane & {
  readonly input: PushInput
  readonly receipts: Receipts
  readonly guard: DrainGuard
  readonly tally: { items: number; bytes: number; leftBehind: number; found: number }
}

/** ours: there was nothing in the share under its name when it was intended. */
type Intended = { readonly transfer: Transfer; readonly resume: boolean; readonly ours: boolean }

/**
 * Yields items whose intent is durable. What has a file in the share before that is not intended: it is compared, and stays planned while it differs.
 */
async function* intended({ journal, shareTarget }: PushInput, signal: AbortSignal): AsyncGenerator<Intended, void> {
  let group: Transfer[] = []
  const settle = async (): Promise<Intended[]> => {
    const there = await shareTarget.there(
      group.map((one) => one.key),
      signal,
    )
    const mayWrite = group.map((one, at) => there[at] !== true || one.replaces !== undefined)
    journal.intend(group.filter((one, at) => one.state === 'planned' && mayWrite[at] === true).map((one) => one.itemId))
    const ready = group.map((transfer, at) => {
      const resume = transfer.state === 'sending'
      return { transfer, resume, ours: resume || mayWrite[at] === true }
    })
    group = []
    return ready
  }
  for (const transfer of journal.waiting(lane)) {
    signal.throwIfAborted()
    group.push(transfer)
    if (group.length >= intendedTogether) yield* await settle()
  }
  if (group.length > 0) yield* await settle()
}

/** A cache that is full from the start refuses the probe as well: that is a reason to wait, not to end. */
async function checkShare(shareTarget: ShareTarget, guard: DrainGuard, signal: AbortSignal): Promise<void> {
  for (let refusals = 0; ; refusals += 1) {
    try {
      return await shareTarget.check(signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!isFault(error, 'share-refused') || refusals >= refusalsOfOne) throw error
    }
    await guard.refused(signal)
  }
}

async function pushOne(pushing: Pushing, { transfer, resume, ours }: Intended, signal: AbortSignal): Promise<void> {
  const { guard, receipts } = pushing
  for (let refusals = 0; ; refusals += 1) {
    // After a refusal our own part of it may lie there.
    const again = resume || (ours && refusals > 0)
    // Refusals of the share are waited for here; that the cache never drains is the guard's to say, and ends the lane.
    const refused = await guard.admit(signal, async () => {
      try {
        await copy(pushing, transfer, again, signal)
        return false
      } catch (error) {
        signal.throwIfAborted()
        if (!isFault(error, 'share-refused') || refusals >= refusalsOfOne) throw error
        return true
      }
    })
    if (!refused) return
    receipts.flush()
    await guard.refused(signal)
  }
}

async function copy(pushing: Pushing, transfer: Transfer, resume: boolean, signal: AbortSignal): Promise<void> {
  const { input, receipts, tally, report } = pushing
  const root = input.archives.find((archive) => archive.id === transfer.archiveId)?.root
  if (root === undefined) throw new Fault('archive-missing', { archive: transfer.archiveId })
  const outcome = await input.shareTarget.copy(
    { root, path: transfer.path, ...(transfer.replaces === undefined ? {} : { replaces: transfer.replaces }) },
    transfer.key,
    { size: transfer.size, mtimeUs: transfer.mtimeUs },
    resume,
    signal,
  )
  if (outcome.kind !== 'copied') return leaveBehind(pushing, transfer, outcome, signal)
  receipts.push({ itemId: transfer.itemId, etag: undefined, versionId: undefined, sha256: outcome.sha256, crc64nvme: outcome.crc64nvme })
  tally.items += 1
  tally.bytes += transfer.size
  if (outcome.bytesWritten === 0 && transfer.size > 0) {
    tally.found += 1
    report.also('found', 1)
  }
  report.add(1, transfer.size)
}
