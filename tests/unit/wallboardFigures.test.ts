/** What the wallboard is told of a migration: counts, and nothing that could name a patient. */
import { describe, expect, test } from 'vitest'
import { wallboardFigures, wallboardFrom } from '../../shared/contract/wallboard.ts'
import { aMigration, aSnapshot, aWork } from '../ui/kit.ts'

const now = Date.UTC(2026, 10, 24, 14, 2)

describe('the figures of the wallboard', () => {
  test('hold for every state what the contract says', () => {
    for (const snapshot of [
      undefined,
      aSnapshot(null),
      aSnapshot(),
      aSnapshot({ kind: 'rehearsal', lanes: [], works: [], next: [], eta: null }),
    ]) {
      for (const brokenSince of [undefined, now - 1000]) {
        const figures = wallboardFrom(snapshot, 'Radiology', brokenSince, now)
        expect(wallboardFigures.parse(figures)).toEqual(figures)
      }
    }
  })

  test('are as old as the snapshot they come from: a board whose engine hangs turns stale', () => {
    expect(wallboardFrom({ ...aSnapshot(), at: now - 45_000 }, '', undefined, now).at).toBe(now - 45_000)
  })

  test('say since when the engine is gone, and are then as fresh as the host that says so', () => {
    expect(wallboardFrom(aSnapshot(), '', now - 60_000, now)).toMatchObject({ state: 'broken', since: now - 60_000, at: now })
  })

  test('tell running from at rest, finished and nothing open', () => {
    const state = (changes: Parameters<typeof aSnapshot>[0]): string => wallboardFrom(aSnapshot(changes), '', undefined, now).state
    expect(state({})).toBe('running')
    expect(state({ works: [aWork({ state: 'paused' })] })).toBe('idle')
    expect(state({ finishedAt: now, works: [] })).toBe('quiet')
    expect(state(null)).toBe('none')
  })

  test('count as wrong what is mismatch or missing, never what could merely not be checked', () => {
    const verdicts = { verified: 5, consistent: 7, present: 11, mismatch: 1, missing: 2, extra: 13, unknown: 17 }
    expect(wallboardFrom(aSnapshot({ verdicts }), '', undefined, now).wrong).toBe(3)
  })

  test('call a lane stalled when its work stands still', () => {
    const works = [aWork({ kind: 'push', stalledSince: now - 60_000 }), aWork({ id: 'work-2', kind: 'load' })]
    const { lanes } = wallboardFrom(aSnapshot({ works }), '', undefined, now)
    expect(lanes.filter(({ stalled }) => stalled).map(({ route }) => route)).toEqual(['share'])
  })

  test('add up the rates of all lanes, the newest together, and keep gaps as gaps', () => {
    const [first] = aMigration().lanes
    if (first === undefined) throw new Error('the kit has lanes')
    const lanes = [
      { ...first, strip: { everyMs: 1000, rates: [1, null, 3] } },
      { ...first, route: 'share' as const, strip: { everyMs: 1000, rates: [null, 20] } },
    ]
    expect(wallboardFrom(aSnapshot({ lanes }), '', undefined, now).strip).toEqual({ everyMs: 1000, rates: [1, null, 23] })
  })

  test('name a device by its number in the plan, or not at all', () => {
    const next = { code: 'load' as const, deviceId: 77, needsPerson: false, at: null, facts: { ordinal: 3 } }
    expect(wallboardFrom(aSnapshot({ next: [next] }), '', undefined, now).next).toEqual({ code: 'load', deviceOrdinal: 3, at: null })
    expect(wallboardFrom(aSnapshot({ next: [{ ...next, facts: {} }] }), '', undefined, now).next?.deviceOrdinal).toBeNull()
  })

  test('hold no words but the title, codes and modalities: nothing else of a migration gets through', () => {
    const marked = JSON.parse(JSON.stringify(aSnapshot({ name: 'DOE^JANE', awsAt: 'DOE^JANE', id: 'DOE^JANE' }))) as ReturnType<
      typeof aSnapshot
    >
    expect(JSON.stringify(wallboardFrom(marked, 'Radiology', undefined, now))).not.toContain('DOE')
  })
})
