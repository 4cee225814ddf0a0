/** The explorer: pages that together are the whole, whatever is filtered and while the journal is written. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answers } from '../../main/engine/views/answers.ts'
import { inventoryFilter, type InventoryFilter, type ItemRow } from '../../shared/contract/calls/archives.ts'
import type { ItemEvidence } from '../../shared/ports/journal.ts'
import { pathForDisplay } from '../../shared/units/itemPath.ts'
import { folderPart } from '../kit/journal.ts'
import { notUtf8, plant, plantedItem, scan, viewsKit, type PlantedItem, type ViewsKit } from './viewsKit.ts'

const none = inventoryFilter.parse({})
const parts = {
  archiveId: fc.constantFrom(1, 2),
  modality: fc.constantFrom('CT', 'MR', '', 'US'),
  yearFrom: fc.constantFrom(2012, 2019, 2020),
  yearTo: fc.constantFrom(2012, 2019, 2030),
  anomaly: fc.constantFrom('not-readable', 'empty', 'vanished'),
  kind: fc.constantFrom('dicom', 'folder'),
  verdict: fc.constantFrom('verified', 'missing', 'none'),
  route: fc.constantFrom('device', 'share', 'none'),
}
const names = Object.keys(parts)
/** Nothing, each part alone, and some in pairs: of many together nothing passes. */
const filters: fc.Arbitrary<readonly InventoryFilter[]> = fc
  .tuple(
    fc.array(fc.record(parts), { minLength: 12, maxLength: 12 }),
    fc.array(fc.subarray(names, { minLength: 2, maxLength: 2 }), { minLength: 4, maxLength: 4 }),
  )
  .map(([wholes, pairs]) => [
    none,
    ...wholes.map((whole, at) => {
      const chosen = pairs[at - names.length] ?? names.slice(at, at + 1)
      return inventoryFilter.parse(Object.fromEntries(Object.entries(whole).filter(([part]) => chosen.includes(part))))
    }),
  ])
const histories = fc.array(plantedItem, { minLength: 10, maxLength: 40 })

async function withHistory(items: readonly PlantedItem[], work: (kit: ViewsKit) => Promise<void>): Promise<void> {
  const kit = viewsKit()
  try {
    plant(kit, items)
    await work(kit)
  } finally {
    kit.remove()
  }
}

/** Every item with the modality and date of its study, which are those of the study's first item; in the order of the explorer. */
function known(kit: ViewsKit): (ItemEvidence & { study: ItemEvidence })[] {
  const all = kit.all().toSorted((a, b) => a.id - b.id)
  const first = new Map<number, ItemEvidence>()
  for (const item of all) if (!first.has(item.studyId)) first.set(item.studyId, item)
  return all.map((item) => ({ ...item, study: first.get(item.studyId) ?? item })).toSorted((a, b) => a.studyId - b.studyId || a.id - b.id)
}

function passes(filter: InventoryFilter, item: ReturnType<typeof known>[number]): boolean {
  const { modality, studyDate, sopUid } = item.study
  const year = studyDate === undefined ? undefined : Number(studyDate.slice(0, 4))
  return (
    (filter.archiveId === null || item.archiveId === filter.archiveId) &&
    (filter.modality === null || (modality ?? '') === filter.modality) &&
    (filter.yearFrom === null || (year !== undefined && year >= filter.yearFrom)) &&
    (filter.yearTo === null || (year !== undefined && year <= filter.yearTo)) &&
    (filter.kind === null || (sopUid === undefined ? 'folder' : 'dicom') === filter.kind) &&
    (filter.anomaly === null || (item.anomalies as readonly string[]).includes(filter.anomaly)) &&
    (filter.verdict === null || (item.verdict?.verdict ?? 'none') === filter.verdict) &&
    (filter.route === null || (item.route ?? 'none') === filter.route)
  )
}

async function allItems(kit: ViewsKit, filter: InventoryFilter, limit: number, between: () => void = () => undefined): Promise<ItemRow[]> {
  const rows: ItemRow[] = []
  for (let after: string | null = null; ;) {
    const page = await answers['explorer.items'](kit.look(), { ...filter, studyId: null, series: null, after, limit })
    rows.push(...page.rows)
    if (page.next === null) return rows
    expect(page.rows).toHaveLength(limit)
    after = page.next
    between()
  }
}

test('pages of items and studies together are just what the filter leaves, and the count and the bookmarks agree', async () => {
  await fc.assert(
    fc.asyncProperty(histories, filters, fc.integer({ min: 1, max: 7 }), async (items, some, limit) => {
      await withHistory(items, async (kit) => {
        for (const filter of some) {
          const expected = known(kit).filter((item) => passes(filter, item))
          const rows = await allItems(kit, filter, limit)
          expect(
            rows.map(({ id }) => id),
            JSON.stringify(filter),
          ).toEqual(expected.map(({ id }) => id))
          const studies: number[] = []
          for (let after: string | null = null; ;) {
            const page = await answers['explorer.studies'](kit.look(), { ...filter, after, limit })
            studies.push(...page.rows.map(({ id }) => id))
            if (page.next === null) break
            after = page.next
          }
          expect(studies).toEqual([...new Set(expected.map(({ studyId }) => studyId))])
          expect(await answers['explorer.count'](kit.look(), filter)).toEqual({
            studies: studies.length,
            items: expected.length,
            bytes: expected.reduce((sum, { size }) => sum + size, 0),
          })
        }
      })
    }),
    { numRuns: 15 },
  )
})

test('each mark of a scroll bar begins the page that stands at its place', async () => {
  const planted = fc.sample(fc.array(plantedItem, { minLength: 230, maxLength: 230 }), { numRuns: 1, seed: 3 })[0] ?? []
  await withHistory(planted, async (kit) => {
    for (const filter of [none, { ...none, route: 'share' as const }, { ...none, modality: 'CT' }]) {
      const rows = await allItems(kit, filter, 100)
      const found = await answers['explorer.bookmarks'](kit.look(), { ...filter, of: 'items', every: 50 })
      expect(found).toMatchObject({ rows: rows.length, more: false })
      expect(found.marks).toHaveLength(Math.ceil(rows.length / 50))
      for (const [at, after] of found.marks.entries()) {
        const page = await answers['explorer.items'](kit.look(), { ...filter, studyId: null, series: null, after, limit: 1 })
        expect(page.rows[0]?.id).toBe(rows[at * 50]?.id)
      }
    }
    const studies = await answers['explorer.bookmarks'](kit.look(), { ...none, of: 'studies', every: 50 })
    expect(studies.rows).toBe(new Set(known(kit).map(({ studyId }) => studyId)).size)
  })
})

test('pages have no gaps and no repeats while a scan adds to the journal', async () => {
  const planted = fc.sample(fc.array(plantedItem, { minLength: 60, maxLength: 60 }), { numRuns: 1, seed: 11 })[0] ?? []
  const later = fc.sample(fc.array(plantedItem, { minLength: 60, maxLength: 60 }), { numRuns: 1, seed: 12 })[0] ?? []
  await withHistory(planted, async (kit) => {
    const before: number[] = known(kit).map(({ id }) => id)
    let added = planted.length
    const rows = await allItems(kit, none, 7, () => {
      added = Math.min(added + 5, planted.length + later.length)
      for (const archive of [1, 2] as const) scan(kit.journal, archive, [...planted, ...later].slice(0, added), () => true)
    })
    const ids: number[] = rows.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => before.includes(id))).toEqual(before)
    expect(kit.all().length).toBeGreaterThan(before.length)
  })
})

test('studies without a modality or a date can be asked for', async () => {
  const planted = fc.sample(fc.array(plantedItem, { minLength: 60, maxLength: 60 }), { numRuns: 1, seed: 21 })[0] ?? []
  await withHistory(planted, async (kit) => {
    const undated = known(kit).filter(({ study }) => study.studyDate === undefined)
    const rows = await allItems(kit, { ...none, yearFrom: 0, yearTo: 0 }, 500)
    expect(undated.length).toBeGreaterThan(0)
    expect(rows.map(({ id }) => id)).toEqual(undated.map(({ id }) => id))
  })
})

test('a study opens into its series, and a series into its items', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (items) => {
      await withHistory(items, async (kit) => {
        const all = known(kit)
        const { rows } = await answers['explorer.studies'](kit.look(), { ...none, after: null, limit: 500 })
        for (const study of rows) {
          const inside = all.filter(({ studyId }) => studyId === study.id)
          expect(study).toMatchObject({
            archiveId: inside[0]?.archiveId,
            items: inside.length,
            bytes: inside.reduce((sum, { size }) => sum + size, 0),
            anomalies: inside.filter(({ anomalies }) => anomalies.length > 0).length,
            verified: inside.filter(({ verdict }) => verdict?.verdict === 'verified').length,
          })
          const { series } = await answers['explorer.series'](kit.look(), { studyId: study.id })
          expect(series).toHaveLength(study.series)
          const found: number[] = []
          for (const one of series) {
            const page = await answers['explorer.items'](kit.look(), {
              ...none,
              studyId: study.id,
              series: one.series,
              after: null,
              limit: 500,
            })
            expect(page.rows).toHaveLength(one.items)
            found.push(...page.rows.map(({ id }) => id))
          }
          expect(found.toSorted((a, b) => a - b)).toEqual(inside.map(({ id }) => id))
        }
      })
    }),
    { numRuns: 10 },
  )
})

test('an item is shown whole, with a name that is not UTF-8 made legible', async () => {
  await withHistory([], async (kit) => {
    const { journal } = kit
    const run = journal.beginScan(1, 3)
    const stat = { kind: 'file' as const, size: 5 as never, mtimeUs: 1_500_000, inode: 1, header: undefined }
    journal.recordPart(run.id, 1, folderPart({ items: [{ ...stat, path: notUtf8, anomalies: [{ code: 'name-not-utf8' }] }] }))
    journal.settle(run.id, 1)
    journal.finishScan(run.id, 4)
    const item = answers['explorer.item'](kit.look(), { itemId: 1 })
    expect(item).toMatchObject({
      id: 1,
      path: 'a/\\xff1',
      size: 5,
      mtime: 1500,
      anomalies: ['name-not-utf8'],
      key: null,
      route: null,
      present: true,
    })
    expect(pathForDisplay(notUtf8)).toBe('a/\\xff1')
    expect(() => answers['explorer.item'](kit.look(), { itemId: 99 })).toThrow(expect.objectContaining({ code: 'bad-input' }))
  })
})

test('a cursor that no page has given is refused', async () => {
  await withHistory([], async (kit) => {
    for (const after of ['', '{}', '[1]', '["1",2]', '[1,2,3]', 'null', '[1,']) {
      await expect(
        answers['explorer.items'](kit.look(), { ...none, studyId: null, series: null, after, limit: 5 }),
        after,
      ).rejects.toMatchObject({ code: 'bad-input', facts: { field: 'after' } })
    }
  })
})
