/** Items that travel under another name than their own: few, and found by the anomaly that is the cause of it. */
import type { ItemId } from '../../shared/domain/item.ts'
import type { MappedName, NameJournal } from '../../shared/ports/nameJournal.ts'
import { pathFromBytes, pathText } from '../../shared/units/itemPath.ts'
import type { JournalDatabase, Row } from './database.ts'
import { blobOf, numberOf, textOf } from './rows.ts'

const pageSize = 1000

export function mappedNames(database: JournalDatabase): NameJournal {
  return {
    hasPath: (archive, path) => database.get('SELECT 1 FROM items WHERE archive_id = ? AND path = ?', archive, path) !== undefined,

    isKeyTaken: (archive, key, item) =>
      database.get('SELECT 1 FROM transfers WHERE archive_id = ? AND key = ? AND item_id <> ?', archive, key, item) !== undefined,

    *mappedNames() {
      const page = (after: number): Row[] =>
        database.all(
          `SELECT n.item_id, i.path, t.key, a.bucket, a.prefix FROM anomalies n
           JOIN items i ON i.id = n.item_id JOIN transfers t ON t.item_id = i.id JOIN archives a ON a.id = i.archive_id
           WHERE n.code = 'name-unsafe-for-snowball' AND n.item_id > ? ORDER BY n.item_id LIMIT ${pageSize}`,
          after,
        )
      for (const row of database.pages(
        () => page(0),
        (last) => page(numberOf(last, 'item_id')),
      )) {
        const one: MappedName = {
          itemId: numberOf(row, 'item_id') as ItemId,
          bucket: textOf(row, 'bucket'),
          key: textOf(row, 'key'),
          ownKey: `${textOf(row, 'prefix')}${pathText(pathFromBytes(blobOf(row, 'path'))) ?? ''}`,
        }
        if (one.key !== one.ownKey) yield one
      }
    },
  }
}
