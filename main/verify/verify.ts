/** Verify: marches journal and S3 listing side by side, compares each object by the cheapest honest method, and records a verdict per item. */
import type { Archive } from '../../shared/domain/archive.ts'
import type { ArchiveId } from '../../shared/domain/item.ts'
import { verdicts, type ItemVerdict, type VerdictCounts } from '../../shared/domain/verification.ts'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import { forEachBounded } from '../../shared/flow/pool.ts'
import { runStage, type StageEvent, type StageReport } from '../../shared/flow/stage.ts'
import type { EventLog, ToVerify, VerificationId, VerificationJournal } from '../../shared/ports/journal.ts'
import type { ListedObject, ObjectStore } from '../../shared/ports/objectStore.ts'
import type { Source } from '../../shared/ports/source.ts'
import type { World } from '../../shared/ports/world.ts'
import { checkObject, verdictOf, type Finding } from './checkObject.ts'
import { march, mergeOrdered, type Pairing } from './march.ts'
import { overlappingPrefixes, type PrefixGroup } from './prefixes.ts'
import { reasonOf } from './troubles.ts'
import { TarLookup } from './tarLookup.ts'

export type VerifyInput = {
  readonly archives: readonly Archive[]
  readonly store: ObjectStore
  readonly sourceOf: (archiveId: ArchiveId) => Source
  readonly journal: VerificationJournal & EventLog
  readonly world: World
  /** Whether objects may be fetched and hashed where nothing cheaper decides. It costs transfer; default no. */
  readonly readBack?: boolean
  /** Objects looked at at once. Default 16. */
  readonly width?: number
  /** What the journal expects to find, if somebody has counted: for progress only. */
  readonly expected?: { readonly items: number; readonly bytes: number }
}

export type VerificationOutcome = {
  readonly run: VerificationId
  readonly items: number
  /** Verdicts of items; `extra` counts objects. */
  readonly counts: VerdictCounts
  readonly extras: number
  /** Empty objects `name/` that a gateway makes for folders. */
  readonly folderObjects: number
  /** Batches whose tar lies in S3 while members of it are missing. */
  readonly unextractedBatches: number
  /** Tars in the listing all of whose members are there: they take up space and nothing else. */
  readonly keptBatches: number
  /** Every item verified. Extra objects do not count against it: they are listed, and nothing of the archive is wrong because of them. */
  readonly allVerified: boolean
}

/** Rows per transaction: enough that the journal's fsync does not show, few enough to keep the wait short. */
const verdictsPerTransaction = 500
const pairsPerBreath = 1000
const probePrefix = '.firn-probe-'

/**
 * @throws Fault nothing-checked when no sent item was compared with S3; aws-denied, naming the permission, when none might be looked at;
 * listing-disordered; whatever keeps S3 as a whole from answering.
 */
export function verify(input: VerifyInput, signal: AbortSignal): AsyncGenerator<StageEvent<VerificationOutcome>, void> {
  return runStage('verify', input.world.clock, signal, (report) => new Run(input, report, signal).work())
}

class Run {
  readonly #input: VerifyInput
  readonly #report: StageReport
  readonly #signal: AbortSignal
  readonly #id: VerificationId
  readonly #tars: TarLookup
  #pending: ItemVerdict[] = []
  #items = 0
  #sent = 0
  #denied = 0
  #verified = 0
  #extras = 0
  #folderObjects = 0
  #tarsListed = 0
  #unansweredInARow = 0

  constructor(input: VerifyInput, report: StageReport, signal: AbortSignal) {
    this.#input = input
    this.#report = report
    this.#signal = signal
    this.#tars = new TarLookup(input.store)
    this.#id = input.journal.beginVerification(wholeMs(input.world))
  }

  async work(): Promise<VerificationOutcome> {
    const { journal, world, expected, readBack = false } = this.#input
    journal.append('verification-started', { run: this.#id, archives: this.#input.archives.length, readBack })
    if (expected !== undefined) this.#report.total(expected.items, expected.bytes)
    for (const group of overlappingPrefixes(this.#input.archives)) await this.#marchGroup(group)
    this.#signal.throwIfAborted()
    this.#record()
    const counts = journal.finishVerification(this.#id, wholeMs(world))
    const outcome = this.#outcome(counts)
    journal.append('verification-finished', {
      run: this.#id,
      items: outcome.items,
      extras: outcome.extras,
      folderObjects: outcome.folderObjects,
      unextractedBatches: outcome.unextractedBatches,
      ...Object.fromEntries(verdicts.filter((verdict) => verdict !== 'extra').map((verdict) => [verdict, counts[verdict]])),
    })
    if (this.#sent === 0) throw new Fault('nothing-checked', { items: this.#items })
    if (this.#denied === this.#sent) throw new Fault('aws-denied', { permission: 's3:GetObject', items: this.#denied })
    return outcome
  }

  #outcome(counts: VerdictCounts): VerificationOutcome {
    return {
      run: this.#id,
      items: this.#items,
      counts,
      extras: this.#extras,
      folderObjects: this.#folderObjects,
      unextractedBatches: this.#tars.unextracted,
      keptBatches: this.#tarsListed - this.#tars.unextractedIn(this.#input.archives),
      allVerified: this.#items > 0 && this.#verified === this.#items,
    }
  }

  async #marchGroup(group: PrefixGroup): Promise<void> {
    const { journal, store, width = 16 } = this.#input
    const keyOf = (value: { readonly key: string }): string => value.key
    const toVerify = mergeOrdered(
      group.archives.map((archive) => journal.toVerify(archive.id)),
      keyOf,
    )
    const listing = store.list(group.bucket, group.prefix, this.#signal)
    const pairs = march<ToVerify, ListedObject>(
      { values: toVerify, key: keyOf, name: 'journal' },
      { values: listing, key: keyOf, name: 'listing' },
    )
    await forEachBounded(this.#breathing(pairs), width, this.#signal, (pair) => this.#judge(pair, group))
  }

  /** Runs of items that need no call would otherwise keep timers and signals waiting until their end. */
  async *#breathing<Value>(values: AsyncIterable<Value>): AsyncGenerator<Value, void> {
    let count = 0
    for await (const value of values) {
      yield value
      count += 1
      if (count % pairsPerBreath === 0) await this.#input.world.clock.sleep(0, this.#signal)
    }
  }

  async #judge(pair: Pairing<ToVerify, ListedObject>, group: PrefixGroup): Promise<void> {
    if (pair.kind === 'right-only') return this.#judgeUnknownObject(pair.right, group)
    const item = pair.left
    const finding = pair.kind === 'both' ? await this.#check(item, pair.right, group.bucket) : await this.#whyMissing(item, group.bucket)
    this.#signal.throwIfAborted()
    this.#count(item, finding)
    this.#pending.push(verdictOf(item, group.bucket, finding, wholeMs(this.#input.world)))
    if (this.#pending.length >= verdictsPerTransaction) this.#record()
  }

  async #check(item: ToVerify, listed: ListedObject, bucket: string): Promise<Finding> {
    const { store, sourceOf, readBack = false } = this.#input
    const checking = {
      store,
      source: sourceOf(item.archiveId),
      bucket,
      readBack,
      replaced: () => this.#report.also('replacedMeanwhile', 1),
    }
    try {
      const finding = await checkObject(item, listed, checking, this.#signal)
      this.#unansweredInARow = 0
      return finding
    } catch (error) {
      return this.#couldNotAsk(item, error)
    }
  }

  async #whyMissing(item: ToVerify, bucket: string): Promise<Finding> {
    if (item.state !== 'sent') return { verdict: 'missing', method: 'listing', reason: 'not-sent' }
    if (item.batchKey === undefined) return { verdict: 'missing', method: 'listing', reason: 'dropped' }
    try {
      const tarIsThere = await this.#tars.isThere(bucket, item.batchKey, this.#signal)
      return { verdict: 'missing', method: 'listing', reason: tarIsThere ? 'batch-left-unextracted' : 'dropped' }
    } catch (error) {
      // That the item is missing is known from the listing; only the reason is not.
      return { verdict: 'missing', method: 'listing', reason: this.#couldNotAsk(item, error).reason }
    }
  }

  /** A trouble with one object is that item's verdict; one with S3 as a whole ends the run. */
  #couldNotAsk(item: ToVerify, error: unknown): Finding {
    this.#signal.throwIfAborted()
    const reason = reasonOf(error)
    if (reason === undefined || !isFault(error)) throw error
    this.#report.trouble(error, item.itemId)
    if (reason === 'unreachable') {
      this.#unansweredInARow += 1
      if (this.#unansweredInARow > 2 * (this.#input.width ?? 16)) throw error
    }
    return { verdict: 'unknown', method: 'none', reason }
  }

  #judgeUnknownObject(object: ListedObject, group: PrefixGroup): void {
    const { journal } = this.#input
    const name = object.key.slice(object.key.lastIndexOf('/') + 1)
    if (journal.batchByKey(object.key) !== undefined) {
      this.#tarsListed += 1
    } else if (object.size === 0 && name === '') {
      this.#folderObjects += 1
      this.#report.also('folderObjects', 1)
    } else if (!name.startsWith(probePrefix)) {
      this.#extras += 1
      this.#report.also('extra', 1)
      journal.recordExtra(this.#id, { archiveId: group.archiveOf(object.key), key: object.key, size: object.size })
    }
  }

  #count(item: ToVerify, finding: Finding): void {
    this.#items += 1
    if (item.state === 'sent') this.#sent += 1
    if (finding.verdict === 'unknown' && finding.reason === 'denied') this.#denied += 1
    if (finding.verdict === 'verified') this.#verified += 1
    this.#report.add(1, item.size)
    this.#report.also(finding.verdict, 1)
  }

  #record(): void {
    if (this.#pending.length === 0) return
    this.#input.journal.recordVerdicts(this.#id, this.#pending)
    this.#pending = []
  }
}

/** The journal keeps whole milliseconds; a clock may count finer. */
function wholeMs(world: World): number {
  return Math.round(world.clock.now())
}
