/** What planning reads and records: studies that still have something to travel, and which item goes by which lane. */
import type { StudyLoad } from '../../shared/domain/study.ts'
import type { Item, StudyId } from '../../shared/domain/item.ts'
import { everyStudy, keepsBack, studyRule, type StudyRule } from '../../shared/domain/studyRule.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { PlanJournal, PlanRecord } from '../../shared/ports/journal.ts'
import type { JournalDatabase, Row } from './database.ts'
import { mappedNames } from './mappedNames.ts'
import { barsDevice, barsShare, itemColumns, itemOf } from './items.ts'
import {
  bindings,
  joined,
  outsideFolder,
  ruleOnStudy,
  ruleOnWhole,
  ruleValues,
  studyLoadOf,
  studyLoadsSql,
  travels,
  unbound,
} from './studyLoads.ts'
import { fillKept } from './keptStudies.ts'
import { voidVerdict } from './verdictRows.ts'
import { blobOf, maybeNumber, maybeText, numberOf, textOf } from './rows.ts'

export function planJournal(database: JournalDatabase): PlanJournal {
  return {
    *studies(smallBelow, rule, today) {
      if (rule !== undefined && today !== undefined && !isEveryStudy(rule)) {
        yield* chosenStudies(database, smallBelow, rule, today)
        return
      }
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
        yield studyLoadOf(row)
    },

    itemsOf: (study) => itemsOfStudy(database, study),

    ...mappedNames(database),

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
            // What was sent under this key by an earlier plan is Firn's own.
            `INSERT OR REPLACE INTO transfers (item_id, plan_id, archive_id, route, device_id, batch_id, key, overwrites)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,
               coalesce((SELECT t.key = ?7 AND (t.state = 'sent' OR t.overwrites = 1) FROM transfers t WHERE t.item_id = ?1), 0))`,
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

/** The travelling items of a study, in byte order of path. */
export function* itemsOfStudy(database: JournalDatabase, study: StudyId): Generator<Item, void> {
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
}

export function currentPlan(database: JournalDatabase): PlanRecord | undefined {
  const row = database.get('SELECT * FROM plans ORDER BY id DESC LIMIT 1')
  // A plan that was cut off has taken the place of the one before and is none yet.
  if (row === undefined || numberOf(row, 'whole') === 0) return undefined
  // Looked at, but not yet opened for work, since Firn was renewed.
  const older = row['rule'] === undefined
  return {
    id: numberOf(row, 'id'),
    answers: textOf(row, 'answers'),
    estimate: textOf(row, 'estimate'),
    rule: older ? everyStudy : ruleOf(textOf(row, 'rule')),
    begunAt: numberOf(row, 'begun_at'),
    approvedBy: maybeText(row, 'approved_by'),
    approvedAt: maybeNumber(row, 'approved_at'),
    summary: older ? undefined : maybeText(row, 'summary'),
  }
}

function ruleOf(text: string): StudyRule {
  const rule = studyRule.safeParse(JSON.parse(text))
  if (!rule.success) throw new Fault('journal-damaged', { column: 'rule' })
  return rule.data
}

function isEveryStudy(rule: StudyRule): boolean {
  return Object.entries(rule).every(([name, part]) => name === 'named' || part === null)
}

/** Studies are looked at so many at a time, whether the rule takes them or not: no page takes long. */
const lookedAtOnce = 500

function* chosenStudies(database: JournalDatabase, smallBelow: number, rule: StudyRule, today: string): Generator<StudyLoad, void> {
  const kept = keepsBack(rule) ? `AND id NOT IN (SELECT study_id FROM temp.kept_studies)` : ''
  if (kept !== '') fillKept(database, rule)
  const sql = `${studyLoadsSql(ruleOnStudy, outsideFolder)} AND outside = 0 AND ${ruleOnWhole} ${kept} ORDER BY id`
  const values = ruleValues(rule, today)
  for (let after = 0; ;) {
    const row = database.get('SELECT max(id) AS last FROM (SELECT id FROM studies WHERE id > ? ORDER BY id LIMIT ?)', after, lookedAtOnce)
    const last = row === undefined ? undefined : maybeNumber(row, 'last')
    if (last === undefined) return
    for (const study of database.all(sql, smallBelow, after, last, ...values)) yield studyLoadOf(study)
    after = last
  }
}

function deleteInChunks(database: JournalDatabase, sql: string): void {
  while (database.transaction(() => database.run(sql).changes) > 0);
}
