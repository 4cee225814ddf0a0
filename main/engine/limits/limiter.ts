/** Limiter: the bandwidth limits of a migration, kept in its folder and held to while works run. One limit for all routes it names: they share one link. */
import { join } from 'node:path'
import { bandwidthLimits, noLimits, type BandwidthLimits } from '../../../shared/contract/limits.ts'
import type { Route } from '../../../shared/domain/route.ts'
import type { World } from '../../../shared/ports/world.ts'
import { hour } from '../../../shared/units/duration.ts'
import { readKept, writeKept } from '../keptFile.ts'
import { TokenBucket, type Rate } from './tokenBucket.ts'
import { limitThen } from './weekHours.ts'

/** The clock of the machine may be set anew: looked at so often in any case. */
const looksEvery = hour / 4

export class Limiter {
  readonly #file: string
  readonly #world: World
  readonly #bucket: TokenBucket
  readonly #closing = new AbortController()
  #limits: BandwidthLimits
  #waiting: AbortController | undefined

  constructor(migrationFolder: string, world: World) {
    this.#file = join(migrationFolder, 'limits.json')
    this.#world = world
    this.#bucket = new TokenBucket(world.clock)
    this.#limits = readKept(this.#file, bandwidthLimits, world.log) ?? noLimits
    this.#follow()
  }

  limits(): BandwidthLimits {
    return this.#limits
  }

  /** Durable first, then in force: what a person reads back is what holds. */
  save(limits: BandwidthLimits): BandwidthLimits {
    writeKept(this.#file, limits)
    this.#limits = limits
    this.#follow()
    return limits
  }

  /** What holds for a route now, and when that changes. */
  holding(route: Route): { readonly rate: Rate; readonly changesAt: number | undefined } {
    return this.#limits.routes.includes(route) ? limitThen(this.#limits, this.#world.clock.now()) : { rate: null, changesAt: undefined }
  }

  /** Resolves when so many bytes may go by this route. */
  async admit(route: Route, bytes: number, signal: AbortSignal, waits: (waiting: boolean) => void): Promise<void> {
    if (!this.#limits.routes.includes(route)) return
    await this.#bucket.take(bytes, signal, { waits, free: () => !this.#limits.routes.includes(route) })
  }

  close(): void {
    this.#waiting?.abort()
    this.#closing.abort()
  }

  /** Sets the rate that holds now, and comes back when it changes. */
  #follow(): void {
    this.#waiting?.abort()
    if (this.#closing.signal.aborted) return
    const now = this.#world.clock.now()
    const { rate, changesAt } = limitThen(this.#limits, now)
    this.#bucket.setRate(rate)
    this.#bucket.look()
    if (this.#limits.now === null && this.#limits.grid === null) return
    const wait = new AbortController()
    this.#waiting = wait
    const pause = Math.min(looksEvery, changesAt === undefined ? looksEvery : Math.max(changesAt - now, 1))
    void this.#world.clock.sleep(pause, wait.signal).then(
      () => this.#follow(),
      () => undefined,
    )
  }
}
