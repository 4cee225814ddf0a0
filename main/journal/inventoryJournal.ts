/** What scans record: folders still to read, items, anomalies, and what was not seen again. */
import { hash } from 'node:crypto'
import { anomalyCodes, type AnomalyCode } from '../../shared/domain/anomaly.ts'
import type { ArchiveId, FoundItem, Item, ItemKind } from '../../shared/domain/item.ts'
import { foldedName } from '../../shared/domain/names.ts'
import type { InventoryJournal, ScanCounts, ScanId } from '../../shared/ports/journal.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { folderOf, pathFromBytes, rootPath, type ItemPath } from '../../shared/units/itemPath.ts'
import type { JournalDatabase, Row } from './database.ts'
import { barsAll, barsOf, itemColumns, itemOf } from './items.ts'
import { blobOf, numberOf, oneOf, textOf } from './rows.ts'
import { StudyNumbers } from './studyNumbers.ts'
import { voidVerdict } from './verdictRows.ts'

const chunk = 5000
const kinds: readonly ItemKind[] = ['file', 'link', 'special', 'folder']
/** Found by comparing items or while sending: made anew by each scan or each attempt, so a later scan must look at the item again. */
const lookAgain = `('not-readable', 'changed-while-read')`

/**
 * The indexes that find equal names and equal instances. Their order has nothing to do with that of the walk, so keeping them up to date
 * during a first scan touches a page of its own for every item; made in one go at its end they cost a sort. Later scans change little and keep them.
 * items_sums holds all that most figures are made from, in a tenth of the items' own space: they are summed without reading an item.
 */
const dropLate = 'DROP INDEX IF EXISTS items_by_sop; DROP INDEX IF EXISTS items_by_fold; DROP INDEX IF EXISTS items_sums'
const createLate = `
  CREATE INDEX IF NOT EXISTS items_by_sop ON items (archive_id, sop_uid) WHERE sop_uid IS NOT NULL AND present = 1;
  CREATE INDEX IF NOT EXISTS items_by_fold ON items (archive_id, fold) WHERE fold IS NOT NULL AND present = 1;
  CREATE INDEX IF NOT EXISTS items_sums ON items (
    study_id, archive_id, present, kind, bars, size, mtime_us, modality, (sop_uid IS NOT NULL OR transfer_syntax IS NOT NULL))`

export function inventoryJournal(database: JournalDatabase): InventoryJournal {
  const studies = new StudyNumbers(database)

  function recordItem(scan: ScanId, archiveId: ArchiveId, item: FoundItem): void {
    const header = item.header
    const study =
      header?.studyUid === undefined
        ? studies.of(archiveId, 'folder', Buffer.from(folderOf(item.path)).toString('latin1'))
        : studies.of(archiveId, 'dicom', header.studyUid, header.modality, header.studyDate)
    const bars = item.anomalies.reduce((sum, { code }) => sum | barsOf(code), 0)
    const values = [
      item.kind,
      item.size,
      item.mtimeUs,
      item.inode,
      study,
      header?.seriesUid ?? null,
      header?.sopUid ?? null,
      header?.sopClass ?? null,
      header?.modality ?? null,
      header?.studyDate ?? null,
      header?.transferSyntax ?? null,
      header?.patientHash ?? null,
      header?.accessionHash ?? null,
      foldOf(item.path),
    ]
    // Most items are new: one statement for those, two more for the others.
    const inserted = database.run(
      `INSERT INTO items (kind, size, mtime_us, inode, study_id, series_uid, sop_uid, sop_class, modality, study_date, transfer_syntax,
         patient_hash, accession_hash, fold, archive_id, path, first_scan, changed_scan, last_scan, bars)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (archive_id, path) DO NOTHING`,
      ...values,
      archiveId,
      item.path,
      scan,
      scan,
      scan,
      bars,
    )
    const id = inserted.changes > 0 ? inserted.id : idOf(archiveId, item.path)
    if (inserted.changes === 0) {
      // The bytes that were sent stay, however often the source changes after that, and whoever reads the new ones meanwhile.
      database.run(
        `INSERT OR IGNORE INTO superseded (item_id, size, mtime_us, sha256, crc64nvme)
         SELECT i.id, i.size, i.mtime_us, i.sha256, i.crc64nvme FROM items i JOIN transfers t ON t.item_id = i.id
         WHERE i.id = ? AND t.state = 'sent' AND i.sha256 IS NOT NULL AND i.crc64nvme IS NOT NULL`,
        id,
      )
      database.run(
        `UPDATE items SET kind = ?, size = ?, mtime_us = ?, inode = ?, study_id = ?, series_uid = ?, sop_uid = ?, sop_class = ?, modality = ?,
           study_date = ?, transfer_syntax = ?, patient_hash = ?, accession_hash = ?, fold = ?,
           replaces = CASE WHEN sha256 IS NOT NULL AND EXISTS (SELECT 1 FROM transfers t WHERE t.item_id = items.id AND t.state = 'sent')
             THEN sha256 ELSE replaces END,
           sha256 = NULL, crc64nvme = NULL,
           changed_scan = ?, last_scan = ?, present = 1, bars = ? WHERE id = ?`,
        ...values,
        scan,
        scan,
        bars,
        id,
      )
      database.run('DELETE FROM anomalies WHERE item_id = ?', id)
      unbindChanged(database, id)
    }
    for (const anomaly of item.anomalies) addAnomaly(database, id, anomaly.code, anomaly.facts)
  }

  function idOf(archiveId: ArchiveId, path: ItemPath): number {
    const row = database.get('SELECT id FROM items WHERE archive_id = ? AND path = ?', archiveId, path)
    if (row === undefined) throw new Error('an item that could not be inserted is there')
    return numberOf(row, 'id')
  }

  /** One question for all paths of a folder that is new, as all folders of a first scan are. */
  function anyKnown(archiveId: ArchiveId, paths: readonly ItemPath[]): boolean {
    let [least] = paths
    let most = least
    if (least === undefined || most === undefined) return false
    for (const path of paths) {
      if (Buffer.compare(path, least) < 0) least = path
      else if (Buffer.compare(path, most) > 0) most = path
    }
    return database.get('SELECT 1 FROM items WHERE archive_id = ? AND path BETWEEN ? AND ? LIMIT 1', archiveId, least, most) !== undefined
  }

  return {
    beginScan(archiveId, at) {
      return database.transaction(() => {
        const open = database.get('SELECT id FROM scans WHERE archive_id = ? AND finished_at IS NULL', archiveId)
        if (open !== undefined) return { id: numberOf(open, 'id'), resumed: true }
        if (database.get('SELECT 1 FROM scans WHERE archive_id = ? AND finished_at IS NOT NULL LIMIT 1', archiveId) === undefined) {
          database.exec(dropLate)
        }
        const { id } = database.run('INSERT INTO scans (archive_id, started_at) VALUES (?, ?)', archiveId, at)
        database.run('INSERT INTO scan_folders (scan_id, path, pending) VALUES (?, ?, 1)', id, rootPath)
        return { id, resumed: false }
      })
    },

    countPendingFolders(scan) {
      return numberOf(database.get('SELECT count(*) AS pending FROM scan_folders WHERE scan_id = ? AND pending = 1', scan) ?? {}, 'pending')
    },

    pendingFolders(scan, limit) {
      return database
        .all('SELECT path FROM scan_folders WHERE scan_id = ? AND pending = 1 ORDER BY path DESC LIMIT ?', scan, limit)
        .map((row) => pathFromBytes(blobOf(row, 'path')))
    },

    known(archiveId, paths) {
      if (!anyKnown(archiveId, paths)) return paths.map(() => undefined)
      return paths.map((path) => {
        const row = database.get(
          `SELECT kind, size, mtime_us, inode FROM items i WHERE archive_id = ? AND path = ?
             AND NOT EXISTS (SELECT 1 FROM anomalies a WHERE a.item_id = i.id AND a.code IN ${lookAgain})`,
          archiveId,
          path,
        )
        if (row === undefined) return undefined
        return {
          kind: oneOf(row, 'kind', kinds),
          size: bytes(numberOf(row, 'size')),
          mtimeUs: numberOf(row, 'mtime_us'),
          inode: numberOf(row, 'inode'),
        }
      })
    },

    recordPart(scan, archiveId, part) {
      studies.forgetUnless(() =>
        database.relaxedTransaction(() => {
          for (const item of part.items) recordItem(scan, archiveId, item)
          const at = 'archive_id = ? AND path = ?'
          for (const path of part.unchanged) {
            const seen =
              // `present` is a condition of two indexes: left out of the usual update, they stay untouched.
              database.get(`UPDATE items SET last_scan = ? WHERE ${at} AND present = 1 RETURNING id, bars`, scan, archiveId, path) ??
              database.get(`UPDATE items SET last_scan = ?, present = 1 WHERE ${at} RETURNING id, bars`, scan, archiveId, path)
            if (seen !== undefined && (numberOf(seen, 'bars') & barsAll) !== 0) removeAnomaly(database, numberOf(seen, 'id'), 'vanished')
          }
          for (const folder of part.folders) {
            database.run('INSERT OR IGNORE INTO scan_folders (scan_id, path, pending) VALUES (?, ?, 1)', scan, folder)
          }
        }),
      )
    },

    foldersDone(scan, folders) {
      database.relaxedTransaction(() => {
        for (const { folder, ignored } of folders) {
          database.run('UPDATE scan_folders SET pending = 0, ignored = ? WHERE scan_id = ? AND path = ?', ignored, scan, folder)
        }
      })
    },

    settle(scan, archiveId) {
      keepBelowUnreadableFolders(database, scan, archiveId)
      markVanished(database, scan, archiveId)
      database.relaxedTransaction(() => database.exec(createLate))
      forgetCompared(database, archiveId)
      findCollisions(database, archiveId)
    },

    *duplicates(archiveId) {
      const page = (after: string): Row[] =>
        database.all(
          `SELECT sop_uid FROM items WHERE archive_id = ? AND sop_uid > ? AND present = 1
           GROUP BY sop_uid HAVING count(*) > 1 ORDER BY sop_uid LIMIT 200`,
          archiveId,
          after,
        )
      for (const row of database.pages(
        () => page(''),
        (last) => page(textOf(last, 'sop_uid')),
      )) {
        const sopUid = textOf(row, 'sop_uid')
        const items: Item[] = database
          .all(`SELECT ${itemColumns} FROM items i WHERE archive_id = ? AND sop_uid = ? AND present = 1 ORDER BY path`, archiveId, sopUid)
          .map(itemOf)
        yield { sopUid, items }
      }
    },

    recordDigests(item, digests) {
      database.relaxedTransaction(() => {
        database.run('UPDATE items SET sha256 = ?, crc64nvme = ? WHERE id = ?', digests.sha256, digests.crc64nvme, item)
      })
    },

    recordAnomaly(item, anomaly) {
      database.relaxedTransaction(() => addAnomaly(database, item, anomaly.code, anomaly.facts))
    },

    finishScan(scan, at): ScanCounts {
      return database.transaction(() => {
        database.run('UPDATE scans SET finished_at = ? WHERE id = ?', at, scan)
        const archive = database.get('SELECT archive_id FROM scans WHERE id = ?', scan)
        const archiveId = archive === undefined ? 0 : numberOf(archive, 'archive_id')
        const row = database.get(
          `SELECT coalesce(sum(first_scan = ?1), 0) AS added,
                  coalesce(sum(first_scan < ?1 AND changed_scan = ?1), 0) AS changed,
                  coalesce(sum(changed_scan < ?1 AND last_scan = ?1), 0) AS unchanged,
                  coalesce(sum(present = 0), 0) AS vanished
           FROM items WHERE archive_id = ?2`,
          scan,
          archiveId,
        )
        const folders = database.get('SELECT coalesce(sum(ignored), 0) AS ignored FROM scan_folders WHERE scan_id = ?', scan)
        database.run('DELETE FROM scan_folders WHERE scan_id = ?', scan)
        database.run('UPDATE scans SET ignored = ? WHERE id = ?', numberOf(folders ?? {}, 'ignored'), scan)
        if (row === undefined || folders === undefined) throw new Error('an aggregate always has a row')
        return {
          added: numberOf(row, 'added'),
          changed: numberOf(row, 'changed'),
          unchanged: numberOf(row, 'unchanged'),
          vanished: numberOf(row, 'vanished'),
          ignored: numberOf(folders, 'ignored'),
        }
      })
    },
  }
}

export function addAnomaly(database: JournalDatabase, item: number, code: AnomalyCode, facts: object | undefined): void {
  database.run('INSERT OR REPLACE INTO anomalies (item_id, code, facts) VALUES (?, ?, ?)', item, code, JSON.stringify(facts ?? {}))
  const bars = barsOf(code)
  if (bars !== 0) database.run('UPDATE items SET bars = bars | ? WHERE id = ?', bars, item)
}

export function removeAnomaly(database: JournalDatabase, item: number, code: AnomalyCode): void {
  if (database.run('DELETE FROM anomalies WHERE item_id = ? AND code = ?', item, code).changes === 0) return
  const codes = database.all('SELECT code FROM anomalies WHERE item_id = ?', item).map((row) => oneOf(row, 'code', anomalyCodes))
  database.run(
    'UPDATE items SET bars = ? WHERE id = ?',
    codes.reduce((sum, one) => sum | barsOf(one), 0),
    item,
  )
}

/**
 * A changed item is another item: what was planned for it is void, and no verdict of the old bytes speaks for it. What was sent of it stays on record,
 * without digests, so that the new bytes are not sent while a device still carries the old ones. A tar that holds the old bytes is packed anew.
 */
function unbindChanged(database: JournalDatabase, item: number): void {
  voidVerdict(database, item)
  // Another workstation may be sending the old bytes right now: what becomes of it is known when its work order comes back.
  const lent = `SELECT 1 FROM transfers t JOIN work_orders w ON w.device_id = t.device_id WHERE t.item_id = ? AND w.state = 'lent'`
  if (database.get(lent, item) !== undefined) return
  const packed = database.get(`SELECT batch_id FROM transfers WHERE item_id = ? AND state = 'sending' AND batch_id IS NOT NULL`, item)
  if (packed !== undefined) {
    database.run(
      `UPDATE transfers SET state = 'planned', packed_at = NULL WHERE batch_id = ? AND state = 'sending'`,
      numberOf(packed, 'batch_id'),
    )
  }
  database.run(`DELETE FROM transfers WHERE item_id = ? AND state IN ('planned', 'left-behind')`, item)
}

/** What lies below a folder that could not be read is neither there nor gone: it keeps what was known of it. */
function keepBelowUnreadableFolders(database: JournalDatabase, scan: ScanId, archiveId: ArchiveId): void {
  const folders = database.all(
    `SELECT i.path FROM items i JOIN anomalies a ON a.item_id = i.id
     WHERE a.code = 'not-readable' AND i.archive_id = ? AND i.kind = 'folder' AND i.last_scan = ?`,
    archiveId,
    scan,
  )
  for (const row of folders) {
    const path = blobOf(row, 'path')
    database.relaxedTransaction(() => {
      database.run(
        'UPDATE items SET last_scan = ? WHERE archive_id = ? AND path > ? AND path < ? AND present = 1',
        scan,
        archiveId,
        Buffer.concat([path, Buffer.from('/')]),
        Buffer.concat([path, Buffer.from('0')]), // the byte after '/'
      )
    })
  }
}

function markVanished(database: JournalDatabase, scan: ScanId, archiveId: ArchiveId): void {
  // A folder is an item only while it cannot be read.
  database.relaxedTransaction(() => {
    const gone = `SELECT id FROM items WHERE archive_id = ? AND kind = 'folder' AND last_scan < ?`
    database.run(`DELETE FROM anomalies WHERE item_id IN (${gone})`, archiveId, scan)
    database.run(`DELETE FROM items WHERE id IN (${gone})`, archiveId, scan)
  })
  inChunks(
    database,
    'SELECT id FROM items WHERE id > ? AND archive_id = ? AND last_scan < ? AND present = 1 ORDER BY id LIMIT ?',
    [archiveId, scan],
    (id) => {
      database.run('UPDATE items SET present = 0 WHERE id = ?', id)
      addAnomaly(database, id, 'vanished', undefined)
    },
  )
}

function forgetCompared(database: JournalDatabase, archiveId: ArchiveId): void {
  for (const code of ['duplicate-same-bytes', 'duplicate-different-bytes', 'name-collision'] satisfies AnomalyCode[]) {
    inChunks(
      database,
      'SELECT a.item_id AS id FROM anomalies a JOIN items i ON i.id = a.item_id WHERE a.item_id > ? AND a.code = ? AND i.archive_id = ? ORDER BY a.item_id LIMIT ?',
      [code, archiveId],
      (id) => {
        database.run('DELETE FROM anomalies WHERE item_id = ? AND code = ?', id, code)
      },
    )
  }
}

function findCollisions(database: JournalDatabase, archiveId: ArchiveId): void {
  const page = (after: Uint8Array): Row[] =>
    database.all(
      `SELECT fold FROM items WHERE archive_id = ? AND fold > ? AND present = 1 GROUP BY fold HAVING count(*) > 1 ORDER BY fold LIMIT 500`,
      archiveId,
      after,
    )
  for (const row of database.pages(
    () => page(new Uint8Array(0)),
    (last) => page(blobOf(last, 'fold')),
  )) {
    const group = database.all(
      'SELECT id, path FROM items WHERE archive_id = ? AND fold = ? AND present = 1',
      archiveId,
      blobOf(row, 'fold'),
    )
    const folded = group.map((item) => foldedName(pathFromBytes(blobOf(item, 'path'))))
    database.relaxedTransaction(() => {
      // Equal hashes are only a hint: the folded names decide.
      group.forEach((item, at) => {
        const name = folded[at]
        if (name !== undefined && folded.some((other, there) => there !== at && other === name)) {
          addAnomaly(database, numberOf(item, 'id'), 'name-collision', undefined)
        }
      })
    })
  }
}

/** Walks ids in keyset pages, one transaction a page. `sql` takes the last id first and the page size last. */
function inChunks(database: JournalDatabase, sql: string, values: readonly (number | string)[], handle: (id: number) => void): void {
  let after = 0
  for (;;) {
    const rows = database.all(sql, after, ...values, chunk)
    const last = rows.at(-1)
    if (last === undefined) return
    database.relaxedTransaction(() => {
      for (const row of rows) handle(numberOf(row, 'id'))
    })
    after = numberOf(last, 'id')
  }
}

function foldOf(path: ItemPath): Uint8Array | null {
  const name = foldedName(path)
  return name === undefined ? null : Buffer.from(hash('sha256', name, 'binary').slice(0, 8), 'binary')
}
