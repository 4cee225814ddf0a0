/** Pages of items by what they came to: candidates from an index, judged one by one as the evidence judges them. In order of item number. */
import { numberOf } from '../rows.ts'
import type { Row } from '../database.ts'
import { lastFinishedRun } from '../verdictRows.ts'
import type { Look } from './look.ts'
import { pageOf, placeOf } from './pages.ts'
import { standingColumns, standingJoins, standingOf, type Standing } from './standings.ts'

export type JudgedItem = Standing & {
  readonly id: number
  readonly studyId: number
  readonly size: number
  readonly method: string | undefined
  readonly at: number | undefined
}

/** A query of item ids as `item_id`, in order. Its last two values are the id before the first and how many. */
export type Candidates = { readonly sql: string; readonly values: readonly (string | number)[] }

const atLeast = 100
const atMost = 1000

export async function judgedPage<Shown>(
  look: Look,
  input: { readonly after: string | null; readonly limit: number },
  candidates: Candidates,
  keep: (item: JudgedItem) => boolean,
  show: (item: JudgedItem) => Shown,
): Promise<{ rows: Shown[]; next: string | null }> {
  const kept: JudgedItem[] = []
  let [after] = placeOf(input.after, 'number') ?? [0]
  for (let together = Math.max(atLeast, input.limit + 1); kept.length <= input.limit; together = atMost) {
    const ids = look.database.all(candidates.sql, ...candidates.values, after, together).map((row) => numberOf(row, 'item_id'))
    const last = ids.at(-1)
    if (last === undefined) break
    kept.push(...judge(look, ids).filter(keep))
    after = last
    await look.pause()
  }
  return pageOf(kept, input.limit, show, (item) => [item.id])
}

export function judge({ database }: Look, ids: readonly number[]): JudgedItem[] {
  return database
    .all(
      `SELECT i.id, i.study_id, i.size, v.method, v.at, ${standingColumns}
       FROM json_each(?) j CROSS JOIN items i ON i.id = j.value ${standingJoins} ORDER BY i.id`,
      JSON.stringify(ids),
      lastFinishedRun(database),
    )
    .map(judgedItemOf)
}

function judgedItemOf(row: Row): JudgedItem {
  return {
    ...standingOf(row),
    id: numberOf(row, 'id'),
    studyId: numberOf(row, 'study_id'),
    size: numberOf(row, 'size'),
    method: typeof row['method'] === 'string' ? row['method'] : undefined,
    at: typeof row['at'] === 'number' ? row['at'] : undefined,
  }
}

/** Items that are left behind for this cause, and perhaps some that are not: a transfer says so, or an anomaly. */
export function leftBehindFor(code: string): Candidates {
  return {
    sql: `SELECT item_id FROM transfers WHERE state = 'left-behind' AND reason = ?1 AND item_id > ?2
          UNION SELECT item_id FROM anomalies WHERE code = ?1 AND item_id > ?2 ORDER BY item_id LIMIT ?3`,
    values: [code],
  }
}
