import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePlan } from '../../main/plan/makePlan.ts'
import { parsePlanAnswers, type PlanAnswersInput } from '../../shared/contract/planAnswers.ts'
import { planSummary, type PlanSummary } from '../../shared/contract/summary.ts'
import { isFault } from '../../shared/faults/fault.ts'
import type { Lane } from '../../shared/ports/journal.ts'
import { foundItem, outcomeOfStage, scanInto, testMigration, type Planted, type TestMigration } from './planKit.ts'

const never = new AbortController().signal
const byDate = { kind: 'by-study-date', deviceBefore: '20200101' } as const
const device = { usableBytes: 4_000_000, fill: 0.9 }

let migration: TestMigration
beforeEach(() => {
  migration = testMigration()
})
afterEach(() => migration.close())

async function planned(answers: Partial<PlanAnswersInput> = {}, signal = never): Promise<PlanSummary> {
  const { journal, world } = migration
  const all = parsePlanAnswers({ today: '2026-11-24', snowball: 'yes', snowballEnds: null, division: byDate, ...answers })
  return planSummary.parse(await outcomeOfStage(makePlan({ journal, archives: journal.archives(), answers: all, world }, signal)))
}

function study(uid: string, items: number, size: number, studyDate?: string, extra: Partial<Planted> = {}): Planted[] {
  return Array.from({ length: items }, (_, at) => ({
    path: `${uid}/${at}.dcm`,
    size,
    study: uid,
    ...(studyDate === undefined ? {} : { studyDate }),
    ...extra,
  }))
}

function codeOf(error: unknown): string {
  return isFault(error) ? error.code : String(error)
}

function waiting(lane: Lane): readonly string[] {
  return [...migration.journal.waiting(lane)].map((transfer) => transfer.key)
}

describe('Making a plan', () => {
  it('sends old studies by device in batches, new and undated ones through the share, and tells what stays behind', async () => {
    scanInto(migration, [
      ...study('1.1', 10, 20_000, '20120101'),
      ...study('1.2', 3, 1_500_000, '20240101'),
      ...study('1.3', 2, 30_000),
      { path: 'notes/read me.txt', size: 12 },
      { path: 'notes/link', size: 0, kind: 'link', anomalies: ['not-a-file'] },
    ])
    const summary = await planned({ device })
    expect(summary).toMatchObject({
      kind: 'planned',
      lanes: [
        { route: 'device', studies: 1, items: 10, devices: 1, waves: 1, batches: 1, batchedItems: 10 },
        { route: 'share', studies: 3, items: 6, devices: 0, batches: 0 },
      ],
      leftBehind: [{ code: 'not-a-file', items: 1 }],
      splitOverDevices: { studies: 0, widest: 0 },
    })
    const [first] = migration.journal.devices()
    const batches = first === undefined ? [] : [...migration.journal.waitingBatches(first.id)]
    expect(batches).toMatchObject([{ members: 10, bytes: 200_000, key: 'pacs/firn-batch-1-1.tar' }])
    expect(migration.journal.members(batches[0]?.id ?? 0)[0]?.key).toBe('pacs/1.1/0.dcm')
    expect(waiting({ route: 'share' })).toContain('pacs/notes/read me.txt')
    expect(migration.journal.currentPlan()?.id).toBe(1)
  })

  it('sends a study that Snowball may refuse whole through the share, and one that both refuse over the link', async () => {
    scanInto(migration, [
      ...study('1.1', 2, 1000, '20120101'),
      ...study('1.2', 2, 1000, '20120101'),
      { path: '1.1/odd#name.dcm', size: 1000, study: '1.1', studyDate: '20120101', anomalies: ['name-unsafe-for-snowball'] },
      { path: '1.2/long.dcm', size: 1000, study: '1.2', studyDate: '20120101', anomalies: ['name-unsafe-for-snowball', 'name-too-long'] },
    ])
    expect(await planned({ device })).toMatchObject({
      lanes: [
        { route: 'share', studies: 1, items: 3 },
        { route: 'link', studies: 1, items: 3 },
      ],
      rerouted: [{ reason: 'barred-from-device', studies: 2 }],
    })
  })

  it('splits a study over devices only when it exceeds one, and says so', async () => {
    scanInto(migration, [...study('1.1', 7, 1_500_000, '20120101'), ...study('1.2', 1, 1_500_000, '20120101')])
    expect(await planned({ device })).toMatchObject({
      splitOverDevices: { studies: 1, widest: 4 },
      lanes: [{ route: 'device', devices: 4, waves: 4, items: 8 }],
    })
    expect(migration.journal.devices().map((one) => [one.ordinal, one.wave, one.planned.items])).toEqual([
      [1, 1, 2],
      [2, 2, 2],
      [3, 3, 2],
      [4, 4, 2],
    ])
  })

  it('sends a study by another lane when one of its items is larger than a device', async () => {
    scanInto(migration, study('1.1', 2, 5_000_000, '20120101'))
    expect(await planned({ device })).toMatchObject({
      lanes: [{ route: 'share', items: 2 }],
      rerouted: [{ reason: 'item-larger-than-device', studies: 1 }],
    })
  })

  it('gives each archive batches of its own, at its own prefix', async () => {
    scanInto(migration, study('1.1', 2, 1000, '20120101'), { prefix: 'pacs/' })
    scanInto(migration, study('1.1', 2, 1000, '20120101'), { prefix: 'mammo/' })
    await planned({ device })
    const [first] = migration.journal.devices()
    expect(first === undefined ? [] : [...migration.journal.waitingBatches(first.id)].map((one) => one.key)).toEqual([
      'mammo/firn-batch-1-2.tar',
      'pacs/firn-batch-1-1.tar',
    ])
  })

  it('refuses two archives that would write over each other', async () => {
    scanInto(migration, study('1.1', 1, 1000), { prefix: 'pacs/' })
    scanInto(migration, study('1.1', 1, 1000), { prefix: 'pacs/old/' })
    await expect(planned().catch(codeOf)).resolves.toBe('archives-overlap')
  })

  it('says so when there is nothing to plan', async () => {
    scanInto(migration, [{ path: 'link', size: 0, kind: 'link', anomalies: ['not-a-file'] }])
    expect(await planned()).toEqual({ kind: 'nothing-to-plan', leftBehind: [{ code: 'not-a-file', items: 1, bytes: 0 }] })
    expect(migration.journal.currentPlan()).toBeUndefined()
  })

  it('refuses a division whose lanes are closed, and leaves the earlier plan as it was', async () => {
    scanInto(migration, study('1.1', 2, 1000, '20120101'))
    await planned({ device })
    await expect(planned({ snowball: 'no' }).catch(codeOf)).resolves.toBe('snowball-not-available')
    await expect(planned({ snowballEnds: '2026-11-24' }).catch(codeOf)).resolves.toBe('snowball-not-available')
    await expect(planned({ gateway: { size: 'none' } }).catch(codeOf)).resolves.toBe('bad-input')
    await expect(
      planned({ division: { kind: 'recommended' }, deadline: '2026-11-24', link: { megabitsPerSecond: 0.001 }, snowball: 'no' }).catch(
        codeOf,
      ),
    ).resolves.toBe('no-route')
    expect(migration.journal.currentPlan()?.id).toBe(1)
    expect(migration.journal.devices()).toHaveLength(1)
  })

  it('plans again from the beginning, and replaces what was merely planned', async () => {
    scanInto(migration, study('1.1', 5, 1000, '20120101'))
    await planned({ device })
    expect(await planned({ device, division: { kind: 'one-lane', route: 'link' } })).toMatchObject({
      kind: 'planned',
      lanes: [{ route: 'link', items: 5 }],
    })
    expect(migration.journal.devices()).toEqual([])
    expect(waiting({ route: 'link' })).toHaveLength(5)
  })

  it('takes the recommended lane when asked to', async () => {
    scanInto(migration, study('1.1', 5, 1000))
    expect(await planned({ division: { kind: 'recommended' } })).toMatchObject({
      division: 'everything by the link lane (straight to S3)',
      lanes: [{ route: 'link', items: 5 }],
    })
  })

  it('leaves no whole plan when stopped half-way', async () => {
    scanInto(migration, study('1.1', 9000, 1000))
    const stop = new AbortController()
    const place = migration.journal.place.bind(migration.journal)
    migration.journal.place = (...args) => {
      place(...args)
      stop.abort(new Error('stopped by a person'))
    }
    await expect(planned({}, stop.signal)).rejects.toThrow('stopped by a person')
    expect(migration.journal.currentPlan()).toBeUndefined()
  })

  it('makes the same plan of the same archive', async () => {
    const archive = [...study('1.1', 40, 700_000, '20120101'), ...study('1.2', 9, 900_000, '20130101'), ...study('1.3', 4, 10, '20140101')]
    const placements = async (): Promise<unknown> => {
      scanInto(migration, archive)
      await planned({ device, batch: { members: 4 } })
      return migration.journal
        .devices()
        .map((one) =>
          [...migration.journal.waitingBatches(one.id)].map((batch) => [
            batch.key,
            migration.journal.members(batch.id).map((member) => member.key),
          ]),
        )
    }
    const first = await placements()
    migration.close()
    migration = testMigration()
    expect(await placements()).toEqual(first)
  })
})

describe('Names that Snowball may refuse', () => {
  const unsafe = ['name-unsafe-for-snowball'] as const
  const oneLane = { kind: 'one-lane', route: 'device' } as const

  it('send the study by another lane under its own names, unless the answers ask for mapped ones', async () => {
    scanInto(migration, [
      ...study('1.1', 2, 20_000, '20120101'),
      { path: '1.2/scan #1.dcm', size: 20_000, study: '1.2', anomalies: [...unsafe] },
      { path: '1.2/plain=.dcm', size: 20_000, study: '1.2' },
    ])
    expect(await planned({ device, division: oneLane })).toMatchObject({
      renamed: 0,
      rerouted: [{ reason: 'barred-from-device', studies: 1 }],
    })
    expect([...migration.journal.mappedNames()]).toEqual([])
    expect(await planned({ device: { ...device, unsafeNames: 'map' }, division: oneLane })).toMatchObject({
      renamed: 1,
      rerouted: [],
      lanes: [{ route: 'device', studies: 2, items: 4 }],
    })
    const [one, ...others] = [...migration.journal.mappedNames()]
    expect(others).toEqual([])
    expect(one?.key).toMatch(/1\.2\/scan =231\.dcm$/)
    expect(one?.ownKey).toMatch(/1\.2\/scan #1\.dcm$/)
  })

  it('stay as they are where the mapped name is another item’s, or would be too long', async () => {
    scanInto(migration, [
      { path: 'a/scan #1.dcm', size: 20_000, study: '1.1', anomalies: [...unsafe] },
      { path: 'a/scan =231.dcm', size: 20_000, study: '1.2' },
      { path: `b/${'#'.repeat(400)}.dcm`, size: 20_000, study: '1.3', anomalies: [...unsafe] },
    ])
    expect(await planned({ device: { ...device, unsafeNames: 'map' }, division: oneLane })).toMatchObject({
      renamed: 0,
      rerouted: [{ reason: 'barred-from-device', studies: 2 }],
    })
  })

  it('let no file that comes by later, and is called like a mapped name, lie over it', async () => {
    const answers = { device: { ...device, unsafeNames: 'map' as const }, division: oneLane }
    const { journal } = migration
    const archive = scanInto(migration, [{ path: 'a#.dcm', size: 20_000, study: '1.1', anomalies: [...unsafe] }])
    await planned(answers)
    const [sent] = [...journal.mappedNames()]
    if (sent === undefined) throw new Error('the name is mapped')
    journal.sent([{ itemId: sent.itemId, etag: 'e', versionId: undefined, sha256: new Uint8Array(32), crc64nvme: new Uint8Array(8) }])
    const scan = journal.beginScan(archive.id, 2)
    const later = foundItem({ path: 'a=23.dcm', size: 20_000, study: '1.2' })
    journal.recordPart(scan.id, archive.id, { items: [later], unchanged: [], folders: [], ignored: 0 })
    await expect(planned(answers)).rejects.toSatisfy((error) => codeOf(error) === 'mapped-name-taken')
  })
})
