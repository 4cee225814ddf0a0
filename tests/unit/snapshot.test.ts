/** Snapshots: what comes next and who must act, what moved since the last count, throughput strips, and the time left. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { etaOf } from '../../main/engine/snapshot/eta.ts'
import { FiguresKeeper } from '../../main/engine/snapshot/figuresKeeper.ts'
import { JournalHealth } from '../../main/engine/snapshot/journalHealth.ts'
import { devicesOf, movedSince, noFigures, totalsOf } from '../../main/engine/snapshot/migrationSnapshot.ts'
import { openSnapshots } from '../../main/engine/snapshot/snapshots.ts'
import type { Standing, StandingDevice } from '../../main/engine/snapshot/standing.ts'
import { Throughput } from '../../main/engine/snapshot/throughput.ts'
import { needsOf, whatIsNext, type Situation } from '../../main/engine/snapshot/whatIsNext.ts'
import type { JournalFigures } from '../../main/engine/views/views.ts'
import { snapshot as snapshotSchema, type WorkState } from '../../shared/contract/snapshot.ts'
import type { PlanEstimate } from '../../shared/domain/plan.ts'
import { Fault } from '../../shared/faults/fault.ts'
import { day, hour, minute } from '../../shared/units/duration.ts'
import { ManualClock, turns } from '../kit/manualClock.ts'
import { testWorld } from '../kit/world.ts'

const now = Date.UTC(2026, 10, 24, 12)
const some = (items: number, bytes = items * 1000) => ({ items, bytes })
const lane = { planned: some(0), sent: some(0), leftBehind: some(0), landed: null, verified: some(0) }

function device(more: Partial<StandingDevice> = {}): StandingDevice {
  return {
    id: 1,
    ordinal: 1,
    state: 'WithCustomer',
    ordered: true,
    handedOver: false,
    last: { step: 'ordered', at: now - 5 * day },
    ...more,
  }
}

function situation(
  more: { standing?: Partial<Standing>; figures?: Partial<JournalFigures>; works?: WorkState[]; evidenceMade?: boolean } = {},
): Situation {
  return {
    standing: { unscanned: 0, changed: false, plan: { approved: true, estimate: undefined }, devices: [], ...more.standing },
    figures: { ...noFigures, ...more.figures },
    works: more.works ?? [],
    evidenceMade: more.evidenceMade ?? false,
    now,
    speed: 1,
  }
}

function work(more: Partial<WorkState>): WorkState {
  return {
    id: 'a',
    kind: 'push',
    deviceId: null,
    state: 'running',
    because: null,
    startedAt: now,
    endedAt: null,
    stage: null,
    items: 0,
    itemsTotal: null,
    bytes: 0,
    bytesTotal: null,
    bytesPerSecond: null,
    itemsPerSecond: null,
    left: null,
    also: {},
    waitingFor: null,
    stalledSince: null,
    troubles: 0,
    lastTroubles: [],
    fault: null,
    needsLook: false,
    ...more,
  }
}

const said = (of: Situation): string[] =>
  whatIsNext(of).map((next) => `${next.code}${next.deviceId ?? ''}${next.needsPerson ? ' by a person' : ''}`)

describe('what comes next', () => {
  test('is a scan, then a plan, then its approval', () => {
    expect(said(situation({ standing: { unscanned: 2 } }))).toEqual(['scan by a person'])
    expect(said(situation({ standing: { unscanned: 2 }, works: [work({ kind: 'scan' })] }))).toEqual(['scan'])
    expect(said(situation({ standing: { plan: undefined } }))).toEqual(['plan by a person'])
    expect(said(situation({ standing: { plan: { approved: false, estimate: undefined } } }))).toEqual(['approve by a person'])
  })

  test('puts what a person has to do before what comes by itself', () => {
    const devices = [
      device({ id: 1, state: 'InTransitToCustomer' }),
      device({ id: 2 }),
      device({ id: 3 }),
      device({ id: 4, handedOver: true, last: { step: 'handed-over', at: now - day } }),
      device({ id: 5, state: 'planned', ordered: false, last: undefined }),
    ]
    const figures = {
      lanes: { ...noFigures.lanes, share: { ...lane, planned: some(10), sent: some(4) } },
      devices: [
        { id: 2, planned: some(10), sent: some(3), verified: some(0) },
        { id: 3, planned: some(10), sent: some(10), verified: some(0) },
      ],
    }
    const all = situation({ standing: { devices }, figures })
    expect(said(all)).toEqual(['order by a person', 'load2 by a person', 'ship3 by a person', 'push by a person', 'wait-for-device1'])
    expect(needsOf(all)).toMatchObject({ devices: 3, share: 1, transfers: 0 })
    expect(devicesOf(all.standing, [work({ kind: 'load', deviceId: 2 })])).toEqual({
      planned: 1,
      onTheWay: 1,
      onSite: 1,
      loading: 1,
      travellingBack: 1,
      importing: 0,
      imported: 0,
      other: 0,
    })
  })

  test('expects a device by the calendar, and one that is late from now on', () => {
    const at = (one: StandingDevice) => whatIsNext(situation({ standing: { devices: [one] } }))[0]?.at
    expect(at(device({ state: 'New', last: { step: 'ordered', at: now - day } }))).toEqual({ low: now + day, high: now + 8 * day })
    expect(at(device({ state: 'InTransitToCustomer', last: { step: 'ordered', at: now - 30 * day } }))).toEqual({ low: now, high: now })
    expect(at(device({ state: 'Listing', last: undefined }))).toBeNull()
  })

  test('after all was sent: landing, verification, and a look at what is not right', () => {
    const share = { ...lane, planned: some(10), sent: some(10) }
    const sent = { ...noFigures.totals, sent: some(10) }
    const lanes = { ...noFigures.lanes, share }
    expect(said(situation({ figures: { lanes, totals: sent } }))).toEqual(['land by a person'])
    const landed = [work({ kind: 'push', state: 'done', endedAt: now - 2 }), work({ kind: 'land', state: 'done', endedAt: now - 1 })]
    expect(said(situation({ figures: { lanes, totals: sent, unverified: some(10) }, works: landed }))).toEqual(['verify by a person'])
    const verdicts = { ...noFigures.verdicts, missing: 10 }
    const looked = { ...lanes, share: { ...share, landed: some(0) } }
    const wrong = situation({ figures: { lanes: looked, totals: sent, verdicts, unverified: some(10) } })
    expect(said(wrong)).toEqual(['look-at-report by a person'])
    expect(needsOf(wrong)).toMatchObject({ verification: 10 })
  })

  test('when all is verified: evidence, and then nothing', () => {
    expect(said(situation({ figures: { finishedAt: now } }))).toEqual(['make-evidence by a person'])
    expect(said(situation({ figures: { finishedAt: now }, evidenceMade: true }))).toEqual(['done'])
  })

  test('a work that failed needs a person where it belongs', () => {
    const failed = [
      work({ kind: 'verify', state: 'failed' }),
      work({ id: 'b', kind: 'load', deviceId: 1, state: 'paused', because: 'engine-restarted' }),
    ]
    expect(needsOf(situation({ figures: { finishedAt: now }, evidenceMade: true, works: failed }))).toMatchObject({
      verification: 1,
      devices: 1,
    })
  })
})

describe('amounts', () => {
  const moved = { device: some(0), share: some(0), link: some(0) }

  test('grow with what moves between two counts, never beyond what there is, and none is counted twice', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), fc.nat(300), fc.nat(300), (sent, left, device, share) => {
        const figures: JournalFigures = {
          ...noFigures,
          totals: { ...noFigures.totals, inventory: some(2 * (sent + left)), sent: some(2 * sent), waiting: some(2 * left) },
          lanes: {
            device: { ...lane, planned: some(sent + left), sent: some(sent) },
            share: { ...lane, planned: some(sent + left), sent: some(sent) },
            link: lane,
          },
        }
        const since = movedSince({ figures, at: now, moved }, { device: some(device), share: some(share), link: some(0) })
        const totals = totalsOf(figures, since, now)
        expect(totals.sent.items + totals.waiting.items).toBe(totals.inventory.items)
        expect(totals.waiting.bytes).toBeGreaterThanOrEqual(0)
        expect(since.device.items).toBeLessThanOrEqual(left)
      }),
    )
  })

  test('are not counted again for ten times as long as counting took, sooner when a work has ended', async () => {
    const clock = new ManualClock(now)
    let counts = 0
    const views = {
      async figures() {
        counts += 1
        await clock.sleep(5000, new AbortController().signal)
        return noFigures
      },
    }
    const keeper = new FiguresKeeper(
      views,
      { ...testWorld(), clock },
      () => moved,
      () => undefined,
    )
    const go = async (ms: number): Promise<void> => {
      for (let at = 0; at < ms; at += 500) {
        keeper.look()
        await clock.advance(500)
      }
    }
    await go(5500)
    expect(counts).toBe(1)
    expect(keeper.last?.at).toBe(now + 5000)
    await go(49_000)
    expect(counts).toBe(1)
    await go(6000)
    expect(counts).toBe(2)
    keeper.want()
    await go(12_000)
    expect(counts).toBe(3)
    keeper.close()
  })
})

describe('throughput', () => {
  const none = { device: 0, share: 0, link: 0 }

  test('is sampled, at most 240 samples, with gaps where nothing ran or the machine slept', () => {
    const throughput = new Throughput(minute)
    let bytes = 0
    for (let at = 0; at <= 300; at += 1) {
      if (at > 0) bytes += 60_000
      throughput.look(now + at * minute, { ...none, share: bytes }, new Set(at > 290 ? [] : ['share']))
    }
    expect(throughput.stripOf('share').rates.length).toBe(240)
    expect(throughput.stripOf('share').rates.at(-1)).toBe(1000)
    expect(throughput.stripOf('link').rates.every((rate) => rate === null)).toBe(true)
    throughput.look(now + 310 * minute, { ...none, share: bytes }, new Set())
    expect(throughput.stripOf('share').rates.slice(-9)).toEqual(Array(9).fill(null))
  })

  test('of now is known only while something runs', () => {
    const throughput = new Throughput(minute)
    for (let at = 0; at <= 4000; at += 250) throughput.look(now + at, { ...none, link: at * 5 }, new Set(['link']))
    expect(throughput.rateOf('link')).toBeCloseTo(5000, 0)
    expect(throughput.rateOf('share')).toBeNull()
    throughput.look(now + 20_000, { ...none, link: 20_000 }, new Set())
    throughput.look(now + 26_000, { ...none, link: 20_000 }, new Set())
    expect(throughput.rateOf('link')).toBeNull()
  })
})

describe('the time left', () => {
  const estimate = {
    routes: [
      {
        route: 'share',
        days: { low: 8, high: 12 },
        phases: [
          { id: 'transfer', text: '', days: { low: 7, high: 10 } },
          { id: 'verify', text: '', days: { low: 1, high: 2 } },
        ],
      },
      {
        route: 'device',
        days: { low: 6, high: 26 },
        phases: [
          { id: 'load', text: '', days: { low: 1, high: 1 } },
          { id: 'verify', text: '', days: { low: 1, high: 2 } },
        ],
      },
    ],
  } as unknown as PlanEstimate
  const empty = { everyMs: minute, rates: [] }
  const strips = { device: empty, share: empty, link: empty }
  const standing: Standing = { unscanned: 0, changed: false, plan: { approved: true, estimate }, devices: [] }
  const lanes = { ...noFigures.lanes, share: { ...lane, planned: some(1000, 1e12) } }
  const input = { standing, lanes, finished: false, strips, now, speed: 1 }

  test("is the plan's before anything ran, and nobody's without one", () => {
    expect(etaOf(input)).toEqual({ left: { low: 8 * day, high: 12 * day }, basis: 'plan', hours: 0 })
    expect(etaOf({ ...input, standing: { ...standing, plan: undefined } })).toBeNull()
    expect(etaOf({ ...input, finished: true })).toBeNull()
  })

  test('is measured once there are samples, as a range around what is left at that rate', () => {
    const rates = Array.from({ length: 120 }, (_, at) => 100e6 + (at % 2) * 20e6)
    const half = { ...lanes, share: { ...lanes.share, sent: some(500, 5e11) } }
    const eta = etaOf({ ...input, lanes: half, strips: { ...strips, share: { everyMs: minute, rates } } })
    const atRate = (5e11 / 110e6) * 1000
    expect(eta).toMatchObject({ basis: 'measured', hours: 2 })
    expect(eta?.left.low).toBeLessThan(atRate + day)
    expect(eta?.left.high).toBeGreaterThan(atRate + 2 * day)
    expect(eta?.left.high).toBeLessThan(atRate * 2 + 2 * day + hour)
  })

  test("of devices on their way back is the calendar's", () => {
    const devices = [device({ handedOver: true, state: 'InTransitToAWS', last: { step: 'handed-over', at: now - day } })]
    const sent = { ...noFigures.lanes, device: { ...lane, planned: some(10), sent: some(10) } }
    expect(etaOf({ ...input, standing: { ...standing, devices }, lanes: sent })).toEqual({
      left: { low: 3 * day, high: 15 * day },
      basis: 'plan',
      hours: 0,
    })
  })

  test('is never negative and never upside down', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.array(fc.option(fc.nat(1000)), { maxLength: 240 }), (sent, left, rates) => {
        const share = { ...lane, planned: some(sent + left), sent: some(sent) }
        const eta = etaOf({ ...input, lanes: { ...noFigures.lanes, share }, strips: { ...strips, share: { everyMs: minute, rates } } })
        if (eta === null) return
        expect(eta.left.low).toBeGreaterThanOrEqual(0)
        expect(eta.left.high).toBeGreaterThanOrEqual(eta.left.low)
      }),
    )
  })
})

describe('the journal', () => {
  test('is ok while its claim can be renewed, failing when nothing can be written, and lost when another has it', async () => {
    const clock = new ManualClock(now)
    let fault: Error | undefined
    const health = new JournalHealth(
      {
        renewLease() {
          if (fault !== undefined) throw fault
        },
      },
      clock,
    )
    expect(health.look([]).state).toBe('ok')
    fault = new Fault('disk-full')
    await clock.advance(10_000)
    expect(health.look([])).toEqual({ state: 'failing', at: now + 10_000 })
    fault = new Fault('journal-lost-lease')
    await clock.advance(5000)
    expect(health.look([]).state).toBe('failing')
    const failed = work({ state: 'failed', endedAt: now + 14_000, fault: { code: 'journal-lost-lease', retry: 'after-human', facts: {} } })
    expect(health.look([failed]).state).toBe('lease-lost')
  })
})

test('without a migration a snapshot says that the engine lives', async () => {
  const snapshots = openSnapshots({ startedAt: now, pid: 7 }, undefined, undefined)
  const told: unknown[] = []
  const end = snapshots.watch((snapshot) => told.push(snapshot))
  await turns()
  expect(snapshotSchema.parse(told[0])).toMatchObject({ engine: { startedAt: now, pid: 7 }, migration: null })
  end()
  snapshots.close()
})
