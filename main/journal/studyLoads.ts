/** Studies with what a planner must know of them, and the conditions of a rule (shared/domain/studyRule.ts) over them, as SQL. */
import { isoDay } from '../../shared/domain/notice.ts'
import type { StudyLoad } from '../../shared/domain/study.ts'
import type { StudyRule } from '../../shared/domain/studyRule.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathFromText } from '../../shared/units/itemPath.ts'
import type { Row } from './database.ts'
import { barsAll, barsDevice, barsShare } from './items.ts'
import { maybeText, numberOf, oneOf } from './rows.ts'

export const bindings = 'LEFT JOIN batches b ON b.id = t.batch_id LEFT JOIN devices d ON d.id = t.device_id'
export const joined = `LEFT JOIN transfers t ON t.item_id = i.id ${bindings}`
const lastRun = `(SELECT max(id) FROM verifications WHERE finished_at IS NOT NULL)`
/**
 * What a new plan may place: nothing that is sent or being sent, nothing in a batch under way, nothing meant for a device that has been ordered and not
 * cancelled. What was sent may be placed again when a verification found it wrong or missing (one that began after its device was imported: before, all of
 * it is missing), or when the source has changed since (it has no digest then) and S3 does not hold the new bytes; but never while a device that is not
 * imported yet carries the old bytes, for its import would lay them over the new ones. The digest is looked up where it decides: items_sums has all the rest.
 */
export const unbound = `(t.item_id IS NULL OR t.state = 'left-behind'
  OR (t.state = 'planned' AND coalesce(b.state, 'planned') = 'planned' AND coalesce(d.state, 'planned') = 'planned')
  OR (t.state <> 'sent' AND d.state = 'Cancelled')
  OR (t.state = 'sent' AND coalesce(d.state, 'Complete') IN ('Complete', 'Cancelled') AND (
    (EXISTS (SELECT 1 FROM items x WHERE x.id = i.id AND x.sha256 IS NULL) AND NOT EXISTS (
      SELECT 1 FROM verdicts v WHERE v.run_id = ${lastRun} AND v.item_id = t.item_id AND v.void = 0 AND v.verdict = 'verified'))
    OR EXISTS (
      SELECT 1 FROM verdicts v JOIN verifications r ON r.id = v.run_id
      WHERE v.run_id = ${lastRun} AND v.item_id = t.item_id AND v.void = 0 AND v.verdict IN ('mismatch', 'missing')
        AND r.started_at >= coalesce((SELECT max(c.at) FROM custody c WHERE c.device_id = t.device_id AND c.step = 'imported'), 0)))))`
/** Items that some lane may take. */
export const travels = `i.kind = 'file' AND i.present = 1 AND i.bars & ${barsAll} = 0 AND ${unbound}`

/**
 * Conditions on a study `s` that need none of its items, with ?4 to ?7 as ruleValues gives them. A missing modality is a `null` in the list; a missing
 * date is in no range.
 */
export const ruleOnStudy = `(?4 IS NULL OR s.archive_id IN (SELECT value FROM json_each(?4)))
  AND (?5 IS NULL OR EXISTS (SELECT 1 FROM json_each(?5) WHERE value IS s.modality))
  AND (?6 IS NULL OR s.study_date >= ?6) AND (?7 IS NULL OR s.study_date <= ?7)`

/** Conditions on all that is there of a study, with ?8 to ?10: its bytes, and when a file of it was last touched. */
export const ruleOnWhole = `(?8 IS NULL OR whole_bytes >= ?8) AND (?9 IS NULL OR whole_bytes <= ?9) AND (?10 IS NULL OR touched_us < ?10)`

/** ?11 and ?12: every path below the rule's folder, and no other, lies from the first up to before the second, in byte order. */
export const outsideFolder = `(i.present = 1 AND NOT (?11 IS NULL OR (i.path >= ?11 AND i.path < ?12)))`

/**
 * One row a study: what of it may travel, and what there is of all of it. ?1: small below. Studies after ?2 up to ?3.
 * The inner query has a limit so that whether an item travels is found out once an item, and not once for each column that needs it.
 */
export function studyLoadsSql(onStudy: string, outside: string): string {
  return `SELECT id, archive_id, kind, modality, study_date, sum(goes) AS items, sum(goes * size) AS bytes, sum(goes AND size < ?1) AS small_items,
      sum(CASE WHEN goes AND size < ?1 THEN size ELSE 0 END) AS small_bytes,
      max(CASE WHEN goes THEN bars & ${barsDevice} ELSE 0 END) AS bars_device, max(CASE WHEN goes THEN bars & ${barsShare} ELSE 0 END) AS bars_share,
      sum(present * size) AS whole_bytes, max(touched) AS touched_us, sum(elsewhere) AS outside
    FROM (SELECT s.id, s.archive_id, s.kind, s.modality, s.study_date, i.size, i.bars, i.present, (${travels}) AS goes, ${outside} AS elsewhere,
        CASE WHEN i.present = 1 AND i.kind = 'file' THEN i.mtime_us END AS touched
      FROM studies s CROSS JOIN items i ON i.study_id = s.id ${joined}
      WHERE s.id > ?2 AND s.id <= ?3 AND ${onStudy} ORDER BY s.id LIMIT -1)
    GROUP BY id HAVING items > 0`
}

/** ?4 to ?12 of a rule. @param today ISO day */
export function ruleValues(rule: StudyRule, today: string): (string | number | Uint8Array | null)[] {
  const [from, to] = folderRange(rule.folder)
  return [
    rule.archiveIds === null ? null : JSON.stringify(rule.archiveIds),
    rule.modalities === null ? null : JSON.stringify(rule.modalities),
    rule.studyDateFrom,
    rule.studyDateTo,
    rule.smallest,
    rule.largest,
    rule.coldYears === null ? null : coldBefore(rule.coldYears, today),
    from,
    to,
  ]
}

/** The moment, in microseconds, before which nothing counts as touched lately. A year is 365.25 days, so that halves of years have a length too. */
export function coldBefore(years: number, today: string): number {
  return Math.round((isoDay(today) - years * 365.25 * 86_400_000) * 1000)
}

/** Paths below a folder are those from `folder/` up to before `folder0`, `0` being the byte after `/`. Slashes around the folder do not matter. */
export function folderRange(folder: string | null): readonly [Uint8Array, Uint8Array] | readonly [null, null] {
  const name = folder?.replaceAll(/^\/+|\/+$/g, '') ?? ''
  return name === '' ? [null, null] : [pathFromText(`${name}/`), pathFromText(`${name}0`)]
}

export function studyLoadOf(row: Row): StudyLoad {
  return {
    id: numberOf(row, 'id'),
    archiveId: numberOf(row, 'archive_id'),
    kind: oneOf(row, 'kind', ['dicom', 'folder'] as const),
    modality: maybeText(row, 'modality'),
    studyDate: maybeText(row, 'study_date'),
    items: numberOf(row, 'items'),
    bytes: bytes(numberOf(row, 'bytes')),
    smallItems: numberOf(row, 'small_items'),
    smallBytes: bytes(numberOf(row, 'small_bytes')),
    barredFromDevice: numberOf(row, 'bars_device') !== 0,
    barredFromShare: numberOf(row, 'bars_share') !== 0,
  }
}
