/** A clock that stands still until a test moves it: sleepers wake in the order of their time, each at its own moment. */
import type { Clock } from '../../shared/ports/world.ts'

type Sleeper = { readonly at: number; readonly wake: () => void }

export class ManualClock implements Clock {
  #now: number
  readonly #sleepers = new Set<Sleeper>()
  constructor(now = Date.UTC(2026, 10, 24, 12)) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#now
  }

  get sleeping(): number {
    return this.#sleepers.size
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        this.#sleepers.delete(sleeper)
        reject(signal.reason as Error)
      }
      const sleeper: Sleeper = {
        at: this.#now + ms,
        wake: () => {
          signal.removeEventListener('abort', stop)
          resolve()
        },
      }
      signal.addEventListener('abort', stop, { once: true })
      this.#sleepers.add(sleeper)
    })
  }

  /** Moves on, stopping at each moment for which somebody sleeps, so that what it begins happens at its time. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    for (;;) {
      await turns()
      const next = [...this.#sleepers].sort((a, b) => a.at - b.at)[0]
      if (next === undefined || next.at > until) break
      this.#now = Math.max(this.#now, next.at)
      this.#sleepers.delete(next)
      next.wake()
    }
    this.#now = until
    await turns()
  }
}

/** Lets everything that is ready go on. */
export async function turns(): Promise<void> {
  for (let at = 0; at < 3; at += 1) await new Promise((resolve) => setImmediate(resolve))
}
