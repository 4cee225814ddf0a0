/** What planning reads and records: studies that still have something to travel, and which item goes by which lane. */
import { bytes } from '../../shared/units/bytes.ts'
import type { StudyLoad } from '../../shared/domain/study.ts'
import { everyStudy, studyRule, type StudyRule } from '../../shared/domain/studyRule.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { PlanJournal, PlanRecord } from '../../shared/ports/journal.ts'
import type { JournalDatabase, Row } from './database.ts'
import { barsAll, barsDevice, barsShare, itemColumns, itemOf } from './items.ts'
import { voidVerdict } from './verdictRows.ts'
import { blobOf, maybeNumber, maybeText, numberOf, oneOf, textOf } from './rows.ts'

const bindings = 'LEFT JOIN batches b ON b.id = t.batch_id LEFT JOIN devices d ON d.id = t.device_id'
const joined = `LEFT JOIN transfers t ON t.item_id = i.id ${bindings}`
const lastRun = `(SELECT max(id) FROM verifications WHERE finished_at IS NOT NULL)`
/**
 * What a new plan may place: nothing that is sent or being sent, nothing in a batch under way, nothing meant for a device that has been ordered and not
 * cancelled. What was sent may be placed again when a verification found it wrong or missing (one that began after its device was imported: before, all of
 * it is missing), or when the source has changed since (it has no digest then) and S3 does not hold the new bytes; but never while a device that is not
 * imported yet carries the old bytes, for its import would lay them over the new ones.
 */
const unbound = `(t.item_id IS NULL OR t.state = 'left-behind'
  OR (t.state = 'planned' AND coalesce(b.state, 'planned') = 'planned' AND coalesce(d.state, 'planned') = 'planned')
  OR (t.state <> 'sent' AND d.state = 'Cancelled')
  OR (t.state = 'sent' AND coalesce(d.state, 'Complete') IN ('Complete', 'Cancelled') AND (
    (i.sha256 IS NULL AND NOT EXISTS (
      SELECT 1 FROM verdicts v WHERE v.run_id = ${lastRun} AND v.item_id = t.item_id AND v.void = 0 AND v.verdict = 'verified'))
    OR EXISTS (
      SELECT 1 FROM verdicts v JOIN verifications r ON r.id = v.run_id
      WHERE v.run_id = ${lastRun} AND v.item_id = t.item_id AND v.void = 0 AND v.verdict IN ('mismatch', 'missing')
        AND r.started_at >= coalesce((SELECT max(c.at) FROM custody c WHERE c.device_id = t.device_id AND c.step = 'imported'), 0)))))`
/** Items that some lane may take. */
const travels = `i.kind = 'file' AND i.present = 1 AND i.bars & ${barsAll} = 0 AND ${unbound}`

export function planJournal(database: JournalDatabase): PlanJournal {
  return {
    *studies(smallBelow) {
      const page = (after: number): Row[] =>
        database.all(
          `SELECT s.id, s.archive_id, s.kind, s.modality, s.study_date,
             count(*) AS items, sum(i.size) AS bytes,
             sum(i.size < ?1) AS small_items, sum(CASE WHEN i.size < ?1 THEN i.size ELSE 0 END) AS small_bytes,
             max(i.bars & ${barsDevice}) AS bars_device, max(i.bars & ${barsShare}) AS bars_share
           FROM items i JOIN studies s ON s.id = i.study_id ${joined}
           WHERE i.study_id > ?2 AND ${travels}
           GROUP BY i.study_id ORDER BY i.study_id LIMIT 500`,
          smallBelow,
          after,
        )
      for (const row of database.pages(
        () => page(0),
        (last) => page(numberOf(last, 'id')),
      ))
        yield studyOf(row)
    },

    *itemsOf(study) {
      const page = (after: Uint8Array | undefined): Row[] =>
        database.all(
          `SELECT ${itemColumns} FROM items i ${joined}
           WHERE i.study_id = ? AND i.path > ? AND ${travels} ORDER BY i.path LIMIT 5000`,
          study,
          after ?? new Uint8Array(0),
        )
      for (const row of database.pages(
        () => page(undefined),
        (last) => page(blobOf(last, 'path')),
      ))
        yield itemOf(row)
    },

    beginPlan(answers, estimate, at, rule = everyStudy) {
      deleteInChunks(
        database,
        `DELETE FROM transfers WHERE item_id IN (
           SELECT t.item_id FROM transfers t JOIN items i ON i.id = t.item_id ${bindings} WHERE t.state <> 'sent' AND ${unbound} LIMIT 10000)`,
      )
      return database.transaction(() => {
        database.run(`DELETE FROM batches WHERE state = 'planned' AND device_id IN (SELECT id FROM devices WHERE state = 'planned')`)
        database.run(`DELETE FROM devices WHERE state = 'planned'`)
        return database.run(
          'INSERT INTO plans (answers, estimate, begun_at, rule) VALUES (?, ?, ?, ?)',
          answers,
          estimate,
          at,
          JSON.stringify(rule),
        ).id
      })
    },

    addDevice(plan, device) {
      return database.transaction(() => {
        const migration = database.get('SELECT id FROM migration')
        const marker = `firn/${migration === undefined ? 'unnamed' : textOf(migration, 'id')}/plan-${plan}/device-${device.ordinal}`
        return database.run(
          `INSERT INTO devices (plan_id, ordinal, wave, snowball_type, capacity, usable, marker, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'planned')`,
          plan,
          device.ordinal,
          device.wave,
          device.snowballType,
          device.capacity,
          device.usable,
          marker,
        ).id
      })
    },

    addBatch(plan, deviceId, key) {
      return database.transaction(
        () => database.run('INSERT INTO batches (plan_id, device_id, key) VALUES (?, ?, ?)', plan, deviceId, key).id,
      )
    },

    place(plan, placements) {
      database.transaction(() => {
        for (const { item, route, key, deviceId, batchId } of placements) {
          voidVerdict(database, item.id)
          database.run(
            `INSERT OR REPLACE INTO transfers (item_id, plan_id, archive_id, route, device_id, batch_id, key) VALUES (?, ?, ?, ?, ?, ?, ?)`,
            item.id,
            plan,
            item.archiveId,
            route,
            deviceId ?? null,
            batchId ?? null,
            key,
          )
        }
      })
    },

    dropUnfinishedPlan() {
      database.transaction(() => database.run('DELETE FROM plans WHERE whole = 0'))
    },

    finishPlan(plan, summary) {
      database.transaction(() => database.run('UPDATE plans SET whole = 1, summary = ? WHERE id = ?', summary ?? null, plan))
    },

    approve(plan, person, at) {
      database.transaction(() =>
        database.run('UPDATE plans SET approved_by = ?, approved_at = ? WHERE id = ? AND whole = 1', person, at, plan),
      )
    },

    currentPlan: () => currentPlan(database),
  }
}

export function currentPlan(database: JournalDatabase): PlanRecord | undefined {
  const row = database.get('SELECT * FROM plans ORDER BY id DESC LIMIT 1')
  // A plan that was cut off has taken the place of the one before and is none yet.
  if (row === undefined || numberOf(row, 'whole') === 0) return undefined
  return {
    id: numberOf(row, 'id'),
    answers: textOf(row, 'answers'),
    estimate: textOf(row, 'estimate'),
    rule: ruleOf(textOf(row, 'rule')),
    begunAt: numberOf(row, 'begun_at'),
    approvedBy: maybeText(row, 'approved_by'),
    approvedAt: maybeNumber(row, 'approved_at'),
    summary: maybeText(row, 'summary'),
  }
}

function ruleOf(text: string): StudyRule {
  const rule = studyRule.safeParse(JSON.parse(text))
  if (!rule.success) throw new Fault('journal-damaged', { column: 'rule' })
  return rule.data
}

function studyOf(row: Row): StudyLoad {
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

function deleteInChunks(database: JournalDatabase, sql: string): void {
  while (database.transaction(() => database.run(sql).changes) > 0);
}
