/** Throughput of each lane: now, and over the last hours as strips of samples, in memory. */
import type { LaneState } from '../../../shared/contract/snapshot.ts'
import { routes, type Route } from '../../../shared/domain/route.ts'
import { second } from '../../../shared/units/duration.ts'
import { RateEstimate } from '../../../shared/units/rate.ts'

const mostSamples = 240
/** What moved so recently is at work, whoever moves it. */
const recent = 5 * second

type Bytes = Readonly<Record<Route, number>>

export class Throughput {
  readonly #everyMs: number
  readonly #rates: Readonly<Record<Route, (number | null)[]>> = { device: [], share: [], link: [] }
  readonly #now: Record<Route, RateEstimate> = { device: new RateEstimate(), share: new RateEstimate(), link: new RateEstimate() }
  readonly #movedAt: Partial<Record<Route, number>> = {}
  /** At work at any look since the last sample. */
  readonly #worked = new Set<Route>()
  #atWork: ReadonlySet<Route> = new Set()
  #seen: Bytes | undefined
  #sample: { readonly at: number; readonly bytes: Bytes } | undefined

  constructor(everyMs: number) {
    this.#everyMs = everyMs
  }

  /** To be called more often than a sample is due. `bytes`: all that has moved so far. A machine that slept leaves gaps, not peaks. */
  look(at: number, bytes: Bytes, running: ReadonlySet<Route>): void {
    const atWork = new Set(running)
    for (const route of routes) {
      if (this.#seen !== undefined && bytes[route] !== this.#seen[route]) this.#movedAt[route] = at
      if (at - (this.#movedAt[route] ?? Number.NEGATIVE_INFINITY) < recent) atWork.add(route)
      if (!this.#atWork.has(route) && atWork.has(route)) this.#now[route] = new RateEstimate()
      this.#now[route].observe(at, bytes[route])
      if (atWork.has(route)) this.#worked.add(route)
    }
    this.#atWork = atWork
    this.#seen = { ...bytes }
    this.#sampled(at, this.#seen)
  }

  /** Bytes per second now; `null`: nothing runs. */
  rateOf(route: Route): number | null {
    const rate = this.#atWork.has(route) ? this.#now[route].perSecond() : undefined
    return rate === undefined ? null : Math.max(rate, 0)
  }

  stripOf(route: Route): LaneState['strip'] {
    return { everyMs: this.#everyMs, rates: [...this.#rates[route]] }
  }

  #sampled(at: number, bytes: Bytes): void {
    const last = this.#sample
    if (last !== undefined && at - last.at < this.#everyMs) return
    this.#sample = { at, bytes }
    if (last === undefined) return
    const passed = at - last.at
    const missed = Math.min(Math.floor(passed / this.#everyMs) - 1, mostSamples)
    for (const route of routes) {
      const rates = this.#rates[route]
      for (let gap = 0; gap < missed; gap += 1) rates.push(null)
      const moved = Math.max(bytes[route] - last.bytes[route], 0)
      rates.push(this.#worked.has(route) ? Math.round((moved / passed) * 1000) : null)
      rates.splice(0, rates.length - mostSamples)
    }
    this.#worked.clear()
  }
}
