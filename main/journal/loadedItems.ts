/** What a device holds by the journal's word, for its bill of materials and for reading it back. */
import type { BatchId, DeviceId, Transfer } from '../../shared/domain/transfer.ts'
import type { LeftItem, LoadedItem, TransferJournal } from '../../shared/ports/journal.ts'
import type { ItemDigests } from '../../shared/ports/source.ts'
import { bytes } from '../../shared/units/bytes.ts'
import type { JournalDatabase, Row } from './database.ts'
import { blobOf, maybeNumber, numberOf, textOf } from './rows.ts'
import { transferColumns, transferOf } from './transferJournal.ts'

const pageSize = 500

export function loadedItems(database: JournalDatabase): Pick<TransferJournal, 'onDevice' | 'leftBehindOf' | 'sendAgain'> {
  return {
    *onDevice(device) {
      for (const batch of batches(database, device)) yield* members(database, batch)
      yield* alone(database, device)
    },

    *leftBehindOf(device) {
      const reasons = database.all(
        `SELECT DISTINCT reason FROM transfers WHERE state = 'left-behind' AND reason IS NOT NULL ORDER BY reason`,
      )
      for (const row of reasons) yield* leftFor(database, device, textOf(row, 'reason'))
    },

    sendAgain(items) {
      database.transaction(() => {
        for (const { itemId, batchId } of items) {
          if (batchId === undefined) {
            database.run(
              `UPDATE transfers SET state = 'planned', etag = NULL, version_id = NULL WHERE item_id = ? AND state = 'sent'`,
              itemId,
            )
            continue
          }
          database.run(`UPDATE batches SET state = 'planned', tar_bytes = NULL, etag = NULL WHERE id = ? AND state = 'sent'`, batchId)
          database.run(`UPDATE transfers SET state = 'planned', packed_at = NULL WHERE batch_id = ? AND state = 'sent'`, batchId)
        }
      })
    },
  }
}

/** What changed at the source since it was sent: the bytes that went stand apart until the item is sent anew. */
const sentColumns = `${transferColumns}, s.size AS sent_size, s.mtime_us AS sent_mtime_us, s.sha256 AS sent_sha256, s.crc64nvme AS sent_crc64nvme`
const sentJoins = `JOIN items i ON i.id = t.item_id LEFT JOIN superseded s ON s.item_id = i.id`

type Batch = { readonly id: BatchId; readonly key: string }

function* batches(database: JournalDatabase, device: DeviceId): Iterable<Batch> {
  const page = (after: string): Row[] =>
    database.all(`SELECT id, key FROM batches WHERE device_id = ? AND state = 'sent' AND key > ? ORDER BY key LIMIT 100`, device, after)
  for (const row of database.pages(
    () => page(''),
    (last) => page(textOf(last, 'key')),
  ))
    yield { id: numberOf(row, 'id'), key: textOf(row, 'key') }
}

function* members(database: JournalDatabase, batch: Batch): Iterable<LoadedItem> {
  const page = (key: string): Row[] =>
    database.all(
      `SELECT ${sentColumns}, t.packed_at FROM transfers t ${sentJoins}
       WHERE t.batch_id = ? AND t.state = 'sent' AND t.key > ? ORDER BY t.key LIMIT ${pageSize}`,
      batch.id,
      key,
    )
  for (const row of database.pages(
    () => page(''),
    (last) => page(textOf(last, 'key')),
  ))
    yield { ...asSent(row), batchKey: batch.key, offset: maybeNumber(row, 'packed_at') }
}

function* alone(database: JournalDatabase, device: DeviceId): Iterable<LoadedItem> {
  const page = (key: string, item: number): Row[] =>
    database.all(
      `SELECT ${sentColumns} FROM transfers t ${sentJoins}
       WHERE t.route = 'device' AND t.device_id = ? AND t.batch_id IS NULL AND t.state = 'sent' AND (t.key, t.item_id) > (?, ?)
       ORDER BY t.key, t.item_id LIMIT ${pageSize}`,
      device,
      key,
      item,
    )
  for (const row of database.pages(
    () => page('', 0),
    (last) => page(textOf(last, 'key'), numberOf(last, 'item_id')),
  ))
    yield { ...asSent(row), batchKey: undefined, offset: undefined }
}

function* leftFor(database: JournalDatabase, device: DeviceId, reason: string): Iterable<LeftItem> {
  const page = (item: number): Row[] =>
    database.all(
      `SELECT ${transferColumns} FROM transfers t JOIN items i ON i.id = t.item_id
       WHERE t.state = 'left-behind' AND t.reason = ? AND t.item_id > ? AND t.device_id = ? ORDER BY t.item_id LIMIT ${pageSize}`,
      reason,
      item,
      device,
    )
  for (const row of database.pages(
    () => page(0),
    (last) => page(numberOf(last, 'item_id')),
  ))
    yield { ...transferOf(row), reason }
}

/** The bytes that the device holds: size, time and digests of the very read that was sent, whatever the source has become since. */
function asSent(row: Row): Transfer & ItemDigests & { readonly changedSince: boolean } {
  const transfer = transferOf(row)
  const size = maybeNumber(row, 'sent_size')
  if (size === undefined) return { ...transfer, sha256: blobOf(row, 'sha256'), crc64nvme: blobOf(row, 'crc64nvme'), changedSince: false }
  return {
    ...transfer,
    size: bytes(size),
    mtimeUs: numberOf(row, 'sent_mtime_us'),
    sha256: blobOf(row, 'sent_sha256'),
    crc64nvme: blobOf(row, 'sent_crc64nvme'),
    changedSince: true,
  }
}
