/** A clock that stands still until it is moved: whoever sleeps wakes exactly when the time has come. */
import type { Clock } from '../../shared/ports/world.ts'

export type HeldClock = Clock & {
  /** Moves on, waking sleepers in order; what they do on waking is done before the next one wakes. */
  advance(ms: number): Promise<void>
  /** How many sleep now. */
  sleepers(): number
}

type Sleeper = { readonly at: number; readonly wake: () => void }

export function heldClock(start: number = Date.UTC(2026, 10, 24, 12)): HeldClock {
  let now = start
  let sleeping: Sleeper[] = []
  return {
    now: () => now,
    monotonic: () => now,
    sleepers: () => sleeping.length,
    sleep(ms, signal) {
      signal.throwIfAborted()
      return new Promise((resolve, reject) => {
        const sleeper: Sleeper = { at: now + ms, wake: resolve }
        sleeping.push(sleeper)
        signal.addEventListener(
          'abort',
          () => {
            sleeping = sleeping.filter((one) => one !== sleeper)
            reject(signal.reason as Error)
          },
          { once: true },
        )
      })
    },
    async advance(ms) {
      const until = now + ms
      await settle()
      for (;;) {
        const [next] = sleeping.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)
        if (next === undefined) break
        now = Math.max(now, next.at)
        sleeping = sleeping.filter((one) => one !== next)
        next.wake()
        await settle()
      }
      now = until
    },
  }
}

/** Everything that can happen without time passing has happened. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
