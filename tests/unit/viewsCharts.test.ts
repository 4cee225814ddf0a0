/** Figures of archives and verification: each is a sum over items that a person could add up. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answers } from '../../main/engine/views/answers.ts'
import { noVerdicts, rollUp, type Verdict } from '../../shared/domain/verification.ts'
import type { ItemEvidence } from '../../shared/ports/journal.ts'
import { plant, plantedItem, viewsKit, type PlantedItem, type ViewsKit } from './viewsKit.ts'

const histories = fc.array(plantedItem, { minLength: 1, maxLength: 40 })
const runs = { numRuns: 12 }

async function withHistory(items: readonly PlantedItem[], work: (kit: ViewsKit) => Promise<void>): Promise<void> {
  const kit = viewsKit()
  try {
    plant(kit, items)
    await work(kit)
  } finally {
    kit.remove()
  }
}

function some(count: number, seed: number): PlantedItem[] {
  return fc.sample(fc.array(plantedItem, { minLength: count, maxLength: count }), { numRuns: 1, seed })[0] ?? []
}

function amount(items: readonly { readonly size: number }[]): { items: number; bytes: number } {
  return { items: items.length, bytes: items.reduce((sum, { size }) => sum + size, 0) }
}

function grouped<Key>(items: readonly ItemEvidence[], keyOf: (item: ItemEvidence) => Key): Map<Key, ItemEvidence[]> {
  return Map.groupBy(items, keyOf)
}

test('the charts show what is there, and nothing twice', async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.constantFrom(null, 1, 2), async (items, archiveId) => {
      await withHistory(items, async (kit) => {
        const all = kit.all().filter((item) => archiveId === null || item.archiveId === archiveId)
        const there = all.filter(({ present }) => present)
        const files = there.filter(({ kind }) => kind === 'file')

        const { cells } = await answers['archives.heatMap'](kit.look(), { archiveId })
        expect(cells.reduce((sum, cell) => sum + cell.items, 0)).toBe(there.length)
        expect(cells.reduce((sum, cell) => sum + cell.bytes, 0)).toBe(amount(there).bytes)
        expect(cells.reduce((sum, cell) => sum + cell.studies, 0)).toBe(new Set(there.map(({ studyId }) => studyId)).size)
        expect(new Set(cells.map(({ modality, year }) => `${modality} ${year}`)).size).toBe(cells.length)

        const sizes = await answers['archives.sizes'](kit.look(), { archiveId })
        expect(sizes.edges).toHaveLength(sizes.items.length + 1)
        for (const [at, count] of sizes.items.entries()) {
          const inside = files.filter(({ size }) => size >= (sizes.edges[at] ?? 0) && size < (sizes.edges[at + 1] ?? 0))
          expect({ items: count, bytes: sizes.bytes[at] }).toEqual(amount(inside))
        }

        const { years } = await answers['archives.coldness'](kit.look(), { archiveId })
        const yearOf = ({ mtimeUs }: ItemEvidence): number => new Date(mtimeUs / 1000).getUTCFullYear()
        for (const [year, touched] of grouped(files, yearOf)) {
          expect(years.find((one) => one.year === year)).toMatchObject(amount(touched))
        }
        expect(years.reduce((sum, one) => sum + one.items, 0)).toBe(files.length)
        expect(years.reduce((sum, one) => sum + one.studies, 0)).toBe(new Set(files.map(({ studyId }) => studyId)).size)

        const { anomalies } = await answers['archives.anomalies'](kit.look(), { archiveId })
        for (const { code, ...sums } of anomalies) {
          expect(sums).toEqual(amount(all.filter((item) => (item.anomalies as readonly string[]).includes(code))))
        }
      })
    }),
    runs,
  )
})

test('archives are listed with the counts that the command line shows', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (items) => {
      await withHistory(items, async (kit) => {
        const { archives } = await answers['archives.list'](kit.look(), {})
        expect(archives).toHaveLength(2)
        for (const archive of archives) {
          expect(archive).toMatchObject({ ...kit.journal.inventory(archive.id), scanOpen: false, scannedAt: 2 })
          const anomalous = kit.all().filter((item) => item.archiveId === archive.id && item.anomalies.length > 0)
          expect(archive.anomalies).toBe(anomalous.length)
        }
      })
    }),
    runs,
  )
})

test('a scan that was cut off shows on its archive', async () => {
  await withHistory(some(3, 1), async (kit) => {
    kit.journal.beginScan(2, 50)
    const { archives } = await answers['archives.list'](kit.look(), {})
    expect(archives.map(({ id, scanOpen }) => [id, scanOpen])).toEqual([
      [1, false],
      [2, true],
    ])
  })
})

test('anomalies go out as CSV without paths, and with them when asked for', async () => {
  await withHistory(some(40, 2), async (kit) => {
    const marked = kit.all().flatMap((item) => item.anomalies.map((code) => [item, code] as const))
    const plain = await answers['archives.anomalyCsv'](kit.look(), { code: null, includePaths: false })
    expect(plain).toMatchObject({ rows: marked.length, more: false })
    expect(plain.csv.trimEnd().split('\n').slice(1).toSorted()).toEqual(
      marked.map(([item, code]) => `item-${item.id},${item.archiveId},${item.size},${code}`).toSorted(),
    )
    expect(plain.csv).not.toContain('/i-')
    const one = await answers['archives.anomalyCsv'](kit.look(), { code: 'empty', includePaths: true })
    expect(one.rows).toBe(marked.filter(([, code]) => code === 'empty').length)
    expect(one.csv).toMatch(/,empty,\.\/a/)
  })
})

test('studies are told the worst first, each by the verdicts of its items', async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.integer({ min: 1, max: 4 }), async (items, limit) => {
      await withHistory(items, async (kit) => {
        const expected = [...grouped(kit.all(), ({ studyId }) => studyId)].map(([studyId, inside]) => {
          const counts = noVerdicts()
          for (const { verdict } of inside) if (verdict !== undefined) counts[verdict.verdict] += 1
          const judged = inside.filter(({ verdict }) => verdict !== undefined).length
          return { studyId, ...amount(inside), counts, notChecked: inside.length - judged, worst: rollUp(counts, inside.length) }
        })
        const rows = []
        for (let after: string | null = null; ;) {
          const page = await answers['verification.studies'](kit.look(), { only: 'all', after, limit })
          rows.push(...page.rows)
          if (page.next === null) break
          after = page.next
        }
        const order: readonly Verdict[] = ['mismatch', 'missing', 'unknown', 'extra', 'present', 'consistent', 'verified']
        const sorted = expected.toSorted((a, b) => order.indexOf(a.worst) - order.indexOf(b.worst) || a.studyId - b.studyId)
        expect(rows.map(({ modality: _modality, studyDate: _date, ...row }) => row)).toEqual(sorted)
        const open = await answers['verification.studies'](kit.look(), { only: 'not-verified', after: null, limit: 500 })
        expect(open.rows.map(({ studyId }) => studyId)).toEqual(
          sorted.filter(({ worst }) => worst !== 'verified').map(({ studyId }) => studyId),
        )
      })
    }),
    runs,
  )
})

test('pages of studies go on in the order in which they were begun, although verdicts change meanwhile', async () => {
  await withHistory(some(40, 4), async (kit) => {
    const whole = await answers['verification.studies'](kit.look(), { only: 'all', after: null, limit: 500 })
    const first = await answers['verification.studies'](kit.look(), { only: 'all', after: null, limit: 2 })
    const run = kit.journal.beginVerification(60)
    kit.journal.finishVerification(run, 61)
    const rest = await answers['verification.studies'](kit.look(), { only: 'all', after: first.next, limit: 500 })
    expect([...first.rows, ...rest.rows]).toEqual(whole.rows)
    const anew = await answers['verification.studies'](kit.look(), { only: 'all', after: null, limit: 500 })
    expect(anew.rows.every(({ worst }) => worst === 'unknown')).toBe(true)
  })
})

test('an item tells its verdict with both digests, and those of earlier runs', async () => {
  await withHistory(
    some(1, 1).map((item) => ({ ...item, fate: 'sent', verdict: 'mismatch', anomaly: undefined, vanishes: false, changes: false })),
    async (kit) => {
      const before = answers['verification.item'](kit.look(), { itemId: 1 })
      expect(before).toMatchObject({ verdict: { verdict: 'mismatch', reason: 'dropped', runId: 1 }, earlier: [], sha256: '00'.repeat(32) })
      const run = kit.journal.beginVerification(60)
      const [item] = kit.all()
      if (item?.verdict === undefined) throw new Error('the item has a verdict')
      kit.journal.recordVerdicts(run, [
        { ...item.verdict, verdict: 'verified', reason: undefined, expected: 'AAA=', actual: 'AAA=', at: 62 },
      ])
      kit.journal.finishVerification(run, 63)
      expect(answers['verification.item'](kit.look(), { itemId: 1 })).toMatchObject({
        verdict: { verdict: 'verified', reason: null, expected: 'AAA=', actual: 'AAA=', runId: 2 },
        earlier: [{ runId: 1, verdict: 'mismatch', reason: 'dropped', at: 25 }],
      })
      expect(await answers['verification.summary'](kit.look(), {})).toMatchObject({
        run: { id: 2, startedAt: 60, finishedAt: 63 },
        counts: { verified: 1 },
        notVerified: [],
      })
      expect((await answers.figures(kit.look())).finishedAt).toBe(63)
      await Promise.resolve()
    },
  )
})

test('extra objects are paged by their keys, the longest and oddest too', async () => {
  await withHistory([], async (kit) => {
    const run = kit.journal.beginVerification(60)
    const keys = ['p/\u0001'.padEnd(1000, '\u0001'), 'p/a', 'p/b', `p/${'胸'.repeat(330)}`]
    for (const key of keys) kit.journal.recordExtra(run, { archiveId: 1, key, size: 1 })
    kit.journal.recordExtra(run, { archiveId: 2, key: 'q/a', size: 2 })
    kit.journal.finishVerification(run, 61)
    const found: string[] = []
    for (let after: string | null = null; ;) {
      const page = answers['verification.extras'](kit.look(), { after, limit: 1 }) as { rows: { key: string }[]; next: string | null }
      found.push(...page.rows.map(({ key }) => key))
      if (page.next === null) break
      expect(page.next.length).toBeLessThanOrEqual(2000)
      after = page.next
    }
    expect(found).toEqual([...keys.toSorted(), 'q/a'])
    await Promise.resolve()
  })
})
