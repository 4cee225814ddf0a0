/** Simulated time: runs `speed` times as fast as real time, is kept on disk, and goes on after a restart from what was kept last. */
import { day } from '../../shared/units/duration.ts'
import type { FastClock } from './contract.ts'
import type { ControlState } from './control/state.ts'

/** A day of simulated time in about 0.15 s: a device's round trip takes seconds. */
export const defaultSpeed = day / 150

export interface KeptClock extends FastClock {
  /** Writes the time down: nothing that happened up to now can afterwards lie in the future. */
  keep(): void
}

export type RealTime = { now(): number; monotonic(): number }
const realTime: RealTime = { now: () => Date.now(), monotonic: () => performance.now() }

/**
 * Starts at the real time the first time, later at the time kept last: the simulated world stands still while the sandbox is off.
 * Never backwards, whatever the machine's clock does.
 */
export function openFastClock(state: ControlState, speed: number = defaultSpeed, real: RealTime = realTime): KeptClock {
  if (!(speed > 0) || !Number.isFinite(speed)) throw new RangeError(`a clock's speed is above 0, not ${speed}`)
  const kept = Number(state.note('clock') ?? Number.NaN)
  const origin = Number.isFinite(kept) ? kept : real.now()
  const startedAt = real.monotonic()
  let latest = origin
  const clock: KeptClock = {
    speed,
    now() {
      latest = Math.max(latest, origin + (real.monotonic() - startedAt) * speed)
      return latest
    },
    keep() {
      state.setNote('clock', String(clock.now()))
    },
  }
  clock.keep()
  return clock
}
