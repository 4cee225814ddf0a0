/** Which verdicts speak for an item: those of the last finished verification, unless the item has changed or is planned to be sent again. */
import type { JournalDatabase } from './database.ts'
import { maybeNumber } from './rows.ts'

/** 0: there is none. */
export function lastFinishedRun(database: JournalDatabase): number {
  const row = database.get('SELECT max(id) AS id FROM verifications WHERE finished_at IS NOT NULL')
  return row === undefined ? 0 : (maybeNumber(row, 'id') ?? 0)
}

/** The verdict stays on record and no longer counts. */
export function voidVerdict(database: JournalDatabase, item: number): void {
  database.run(
    'UPDATE verdicts SET void = 1 WHERE run_id = (SELECT max(id) FROM verifications WHERE finished_at IS NOT NULL) AND item_id = ?',
    item,
  )
}
