/** The bounded pool: never more at once than it has places, and nothing left running when it ends. */
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forEachBounded } from '../../shared/flow/pool.ts'

const never = new AbortController().signal

async function turns(count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) await turn()
}

describe('a pool', () => {
  test('handles every item once, with at most its width at work at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 4 }), { maxLength: 30 }), fc.integer({ min: 1, max: 6 }), async (waits, width) => {
        const done: number[] = []
        let working = 0
        let most = 0
        await forEachBounded(waits.entries(), width, never, async ([index, wait]) => {
          working += 1
          most = Math.max(most, working)
          await turns(wait)
          done.push(index)
          working -= 1
        })
        expect(done.toSorted((a, b) => a - b)).toEqual(waits.map((_, index) => index))
        expect(most).toBeLessThanOrEqual(width)
        expect(working).toBe(0)
      }),
      { numRuns: 50 },
    )
  })
  test('uses all its places when there is enough to do', async () => {
    let working = 0
    let most = 0
    await forEachBounded(Array(12).keys(), 4, never, async () => {
      working += 1
      most = Math.max(most, working)
      await turns(3)
      working -= 1
    })
    expect(most).toBe(4)
  })
  test('follows a width that changes while it works, down as well as up', async () => {
    let width = 4
    let working = 0
    const seen: number[] = []
    await forEachBounded(
      Array(30).keys(),
      () => width,
      never,
      async (item) => {
        if (item === 10) width = 1
        if (item === 20) width = 3
        working += 1
        // Those that were at work already end first.
        if (item >= 14) seen.push(working)
        await turns(3)
        working -= 1
      },
    )
    expect(Math.max(...seen.slice(0, 6))).toBe(1)
    expect(Math.max(...seen.slice(8))).toBe(3)
  })
  test('takes the next item only when a place is free, so that a long list is never held in memory', async () => {
    let taken = 0
    let done = 0
    function* endless() {
      for (; taken < 200; taken += 1) {
        expect(taken - done).toBeLessThanOrEqual(3)
        yield taken
      }
    }
    await forEachBounded(endless(), 3, never, async () => {
      await turns(2)
      done += 1
    })
    expect(done).toBe(200)
  })
  test('stops taking items at the first failure, waits for those in flight, and reports that failure', async () => {
    const begun: number[] = []
    let inFlight = 0
    const run = forEachBounded(Array(50).keys(), 3, never, async (item) => {
      begun.push(item)
      inFlight += 1
      await turns(item === 1 ? 1 : 20)
      inFlight -= 1
      throw new Error(`item ${item}`)
    })
    await expect(run).rejects.toThrow('item 1')
    expect(inFlight).toBe(0)
    expect(begun.length).toBeLessThanOrEqual(4)
  })
  test('takes nothing more after an abort, waits for what is in flight, and says why it stopped', async () => {
    const stop = new AbortController()
    let begun = 0
    let ended = 0
    const run = forEachBounded(Array(50).keys(), 2, stop.signal, async () => {
      begun += 1
      if (begun === 3) stop.abort(new Error('asked to stop'))
      await turns(5)
      ended += 1
    })
    await expect(run).rejects.toThrow('asked to stop')
    expect(begun).toBeLessThanOrEqual(4)
    expect(ended).toBe(begun)
  })
  test('waits for what is in flight when the list itself fails', async () => {
    let ended = 0
    async function* failing() {
      yield 1
      await turn()
      throw new Error('list broken')
    }
    const run = forEachBounded(failing(), 4, never, async () => {
      await turns(10)
      ended += 1
    })
    await expect(run).rejects.toThrow('list broken')
    expect(ended).toBe(1)
  })
  test('refuses to have no place', async () => {
    await expect(forEachBounded([], 0, never, () => Promise.resolve())).rejects.toThrow(RangeError)
    await expect(forEachBounded([], Number.NaN, never, () => Promise.resolve())).rejects.toThrow(RangeError)
  })
})
