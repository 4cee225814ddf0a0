/** What verification reads in byte order of key, and the verdicts it records. */
import { noVerdicts, verdicts as verdictWords, type VerdictCounts } from '../../shared/domain/verification.ts'
import type { VerificationId, VerificationJournal } from '../../shared/ports/journal.ts'
import type { JournalDatabase, Row } from './database.ts'
import { maybeText, numberOf, oneOf, textOf } from './rows.ts'
import { lastFinishedRun } from './verdictRows.ts'
import { batchColumns, batchOf, transferColumns, transferOf } from './transferJournal.ts'

export function verificationJournal(database: JournalDatabase): VerificationJournal {
  return {
    beginVerification(at) {
      // A run that was cut off says nothing: its verdicts go, in bounded transactions.
      for (const row of database.all('SELECT id FROM verifications WHERE finished_at IS NULL')) {
        const run = numberOf(row, 'id')
        const some = `DELETE FROM verdicts WHERE run_id = ?1 AND item_id IN (SELECT item_id FROM verdicts WHERE run_id = ?1 LIMIT 10000)`
        while (database.transaction(() => database.run(some, run).changes) > 0);
        database.transaction(() => {
          database.run('DELETE FROM extras WHERE run_id = ?', run)
          database.run('DELETE FROM verifications WHERE id = ?', run)
        })
      }
      return database.transaction(() => database.run('INSERT INTO verifications (started_at) VALUES (?)', at).id)
    },

    *toVerify(archiveId) {
      const page = (key: string, item: number): Row[] =>
        database.all(
          `SELECT ${transferColumns}, t.reason, b.key AS batch_key FROM transfers t JOIN items i ON i.id = t.item_id
             LEFT JOIN batches b ON b.id = t.batch_id
           WHERE t.archive_id = ? AND t.state <> 'left-behind' AND (t.key, t.item_id) > (?, ?) ORDER BY t.key, t.item_id LIMIT 1000`,
          archiveId,
          key,
          item,
        )
      for (const row of database.pages(
        () => page('', 0),
        (last) => page(textOf(last, 'key'), numberOf(last, 'item_id')),
      )) {
        yield { ...transferOf(row), batchKey: maybeText(row, 'batch_key'), leftBehindFor: maybeText(row, 'reason') }
      }
    },

    batchByKey(key) {
      const row = database.get(`SELECT ${batchColumns} FROM batches b WHERE b.key = ?`, key)
      return row === undefined ? undefined : batchOf(row)
    },

    recordVerdicts(run, verdicts) {
      database.transaction(() => {
        for (const one of verdicts) {
          database.run(
            `INSERT OR REPLACE INTO verdicts (run_id, item_id, verdict, method, reason, bucket, key, version_id, size, algorithm, checksum_type,
               expected, actual, storage_class, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
            run,
            one.itemId,
            one.verdict,
            one.method,
            one.reason ?? null,
            one.bucket,
            one.key,
            one.versionId ?? null,
            one.size ?? null,
            one.algorithm ?? null,
            one.checksumType ?? null,
            one.expected ?? null,
            one.actual ?? null,
            one.storageClass ?? null,
            one.at,
          )
        }
      })
    },

    recordExtra(run, extra) {
      database.transaction(() =>
        database.run(
          'INSERT OR REPLACE INTO extras (run_id, archive_id, key, size) VALUES (?, ?, ?, ?)',
          run,
          extra.archiveId,
          extra.key,
          extra.size,
        ),
      )
    },

    verdictOf(item) {
      const row = database.get(
        'SELECT verdict FROM verdicts WHERE run_id = ? AND item_id = ? AND void = 0',
        lastFinishedRun(database),
        item,
      )
      return row === undefined ? undefined : oneOf(row, 'verdict', verdictWords)
    },

    finishVerification(run, at) {
      return database.transaction(() => {
        database.run('UPDATE verifications SET finished_at = ? WHERE id = ?', at, run)
        return countsOf(database, run)
      })
    },
  }
}

export function countsOf(database: JournalDatabase, run: VerificationId): VerdictCounts {
  const counts = noVerdicts()
  for (const row of database.all('SELECT verdict, count(*) AS items FROM verdicts WHERE run_id = ? AND void = 0 GROUP BY verdict', run)) {
    counts[oneOf(row, 'verdict', verdictWords)] = numberOf(row, 'items')
  }
  const extras = database.get('SELECT count(*) AS extras FROM extras WHERE run_id = ?', run)
  counts.extra += extras === undefined ? 0 : numberOf(extras, 'extras')
  return counts
}
