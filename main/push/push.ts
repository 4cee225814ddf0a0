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
    await input.shareTarget.check(signal)
    journal.append('push-started', { items: totals.items - totals.doneItems, bytes: totals.bytes - totals.doneBytes })

    const receipts = new Receipts(journal, world.clock)
    const roots = new Roots(input.source, world.clock)
    const tally = { items: 0, bytes: 0, leftBehind: 0, found: 0 }
    const guard = new DrainGuard(input.monitor, input.share, world.clock, report, { ...defaultDrainLimits, ...input.drain })
    const trouble = new Trouble(report)
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

/** ours: what lies in the share under its name, if anything, is Firn's own. */
type Intended = { readonly transfer: Transfer; readonly resume: boolean; readonly ours: boolean }

/**
 * Yields items whose intent is durable. What has a file in the share before that is not intended: it is compared and never written, so that under the
 * name of an intended item only Firn's own bytes can lie.
 */
async function* intended({ journal, shareTarget }: PushInput, signal: AbortSignal): AsyncGenerator<Intended, void> {
  let group: Transfer[] = []
  const settle = async (): Promise<Intended[]> => {
    const there = await shareTarget.there(
      group.map((one) => one.key),
      signal,
    )
    journal.intend(group.filter((one, at) => one.state === 'planned' && there[at] !== true).map((one) => one.itemId))
    const ready = group.map((transfer, at) => {
      const resume = transfer.state === 'sending'
      return { transfer, resume, ours: resume || there[at] !== true }
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

async function pushOne(pushing: Pushing, { transfer, resume, ours }: Intended, signal: AbortSignal): Promise<void> {
  const { guard } = pushing
  for (let refusals = 0; ; refusals += 1) {
    try {
      // After a refusal our own part of it may lie there.
      await guard.admit(signal, async () => copy(pushing, transfer, resume || (ours && refusals > 0), signal))
      return
    } catch (error) {
      signal.throwIfAborted()
      if (!isFault(error, 'share-refused') || refusals >= refusalsOfOne) throw error
      await guard.refused(signal)
    }
  }
}

async function copy(pushing: Pushing, transfer: Transfer, resume: boolean, signal: AbortSignal): Promise<void> {
  const { input, receipts, tally, report } = pushing
  const root = input.archives.find((archive) => archive.id === transfer.archiveId)?.root
  if (root === undefined) throw new Fault('archive-missing', { archive: transfer.archiveId })
  const outcome = await input.shareTarget.copy(
    { root, path: transfer.path },
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
