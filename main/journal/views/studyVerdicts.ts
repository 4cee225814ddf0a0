/** Studies by their verdicts, the worst first. */
import type { Answer, Parsed } from '../../../shared/contract/bridge.ts'
import { noVerdicts, rollUp, verdicts, type Verdict } from '../../../shared/domain/verification.ts'
import type { Row } from '../database.ts'
import { maybeText, numberOf } from '../rows.ts'
import { lastFinishedRun } from '../verdictRows.ts'
import type { Look } from './look.ts'
import { pageOf, placeOf } from './pages.ts'
import { overStudies } from './studyRanges.ts'
import { withSet } from './withSet.ts'

/** As rollUp orders them. */
const worstFirst: readonly Verdict[] = ['mismatch', 'missing', 'unknown', 'extra', 'present', 'consistent', 'verified']
const verifiedRank = worstFirst.indexOf('verified')
const rank = `CASE WHEN mismatch > 0 THEN 0 WHEN missing > 0 THEN 1 WHEN unknown > 0 OR judged < items THEN 2 WHEN extra > 0 THEN 3
  WHEN present > 0 THEN 4 WHEN consistent > 0 THEN 5 ELSE 6 END`

/** The order is frozen with the first page: its set is named in the cursor, and pages go on in it as long as it is kept. */
export async function verificationStudies(look: Look, input: Parsed<'verification.studies'>): Promise<Answer<'verification.studies'>> {
  const place = placeOf(input.after, 'number', 'number', 'number')
  const page = (set: number): Answer<'verification.studies'> => read(look, input, set, place?.[1] ?? -1, place?.[2] ?? 0)
  if (place !== undefined && look.sets.has(place[0])) return await look.sets.use(place[0], page)
  return await withSet(look, 'standing', 'studies', fill, page)
}

function read(
  look: Look,
  input: Parsed<'verification.studies'>,
  set: number,
  worst: number,
  study: number,
): Answer<'verification.studies'> {
  const rows = look.database.all(
    `SELECT c.*, s.modality, s.study_date FROM temp.standing c CROSS JOIN studies s ON s.id = c.study_id
     WHERE c.set_id = ? AND (c.rank, c.study_id) > (?, ?) AND c.rank <= ? ORDER BY c.rank, c.study_id LIMIT ?`,
    set,
    worst,
    study,
    input.only === 'all' ? verifiedRank : verifiedRank - 1,
    input.limit + 1,
  )
  return pageOf(rows, input.limit, studyRow, (row) => [set, numberOf(row, 'rank'), numberOf(row, 'study_id')])
}

function studyRow(row: Row): Answer<'verification.studies'>['rows'][number] {
  const counts = noVerdicts()
  for (const verdict of verdicts) counts[verdict] = numberOf(row, verdict)
  const items = numberOf(row, 'items')
  return {
    studyId: numberOf(row, 'study_id'),
    modality: maybeText(row, 'modality') ?? null,
    studyDate: maybeText(row, 'study_date') ?? null,
    items,
    bytes: numberOf(row, 'bytes'),
    counts,
    notChecked: items - verdicts.reduce((sum, verdict) => sum + counts[verdict], 0),
    worst: rollUp(counts, items),
  }
}

async function fill(look: Look, set: number): Promise<void> {
  const run = lastFinishedRun(look.database)
  const counts = verdicts.map((verdict) => `sum(coalesce(v.verdict = '${verdict}', 0)) AS ${verdict}`).join(', ')
  await overStudies(look, (after, last) => {
    look.database.run(
      `INSERT INTO temp.standing SELECT ?, ${rank}, study_id, items, bytes, ${verdicts.join(', ')} FROM (
         SELECT i.study_id, count(*) AS items, sum(i.size) AS bytes, count(v.verdict) AS judged, ${counts}
         FROM items i LEFT JOIN verdicts v ON v.run_id = ? AND v.item_id = i.id AND v.void = 0
         WHERE i.study_id > ? AND i.study_id <= ? GROUP BY i.study_id)`,
      set,
      run,
      after,
      last,
    )
  })
}
