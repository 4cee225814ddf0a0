/**
 * What an explorer shows. A filter has two halves: archive, kind, modality and years are a study's own and cost nothing; anomaly, verdict and route are
 * those of items, and the studies that hold such items are worked out once and kept.
 */
import type { InventoryFilter } from '../../../shared/contract/calls/archives.ts'
import { lastFinishedRun } from '../verdictRows.ts'
import type { Look } from './look.ts'
import { overStudies } from './studyRanges.ts'
import { withSet } from './withSet.ts'

export type Condition = { readonly sql: string; readonly values: readonly (string | number)[] }

/** Of a study `s`. An empty modality: those without one. Both years 0: those without a date. */
export function onStudy(filter: InventoryFilter): Condition {
  const { archiveId, kind, modality, yearFrom, yearTo } = filter
  const undated = yearFrom === 0 && yearTo === 0
  return both([
    archiveId === null ? undefined : { sql: 's.archive_id = ?', values: [archiveId] },
    kind === null ? undefined : { sql: 's.kind = ?', values: [kind] },
    modality === null
      ? undefined
      : modality === ''
        ? { sql: 's.modality IS NULL', values: [] }
        : { sql: 's.modality = ?', values: [modality] },
    undated ? { sql: 's.study_date IS NULL', values: [] } : undefined,
    undated || yearFrom === null ? undefined : { sql: 's.study_date >= ?', values: [yearText(yearFrom)] },
    undated || yearTo === null ? undefined : { sql: 's.study_date < ?', values: [yearText(yearTo + 1)] },
  ])
}

/** Where studies come from, which column holds their number, and the values that it needs. */
export type Studies = { readonly from: string; readonly id: string; readonly values: readonly (string | number)[] }

export const allStudies: Studies = {
  from: 'studies s WHERE EXISTS (SELECT 1 FROM items i WHERE i.study_id = s.id)',
  id: 's.id',
  values: [],
}

export function studiesOfSet(set: number): Studies {
  return { from: 'temp.matched m CROSS JOIN studies s ON s.id = m.study_id WHERE m.set_id = ?', id: 'm.study_id', values: [set] }
}

/** Of an item `i`. `undefined`: the filter asks for nothing of items. */
export function onItem(look: Look, filter: InventoryFilter): Condition | undefined {
  const { anomaly, verdict, route } = filter
  if (anomaly === null && verdict === null && route === null) return undefined
  const spoken = 'SELECT 1 FROM verdicts v WHERE v.run_id = ? AND v.item_id = i.id AND v.void = 0'
  const run = lastFinishedRun(look.database)
  return both([
    anomaly === null ? undefined : { sql: 'EXISTS (SELECT 1 FROM anomalies a WHERE a.item_id = i.id AND a.code = ?)', values: [anomaly] },
    verdict === null
      ? undefined
      : verdict === 'none'
        ? { sql: `NOT EXISTS (${spoken})`, values: [run] }
        : { sql: `EXISTS (${spoken} AND v.verdict = ?)`, values: [run, verdict] },
    route === null
      ? undefined
      : route === 'none'
        ? { sql: 'NOT EXISTS (SELECT 1 FROM transfers t WHERE t.item_id = i.id)', values: [] }
        : { sql: 'EXISTS (SELECT 1 FROM transfers t WHERE t.item_id = i.id AND t.route = ?)', values: [route] },
  ])
}

/**
 * Studies with what the filter leaves of their items, as the set given to `work`. Without a condition on items that is every study with all of its
 * items; the conditions on studies themselves are left to whoever reads the set.
 */
export async function withMatched<Result>(
  look: Look,
  filter: InventoryFilter,
  work: (set: number) => Result | Promise<Result>,
): Promise<Result> {
  const { anomaly, verdict, route } = filter
  return await withSet(look, 'matched', JSON.stringify([anomaly, verdict, route]), (filling, set) => fill(filling, filter, set), work)
}

async function fill(look: Look, filter: InventoryFilter, set: number): Promise<void> {
  const item = onItem(look, filter)
  const few = fewMatch(look, filter)
  if (few !== undefined) {
    // Far fewer than there are items: their own index leads to them.
    look.database.run(
      `INSERT INTO temp.matched SELECT ?, i.study_id, count(*), sum(i.size) FROM (${few.sql}) f CROSS JOIN items i ON i.id = f.item_id
       WHERE ${item?.sql ?? 'TRUE'} GROUP BY i.study_id`,
      set,
      ...few.values,
      ...(item?.values ?? []),
    )
    return
  }
  await overStudies(look, (after, last) => {
    look.database.run(
      `INSERT INTO temp.matched SELECT ?, i.study_id, count(*), sum(i.size) FROM items i
       WHERE i.study_id > ? AND i.study_id <= ? AND ${item?.sql ?? 'TRUE'} GROUP BY i.study_id`,
      set,
      after,
      last,
      ...(item?.values ?? []),
    )
  })
}

/** Items with an anomaly, or with a verdict that is not good, when they are few enough to be summed in one step. */
function fewMatch({ database }: Look, { anomaly, verdict }: InventoryFilter): Condition | undefined {
  const some: readonly (Condition | undefined)[] = [
    anomaly === null ? undefined : { sql: 'SELECT item_id FROM anomalies WHERE code = ?', values: [anomaly] },
    verdict === null || verdict === 'none' || verdict === 'verified'
      ? undefined
      : {
          sql: `SELECT item_id FROM verdicts WHERE run_id = ? AND verdict <> 'verified' AND verdict = ?`,
          values: [lastFinishedRun(database), verdict],
        },
  ]
  return some.find(
    (one): one is Condition => one !== undefined && database.get(`${one.sql} LIMIT 1 OFFSET ${fewAre}`, ...one.values) === undefined,
  )
}

const fewAre = 50_000

export function both(conditions: readonly (Condition | undefined)[]): Condition {
  const all = conditions.filter((one) => one !== undefined)
  return { sql: all.length === 0 ? 'TRUE' : all.map(({ sql }) => `(${sql})`).join(' AND '), values: all.flatMap(({ values }) => values) }
}

function yearText(year: number): string {
  return String(Math.max(0, year)).padStart(4, '0')
}
