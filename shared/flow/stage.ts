/**
 * The one shape of long work: `(input, signal) => AsyncIterable<StageEvent>`.
 * Workers add to counters; whoever consumes the stream gets whole snapshots, at most four a second, and the last one is always told.
 */
import type { ItemId } from '../domain/item.ts'
import { asFault, type Fault } from '../faults/fault.ts'
import type { Clock } from '../ports/world.ts'

export const snapshotInterval = 250

/** Totals that are not yet known are `undefined`: shown as "counting", never as 0. */
export type Progress = {
  readonly stage: string
  readonly startedAt: number
  readonly at: number
  readonly items: number
  readonly itemsTotal: number | undefined
  readonly bytes: number
  readonly bytesTotal: number | undefined
  /** Counters of the stage's own, by name: folders, studies, anomalies … */
  readonly also: Readonly<Record<string, number>>
  /** What the stage is waiting for, as a code, if it waits. */
  readonly waiting: string | undefined
}

export type StageEvent<Outcome> =
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** Something went wrong with one item or call; the stage goes on. */
  | { readonly kind: 'trouble'; readonly fault: Fault; readonly item: ItemId | undefined }
  | { readonly kind: 'finished'; readonly progress: Progress; readonly outcome: Outcome }

export interface StageReport {
  add(items: number, bytes: number): void
  also(name: string, by: number): void
  total(items: number | undefined, bytes: number | undefined): void
  wait(code: string | undefined): void
  trouble(fault: Fault, item?: ItemId): void
}

const troubleCeiling = 1000

/**
 * Runs `work` and yields what happens. The stream ends with 'finished', or throws the fault that stopped the work.
 * On abort the work is told through the signal, and the stream ends only when the work has ended: after that nothing is written.
 * Troubles that nobody has fetched yet are kept up to a ceiling; beyond it they are only counted (`also.troublesNotShown`).
 */
export async function* runStage<Outcome>(
  name: string,
  clock: Clock,
  signal: AbortSignal,
  work: (report: StageReport) => Promise<Outcome>,
): AsyncGenerator<StageEvent<Outcome>, void> {
  const startedAt = clock.now()
  let items = 0
  let bytes = 0
  let itemsTotal: number | undefined
  let bytesTotal: number | undefined
  let waiting: string | undefined
  const also: Record<string, number> = {}
  const troubles: { kind: 'trouble'; fault: Fault; item: ItemId | undefined }[] = []
  const report: StageReport = {
    add(moreItems, moreBytes) {
      items += moreItems
      bytes += moreBytes
    },
    also(counter, by) {
      also[counter] = (also[counter] ?? 0) + by
    },
    total(allItems, allBytes) {
      itemsTotal = allItems
      bytesTotal = allBytes
    },
    wait(code) {
      waiting = code
    },
    trouble(fault, item) {
      if (troubles.length < troubleCeiling) troubles.push({ kind: 'trouble', fault, item })
      else report.also('troublesNotShown', 1)
    },
  }
  const snapshot = (): Progress => ({
    stage: name,
    startedAt,
    at: clock.now(),
    items,
    itemsTotal,
    bytes,
    bytesTotal,
    also: { ...also },
    waiting,
  })

  signal.throwIfAborted()
  const ticker = new TickerSignal()
  let ended: { ok: true; outcome: Outcome } | { ok: false; error: unknown } | undefined
  const working = work(report).then(
    (outcome) => {
      ended = { ok: true, outcome }
      ticker.abort()
    },
    (error: unknown) => {
      ended = { ok: false, error }
      ticker.abort()
    },
  )
  try {
    for (;;) {
      await clock.sleep(snapshotInterval, ticker).catch(() => undefined)
      yield* troubles.splice(0)
      if (ended !== undefined) break
      yield { kind: 'progress', progress: snapshot() }
    }
  } finally {
    await working
  }
  if (!ended.ok) throw signal.aborted ? ended.error : asFault(ended.error)
  yield { kind: 'finished', progress: snapshot(), outcome: ended.outcome }
}

/** An AbortSignal of the ground floor's own (AbortController is not a language global): ends the ticker's sleep when the work has ended. */
class TickerSignal implements AbortSignal {
  aborted = false
  readonly reason: unknown = new Error('work ended')
  #listeners = new Set<() => void>()
  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }
  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener)
  }
  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener)
  }
  abort(): void {
    this.aborted = true
    for (const listener of this.#listeners) listener()
    this.#listeners.clear()
  }
}
