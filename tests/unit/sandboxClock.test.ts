import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openMetrics } from '../../main/sandbox/control/metrics.ts'
import { openState, type ControlState } from '../../main/sandbox/control/state.ts'
import { openFastClock } from '../../main/sandbox/fastClock.ts'

let folder: string
let state: ControlState
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firn-clock-'))
  state = openState(join(folder, 'control.db'))
})
afterEach(() => {
  state.close()
  rmSync(folder, { recursive: true, force: true })
})

const real = (now: number, monotonic: () => number) => ({ now: () => now, monotonic })

test('simulated time begins at the real time and runs as fast as it is told', () => {
  let elapsed = 0
  const clock = openFastClock(
    state,
    1000,
    real(5_000_000, () => elapsed),
  )
  expect(clock.now()).toBe(5_000_000)
  elapsed = 2
  expect(clock.now()).toBe(5_002_000)
})

test('after a restart time goes on from where it was kept, however long the sandbox was off', () => {
  let elapsed = 0
  const before = openFastClock(
    state,
    10,
    real(1_000, () => elapsed),
  )
  elapsed = 100
  before.keep()
  elapsed = 500
  const after = openFastClock(
    state,
    10,
    real(99_000_000, () => 0),
  )
  expect(after.now()).toBe(2_000)
})

test('after a kill nothing that was measured lies in the future: a cache that has drained since is not dirty again later', () => {
  const speed = 600_000
  let elapsed = 0
  const before = openMetrics(
    state,
    openFastClock(
      state,
      speed,
      real(0, () => elapsed),
    ),
  )
  // Most of a second after the time was last kept: days of simulated time.
  elapsed = 900
  before.set('CachePercentDirty', 40)
  before.flush()

  let since = 0
  const clock = openFastClock(
    state,
    speed,
    real(99_000_000, () => since),
  )
  const after = openMetrics(state, clock)
  after.set('CachePercentDirty', 0)
  after.flush()
  since = 2000
  expect(after.samples('CachePercentDirty', clock.now() - 3_600_000, clock.now()).at(-1)?.value).toBe(0)
})

test('time never goes back, whatever the machine does', () => {
  let elapsed = 100
  const clock = openFastClock(
    state,
    10,
    real(1_000, () => elapsed),
  )
  elapsed = 300
  const seen = clock.now()
  elapsed = 200
  expect(clock.now()).toBe(seen)
})

test('a clock that stands still or runs backwards is refused', () => {
  for (const speed of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => openFastClock(state, speed)).toThrow(RangeError)
})
