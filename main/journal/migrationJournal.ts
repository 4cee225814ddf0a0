/** The migration itself and the archives it moves. */
import type { Archive, ClutterPolicy } from '../../shared/domain/archive.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { MigrationJournal } from '../../shared/ports/journal.ts'
import type { JournalDatabase, Row } from './database.ts'
import { maybeNumber, numberOf, oneOf, textOf } from './rows.ts'

export function migrationJournal(database: JournalDatabase): MigrationJournal {
  return {
    migration() {
      const row = database.get('SELECT id, name, kind, created_at FROM migration')
      if (row === undefined) throw new Fault('not-a-migration')
      return {
        id: textOf(row, 'id'),
        name: textOf(row, 'name'),
        kind: oneOf(row, 'kind', ['rehearsal', 'real'] as const),
        createdAt: numberOf(row, 'created_at'),
      }
    },

    archives: () => database.all('SELECT * FROM archives ORDER BY id').map(archiveOf),

    setClutter(archive, clutter) {
      database.transaction(() => database.run('UPDATE archives SET clutter = ? WHERE id = ?', JSON.stringify(clutter), archive))
    },

    lastScan(archive) {
      const row = database.get('SELECT max(finished_at) AS finished_at FROM scans WHERE archive_id = ?', archive)
      const finishedAt = row === undefined ? undefined : maybeNumber(row, 'finished_at')
      return finishedAt === undefined ? undefined : { finishedAt }
    },

    addArchive(archive) {
      return database.transaction(() => {
        const { id } = database.run(
          'INSERT INTO archives (root, bucket, prefix, clutter) VALUES (?, ?, ?, ?)',
          archive.root,
          archive.bucket,
          archive.prefix,
          JSON.stringify(archive.clutter),
        )
        return { id, ...archive }
      })
    },
  }
}

function archiveOf(row: Row): Archive {
  return {
    id: numberOf(row, 'id'),
    root: textOf(row, 'root'),
    bucket: textOf(row, 'bucket'),
    prefix: textOf(row, 'prefix'),
    clutter: clutterOf(textOf(row, 'clutter')),
  }
}

function clutterOf(text: string): ClutterPolicy {
  const policy: unknown = JSON.parse(text)
  if (typeof policy === 'object' && policy !== null && 'ignore' in policy && Array.isArray(policy.ignore)) {
    return { ignore: policy.ignore.filter((name): name is string => typeof name === 'string') }
  }
  throw new Fault('journal-damaged', { column: 'clutter' })
}
