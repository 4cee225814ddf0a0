/** FiguresKeeper: the counted amounts of the journal, asked for as often as counting them is cheap, and never twice at once. */
import { asFault } from '../../../shared/faults/fault.ts'
import type { Log, Clock } from '../../../shared/ports/world.ts'
import { second } from '../../../shared/units/duration.ts'
import type { Route } from '../../../shared/domain/route.ts'
import type { JournalFigures, Views } from '../views/views.ts'
import type { Moved } from '../works/workMeter.ts'

export type Counted = {
  readonly figures: JournalFigures
  readonly at: number
  /** What had moved by each route when counting began: what moved since comes on top. */
  readonly moved: Readonly<Record<Route, Moved>>
}

const leastPause = second
/** After counting took so long, it rests for this many times as long; less when a work has just ended. */
const rest = 10
const restAfterWork = 2

export class FiguresKeeper {
  readonly #views: Pick<Views, 'figures'>
  readonly #clock: Clock
  readonly #log: Log
  readonly #moved: () => Readonly<Record<Route, Moved>>
  readonly #counted: () => void
  readonly #closing = new AbortController()
  #last: Counted | undefined
  #asking = false
  #endedAt = Number.NEGATIVE_INFINITY
  #took = 0
  #wanted = false

  constructor(
    views: Pick<Views, 'figures'>,
    world: { readonly clock: Clock; readonly log: Log },
    moved: () => Readonly<Record<Route, Moved>>,
    counted: () => void,
  ) {
    this.#views = views
    this.#clock = world.clock
    this.#log = world.log
    this.#moved = moved
    this.#counted = counted
  }

  get last(): Counted | undefined {
    return this.#last
  }

  /** Something has ended: the figures have changed for sure. */
  want(): void {
    this.#wanted = true
  }

  /** To be called often; asks when it is time. */
  look(): void {
    if (this.#asking || this.#closing.signal.aborted) return
    const pause = Math.max(leastPause, this.#took * (this.#wanted ? restAfterWork : rest))
    if (this.#clock.monotonic() - this.#endedAt < pause) return
    this.#asking = true
    this.#wanted = false
    void this.#ask()
  }

  close(): void {
    this.#closing.abort()
  }

  async #ask(): Promise<void> {
    const startedAt = this.#clock.monotonic()
    const moved = this.#moved()
    try {
      const figures = await this.#views.figures(this.#closing.signal, true)
      if (!this.#closing.signal.aborted) this.#last = { figures, at: this.#clock.now(), moved }
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#log.warn('snapshot', asFault(error).code)
    } finally {
      this.#endedAt = this.#clock.monotonic()
      this.#took = this.#endedAt - startedAt
      this.#asking = false
    }
    if (!this.#closing.signal.aborted) this.#counted()
  }
}
