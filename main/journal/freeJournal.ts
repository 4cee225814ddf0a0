/** Lists of studies that may be freed, and who signed them: rows are only added. */
import type { FreeItem, FreeList } from '../../shared/domain/freeing.ts'
import type { ItemId } from '../../shared/domain/item.ts'
import type { FreeJournal } from '../../shared/ports/freeJournal.ts'
import type { JournalDatabase, Row } from './database.ts'
import { blobOf, hexList, numberOf, textOf } from './rows.ts'
import { lastFinishedRun } from './verdictRows.ts'

const pageSize = 500

/** What is missing for any of it is NULL, and NULL is not good: coalesced, or a study would be taken for proven because nothing is known of it. */
const proven = `coalesce(i.kind = 'file' AND i.sha256 IS NOT NULL AND t.state = 'sent' AND v.verdict = 'verified' AND v.version_id IS NOT NULL, 0)`
const joins = `LEFT JOIN transfers t ON t.item_id = i.id LEFT JOIN verdicts v ON v.run_id = ?1 AND v.item_id = i.id AND v.void = 0`

/** @param more a further condition on each item of the study */
const whole = (more: string): string =>
  `EXISTS (SELECT 1 FROM items i WHERE i.study_id = s.id AND i.present = 1)
   AND NOT EXISTS (SELECT 1 FROM items i ${joins} WHERE i.study_id = s.id AND i.present = 1 AND NOT (${proven} AND ${more}))`

export function freeJournal(database: JournalDatabase): FreeJournal {
  const lists = (): readonly FreeList[] =>
    database.all('SELECT * FROM free_lists ORDER BY id').map((row) => ({
      id: numberOf(row, 'id'),
      at: numberOf(row, 'at'),
      person: textOf(row, 'person'),
      olderThanDays: numberOf(row, 'older_than_days'),
      keptPatients: numberOf(row, 'kept_patients'),
      studies: numberOf(row, 'studies'),
      items: numberOf(row, 'items'),
      bytes: numberOf(row, 'bytes'),
      digest: textOf(row, 'digest'),
      signatures: database
        .all('SELECT person, at FROM free_signatures WHERE list_id = ? ORDER BY rowid', numberOf(row, 'id'))
        .map((signature) => ({ person: textOf(signature, 'person'), at: numberOf(signature, 'at') })),
    }))

  /** Study by study, each asked for as a whole first: nothing of a broken one is told. */
  function* items(list: number, verifiedSince: number): Iterable<FreeItem> {
    const page = (after: number): Row[] =>
      database.all(
        `SELECT s.id FROM free_list_studies f JOIN studies s ON s.id = f.study_id
         WHERE f.list_id = ?2 AND f.study_id > ?3 AND (${whole('v.at >= ?4')}) ORDER BY f.study_id LIMIT ${pageSize}`,
        lastFinishedRun(database),
        list,
        after,
        verifiedSince,
      )
    for (const row of database.pages(
      () => page(0),
      (last) => page(numberOf(last, 'id')),
    ))
      yield* ofStudy(numberOf(row, 'id'))
  }

  function* ofStudy(study: number): Iterable<FreeItem> {
    const page = (after: number): Row[] =>
      database.all(
        `SELECT i.id, i.archive_id, i.study_id, i.path, i.size, i.mtime_us, i.sha256, v.bucket, v.key, v.version_id, v.at
         FROM items i ${joins} WHERE i.study_id = ?2 AND i.present = 1 AND i.id > ?3 ORDER BY i.id LIMIT ${pageSize}`,
        lastFinishedRun(database),
        study,
        after,
      )
    for (const row of database.pages(
      () => page(0),
      (last) => page(numberOf(last, 'id')),
    ))
      yield itemOf(row)
  }

  return {
    *freeable({ changedBefore, verifiedSince, keptPatients }) {
      const kept = keptPatients.length === 0 ? null : hexList(keptPatients)
      const page = (after: number): Row[] =>
        database.all(
          `SELECT s.id FROM studies s WHERE s.id > ?4 AND ${whole(
            `i.mtime_us < ?2 AND v.at >= ?5 AND (?3 IS NULL OR (i.patient_hash IS NOT NULL AND lower(hex(i.patient_hash)) NOT IN (SELECT value FROM json_each(?3))))`,
          )} ORDER BY s.id LIMIT ${pageSize}`,
          lastFinishedRun(database),
          changedBefore,
          kept,
          after,
          verifiedSince,
        )
      for (const row of database.pages(
        () => page(0),
        (last) => page(numberOf(last, 'id')),
      ))
        yield numberOf(row, 'id')
    },

    addFreeList({ at, person, olderThanDays, keptPatients }, studies, verifiedSince, digest) {
      return database.transaction(() => {
        const { id } = database.run(
          `INSERT INTO free_lists (at, person, older_than_days, kept_patients, studies, items, bytes, digest) VALUES (?, ?, ?, ?, 0, 0, 0, '')`,
          at,
          person,
          olderThanDays,
          keptPatients,
        )
        let taken = 0
        for (const study of studies) {
          database.run('INSERT INTO free_list_studies (list_id, study_id) VALUES (?, ?)', id, study)
          taken += 1
        }
        const made = digest(items(id, verifiedSince))
        database.run(
          'UPDATE free_lists SET studies = ?, items = ?, bytes = ?, digest = ? WHERE id = ?',
          taken,
          made.items,
          made.bytes,
          made.digest,
          id,
        )
        const list = lists().find((one) => one.id === id)
        if (list === undefined) throw new Error('a list that was just added is there')
        return list
      })
    },

    freeLists: lists,
    freeItems: items,

    signFreeList(list, person, at) {
      database.transaction(() => database.run('INSERT INTO free_signatures (list_id, person, at) VALUES (?, ?, ?)', list, person, at))
    },
  }
}

function itemOf(row: Row): FreeItem {
  return {
    itemId: numberOf(row, 'id') as ItemId,
    archiveId: numberOf(row, 'archive_id'),
    studyId: numberOf(row, 'study_id'),
    path: blobOf(row, 'path'),
    size: numberOf(row, 'size'),
    mtimeUs: numberOf(row, 'mtime_us'),
    sha256: blobOf(row, 'sha256'),
    bucket: textOf(row, 'bucket'),
    key: textOf(row, 'key'),
    versionId: textOf(row, 'version_id'),
    verifiedAt: numberOf(row, 'at'),
  }
}
