/** A part of a journal as a journal of its own, for another workstation, and what it did there taken back. */
import { workOrderStates, type WorkOrder } from '../../shared/domain/workOrder.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { WorkOrderJournal } from '../../shared/ports/workOrderJournal.ts'
import type { Clock } from '../../shared/ports/world.ts'
import { JournalDatabase, type Row } from './database.ts'
import { eventLog } from './eventLog.ts'
import { checkVersion, migrate } from './migrations.ts'
import { numberOf, oneOf, textOf } from './rows.ts'

export function workOrderJournal(database: JournalDatabase, clock: Clock): WorkOrderJournal {
  const workOrders = (): readonly WorkOrder[] => {
    // Looked at, but not yet opened for work, since Firn was renewed: there is no such table.
    const known = database.get(`SELECT 1 AS known FROM sqlite_schema WHERE type = 'table' AND name = 'work_orders'`) !== undefined
    return known ? database.all('SELECT * FROM work_orders ORDER BY at, id').map(orderOf) : []
  }
  const setState = (id: string, state: WorkOrder['state']): void => {
    database.run('UPDATE work_orders SET state = ? WHERE id = ?', state, id)
  }
  return {
    workOrders,
    lent: (device) => workOrders().find((one) => one.deviceId === device && one.state === 'lent'),
    takenOrder: () => workOrders().find((one) => one.state === 'taken'),

    lend({ id, deviceId, person, at }) {
      return database.transaction(() => {
        database.run(
          `INSERT INTO work_orders (id, device_id, state, person, at, custody_entries, checks)
           SELECT ?1, ?2, 'lent', ?3, ?4, (SELECT count(*) FROM custody WHERE device_id = ?2), (SELECT count(*) FROM checklist WHERE device_id = ?2)`,
          id,
          deviceId,
          person,
          at,
        )
        const order = workOrders().find((one) => one.id === id)
        if (order === undefined) throw new Error('an order that was just added is there')
        return order
      })
    },

    recall: (id) => database.transaction(() => setState(id, 'recalled')),

    writeOrder(file, home, order, config) {
      const made = new JournalDatabase(file, 'write')
      try {
        migrate(made, clock)
        made.run('ATTACH DATABASE ? AS home', home)
        made.quietTransaction(() => {
          copyInto(made, order, config)
          const log = eventLog(made, clock)
          const { id: workOrder, deviceId: device, person } = order
          log.append('work-order-written', { workOrder, device, person })
          const last = made.get('SELECT number, step, person, hash FROM custody ORDER BY number DESC LIMIT 1')
          // Said anew in this log, so that the end of the chain can be held against it.
          if (last !== undefined)
            log.append('custody-added', {
              device,
              entry: numberOf(last, 'number'),
              step: textOf(last, 'step'),
              person: textOf(last, 'person'),
              hash: textOf(last, 'hash'),
            })
        })
        made.exec('DETACH DATABASE home')
        // One file, to be carried.
        made.exec('PRAGMA journal_mode = DELETE')
      } finally {
        made.close()
      }
    },

    placeArchive: (archive, root) =>
      database.transaction(() => {
        if (database.run('UPDATE archives SET root = ? WHERE id = ?', root, archive).changes === 0)
          throw new Fault('bad-input', { field: '--archive', problem: 'the order has no archive of this number' })
      }),

    takeBack(file, order, also) {
      checkResult(file, clock)
      database.run('ATTACH DATABASE ? AS result', file)
      try {
        return database.transaction(() => {
          refuseForeign(database, order)
          const changedSince = mergeItems(database, order)
          mergeDevice(database, order)
          setState(order.id, 'returned')
          const row = database.get(
            `SELECT coalesce(sum(state = 'sent'), 0) AS sent, coalesce(sum(state = 'left-behind'), 0) AS left_behind,
               coalesce(sum(state IN ('planned', 'sending')), 0) AS waiting FROM transfers WHERE device_id = ?`,
            order.deviceId,
          )
          if (row === undefined) throw new Error('an aggregate always has a row')
          const returned = {
            sent: numberOf(row, 'sent'),
            leftBehind: numberOf(row, 'left_behind'),
            waiting: numberOf(row, 'waiting'),
            changedSince,
          }
          also(returned)
          return returned
        })
      } finally {
        database.exec('DETACH DATABASE result')
      }
    },
  }
}

function orderOf(row: Row): WorkOrder {
  return {
    id: textOf(row, 'id'),
    deviceId: numberOf(row, 'device_id'),
    state: oneOf(row, 'state', workOrderStates),
    person: textOf(row, 'person'),
    at: numberOf(row, 'at'),
    custodyEntries: numberOf(row, 'custody_entries'),
    checks: numberOf(row, 'checks'),
  }
}

/** Whole tables where they are small, of the large ones what the device has to do with. */
function copyInto(made: JournalDatabase, { id, deviceId, person, at, custodyEntries, checks }: WorkOrder, config: string): void {
  const onDevice = `(SELECT item_id FROM home.transfers WHERE device_id = ${deviceId})`
  const ofDevice = `device_id = ${deviceId}`
  for (const [table, where] of [
    ['migration', '1'],
    ['archives', `id IN (SELECT archive_id FROM home.transfers WHERE device_id = ${deviceId})`],
    ['plans', 'whole = 1'],
    ['devices', `id = ${deviceId}`],
    ['custody', ofDevice],
    ['checklist', ofDevice],
    ['inspections', ofDevice],
    ['batches', ofDevice],
    ['transfers', ofDevice],
    ['items', `id IN ${onDevice}`],
    ['studies', `id IN (SELECT study_id FROM home.items WHERE id IN ${onDevice})`],
    ['superseded', `item_id IN ${onDevice}`],
    ['uploads', uploadsOf('home', deviceId)],
  ] as const)
    made.exec(`INSERT INTO main.${table} SELECT * FROM home.${table} WHERE ${where}`)
  // Loading needs nothing of a patient.
  made.exec('UPDATE main.items SET patient_hash = NULL, accession_hash = NULL')
  made.run(
    `INSERT INTO main.work_orders (id, device_id, state, person, at, custody_entries, checks, config) VALUES (?, ?, 'taken', ?, ?, ?, ?, ?)`,
    id,
    deviceId,
    person,
    at,
    custodyEntries,
    checks,
    config,
  )
}

function uploadsOf(schema: 'home' | 'main' | 'result', device: number): string {
  return `key IN (SELECT key FROM ${schema}.batches WHERE device_id = ${device}
    UNION ALL SELECT key FROM ${schema}.transfers WHERE device_id = ${device} AND batch_id IS NULL)`
}

/** Of the same age as this journal: columns are taken over as they stand. */
function checkResult(file: string, clock: Clock): void {
  const result = new JournalDatabase(file, 'write')
  try {
    // Also takes in what a process that was killed had not yet moved from its log into the file.
    checkVersion(result)
    migrate(result, clock)
    const [check] = result.all('PRAGMA quick_check')
    if (check?.['quick_check'] !== 'ok') throw new Fault('journal-damaged')
  } finally {
    result.close()
  }
}

/** @throws Fault work-order-unfit: an item is another here, has gone another way, or is not known. */
function refuseForeign(database: JournalDatabase, { deviceId }: WorkOrder): void {
  const row = database.get(
    `SELECT count(*) AS items FROM result.transfers r JOIN result.items ri ON ri.id = r.item_id
       LEFT JOIN main.items i ON i.id = r.item_id AND i.archive_id = ri.archive_id AND i.path = ri.path
       LEFT JOIN main.transfers t ON t.item_id = r.item_id AND t.key = r.key AND t.device_id IS r.device_id AND t.batch_id IS r.batch_id
     WHERE r.device_id IS NOT ?1 OR i.id IS NULL OR (t.item_id IS NULL AND r.state <> 'left-behind')`,
    deviceId,
  )
  const items = numberOf(row ?? {}, 'items')
  if (items > 0) throw new Fault('work-order-unfit', { device: deviceId, items, problem: 'items are not those that were lent' })
}

/** @returns how many items the device holds that are others at the source since */
function mergeItems(database: JournalDatabase, { deviceId }: WorkOrder): number {
  const same = 'i.size = ri.size AND i.mtime_us = ri.mtime_us'
  const both = `FROM result.transfers r JOIN result.items ri ON ri.id = r.item_id JOIN main.items i ON i.id = r.item_id`
  // Where what was sent is no longer what lies there: the bytes that went stand apart, and the item has no digest until it is sent anew.
  const { changes } = database.run(
    `INSERT OR IGNORE INTO main.superseded (item_id, size, mtime_us, sha256, crc64nvme)
     SELECT i.id, ri.size, ri.mtime_us, ri.sha256, ri.crc64nvme ${both}
     WHERE r.device_id = ? AND r.state = 'sent' AND ri.sha256 IS NOT NULL AND ri.crc64nvme IS NOT NULL AND NOT (${same})`,
    deviceId,
  )
  // Sent anew there, of a source that is still so.
  database.run(
    `DELETE FROM main.superseded WHERE item_id IN (
       SELECT i.id ${both} WHERE r.device_id = ?1 AND r.state = 'sent' AND ri.sha256 IS NOT NULL AND ${same}
         AND r.item_id NOT IN (SELECT item_id FROM result.superseded))`,
    deviceId,
  )
  database.run(
    `UPDATE main.items AS i SET sha256 = coalesce(ri.sha256, i.sha256), crc64nvme = coalesce(ri.crc64nvme, i.crc64nvme), bars = i.bars | ri.bars
     FROM result.items ri JOIN result.transfers r ON r.item_id = ri.id
     WHERE ri.id = i.id AND r.device_id = ? AND ${same} AND (ri.sha256 IS NOT NULL OR ri.bars <> i.bars)
       AND NOT EXISTS (SELECT 1 FROM result.superseded s WHERE s.item_id = i.id)`,
    deviceId,
  )
  database.run(
    `INSERT OR IGNORE INTO main.anomalies (item_id, code, facts)
     SELECT a.item_id, a.code, a.facts FROM result.anomalies a JOIN result.transfers r ON r.item_id = a.item_id WHERE r.device_id = ?`,
    deviceId,
  )
  database.run(
    `UPDATE main.transfers AS t SET state = r.state, packed_at = r.packed_at, etag = r.etag, version_id = r.version_id, reason = r.reason
     FROM result.transfers r WHERE r.item_id = t.item_id AND t.device_id = ?1 AND r.device_id = ?1`,
    deviceId,
  )
  // What was not sent there, and is another here since, waits for a new plan as any changed item does; a tar under way that holds it is packed anew.
  const changed = `SELECT r.item_id ${both} WHERE r.device_id = ?1 AND r.state <> 'sent' AND NOT (${same})`
  database.run(
    `UPDATE main.transfers SET state = 'planned', packed_at = NULL WHERE state = 'sending' AND device_id = ?1 AND batch_id IN (
       SELECT batch_id FROM main.transfers WHERE item_id IN (${changed}))`,
    deviceId,
  )
  database.run(`DELETE FROM main.transfers WHERE device_id = ?1 AND item_id IN (${changed})`, deviceId)
  return changes
}

function mergeDevice(database: JournalDatabase, { deviceId, checks }: WorkOrder): void {
  database.run(
    `UPDATE main.batches AS b SET state = r.state, tar_bytes = r.tar_bytes, etag = r.etag FROM result.batches r
     WHERE r.id = b.id AND r.key = b.key AND b.device_id = ?`,
    deviceId,
  )
  database.exec(`DELETE FROM main.uploads WHERE ${uploadsOf('main', deviceId)}`)
  database.exec(`INSERT INTO main.uploads SELECT * FROM result.uploads WHERE ${uploadsOf('result', deviceId)}`)
  // The other workstation has all of the device's inspections, with those that were voided since.
  const inspected = `device_id, at, person, seed, items, bytes, batches, manifest_sha256, sampled_items, sampled_bytes, differing, void, left_items, left_bytes`
  database.run('DELETE FROM main.inspections WHERE device_id = ?', deviceId)
  database.run(
    `INSERT INTO main.inspections (${inspected}) SELECT ${inspected} FROM result.inspections WHERE device_id = ? ORDER BY sequence`,
    deviceId,
  )
  database.run(
    `INSERT INTO main.checklist (device_id, code, done, person, at)
     SELECT device_id, code, done, person, at FROM result.checklist WHERE device_id = ? ORDER BY sequence LIMIT -1 OFFSET ?`,
    deviceId,
    checks,
  )
}

/** What migration.json said where the order was written. @throws Fault journal-damaged for a file that is no work order. */
export function readOrderConfig(file: string): string {
  const order = new JournalDatabase(file, 'read')
  try {
    return textOf(order.get('SELECT config FROM work_orders') ?? {}, 'config')
  } finally {
    order.close()
  }
}
