/** Devices of the plans, their jobs, and who had them when. */
import { jobLogKinds } from '../../shared/domain/jobLog.ts'
import type { Inspection } from '../../shared/domain/inspection.ts'
import type { DeviceJournal, DeviceRecord, FleetRecord } from '../../shared/ports/journal.ts'
import { bytes } from '../../shared/units/bytes.ts'
import type { JournalDatabase, Row } from './database.ts'
import { maybeText, numberOf, oneOf, textOf } from './rows.ts'

export function deviceJournal(database: JournalDatabase): DeviceJournal {
  return {
    devices() {
      return database
        .all(
          `SELECT d.*, coalesce(p.items, 0) AS items, coalesce(p.bytes, 0) AS bytes, coalesce(p.sent_items, 0) AS sent_items,
             coalesce(p.sent_bytes, 0) AS sent_bytes
           FROM devices d LEFT JOIN (
             SELECT t.device_id, count(*) AS items, sum(i.size) AS bytes, sum(t.state = 'sent') AS sent_items,
               sum(CASE WHEN t.state = 'sent' THEN i.size ELSE 0 END) AS sent_bytes
             FROM transfers t JOIN items i ON i.id = t.item_id WHERE t.route = 'device' AND t.state <> 'left-behind' GROUP BY t.device_id
           ) p ON p.device_id = d.id ORDER BY d.id`,
        )
        .map(deviceOf)
    },

    fleet: () => database.all('SELECT * FROM devices ORDER BY id').map(fleetOf),

    deviceOrdered(device, jobId) {
      database.transaction(() => database.run('UPDATE devices SET job_id = ? WHERE id = ?', jobId, device))
    },

    deviceState(device, state) {
      database.transaction(() => database.run('UPDATE devices SET state = ? WHERE id = ?', state, device))
    },

    jobLogs(device) {
      return database.all('SELECT * FROM job_logs WHERE device_id = ? ORDER BY rowid', device).map((row) => ({
        kind: oneOf(row, 'kind', jobLogKinds),
        at: numberOf(row, 'at'),
        bytes: numberOf(row, 'bytes'),
        sha256: textOf(row, 'sha256'),
      }))
    },

    addJobLog(device, { kind, at, bytes: size, sha256 }) {
      database.transaction(() =>
        database.run(
          'INSERT OR IGNORE INTO job_logs (device_id, kind, at, bytes, sha256) VALUES (?, ?, ?, ?, ?)',
          device,
          kind,
          at,
          size,
          sha256,
        ),
      )
    },

    addInspection(one) {
      database.transaction(() => {
        database.run(
          `INSERT INTO inspections (device_id, at, person, seed, items, bytes, batches, manifest_sha256, left_items, left_bytes,
             sampled_items, sampled_bytes, differing)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          one.deviceId,
          one.at,
          one.person,
          one.seed,
          one.items,
          one.bytes,
          one.batches,
          one.manifestSha256,
          one.leftBehindItems,
          one.leftBehindBytes,
          one.sampledItems,
          one.sampledBytes,
          one.differing,
        )
        database.run(
          `INSERT INTO checklist (device_id, code, done, person, at) SELECT device_id, code, 0, ?, ? FROM
             (SELECT device_id, code, done, max(sequence) FROM checklist WHERE device_id = ? GROUP BY code) WHERE done = 1`,
          one.person,
          one.at,
          one.deviceId,
        )
      })
    },

    inspection(device) {
      const row = database.get('SELECT * FROM inspections WHERE device_id = ? ORDER BY sequence DESC LIMIT 1', device)
      return row === undefined || numberOf(row, 'void') === 1 ? undefined : inspectionOf(row)
    },

    foundDiffering(device) {
      const row = database.get('SELECT differing FROM inspections WHERE device_id = ? ORDER BY sequence DESC LIMIT 1', device)
      return row !== undefined && numberOf(row, 'differing') > 0
    },

    voidInspections(device) {
      database.transaction(() => database.run('UPDATE inspections SET void = 1 WHERE device_id = ? AND void = 0', device))
    },

    checklist(device) {
      return database
        .all(`SELECT code, done, person, at, max(sequence) AS last FROM checklist WHERE device_id = ? GROUP BY code ORDER BY code`, device)
        .map((row) => ({
          code: textOf(row, 'code'),
          done: numberOf(row, 'done') === 1,
          person: textOf(row, 'person'),
          at: numberOf(row, 'at'),
        }))
    },

    tick(device, code, person, done, at) {
      database.transaction(() =>
        database.run(
          'INSERT INTO checklist (device_id, code, done, person, at) VALUES (?, ?, ?, ?, ?)',
          device,
          code,
          done ? 1 : 0,
          person,
          at,
        ),
      )
    },
  }
}

function inspectionOf(row: Row): Inspection {
  return {
    deviceId: numberOf(row, 'device_id'),
    at: numberOf(row, 'at'),
    person: textOf(row, 'person'),
    seed: textOf(row, 'seed'),
    items: numberOf(row, 'items'),
    bytes: numberOf(row, 'bytes'),
    batches: numberOf(row, 'batches'),
    manifestSha256: textOf(row, 'manifest_sha256'),
    leftBehindItems: numberOf(row, 'left_items'),
    leftBehindBytes: numberOf(row, 'left_bytes'),
    sampledItems: numberOf(row, 'sampled_items'),
    sampledBytes: numberOf(row, 'sampled_bytes'),
    differing: numberOf(row, 'differing'),
  }
}

function deviceOf(row: Row): DeviceRecord {
  return {
    ...fleetOf(row),
    planned: { items: numberOf(row, 'items'), bytes: bytes(numberOf(row, 'bytes')) },
    sent: { items: numberOf(row, 'sent_items'), bytes: bytes(numberOf(row, 'sent_bytes')) },
  }
}

function fleetOf(row: Row): FleetRecord {
  return {
    id: numberOf(row, 'id'),
    planId: numberOf(row, 'plan_id'),
    ordinal: numberOf(row, 'ordinal'),
    wave: numberOf(row, 'wave'),
    snowballType: textOf(row, 'snowball_type'),
    capacity: textOf(row, 'capacity'),
    usable: bytes(numberOf(row, 'usable')),
    marker: textOf(row, 'marker'),
    jobId: maybeText(row, 'job_id'),
    state: textOf(row, 'state'),
    // Looked at, but not yet opened for work, since Firn was renewed: there is no such column.
    givenUp: row['given_up'] === 1,
  }
}
