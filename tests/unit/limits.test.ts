/** Bandwidth limits: never above the limit, nobody starves, a change holds at once, and the grid follows the hours of the local week. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Limiter } from '../../main/engine/limits/limiter.ts'
import { TokenBucket } from '../../main/engine/limits/tokenBucket.ts'
import { hourOfWeek, limitThen } from '../../main/engine/limits/weekHours.ts'
import { hoursOfWeek, noLimits, type BandwidthLimits } from '../../shared/contract/limits.ts'
import { ManualClock, turns } from '../kit/manualClock.ts'
import { testWorld } from '../kit/world.ts'

const never = new AbortController().signal
const burst = 0.5

describe('a limit', () => {
  test('is never passed over any window, beyond one burst, and everybody gets through in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 5000 }), after: fc.integer({ min: 0, max: 400 }) }), {
          minLength: 1,
          maxLength: 25,
        }),
        fc.integer({ min: 200, max: 20_000 }),
        async (asks, rate) => {
          const clock = new ManualClock(0)
          const bucket = new TokenBucket(clock)
          bucket.setRate(rate)
          const passed: { at: number; bytes: number; place: number }[] = []
          for (const [place, { bytes, after }] of asks.entries()) {
            await clock.advance(after)
            void bucket.take(bytes, never).then(() => passed.push({ at: clock.monotonic(), bytes, place }))
          }
          await clock.advance(1000 * (asks.length + (asks.length * 5000) / rate))
          expect(passed.map((one) => one.place)).toEqual(asks.map((_, place) => place))
          for (const [first, from] of passed.entries()) {
            let sum = 0
            for (const to of passed.slice(first)) {
              sum += to.bytes
              const allowed = ((to.at - from.at) / 1000) * rate + Math.max(rate * burst, from.bytes)
              expect(sum).toBeLessThanOrEqual(allowed + 0.01 * passed.length)
            }
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  test('is used: whoever sends all the time gets nearly all of it', async () => {
    const clock = new ManualClock(0)
    const bucket = new TokenBucket(clock)
    bucket.setRate(10_000)
    let sent = 0
    const sending = (async () => {
      while (clock.monotonic() < 10_000) {
        await bucket.take(700, never)
        sent += 700
      }
    })()
    await clock.advance(11_000)
    await sending
    expect(sent).toBeGreaterThan(95_000)
    expect(sent).toBeLessThanOrEqual(10_000 * (10 + 1 + burst))
  })

  test('that is raised, lifted or set to nothing holds at once for those who wait', async () => {
    const clock = new ManualClock(0)
    const bucket = new TokenBucket(clock)
    const passed: string[] = []
    bucket.setRate(10)
    void bucket.take(10_000, never).then(() => passed.push('first'))
    void bucket.take(10_000, never).then(() => passed.push('second'))
    await clock.advance(5000)
    expect(passed).toEqual([])
    bucket.setRate(100_000)
    await clock.advance(100)
    expect(passed).toEqual(['first'])
    bucket.setRate(0)
    await clock.advance(3_600_000)
    expect(passed).toEqual(['first'])
    bucket.setRate(null)
    await turns()
    expect(passed).toEqual(['first', 'second'])
  })

  test('of one byte a second wakes nobody in vain', async () => {
    const clock = new ManualClock(0)
    const bucket = new TokenBucket(clock)
    bucket.setRate(1)
    let passed = false
    void bucket.take(8 * 1024 * 1024, never).then(() => (passed = true))
    await clock.advance(8 * 1024 * 1024 * 1000 - 1000)
    expect(passed).toBe(false)
    await clock.advance(2000)
    expect(passed).toBe(true)
  })

  test('lets go of whoever is stopped, and of the place in the queue', async () => {
    const clock = new ManualClock(0)
    const bucket = new TokenBucket(clock)
    bucket.setRate(0)
    const stop = new AbortController()
    const waits: boolean[] = []
    const first = bucket.take(1_000_000, stop.signal, { waits: (waiting) => waits.push(waiting) })
    const second = bucket.take(10, never)
    stop.abort(new Error('stopped'))
    await expect(first).rejects.toThrow('stopped')
    expect(waits).toEqual([true, false])
    bucket.setRate(100)
    await clock.advance(200)
    await second
    expect(clock.sleeping).toBe(0)
  })
})

describe('the hours of the week', () => {
  const zone = process.env['TZ']
  beforeAll(() => {
    process.env['TZ'] = 'Europe/Berlin'
  })
  afterAll(() => {
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
  })
  const nights = Array.from({ length: hoursOfWeek }, (_, hour) => (hour % 24 >= 6 && hour % 24 < 18 ? 1000 : null))
  const grid: BandwidthLimits = { ...noLimits, grid: nights }

  test('begin on Monday at midnight, by the time on the wall', () => {
    expect(hourOfWeek(Date.parse('2026-11-23T00:30:00+01:00'))).toBe(0)
    expect(hourOfWeek(Date.parse('2026-11-29T23:30:00+01:00'))).toBe(hoursOfWeek - 1)
  })

  test('say what holds and until when', () => {
    expect(limitThen(grid, Date.parse('2026-11-24T07:10:00+01:00'))).toEqual({
      rate: 1000,
      changesAt: Date.parse('2026-11-24T18:00:00+01:00'),
    })
    expect(limitThen(grid, Date.parse('2026-11-24T18:00:00+01:00'))).toEqual({
      rate: null,
      changesAt: Date.parse('2026-11-25T06:00:00+01:00'),
    })
  })

  test('follow a clock that is put on or back', () => {
    expect(limitThen(grid, Date.parse('2026-03-28T20:00:00+01:00')).changesAt).toBe(Date.parse('2026-03-29T06:00:00+02:00'))
    expect(limitThen(grid, Date.parse('2026-10-24T20:00:00+02:00')).changesAt).toBe(Date.parse('2026-10-25T06:00:00+01:00'))
  })

  test('give way to a limit for now, until it ends', () => {
    const until = Date.parse('2026-11-24T07:30:00+01:00')
    const limits: BandwidthLimits = { ...grid, now: { rate: 0, until } }
    expect(limitThen(limits, until - 1)).toEqual({ rate: 0, changesAt: until })
    expect(limitThen(limits, until)).toMatchObject({ rate: 1000 })
  })
})

describe('the limits of a migration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'firn-limits-'))
  let limiter: Limiter | undefined
  afterEach(() => limiter?.close())
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function open(clock: ManualClock): Limiter {
    limiter = new Limiter(folder, { ...testWorld(), clock })
    return limiter
  }

  test('are kept in its folder', () => {
    const wanted: BandwidthLimits = { ...noLimits, now: { rate: 5_000_000, until: null } }
    open(new ManualClock()).save(wanted)
    expect(open(new ManualClock()).limits()).toEqual(wanted)
  })

  test('that cannot be read are none, and the log says so', () => {
    writeFileSync(join(folder, 'limits.json'), '{"now":')
    const world = { ...testWorld(), clock: new ManualClock() }
    limiter = new Limiter(folder, world)
    expect(limiter.limits()).toEqual(noLimits)
    expect(world.lines).toMatchObject([{ code: 'kept-file-unusable', facts: { file: 'limits.json' } }])
  })

  test('hold the routes they name back, and no other', async () => {
    const clock = new ManualClock()
    const limits = open(clock)
    limits.save({ ...noLimits, now: { rate: 0, until: null } })
    const went: string[] = []
    for (const route of ['device', 'share', 'link'] as const)
      void limits.admit(route, 10, never, () => undefined).then(() => went.push(route))
    await turns()
    expect(went).toEqual(['device'])
    limits.save({ ...limits.limits(), routes: ['share'] })
    await turns()
    expect(went).toEqual(['device', 'link'])
    expect(limits.holding('link')).toEqual({ rate: null, changesAt: undefined })
    expect(limits.holding('share')).toEqual({ rate: 0, changesAt: undefined })
  })

  test('for now end by themselves', async () => {
    const clock = new ManualClock()
    const limits = open(clock)
    limits.save({ ...noLimits, now: { rate: 0, until: clock.now() + 60_000 } })
    let went = false
    void limits.admit('share', 10, never, () => undefined).then(() => (went = true))
    await clock.advance(59_000)
    expect(went).toBe(false)
    await clock.advance(1000)
    expect(went).toBe(true)
  })
})
