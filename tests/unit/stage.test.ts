/** The one shape of long work: what its watchers are told, and that nothing goes on after it has ended. */
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../shared/faults/fault.ts'
import { runStage, snapshotInterval, type StageEvent, type StageReport } from '../../shared/flow/stage.ts'
import { testWorld } from '../kit/world.ts'

const never = new AbortController().signal

/** Runs a stage to its end and keeps all it told. */
async function watch<Outcome>(work: (report: StageReport) => Promise<Outcome>, signal = never) {
  const events: StageEvent<Outcome>[] = []
  const { clock } = testWorld()
  let error: unknown
  try {
    for await (const event of runStage('scan', clock, signal, work)) events.push(event)
  } catch (thrown) {
    error = thrown
  }
  return { events, error, last: events.at(-1), ticks: events.filter((event) => event.kind === 'progress').map((event) => event.progress) }
}

describe('a stage', () => {
  test('tells counters at most four times a second, however fast they move', async () => {
    const { ticks } = await watch(async (report) => {
      for (let count = 0; count < 50; count += 1) {
        report.add(1, 10)
        report.add(1, 10)
        await turn()
      }
    })
    expect(snapshotInterval).toBeGreaterThanOrEqual(250)
    expect(ticks.length).toBeGreaterThan(3)
    ticks.forEach((tick, at) => expect(tick.at - (ticks[at - 1]?.at ?? tick.startedAt)).toBeGreaterThanOrEqual(250))
  })
  test('always tells the last counters, also when the work ends between two ticks', async () => {
    const { last } = await watch(async (report) => {
      report.total(3, 30)
      report.also('folders', 2)
      report.add(3, 30)
      return Promise.resolve('done')
    })
    expect(last).toMatchObject({
      kind: 'finished',
      outcome: 'done',
      progress: { stage: 'scan', items: 3, bytes: 30, itemsTotal: 3, bytesTotal: 30, also: { folders: 2 }, waiting: undefined },
    })
  })
  test('shows totals as unknown until they are known, and what it waits for while it waits', async () => {
    const { ticks } = await watch(async (report) => {
      report.wait('share-cache-full')
      for (let count = 0; count < 10; count += 1) await turn()
      report.wait(undefined)
      report.total(1, undefined)
      for (let count = 0; count < 10; count += 1) await turn()
    })
    expect(ticks[0]).toMatchObject({ itemsTotal: undefined, bytesTotal: undefined, waiting: 'share-cache-full' })
    expect(ticks.at(-1)).toMatchObject({ itemsTotal: 1, bytesTotal: undefined, waiting: undefined })
  })
  test('gives snapshots that do not change afterwards', async () => {
    const { ticks } = await watch(async (report) => {
      for (let count = 0; count < 20; count += 1) {
        report.also('seen', 1)
        await turn()
      }
    })
    expect(ticks[0]?.also['seen']).toBeLessThan(20)
  })
  test('reports trouble with single items and goes on', async () => {
    const fault = new Fault('unforeseen')
    const { events, error } = await watch(async (report) => {
      report.trouble(fault)
      return Promise.resolve(1)
    })
    expect(error).toBeUndefined()
    expect(events.map((event) => event.kind)).toEqual(['trouble', 'finished'])
  })
  test('keeps a thousand troubles and counts the rest', async () => {
    const { events, last } = await watch(async (report) => {
      for (let count = 0; count < 1200; count += 1) report.trouble(new Fault('unforeseen'))
      return Promise.resolve(1)
    })
    expect(events.filter((event) => event.kind === 'trouble')).toHaveLength(1000)
    expect(last).toMatchObject({ progress: { also: { troublesNotShown: 200 } } })
  })
  test('ends with the fault that stopped the work; an error nobody foresaw keeps its cause', async () => {
    const known = new Fault('disk-full')
    expect((await watch(() => Promise.reject(known))).error).toBe(known)
    const unknown = new TypeError('surprise')
    expect((await watch(() => Promise.reject(unknown))).error).toMatchObject({ code: 'unforeseen', cause: unknown })
  })
  test('does not begin on a signal that is aborted already', async () => {
    let begun = false
    const { error } = await watch(
      async () => {
        begun = true
        return Promise.resolve()
      },
      AbortSignal.abort(new Fault('stopped')),
    )
    expect(begun).toBe(false)
    expect(error).toMatchObject({ code: 'stopped' })
  })
  test('ends after an abort only when the work has ended', async () => {
    const stop = new AbortController()
    let writing = true
    const { error } = await watch(async () => {
      stop.abort(new Fault('stopped'))
      for (let count = 0; count < 30; count += 1) await turn()
      writing = false
      stop.signal.throwIfAborted()
    }, stop.signal)
    expect(writing).toBe(false)
    expect(error).toMatchObject({ code: 'stopped' })
  })
  test('waits for the work also when its watcher goes away', async () => {
    let writing = true
    const stage = runStage('load', testWorld().clock, never, async () => {
      for (let count = 0; count < 30; count += 1) await turn()
      writing = false
    })
    for await (const event of stage) if (event.kind === 'progress') break
    expect(writing).toBe(false)
  })
})
