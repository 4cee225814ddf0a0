/** Studies, series and items in keyset pages, and one item whole. In order of study and item number, so that a place in the list stays one. */
import type { InventoryFilter, ItemRow, StudyRow } from '../../../shared/contract/calls/archives.ts'
import type { Answer, Parsed } from '../../../shared/contract/bridge.ts'
import { routes } from '../../../shared/domain/route.ts'
import type { ItemKind } from '../../../shared/domain/item.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { toBase64, toHex } from '../../../shared/units/digest.ts'
import { pathForDisplay, pathFromBytes } from '../../../shared/units/itemPath.ts'
import type { Row } from '../database.ts'
import { blobOf, maybeBlob, maybeNumber, maybeText, numberOf, oneOf, textOf } from '../rows.ts'
import { lastFinishedRun } from '../verdictRows.ts'
import { allStudies, onItem, onStudy, studiesOfSet, withMatched, type Condition, type Studies } from './filter.ts'
import type { Look } from './look.ts'
import { pageOf, placeOf } from './pages.ts'
import { codesOf } from './standings.ts'

const kinds: readonly ItemKind[] = ['file', 'link', 'special', 'folder']
const studyKinds = ['dicom', 'folder'] as const
/** Studies whose items are looked at in one step of a page. */
const studiesAtOnce = 50

export async function exploreCount(look: Look, filter: InventoryFilter): Promise<Answer<'explorer.count'>> {
  const study = onStudy(filter)
  return await withMatched(look, filter, (set) => {
    const row = look.database.get(
      `SELECT count(*) AS studies, coalesce(sum(m.items), 0) AS items, coalesce(sum(m.bytes), 0) AS bytes
       FROM temp.matched m CROSS JOIN studies s ON s.id = m.study_id WHERE m.set_id = ? AND ${study.sql}`,
      set,
      ...study.values,
    )
    if (row === undefined) throw new Error('an aggregate always has a row')
    return { studies: numberOf(row, 'studies'), items: numberOf(row, 'items'), bytes: numberOf(row, 'bytes') }
  })
}

export async function exploreStudies(look: Look, input: Parsed<'explorer.studies'>): Promise<Answer<'explorer.studies'>> {
  const [after] = placeOf(input.after, 'number') ?? [0]
  const study = onStudy(input)
  const read = async ({ from, id, values }: Studies): Promise<Answer<'explorer.studies'>> => {
    const rows = look.database.all(
      `SELECT s.id, s.archive_id, s.kind, s.modality, s.study_date FROM ${from} AND ${study.sql} AND ${id} > ? ORDER BY ${id} LIMIT ?`,
      ...values,
      ...study.values,
      after,
      input.limit + 1,
    )
    const page = pageOf(
      rows,
      input.limit,
      (row) => row,
      (row) => [numberOf(row, 'id')],
    )
    return { rows: await summed(look, page.rows), next: page.next }
  }
  if (onItem(look, input) === undefined) return await read(allStudies)
  return await withMatched(look, input, (set) => read(studiesOfSet(set)))
}

/** Each study with the sums of its items. */
async function summed(look: Look, rows: readonly Row[]): Promise<StudyRow[]> {
  const { database } = look
  const run = lastFinishedRun(database)
  const studies: StudyRow[] = []
  for (const row of rows) {
    if (studies.length % studiesAtOnce === studiesAtOnce - 1) await look.pause()
    const id = numberOf(row, 'id')
    const sums = database.get(
      `SELECT count(*) AS items, coalesce(sum(i.size), 0) AS bytes, count(DISTINCT coalesce(i.series_uid, '')) AS series,
         (SELECT count(*) FROM items x WHERE x.study_id = ?1 AND EXISTS (SELECT 1 FROM anomalies a WHERE a.item_id = x.id)) AS anomalies
       FROM items i WHERE i.study_id = ?1`,
      id,
    )
    const verified =
      run === 0
        ? undefined
        : database.get(
            `SELECT count(*) AS verified FROM items i CROSS JOIN verdicts v ON v.run_id = ? AND v.item_id = i.id
             WHERE i.study_id = ? AND v.void = 0 AND v.verdict = 'verified'`,
            run,
            id,
          )
    if (sums === undefined) throw new Error('an aggregate always has a row')
    studies.push({
      id,
      archiveId: numberOf(row, 'archive_id'),
      kind: oneOf(row, 'kind', studyKinds),
      modality: maybeText(row, 'modality') ?? null,
      studyDate: maybeText(row, 'study_date') ?? null,
      series: numberOf(sums, 'series'),
      items: numberOf(sums, 'items'),
      bytes: numberOf(sums, 'bytes'),
      anomalies: numberOf(sums, 'anomalies'),
      verified: verified === undefined ? 0 : numberOf(verified, 'verified'),
    })
  }
  return studies
}

/** Series of a study by their place in it, as the evidence numbers them. */
export function exploreSeries({ database }: Look, { studyId }: Parsed<'explorer.series'>): Answer<'explorer.series'> {
  const rows = database.all(
    `SELECT min(modality) AS modality, count(*) AS items, sum(size) AS bytes FROM items WHERE study_id = ?
     GROUP BY coalesce(series_uid, '') ORDER BY coalesce(series_uid, '') LIMIT 10000`,
    studyId,
  )
  return {
    series: rows.map((row, at) => ({
      studyId,
      series: at + 1,
      modality: maybeText(row, 'modality') ?? null,
      items: numberOf(row, 'items'),
      bytes: numberOf(row, 'bytes'),
    })),
  }
}

export async function exploreItems(look: Look, input: Parsed<'explorer.items'>): Promise<Answer<'explorer.items'>> {
  const place = placeOf(input.after, 'number', 'number') ?? [0, 0]
  const wanted = input.limit + 1
  const found: Row[] = []
  const collect = async (studies: Studies): Promise<Row[]> => {
    for (let [study, item] = place; found.length < wanted;) {
      const step = stepOf(look, input, studies, study, item, wanted - found.length)
      found.push(...step.rows)
      if (step.last === undefined) break
      ;[study, item] = [step.last + 1, 0]
      await look.pause()
    }
    return found
  }
  const rows =
    input.studyId !== null
      ? await collect({ from: 'studies s WHERE s.id = ?', id: 's.id', values: [input.studyId] })
      : onItem(look, input) === undefined
        ? await collect(allStudies)
        : await withMatched(look, input, (set) => collect(studiesOfSet(set)))
  return pageOf(rows, input.limit, itemRowOf, (row) => [numberOf(row, 'study_id'), numberOf(row, 'id')])
}

/** Items of the next few studies. `last`: the last study that was looked at whole, `undefined` when there are no more. */
function stepOf(
  look: Look,
  input: Parsed<'explorer.items'>,
  { from, id, values }: Studies,
  study: number,
  item: number,
  limit: number,
): { readonly rows: Row[]; readonly last: number | undefined } {
  const { database } = look
  const conditions = onStudy(input)
  const ahead = `FROM ${from} AND ${conditions.sql} AND ${id} >= ? ORDER BY ${id} LIMIT ${studiesAtOnce}`
  const end = database.get(`SELECT max(id) AS last FROM (SELECT s.id ${ahead})`, ...values, ...conditions.values, study)
  const last = end === undefined ? undefined : maybeNumber(end, 'last')
  if (last === undefined) return { rows: [], last }
  const of = onItem(look, input) ?? { sql: 'TRUE', values: [] }
  const series = inSeries(look, input)
  const rows = database.all(
    `SELECT ${itemRowColumns} FROM (SELECT s.id ${ahead}) p CROSS JOIN items i INDEXED BY items_by_study ON i.study_id = p.id ${itemRowJoins}
     WHERE (p.id > ? OR i.id > ?) AND ${of.sql} AND ${series.sql} ORDER BY p.id, i.id LIMIT ?`,
    ...values,
    ...conditions.values,
    study,
    lastFinishedRun(database),
    study,
    item,
    ...of.values,
    ...series.values,
    limit,
  )
  return { rows, last }
}

function inSeries({ database }: Look, { studyId, series }: Parsed<'explorer.items'>): Condition {
  if (studyId === null || series === null) return { sql: 'TRUE', values: [] }
  const row = database.get(
    `SELECT coalesce(series_uid, '') AS uid FROM items WHERE study_id = ? GROUP BY 1 ORDER BY 1 LIMIT 1 OFFSET ?`,
    studyId,
    Math.max(0, series - 1),
  )
  return row === undefined || series === 0
    ? { sql: 'FALSE', values: [] }
    : { sql: `coalesce(i.series_uid, '') = ?`, values: [textOf(row, 'uid')] }
}

const itemRowColumns = `i.id, i.archive_id, i.study_id, i.kind, i.size, i.mtime_us, i.modality, i.study_date, i.present, t.route, t.state, v.verdict,
  (SELECT group_concat(code) FROM anomalies WHERE item_id = i.id) AS codes`
/** ? is the last finished run. */
const itemRowJoins = `LEFT JOIN transfers t ON t.item_id = i.id LEFT JOIN verdicts v ON v.run_id = ? AND v.item_id = i.id AND v.void = 0`

function itemRowOf(row: Row): ItemRow {
  return {
    id: numberOf(row, 'id'),
    archiveId: numberOf(row, 'archive_id'),
    studyId: numberOf(row, 'study_id'),
    kind: oneOf(row, 'kind', kinds),
    size: numberOf(row, 'size'),
    mtime: numberOf(row, 'mtime_us') / 1000,
    modality: maybeText(row, 'modality') ?? null,
    studyDate: maybeText(row, 'study_date') ?? null,
    anomalies: [...codesOf(maybeText(row, 'codes'))],
    route: row['route'] === null ? null : oneOf(row, 'route', routes),
    state: maybeText(row, 'state') ?? null,
    verdict: maybeText(row, 'verdict') ?? null,
    present: numberOf(row, 'present') === 1,
  }
}

/** @throws Fault bad-input when there is no such item. */
export function exploreItem({ database }: Look, { itemId }: Parsed<'explorer.item'>): Answer<'explorer.item'> {
  const row = database.get(
    `SELECT ${itemRowColumns}, i.path, i.sha256, i.crc64nvme, i.transfer_syntax, i.sop_class, t.key, t.device_id, t.reason, b.key AS batch_key
     FROM items i ${itemRowJoins} LEFT JOIN batches b ON b.id = t.batch_id WHERE i.id = ?`,
    lastFinishedRun(database),
    itemId,
  )
  if (row === undefined) throw new Fault('bad-input', { field: 'itemId', problem: 'there is no such item' })
  const [sha256, crc64nvme] = [maybeBlob(row, 'sha256'), maybeBlob(row, 'crc64nvme')]
  return {
    ...itemRowOf(row),
    path: pathForDisplay(pathFromBytes(blobOf(row, 'path'))),
    key: maybeText(row, 'key') ?? null,
    sha256: sha256 === undefined ? null : toHex(sha256),
    crc64nvme: crc64nvme === undefined ? null : toBase64(crc64nvme),
    transferSyntax: maybeText(row, 'transfer_syntax') ?? null,
    sopClass: maybeText(row, 'sop_class') ?? null,
    batchKey: maybeText(row, 'batch_key') ?? null,
    deviceId: maybeNumber(row, 'device_id') ?? null,
    leftBehindFor: maybeText(row, 'reason') ?? null,
  }
}
