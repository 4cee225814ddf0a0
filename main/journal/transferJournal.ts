/** Where each planned item stands on its way. Intent is durable before the effect. */
import type { AnomalyCode } from '../../shared/domain/anomaly.ts'
import type { ItemId } from '../../shared/domain/item.ts'
import { routes } from '../../shared/domain/route.ts'
import type { BatchRecord, Transfer, TransferState } from '../../shared/domain/transfer.ts'
import type { Lane, TransferJournal } from '../../shared/ports/journal.ts'
import type { ItemDigests } from '../../shared/ports/source.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathFromBytes } from '../../shared/units/itemPath.ts'
import type { JournalDatabase, Row } from './database.ts'
import { addAnomaly } from './inventoryJournal.ts'
import { retryLeftBehind } from './retryLeftBehind.ts'
import { blobOf, maybeBlob, maybeNumber, numberOf, oneOf, textOf } from './rows.ts'

const states: readonly TransferState[] = ['planned', 'sending', 'sent', 'left-behind']

export const transferColumns = `t.item_id, t.archive_id, i.path, i.size, i.mtime_us, t.route, t.key, t.state, t.device_id, t.batch_id, i.sha256, i.crc64nvme, i.replaces, t.overwrites`

export function transferOf(row: Row): Transfer {
  return {
    itemId: numberOf(row, 'item_id') as ItemId,
    archiveId: numberOf(row, 'archive_id'),
    path: pathFromBytes(blobOf(row, 'path')),
    size: bytes(numberOf(row, 'size')),
    mtimeUs: numberOf(row, 'mtime_us'),
    route: oneOf(row, 'route', routes),
    key: textOf(row, 'key'),
    state: oneOf(row, 'state', states),
    deviceId: maybeNumber(row, 'device_id'),
    batchId: maybeNumber(row, 'batch_id'),
    sha256: maybeBlob(row, 'sha256'),
    crc64nvme: maybeBlob(row, 'crc64nvme'),
    replaces: maybeBlob(row, 'replaces'),
    overwrites: numberOf(row, 'overwrites') === 1,
  }
}

/** All but what loadedItems.ts answers. */
export function transferJournal(database: JournalDatabase): Omit<TransferJournal, 'onDevice' | 'leftBehindOf' | 'sendAgain'> {
  /** Of the bytes that go now: what went before no longer counts. */
  const setDigests = (item: ItemId, digests: ItemDigests): void => {
    database.run('DELETE FROM superseded WHERE item_id = ?', item)
    database.run('UPDATE items SET sha256 = ?, crc64nvme = ? WHERE id = ?', digests.sha256, digests.crc64nvme, item)
  }
  const leave = (item: ItemId, reason: string): void => {
    database.run(`UPDATE transfers SET state = 'left-behind', reason = ? WHERE item_id = ?`, reason, item)
  }
  return {
    laneTotals(lane) {
      const row = database.get(
        `SELECT count(*) AS items, coalesce(sum(i.size), 0) AS bytes, coalesce(sum(t.state = 'sent'), 0) AS done_items,
           coalesce(sum(CASE WHEN t.state = 'sent' THEN i.size ELSE 0 END), 0) AS done_bytes
         FROM transfers t JOIN items i ON i.id = t.item_id WHERE t.route = ? AND t.device_id IS ? AND t.state <> 'left-behind'`,
        lane.route,
        deviceOf(lane),
      )
      if (row === undefined) throw new Error('an aggregate always has a row')
      return {
        items: numberOf(row, 'items'),
        bytes: numberOf(row, 'bytes'),
        doneItems: numberOf(row, 'done_items'),
        doneBytes: numberOf(row, 'done_bytes'),
      }
    },

    *waiting(lane) {
      const page = (key: string, item: number): Row[] =>
        database.all(
          `SELECT ${transferColumns} FROM transfers t JOIN items i ON i.id = t.item_id
           WHERE t.route = ? AND t.device_id IS ? AND t.batch_id IS NULL AND t.state IN ('planned', 'sending') AND (t.key, t.item_id) > (?, ?)
           ORDER BY t.key, t.item_id LIMIT 500`,
          lane.route,
          deviceOf(lane),
          key,
          item,
        )
      for (const row of database.pages(
        () => page('', 0),
        (last) => page(textOf(last, 'key'), numberOf(last, 'item_id')),
      ))
        yield transferOf(row)
    },

    intend(items) {
      database.transaction(() => {
        for (const item of items) database.run(`UPDATE transfers SET state = 'sending' WHERE item_id = ? AND state = 'planned'`, item)
      })
    },

    sent(items) {
      database.transaction(() => {
        for (const item of items) {
          setDigests(item.itemId, item)
          database.run(
            `UPDATE transfers SET state = 'sent', etag = ?, version_id = ? WHERE item_id = ?`,
            item.etag ?? null,
            item.versionId ?? null,
            item.itemId,
          )
        }
      })
    },

    leaveBehind(item, reason) {
      database.transaction(() => leave(item, reason))
    },

    leaveBehindAs(item, anomaly: AnomalyCode) {
      database.transaction(() => {
        addAnomaly(database, item, anomaly, undefined)
        leave(item, anomaly)
      })
    },

    retryLeftBehind: (codes) => retryLeftBehind(database, codes),

    *waitingBatches(device) {
      const page = (after: string): Row[] =>
        database.all(
          `SELECT ${batchColumns} FROM batches b WHERE b.device_id = ? AND b.state <> 'sent' AND b.key > ? ORDER BY b.key LIMIT 100`,
          device,
          after,
        )
      for (const row of database.pages(
        () => page(''),
        (last) => page(textOf(last, 'key')),
      ))
        yield batchOf(row)
    },

    members(batch) {
      return database
        .all(
          `SELECT ${transferColumns}, t.packed_at FROM transfers t JOIN items i ON i.id = t.item_id
           WHERE t.batch_id = ? AND t.state <> 'left-behind' ORDER BY t.key`,
          batch,
        )
        .map((row) => ({ ...transferOf(row), offset: maybeNumber(row, 'packed_at') }))
    },

    intendBatch(batch) {
      database.transaction(() => database.run(`UPDATE batches SET state = 'sending' WHERE id = ? AND state = 'planned'`, batch))
    },

    packed(_batch, members) {
      database.transaction(() => {
        for (const member of members) {
          setDigests(member.itemId, member)
          database.run(`UPDATE transfers SET state = 'sending', packed_at = ? WHERE item_id = ?`, member.offset, member.itemId)
        }
      })
    },

    unpack(batch) {
      database.transaction(() =>
        database.run(`UPDATE transfers SET state = 'planned', packed_at = NULL WHERE batch_id = ? AND state = 'sending'`, batch),
      )
    },

    batchSent(batch, tar) {
      database.transaction(() => {
        database.run(`UPDATE batches SET state = 'sent', tar_bytes = ?, etag = ? WHERE id = ?`, tar.bytes, tar.etag ?? null, batch)
        database.run(
          `UPDATE transfers SET state = 'sent' WHERE batch_id = ? AND state = 'sending'
             AND item_id IN (SELECT id FROM items WHERE sha256 IS NOT NULL)`,
          batch,
        )
      })
    },

    uploadBegun(upload) {
      database.transaction(() =>
        database.run(
          'INSERT OR REPLACE INTO uploads (key, upload_id, part_size, source) VALUES (?, ?, ?, ?)',
          upload.key,
          upload.uploadId,
          upload.partSize,
          upload.source,
        ),
      )
    },

    openUpload(key) {
      const row = database.get('SELECT upload_id, part_size, source FROM uploads WHERE key = ?', key)
      return row === undefined
        ? undefined
        : { key, uploadId: textOf(row, 'upload_id'), partSize: bytes(numberOf(row, 'part_size')), source: textOf(row, 'source') }
    },

    uploadEnded(key) {
      database.transaction(() => database.run('DELETE FROM uploads WHERE key = ?', key))
    },
  }
}

function deviceOf(lane: Lane): number | null {
  return lane.route === 'device' ? lane.deviceId : null
}

export const batchColumns = `b.id, b.device_id, b.key, b.state,
  (SELECT count(*) FROM transfers t WHERE t.batch_id = b.id AND t.state <> 'left-behind') AS members,
  (SELECT coalesce(sum(i.size), 0) FROM transfers t JOIN items i ON i.id = t.item_id WHERE t.batch_id = b.id AND t.state <> 'left-behind') AS bytes`

export function batchOf(row: Row): BatchRecord {
  return {
    id: numberOf(row, 'id'),
    deviceId: numberOf(row, 'device_id'),
    key: textOf(row, 'key'),
    state: oneOf(row, 'state', ['planned', 'sending', 'sent'] as const),
    members: numberOf(row, 'members'),
    bytes: bytes(numberOf(row, 'bytes')),
  }
}
