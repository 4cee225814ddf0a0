/** Which file system was mounted where the share is pushed to. */
import type { ShareJournal } from '../../shared/ports/shareJournal.ts'
import type { JournalDatabase } from './database.ts'
import { textOf } from './rows.ts'

export function shareJournal(database: JournalDatabase): ShareJournal {
  return {
    shareMount() {
      const row = database.get('SELECT origin, type FROM share_mounts ORDER BY sequence DESC LIMIT 1')
      return row === undefined ? undefined : { from: textOf(row, 'origin'), type: textOf(row, 'type') }
    },

    addShareMount({ from, type }, person, at) {
      database.transaction(() =>
        database.run('INSERT INTO share_mounts (origin, type, at, person) VALUES (?, ?, ?, ?)', from, type, at, person ?? null),
      )
    },
  }
}
