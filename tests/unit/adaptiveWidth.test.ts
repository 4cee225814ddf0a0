/** How many items at once: as many as bring something, and fewer for a source that others need. */
import { beforeEach, describe, expect, test } from 'vitest'
import { AdaptiveWidth } from '../../shared/flow/adaptiveWidth.ts'
import { testWorld, type TestWorld } from '../kit/world.ts'

const bounds = { start: 4, least: 1, most: 32 }
let world: TestWorld
let pace: AdaptiveWidth
beforeEach(() => {
  world = testWorld()
  pace = new AdaptiveWidth(world.clock, bounds)
})

/** A far side that answers after `latency`, and lets `most` items a second through, whatever is asked of it. @returns the mean width. */
function run(
  seconds: number,
  { latency, most, read = 2 }: { latency: number; most: number; read?: number | ((width: number) => number) },
): number {
  const ends = world.clock.monotonic() + seconds * 1000
  let widths = 0
  while (world.clock.monotonic() < ends) {
    const perSecond = Math.min((pace.width * 1000) / latency, most)
    pace.read(typeof read === 'number' ? read : read(pace.width))
    widths += pace.width / perSecond
    world.advance(1000 / perSecond)
    pace.done(100_000)
  }
  return widths / seconds
}

describe('the number of items at once', () => {
  test('grows on a line that only needs time to answer', () => {
    run(60, { latency: 80, most: 10_000 })
    expect(pace.width).toBe(bounds.most)
  })

  test('stays small where more at once bring nothing more', () => {
    run(300, { latency: 10, most: 200 })
    expect(pace.width).toBeLessThanOrEqual(6)
  })

  test('settles where the far side is full, and not above', () => {
    run(300, { latency: 100, most: 120 })
    expect(pace.width).toBeGreaterThanOrEqual(9)
    expect(pace.width).toBeLessThanOrEqual(21)
  })

  test('is halved by a failure, and grows again only after a rest', () => {
    run(60, { latency: 80, most: 10_000 })
    pace.failed()
    expect(pace.width).toBe(16)
    run(20, { latency: 80, most: 10_000 })
    expect(pace.width).toBe(16)
    run(60, { latency: 80, most: 10_000 })
    expect(pace.width).toBe(bounds.most)
  })

  test('goes back when the source answers slowly: in clinic hours others need it', () => {
    run(60, { latency: 80, most: 10_000 })
    run(40, { latency: 80, most: 10_000, read: 200 })
    expect(pace.width).toBeLessThanOrEqual(4)
  })

  test('finds a width at which a source that gives way under load stays quick', () => {
    const mean = run(600, { latency: 80, most: 10_000, read: (width) => (width > 10 ? 20 * width : 3) })
    // Now and then it looks whether more is borne by now.
    expect(mean).toBeGreaterThan(5)
    expect(mean).toBeLessThan(11)
  })

  test('keeps within its bounds, however much fails', () => {
    for (let at = 0; at < 20; at += 1) {
      // All that were at work fail of the same cause: it counts once.
      for (let other = 0; other < 5; other += 1) pace.failed()
      expect(pace.width).toBeGreaterThanOrEqual(Math.floor(bounds.start / 2 ** (at + 1)))
      world.advance(3000)
    }
    expect(pace.width).toBe(1)
  })
})
