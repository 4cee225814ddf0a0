/** Which mount each share was pushed through. Rows are only added. */
import type { ShareMountJournal } from '../../shared/ports/shareMountJournal.ts'
import type { JournalDatabase } from './database.ts'
import { numberOf, textOf } from './rows.ts'

export function shareMountJournal(database: JournalDatabase): ShareMountJournal {
  return {
    shareMount(shareArn) {
      const row = database.get('SELECT * FROM share_mounts WHERE share_arn = ? ORDER BY sequence DESC LIMIT 1', shareArn)
      if (row === undefined) return undefined
      return {
        shareArn,
        origin: textOf(row, 'origin'),
        at: numberOf(row, 'at'),
        person: row['person'] === null ? undefined : textOf(row, 'person'),
      }
    },

    addShareMount({ shareArn, origin, at, person }) {
      database.transaction(() =>
        database.run('INSERT INTO share_mounts (share_arn, origin, at, person) VALUES (?, ?, ?, ?)', shareArn, origin, at, person ?? null),
      )
    },
  }
}
