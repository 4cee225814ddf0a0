/** What a running work shows of itself. */
import { describe, expect, test } from 'vitest'
import { WorkMeter } from '../../main/engine/works/workMeter.ts'
import { WorkNotices } from '../../main/engine/works/workNotices.ts'
import type { Notice } from '../../shared/contract/engineWire.ts'
import type { WorkState } from '../../shared/contract/snapshot.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { Progress } from '../../shared/flow/stage.ts'
import { ManualClock } from '../kit/manualClock.ts'

const begin = 1_000_000

function progress(at: number, bytes: number, more: Partial<Progress> = {}): Progress {
  return {
    stage: 'load',
    startedAt: begin,
    at: begin + at,
    items: bytes / 100,
    itemsTotal: 1000,
    bytes,
    bytesTotal: 100_000,
    also: {},
    waiting: undefined,
    ...more,
  }
}

describe('a meter', () => {
  test('shows rates over a window and the time left as a range around them', () => {
    const meter = new WorkMeter(begin)
    for (let at = 0; at <= 10_000; at += 250) meter.see(progress(at, at * 2))
    const seen = meter.read(begin + 10_000, true)
    expect(seen.bytesPerSecond).toBeCloseTo(2000, 0)
    expect(seen.itemsPerSecond).toBeCloseTo(20, 1)
    expect(seen.left?.low).toBeLessThan(40_000)
    expect(seen.left?.high).toBeGreaterThan(40_000)
    expect(seen).toMatchObject({ stage: 'load', bytes: 20_000, bytesTotal: 100_000, stalledSince: null, waitingFor: null })
  })

  test('is still counting while the stage has no total, and says nothing of the time left', () => {
    const meter = new WorkMeter(begin)
    for (let at = 0; at <= 5000; at += 250) meter.see(progress(at, at, { itemsTotal: undefined, bytesTotal: undefined }))
    expect(meter.read(begin + 5000, true)).toMatchObject({ itemsTotal: null, bytesTotal: null, left: null })
  })

  test('tells what moved, stage by stage', () => {
    const meter = new WorkMeter(begin)
    expect(meter.see(progress(0, 500))).toEqual({ items: 5, bytes: 500 })
    expect(meter.see(progress(250, 900))).toEqual({ items: 4, bytes: 400 })
    expect(meter.see(progress(500, 100, { stage: 'verify' }))).toEqual({ items: 1, bytes: 100 })
  })

  test('says since when nothing moves, but not while something is waited for', () => {
    const meter = new WorkMeter(begin)
    meter.see(progress(0, 100))
    meter.see(progress(59_000, 100))
    expect(meter.read(begin + 59_000, true).stalledSince).toBeNull()
    expect(meter.read(begin + 60_000, true).stalledSince).toBe(begin)
    meter.see(progress(61_000, 100, { also: { folders: 1 } }))
    expect(meter.read(begin + 61_000, true).stalledSince).toBeNull()
    meter.see(progress(200_000, 100, { also: { folders: 1 }, waiting: 'cache-dirty' }))
    expect(meter.read(begin + 200_000, true)).toMatchObject({ stalledSince: null, waitingFor: 'cache-dirty' })
  })

  test('names the limit when it lets nothing through', () => {
    const meter = new WorkMeter(begin)
    meter.see(progress(0, 100))
    meter.limited(true)
    expect(meter.read(begin + 1000, true).waitingFor).toBeNull()
    expect(meter.read(begin + 2500, true).waitingFor).toBe('limit')
    meter.see(progress(3000, 200))
    expect(meter.read(begin + 3000, true).waitingFor).toBeNull()
    meter.limited(false)
    expect(meter.read(begin + 9000, true).waitingFor).toBeNull()
  })

  test('shows no rate of a stage that has ended', () => {
    const meter = new WorkMeter(begin)
    for (let at = 0; at <= 2000; at += 250) meter.see(progress(at, at))
    meter.wait('next-look')
    expect(meter.read(begin + 60_000, true)).toMatchObject({ bytesPerSecond: null, left: null, waitingFor: 'next-look', bytes: 2000 })
  })

  test('keeps the last twenty troubles and counts them all', () => {
    const meter = new WorkMeter(begin)
    for (let item = 1; item <= 50; item += 1) meter.trouble(new Fault('source-changed'), item, begin + item)
    const { troubles, lastTroubles } = meter.read(begin, true)
    expect(troubles).toBe(50)
    expect(lastTroubles.length).toBe(20)
    expect(lastTroubles.at(-1)).toEqual({ code: 'source-changed', itemId: 50, at: begin + 50 })
  })
})

describe('notices', () => {
  test('are told once for each cause', () => {
    const told: Notice[] = []
    const notices = new WorkNotices(new ManualClock(), (notice) => told.push(notice))
    const meter = new WorkMeter(begin)
    meter.see(progress(0, 100))
    const stands = { id: 'b', kind: 'load', deviceId: 3, ...meter.read(begin + 61_000, true) } as WorkState
    const work = { id: 'a', kind: 'push', deviceId: null, state: 'failed', because: null, becomes: null, notBefore: null } as const
    for (let time = 0; time < 3; time += 1) {
      notices.delivered(4)
      notices.verified({ run: 1, items: 10, counts: { verified: 8 } })
      notices.ended(work, new Fault('share-missing'))
      notices.look([stands])
    }
    notices.ended({ ...work, state: 'waiting' }, new Fault('aws-throttled'))
    notices.verified({ run: 2, items: 10, counts: { verified: 10 } })
    expect(told.map(({ kind, facts }) => ({ kind, facts }))).toEqual([
      { kind: 'device-delivered', facts: { device: 4 } },
      { kind: 'verification-done', facts: { verified: 8, notVerified: 2 } },
      { kind: 'failure', facts: { kind: 'push', code: 'share-missing' } },
      { kind: 'lane-stalled', facts: { kind: 'load', since: begin, device: 3 } },
      { kind: 'verification-done', facts: { verified: 10, notVerified: 0 } },
    ])
  })
})
