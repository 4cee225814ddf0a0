/** Rates and the time that is left, as a range. */
import { range, type Range } from './duration.ts'

type Sample = { readonly at: number; readonly done: number }

/** Long enough to smooth bursts, short enough to follow a change of weather on the network. */
const windowMs = 60_000
const mostSamples = 240
/** The ends of a range are at most this far from the middle: wider says nothing to anybody. */
const widest = 4

/**
 * Watches a counter. The remaining time is a range because rates vary: its ends come from the fastest and the slowest
 * quarter of the window, widened when there is little to go by.
 */
export class RateEstimate {
  readonly #samples: Sample[] = []

  /** at: milliseconds, never backwards. done: items or bytes so far. */
  observe(at: number, done: number): void {
    this.#samples.push({ at, done })
    while (this.#samples.length > mostSamples || (this.#samples[0]?.at ?? at) < at - windowMs) this.#samples.shift()
  }

  /** Per second over the window; `undefined` until two samples a little apart are there. */
  perSecond(): number | undefined {
    return between(this.#samples.at(0), this.#samples.at(-1))
  }

  /** Milliseconds left for `remaining`; `undefined` while nothing moves or too little is known. */
  remaining(remaining: number): Range | undefined {
    const overall = this.perSecond()
    if (overall === undefined || overall <= 0) return undefined
    const quarter = Math.floor(this.#samples.length / 4)
    const rates =
      quarter === 0
        ? []
        : [0, 1, 2, 3].map((at) =>
            between(this.#samples[at * quarter], this.#samples[Math.min((at + 1) * quarter, this.#samples.length - 1)]),
          )
    const moving = rates.filter((rate): rate is number => rate !== undefined && rate > 0)
    // A quarter in which next to nothing moved says little about hours to come.
    const fastest = Math.min(Math.max(overall * 1.1, ...moving), overall * widest)
    const slowest = Math.max(Math.min(overall * 0.85, ...moving), overall / widest)
    return range((remaining / fastest) * 1000, (remaining / slowest) * 1000)
  }
}

function between(first: Sample | undefined, last: Sample | undefined): number | undefined {
  if (first === undefined || last === undefined || last.at - first.at < 200) return undefined
  return ((last.done - first.done) / (last.at - first.at)) * 1000
}
