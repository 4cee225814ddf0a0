/** Moves what a device did not take to another lane, group by group: each group with its count in one transaction, so a move that was cut off goes on. */
import { replanCauses, type Replan, type ReplanTo } from '../../shared/domain/replan.ts'
import type { ReplanJournal } from '../../shared/ports/replanJournal.ts'
import type { JournalDatabase, Row } from './database.ts'
import { maybeNumber, numberOf, oneOf, textOf } from './rows.ts'
import { batchColumns, batchOf, transferColumns, transferOf } from './transferJournal.ts'
import { voidVerdict } from './verdictRows.ts'

export function replanJournal(database: JournalDatabase): ReplanJournal {
  const moved = (replan: number, items: number, size: number): void => {
    database.run('UPDATE replans SET items = items + ?, bytes = bytes + ? WHERE id = ?', items, size, replan)
  }
  return {
    beginReplan({ deviceId, cause, to, person, at }) {
      return database.transaction(() => {
        if (cause === 'dead') database.run('UPDATE devices SET given_up = 1 WHERE id = ?', deviceId)
        return database.run(
          'INSERT INTO replans (device_id, cause, to_device, person, at) VALUES (?, ?, ?, ?, ?)',
          deviceId,
          cause,
          to.route === 'device' ? to.deviceId : null,
          person,
          at,
        ).id
      })
    },

    replans() {
      // Looked at, but not yet opened for work, since Firn was renewed: there is no such table.
      const known = database.get(`SELECT 1 AS known FROM sqlite_schema WHERE type = 'table' AND name = 'replans'`) !== undefined
      return known ? database.all('SELECT * FROM replans ORDER BY id').map(replanOf) : []
    },

    *batchesToMove(device, cause) {
      const page = (after: string): Row[] =>
        database.all(
          `SELECT ${batchColumns} FROM batches b WHERE b.device_id = ? ${cause === 'full' ? "AND b.state <> 'sent'" : ''} AND b.key > ?
           ORDER BY b.key LIMIT 100`,
          device,
          after,
        )
      for (const row of database.pages(
        () => page(''),
        (last) => page(textOf(last, 'key')),
      ))
        yield batchOf(row)
    },

    *itemsToMove(device, cause) {
      const states = cause === 'full' ? `'planned', 'sending'` : `'planned', 'sending', 'sent'`
      const page = (item: number): Row[] =>
        database.all(
          `SELECT ${transferColumns} FROM transfers t JOIN items i ON i.id = t.item_id
           WHERE t.route = 'device' AND t.device_id = ? AND t.batch_id IS NULL AND t.state IN (${states}) AND t.item_id > ?
           ORDER BY t.item_id LIMIT 500`,
          device,
          item,
        )
      for (const row of database.pages(
        () => page(0),
        (last) => page(numberOf(last, 'item_id')),
      ))
        yield transferOf(row)
    },

    moveBatch(replan, batch, to) {
      database.transaction(() => {
        const carried = `batch_id = ? AND state <> 'left-behind'`
        const sum = database.get(
          `SELECT count(*) AS items, coalesce(sum(size), 0) AS bytes FROM items WHERE id IN (SELECT item_id FROM transfers WHERE ${carried})`,
          batch.id,
        )
        if (sum !== undefined) moved(replan, numberOf(sum, 'items'), numberOf(sum, 'bytes'))
        // What was left behind for a cause of its own stays so, and belongs to no device any more.
        database.run(`UPDATE transfers SET batch_id = NULL WHERE batch_id = ? AND state = 'left-behind'`, batch.id)
        database.run(
          `UPDATE verdicts SET void = 1 WHERE run_id = (SELECT max(id) FROM verifications WHERE finished_at IS NOT NULL)
             AND item_id IN (SELECT item_id FROM transfers WHERE batch_id = ?)`,
          batch.id,
        )
        database.run(
          `UPDATE transfers SET state = 'planned', packed_at = NULL, etag = NULL, version_id = NULL, route = ?, device_id = ?, batch_id = ?
           WHERE batch_id = ?`,
          to.route,
          deviceOf(to),
          to.route === 'device' ? batch.id : null,
          batch.id,
        )
        database.run('DELETE FROM uploads WHERE key = ?', batch.key)
        if (to.route === 'link') database.run('DELETE FROM batches WHERE id = ?', batch.id)
        else
          database.run(
            `UPDATE batches SET state = 'planned', tar_bytes = NULL, etag = NULL, device_id = ? WHERE id = ?`,
            to.deviceId,
            batch.id,
          )
      })
    },

    moveItems(replan, items, to) {
      database.transaction(() => {
        for (const item of items) {
          voidVerdict(database, item.itemId)
          database.run('DELETE FROM uploads WHERE key = ?', item.key)
          database.run(
            `UPDATE transfers SET state = 'planned', packed_at = NULL, etag = NULL, version_id = NULL, route = ?, device_id = ? WHERE item_id = ?`,
            to.route,
            deviceOf(to),
            item.itemId,
          )
        }
        moved(
          replan,
          items.length,
          items.reduce((sum, item) => sum + item.size, 0),
        )
      })
    },

    studyIsOn(device, what, stays) {
      const [of, id] = 'batch' in what ? ['moving.batch_id', what.batch] : ['moving.item_id', what.item]
      return (
        database.get(
          `SELECT 1 FROM transfers moving JOIN items i ON i.id = moving.item_id JOIN items other ON other.study_id = i.study_id
             JOIN transfers t ON t.item_id = other.id
           WHERE ${of} = ? AND t.device_id = ? AND (t.state = 'sent' OR t.batch_id IN (SELECT value FROM json_each(?))
             OR t.item_id IN (SELECT value FROM json_each(?))) LIMIT 1`,
          id,
          device,
          JSON.stringify(stays.batches),
          JSON.stringify(stays.items),
        ) !== undefined
      )
    },

    finishReplan(replan) {
      database.transaction(() => database.run('UPDATE replans SET finished = 1 WHERE id = ?', replan))
    },
  }
}

function deviceOf(to: ReplanTo): number | null {
  return to.route === 'device' ? to.deviceId : null
}

function replanOf(row: Row): Replan {
  const device = maybeNumber(row, 'to_device')
  return {
    id: numberOf(row, 'id'),
    deviceId: numberOf(row, 'device_id'),
    cause: oneOf(row, 'cause', replanCauses),
    to: device === undefined ? { route: 'link' } : { route: 'device', deviceId: device },
    person: textOf(row, 'person'),
    at: numberOf(row, 'at'),
    items: numberOf(row, 'items'),
    bytes: numberOf(row, 'bytes'),
    finished: numberOf(row, 'finished') === 1,
  }
}
