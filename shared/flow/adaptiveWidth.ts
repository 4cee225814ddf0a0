/**
 * How many items at once: grows while that brings more through, and goes back when it does not, when something fails, or when the source answers
 * slowly, so that a PACS stays quick for those who work with it. Knows nothing of what the items are.
 */
import type { Clock } from '../ports/world.ts'
import { second } from '../units/duration.ts'

export type WidthBounds = { readonly start: number; readonly least: number; readonly most: number }

/** What one item costs besides its bytes, in bytes: small items count by their number, large ones by their size. */
const itemWorth = 64 * 1024
const windowLasts = 2 * second
/** Growth must bring this much, or it is taken back. */
const worthwhile = 1.05
/** Windows of rest after growth that brought nothing, and after a failure. */
const restAfterNothing = 10
const restAfterFailure = 15
/** A source that takes so many times as long as at its best, and so many milliseconds longer, has others to serve. */
const slowTimes = 4
const slowBy = 25
/** The best is forgotten by so much a window, half in four hours: an archive has fast and slow shelves, and clinic hours are long. */
const forgets = 1.0001

export class AdaptiveWidth {
  readonly #clock: Clock
  readonly #bounds: WidthBounds
  #width: number
  #began: number
  #items = 0
  #bytes = 0
  #reads = 0
  #readMs = 0
  #bestRead = Number.POSITIVE_INFINITY
  #rest = 0
  #failedAt = Number.NEGATIVE_INFINITY
  /** Before it grew last: taken back if that brought nothing. */
  #before: { readonly width: number; readonly rate: number } | undefined

  constructor(clock: Clock, bounds: WidthBounds) {
    this.#clock = clock
    this.#bounds = bounds
    this.#width = bounds.start
    this.#began = clock.monotonic()
  }

  get width(): number {
    return this.#width
  }

  /** The source gave an item after so many milliseconds. */
  read(ms: number): void {
    this.#reads += 1
    this.#readMs += ms
  }

  /** An item went through. */
  done(bytes: number): void {
    this.#items += 1
    this.#bytes += bytes
    const lasted = this.#clock.monotonic() - this.#began
    // A window with few items says little, whatever the clock says.
    if (lasted < windowLasts || this.#items < 2 * this.#width) return
    this.#judge((this.#bytes + this.#items * itemWorth) / lasted)
    this.#begin()
  }

  /** Once in a window: what was at work at the same time fails of the same cause. */
  failed(): void {
    const now = this.#clock.monotonic()
    if (now - this.#failedAt < windowLasts) return
    this.#failedAt = now
    this.#set(Math.floor(this.#width / 2))
    this.#rest = restAfterFailure
    this.#before = undefined
    this.#begin()
  }

  #judge(rate: number): void {
    const before = this.#before
    this.#before = undefined
    if (this.#isSourceSlow()) {
      this.#set(Math.floor(this.#width * 0.7))
      this.#rest = restAfterNothing
    } else if (before !== undefined && rate < before.rate * worthwhile) {
      this.#set(before.width)
      this.#rest = restAfterNothing
    } else if (this.#rest > 0) {
      this.#rest -= 1
    } else if (this.#width < this.#bounds.most) {
      this.#before = { width: this.#width, rate }
      this.#set(Math.ceil(this.#width * 1.5))
    }
  }

  #isSourceSlow(): boolean {
    if (this.#reads === 0) return false
    const mean = this.#readMs / this.#reads
    this.#bestRead = Math.min(this.#bestRead * forgets, mean)
    return mean > this.#bestRead * slowTimes && mean > this.#bestRead + slowBy
  }

  #set(width: number): void {
    this.#width = Math.min(Math.max(width, this.#bounds.least), this.#bounds.most)
  }

  #begin(): void {
    this.#began = this.#clock.monotonic()
    this.#items = 0
    this.#bytes = 0
    this.#reads = 0
    this.#readMs = 0
  }
}
