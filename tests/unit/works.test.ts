/** Works under the scheduler: kept on disk, tried again, stopped cleanly, and gone on with after the engine's process has ended. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readWorks, writeWorks } from '../../main/engine/works/keptWorks.ts'
import { Scheduler, type TakeWork } from '../../main/engine/works/scheduler.ts'
import type { StartedWork } from '../../main/engine/works/startedWork.ts'
import type { WorkMeter } from '../../main/engine/works/workMeter.ts'
import { Fault } from '../../shared/faults/fault.ts'
import { mostOpenWorks, type QueuedWork } from '../../shared/lifecycle/workLifecycle.ts'
import { ManualClock, turns } from '../kit/manualClock.ts'
import { testWorld, type TestWorld } from '../kit/world.ts'

type Run = { readonly work: StartedWork; readonly meter: WorkMeter; readonly signal: AbortSignal; end(): void; fail(error: unknown): void }

let folder: string
let clock: ManualClock
let world: Omit<TestWorld, 'advance'>
let runs: Run[]
let over: string[]
let broken: AbortController

/** Ends as it is told to; when it is stopped, at once or (stubborn) never. */
function taking(stubborn = false): TakeWork {
  return (work, meter, signal) =>
    new Promise((resolve, reject) => {
      runs.push({ work, meter, signal, end: () => resolve({ needsLook: false }), fail: reject })
      if (!stubborn) signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    })
}

function open(take: TakeWork = taking()): Scheduler {
  return new Scheduler({
    world,
    take,
    kept: readWorks(folder, world.log),
    keep: (works) => writeWorks(folder, works),
    signal: broken.signal,
    retryPause: 1000,
    ended: (work: QueuedWork, fault) => over.push(`${work.kind} ${work.state}${fault === undefined ? '' : ` ${fault.code}`}`),
  })
}

const kindsRunning = (): string[] => runs.filter((run) => !run.signal.aborted).map((run) => run.work.kind)
const states = (scheduler: Scheduler): string[] => scheduler.states().map((work) => `${work.kind} ${work.state}`)
const lastRun = (): Run => {
  const run = runs.at(-1)
  if (run === undefined) throw new Error('nothing runs')
  return run
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firn-works-'))
  clock = new ManualClock()
  world = { ...testWorld(), clock }
  runs = []
  over = []
  broken = new AbortController()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a queue of works', () => {
  test('begins what may begin, and the next when that has ended', async () => {
    const scheduler = open()
    scheduler.start({ kind: 'push' })
    scheduler.start({ kind: 'load', deviceId: 1 })
    scheduler.start({ kind: 'verify', readBack: false })
    await turns()
    expect(kindsRunning()).toEqual(['push', 'load'])
    expect(scheduler.states()[2]).toMatchObject({ state: 'waiting', waitingFor: 'other-work' })
    runs[0]?.end()
    await turns()
    expect(kindsRunning()).toEqual(['push', 'load', 'verify'])
    expect(over).toEqual(['push done'])
  })

  test('is refused more than it can hold', () => {
    const scheduler = open()
    scheduler.tell({ kind: 'pause-all' })
    for (let device = 1; device <= mostOpenWorks; device += 1) scheduler.start({ kind: 'load', deviceId: device })
    expect(() => scheduler.start({ kind: 'scan' })).toThrow(expect.objectContaining({ code: 'work-running' }))
    expect(scheduler.start({ kind: 'load', deviceId: 1 })).toBe(scheduler.states()[0]?.id)
  })

  test('knows its works: one that is not there is named so', () => {
    expect(() => open().tell({ kind: 'pause', id: 'gone' })).toThrow(expect.objectContaining({ code: 'bad-input' }))
  })
})

describe('a stop', () => {
  test('is over only when the work has ended, and a resumed work begins anew', async () => {
    const scheduler = open(taking(true))
    const id = scheduler.start({ kind: 'scan' })
    await turns()
    scheduler.tell({ kind: 'pause', id })
    expect(states(scheduler)).toEqual(['scan stopping'])
    expect(lastRun().signal.aborted).toBe(true)
    scheduler.tell({ kind: 'resume', id })
    await turns()
    expect(runs.length).toBe(1)
    lastRun().fail(lastRun().signal.reason)
    await turns()
    expect(states(scheduler)).toEqual(['scan running'])
    expect(runs.length).toBe(2)
  })

  test('of a work that hangs does not hang the end of the engine, and is said', async () => {
    const scheduler = open(taking(true))
    scheduler.start({ kind: 'push' })
    await turns()
    const closing = scheduler.close()
    await clock.advance(60_000)
    expect(await closing).toBe(1)
  })
})

describe('faults', () => {
  test('that pass by themselves are waited for, longer each time, and only so often', async () => {
    const scheduler = open()
    scheduler.start({ kind: 'push' })
    const moments: number[] = []
    for (let tries = 0; tries < 6; tries += 1) {
      await turns()
      moments.push(clock.now())
      lastRun().fail(new Fault('aws-throttled'))
      await turns()
      if (tries < 5)
        expect(scheduler.states()[0]).toMatchObject({ state: 'waiting', waitingFor: 'retry', fault: { code: 'aws-throttled' } })
      await clock.advance(700_000)
    }
    expect(states(scheduler)).toEqual(['push failed'])
    expect(runs.length).toBe(6)
    expect(over.at(-1)).toBe('push failed aws-throttled')
  })

  test("that need a person end the work; trying again is the person's", async () => {
    const scheduler = open()
    const id = scheduler.start({ kind: 'push' })
    await turns()
    lastRun().fail(new Fault('share-missing'))
    await turns()
    expect(scheduler.states()[0]).toMatchObject({ state: 'failed', fault: { code: 'share-missing', retry: 'after-human' } })
    await clock.advance(3_600_000)
    expect(runs.length).toBe(1)
    scheduler.tell({ kind: 'resume', id })
    await turns()
    expect(scheduler.states()[0]).toMatchObject({ state: 'running', fault: null })
  })

  test("that end everything are the works' own: nothing begins any more", async () => {
    const scheduler = open(taking(true))
    scheduler.start({ kind: 'scan' })
    scheduler.start({ kind: 'verify', readBack: false })
    await turns()
    broken.abort(new Fault('disk-full', { disk: 'sandbox' }))
    lastRun().fail(new Error('connection refused'))
    await turns()
    expect(scheduler.states().map((work) => `${work.kind} ${work.state} ${work.fault?.code ?? ''}`)).toEqual([
      'verify waiting ',
      'scan failed disk-full',
    ])
    expect(runs.length).toBe(1)
  })
})

describe('when the engine begins again', () => {
  test('after a clean end, what ran goes on, what waited waits and what was paused is paused', async () => {
    const first = open()
    first.start({ kind: 'push' })
    first.start({ kind: 'load', deviceId: 3 })
    const verify = first.start({ kind: 'verify', readBack: true })
    first.start({ kind: 'evidence', includePaths: false, zip: false })
    first.tell({ kind: 'pause', id: verify })
    await turns()
    expect(await first.close()).toBe(0)

    runs = []
    const again = open()
    expect(again.states().map(({ kind, because }) => `${kind} ${because ?? ''}`)).toEqual(['push ', 'load ', 'verify person', 'evidence '])
    await turns()
    expect(runs.map((run) => run.work)).toEqual([{ kind: 'push' }, { kind: 'load', deviceId: 3 }])
    again.tell({ kind: 'resume', id: verify })
    for (const run of runs) run.end()
    await turns()
    expect(lastRun().work).toEqual({ kind: 'verify', readBack: true })
  })

  test('what ended while it was being closed is not begun again', async () => {
    const first = open(taking(true))
    first.start({ kind: 'evidence', includePaths: false, zip: false })
    await turns()
    const closing = first.close()
    lastRun().end()
    expect(await closing).toBe(0)
    expect(open().states()).toEqual([])
  })

  test('after it ended within the first minute three times, the work waits for a person', async () => {
    open().start({ kind: 'scan' })
    await turns()
    for (let crash = 1; crash < 3; crash += 1) {
      const restarted = open()
      await turns()
      expect(states(restarted)).toEqual(['scan running'])
    }
    const fourth = open()
    expect(fourth.states()[0]).toMatchObject({ state: 'paused', because: 'engine-restarted' })
    expect(world.lines.at(-1)).toMatchObject({ code: 'ended-engine-again-and-again', facts: { kind: 'scan' } })
    fourth.tell({ kind: 'resume', id: fourth.states()[0]?.id ?? '' })
    await turns()
    expect(states(fourth)).toEqual(['scan running'])
  })

  test('a work that had run for longer is not held to be the cause', async () => {
    let scheduler = open()
    scheduler.start({ kind: 'scan' })
    for (let crash = 0; crash < 5; crash += 1) {
      await clock.advance(61_000)
      scheduler.look()
      scheduler = open()
    }
    expect(states(scheduler)).toEqual(['scan running'])
  })

  test('a work that can no longer be read is dropped, and that is said; the others go on', async () => {
    const first = open()
    first.start({ kind: 'load', deviceId: 1 })
    first.start({ kind: 'load', deviceId: 2 })
    const file = join(folder, 'works.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"deviceId": 1', '"deviceId": "one"'))
    const again = open()
    expect(again.states().map((work) => work.deviceId)).toEqual([2])
    expect(world.lines).toContainEqual(expect.objectContaining({ code: 'kept-work-dropped' }))
  })

  test('all that was paused stays paused', async () => {
    const first = open()
    first.start({ kind: 'push' })
    await turns()
    first.tell({ kind: 'pause-all' })
    await turns()
    const again = open()
    await turns()
    expect(again.queue().pausedAll).toBe(true)
    expect(again.states()[0]).toMatchObject({ state: 'paused', because: 'pause-all' })
    again.tell({ kind: 'resume-all' })
    await turns()
    expect(states(again)).toEqual(['push running'])
  })
})

describe('a queue that cannot be kept', () => {
  test('takes no work', () => {
    rmSync(folder, { recursive: true, force: true })
    const scheduler = open()
    expect(() => scheduler.start({ kind: 'scan' })).toThrow(expect.objectContaining({ code: expect.any(String) as string }))
    expect(scheduler.states()).toEqual([])
  })
})
