/**
 * Repair: items that the last verification found missing or different in S3, though they were sent, wait again: on the link lane, which asks nothing of a
 * device. What went through a share is not repaired behind its gateway's back (AWS Storage Gateway: objects changed behind it stop its uploads).
 */
import type { RepairJournal } from '../../shared/ports/journal.ts'
import type { JournalDatabase } from './database.ts'
import { numberOf } from './rows.ts'
import { lastFinishedRun, voidVerdict } from './verdictRows.ts'

const chunk = 500

/** Sent by a device that was imported, or over the link, and not in S3 as it was sent; the source is still there. */
export const repairable = `FROM verdicts v INDEXED BY verdicts_not_verified JOIN transfers t ON t.item_id = v.item_id JOIN items i ON i.id = v.item_id
  LEFT JOIN devices d ON d.id = t.device_id
  WHERE v.run_id = ? AND v.verdict = ? AND v.verdict <> 'verified' AND v.void = 0 AND t.state = 'sent' AND i.present = 1 AND i.kind = 'file'
    AND (t.route = 'link' OR (t.route = 'device' AND d.state = 'Complete'))`

export function repairJournal(database: JournalDatabase): RepairJournal {
  return {
    repairSome(verdict, after) {
      return database.transaction(() => {
        const page = `SELECT v.item_id, i.size ${repairable} AND v.item_id > ? ORDER BY v.item_id LIMIT ${chunk}`
        const rows = database.all(page, lastFinishedRun(database), verdict, after)
        for (const row of rows) {
          const item = numberOf(row, 'item_id')
          voidVerdict(database, item)
          database.run(
            `UPDATE transfers SET route = 'link', device_id = NULL, batch_id = NULL, packed_at = NULL, state = 'planned', etag = NULL, version_id = NULL,
               overwrites = 1
             WHERE item_id = ?`,
            item,
          )
        }
        const last = rows.at(-1)
        return {
          items: rows.length,
          bytes: rows.reduce((sum, row) => sum + numberOf(row, 'size'), 0),
          last: last === undefined ? undefined : numberOf(last, 'item_id'),
        }
      })
    },
  }
}
