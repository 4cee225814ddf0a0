/** What a running work shows: counters of its stage, rates over a window, the time left as a range, troubles, and whether it stands still. */
import type { WorkState } from '../../../shared/contract/snapshot.ts'
import type { Fault } from '../../../shared/faults/fault.ts'
import type { Progress } from '../../../shared/flow/stage.ts'
import { minute, range, second } from '../../../shared/units/duration.ts'
import { RateEstimate } from '../../../shared/units/rate.ts'

/** Nothing moves and nothing is waited for: after so long it is said. */
const stalledAfter = minute
const troublesShown = 20
/** A stage that runs tells of itself four times a second: figures older than this are no rates of now. */
const staleAfter = 5 * second
/** What waits for the limit while bytes still flow is just slow. */
const heldAfter = 2 * second

export type Moved = { readonly items: number; readonly bytes: number }
export type Metered = Pick<
  WorkState,
  | 'stage'
  | 'items'
  | 'itemsTotal'
  | 'bytes'
  | 'bytesTotal'
  | 'bytesPerSecond'
  | 'itemsPerSecond'
  | 'left'
  | 'also'
  | 'waitingFor'
  | 'stalledSince'
  | 'troubles'
  | 'lastTroubles'
>

export class WorkMeter {
  #progress: Progress | undefined
  #items = new RateEstimate()
  #bytes = new RateEstimate()
  #movedAt: number
  #waiting: string | undefined
  #limited = 0
  #held = false
  #troubles = 0
  #lastTroubles: WorkState['lastTroubles'] = []

  constructor(now: number) {
    this.#movedAt = now
  }

  get troubles(): number {
    return this.#troubles
  }

  /** @returns what moved since the last look at the same stage. */
  see(progress: Progress): Moved {
    const before = this.#progress
    const same = before !== undefined && before.stage === progress.stage && before.startedAt === progress.startedAt
    if (!same) {
      this.#items = new RateEstimate()
      this.#bytes = new RateEstimate()
    }
    this.#progress = progress
    this.#items.observe(progress.at, progress.items)
    this.#bytes.observe(progress.at, progress.bytes)
    const moved = { items: progress.items - (same ? before.items : 0), bytes: progress.bytes - (same ? before.bytes : 0) }
    if (!same || moved.items !== 0 || moved.bytes !== 0 || !isSame(before.also, progress.also)) {
      this.#movedAt = progress.at
      this.#held = false
    }
    return moved
  }

  trouble(fault: Fault, item: number | undefined, at: number): void {
    this.#troubles += 1
    this.#movedAt = at
    this.#lastTroubles = [...this.#lastTroubles, { code: fault.code, itemId: item ?? null, at }].slice(-troublesShown)
  }

  /** What the work waits for besides its stage. */
  wait(code: string | undefined): void {
    this.#waiting = code
  }

  /** One more, or one fewer, body that waits for the bandwidth limit. */
  limited(waiting: boolean): void {
    this.#limited += waiting ? 1 : -1
  }

  read(now: number, runs: boolean): Metered {
    const progress = this.#progress
    const waitingFor = runs ? this.#waitsFor(now) : undefined
    if (waitingFor !== undefined) this.#movedAt = now
    const flows = runs && progress !== undefined && now - progress.at < staleAfter
    return {
      stage: progress?.stage ?? null,
      items: Math.max(progress?.items ?? 0, 0),
      itemsTotal: progress?.itemsTotal ?? null,
      bytes: Math.max(progress?.bytes ?? 0, 0),
      bytesTotal: progress?.bytesTotal ?? null,
      bytesPerSecond: flows ? atLeastZero(this.#bytes.perSecond()) : null,
      itemsPerSecond: flows ? atLeastZero(this.#items.perSecond()) : null,
      left: flows ? this.#left(progress) : null,
      also: progress?.also ?? {},
      waitingFor: waitingFor ?? null,
      stalledSince: runs && now - this.#movedAt >= stalledAfter ? this.#movedAt : null,
      troubles: this.#troubles,
      lastTroubles: this.#lastTroubles,
    }
  }

  #waitsFor(now: number): string | undefined {
    if (this.#waiting !== undefined) return this.#waiting
    if (this.#limited === 0) this.#held = false
    else if (this.#held || now - this.#movedAt >= heldAfter) {
      this.#held = true
      return 'limit'
    }
    return this.#progress?.waiting
  }

  /** Both items and bytes have to arrive: whichever takes longer. */
  #left({ items, itemsTotal, bytes, bytesTotal }: Progress): WorkState['left'] {
    const ofItems = itemsTotal === undefined || itemsTotal <= items ? undefined : this.#items.remaining(itemsTotal - items)
    const ofBytes = bytesTotal === undefined || bytesTotal <= bytes ? undefined : this.#bytes.remaining(bytesTotal - bytes)
    if (ofItems === undefined || ofBytes === undefined) return ofItems ?? ofBytes ?? null
    return range(Math.max(ofItems.low, ofBytes.low), Math.max(ofItems.high, ofBytes.high))
  }
}

function isSame(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>): boolean {
  const names = Object.keys(other)
  return names.length === Object.keys(one).length && names.every((name) => one[name] === other[name])
}

/** A batch that is begun anew takes back what it had counted. */
function atLeastZero(rate: number | undefined): number | null {
  return rate === undefined ? null : Math.max(rate, 0)
}
