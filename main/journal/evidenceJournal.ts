/** Everything the evidence tells, read in order and in pages. */
import { anomalyCodes, type AnomalyCode } from '../../shared/domain/anomaly.ts'
import type { ItemId } from '../../shared/domain/item.ts'
import { routes } from '../../shared/domain/route.ts'
import type { TransferState } from '../../shared/domain/transfer.ts'
import { methods, noVerdicts, verdicts, type ItemVerdict, type Verdict } from '../../shared/domain/verification.ts'
import type { EvidenceJournal, ItemEvidence, VerdictByGroup } from '../../shared/ports/journal.ts'
import { bytes } from '../../shared/units/bytes.ts'
import type { JournalDatabase, Row } from './database.ts'
import { barsAll, itemColumns, itemOf } from './items.ts'
import { blobOf, maybeNumber, maybeText, numberOf, oneOf, textOf } from './rows.ts'
import { lastFinishedRun } from './verdictRows.ts'
import { countsOf } from './verificationJournal.ts'

const states: readonly TransferState[] = ['planned', 'sending', 'sent', 'left-behind']

export function evidenceJournal(database: JournalDatabase): EvidenceJournal {
  const lastRun = (): number => lastFinishedRun(database)

  function* ids(sql: string, ...values: (string | number)[]): Generator<ItemId, void> {
    const page = (after: number): Row[] => database.all(sql, ...values, after)
    for (const row of database.pages(
      () => page(0),
      (last) => page(numberOf(last, 'item_id')),
    ))
      yield numberOf(row, 'item_id') as ItemId
  }

  /** Counts of verdicts, in pages of whole studies, those whose items have all gone to another included. `also`: further columns of items to group by. */
  function* byStudy(also: string): Generator<Row, void> {
    const run = lastRun()
    const page = (after: number): Row[] =>
      database.all(
        `SELECT s.id AS study${also}, v.verdict, count(i.id) AS items, coalesce(sum(i.size), 0) AS bytes
         FROM (SELECT id FROM studies WHERE id > ? ORDER BY id LIMIT 500) s LEFT JOIN items i ON i.study_id = s.id LEFT JOIN verdicts v ON v.run_id = ? AND v.item_id = i.id AND v.void = 0
         GROUP BY s.id${also}, v.verdict ORDER BY s.id${also}`,
        after,
        run,
      )
    yield* database.pages(
      () => page(0),
      (last) => page(numberOf(last, 'study')),
    )
  }

  const ignoredIn = (archiveId: number): number => {
    const row = database.get(
      'SELECT ignored FROM scans WHERE archive_id = ? AND finished_at IS NOT NULL ORDER BY id DESC LIMIT 1',
      archiveId,
    )
    return row === undefined ? 0 : numberOf(row, 'ignored')
  }

  return {
    inventory(archiveId) {
      const row = database.get(
        `SELECT coalesce(sum(present), 0) AS items, coalesce(sum(size * present), 0) AS bytes,
           count(DISTINCT CASE WHEN present = 1 THEN study_id END) AS studies,
           coalesce(sum(present = 1 AND (sop_uid IS NOT NULL OR transfer_syntax IS NOT NULL)), 0) AS dicom, coalesce(sum(present = 0), 0) AS vanished
         FROM items WHERE archive_id = ?`,
        archiveId,
      )
      if (row === undefined) throw new Error('an aggregate always has a row')
      return {
        items: numberOf(row, 'items'),
        bytes: numberOf(row, 'bytes'),
        studies: numberOf(row, 'studies'),
        dicomItems: numberOf(row, 'dicom'),
        vanished: numberOf(row, 'vanished'),
        ignored: ignoredIn(archiveId),
      }
    },

    unverified() {
      const row = database.get(
        `SELECT count(*) AS items, coalesce(sum(i.size), 0) AS bytes FROM items i LEFT JOIN transfers t ON t.item_id = i.id
         WHERE i.kind = 'file' AND i.present = 1
           AND (i.bars & ${barsAll} = 0 OR t.state = 'left-behind'
             OR EXISTS (SELECT 1 FROM anomalies a WHERE a.item_id = i.id AND a.code IN ('changed-while-read', 'vanished')))
           AND NOT EXISTS (SELECT 1 FROM verdicts v WHERE v.run_id = ? AND v.item_id = i.id AND v.void = 0 AND v.verdict = 'verified')`,
        lastRun(),
      )
      if (row === undefined) throw new Error('an aggregate always has a row')
      return { items: numberOf(row, 'items'), bytes: numberOf(row, 'bytes') }
    },

    anomalyCounts() {
      return database
        .all(
          'SELECT a.code, count(*) AS items, sum(i.size) AS bytes FROM anomalies a JOIN items i ON i.id = a.item_id GROUP BY a.code ORDER BY a.code',
        )
        .map((row) => ({ code: oneOf(row, 'code', anomalyCodes), items: numberOf(row, 'items'), bytes: numberOf(row, 'bytes') }))
    },

    itemsWithAnomaly: (code) => ids('SELECT item_id FROM anomalies WHERE code = ? AND item_id > ? ORDER BY item_id LIMIT 1000', code),

    laneCounts() {
      return database
        .all(
          `SELECT t.route, t.state, count(*) AS items, sum(i.size) AS bytes FROM transfers t JOIN items i ON i.id = t.item_id
           GROUP BY t.route, t.state ORDER BY t.route, t.state`,
        )
        .map((row) => ({
          route: oneOf(row, 'route', routes),
          state: oneOf(row, 'state', states),
          items: numberOf(row, 'items'),
          bytes: numberOf(row, 'bytes'),
        }))
    },

    lastVerification() {
      const row = database.get('SELECT id, started_at, finished_at FROM verifications ORDER BY id DESC LIMIT 1')
      if (row === undefined) return undefined
      const id = numberOf(row, 'id')
      const counts = countsOf(database, id)
      return { id, startedAt: numberOf(row, 'started_at'), finishedAt: maybeNumber(row, 'finished_at'), counts, extras: counts.extra }
    },

    *evidence() {
      const run = lastRun()
      const page = (archive: number, path: Uint8Array): Row[] =>
        database.all(
          `SELECT ${itemColumns}, i.present, i.modality, i.study_date, t.route, t.state, t.reason AS left_for, t.key AS transfer_key, t.device_id, b.key AS batch_key,
             (SELECT group_concat(a.code) FROM (SELECT code FROM anomalies WHERE item_id = i.id ORDER BY code) a) AS codes,
             v.verdict, v.method, v.reason, v.bucket, v.key, v.version_id, v.size AS verdict_size, v.algorithm, v.checksum_type, v.expected,
             v.actual, v.storage_class, v.at
           FROM items i LEFT JOIN transfers t ON t.item_id = i.id LEFT JOIN batches b ON b.id = t.batch_id
             LEFT JOIN verdicts v ON v.run_id = ? AND v.item_id = i.id AND v.void = 0
           WHERE (i.archive_id, i.path) > (?, ?) ORDER BY i.archive_id, i.path LIMIT 1000`,
          run,
          archive,
          path,
        )
      for (const row of database.pages(
        () => page(0, new Uint8Array(0)),
        (last) => page(numberOf(last, 'archive_id'), blobOf(last, 'path')),
      )) {
        yield evidenceOf(row)
      }
    },

    *extras() {
      const run = lastRun()
      const page = (key: string): Row[] =>
        database.all('SELECT key, size FROM extras WHERE run_id = ? AND key > ? ORDER BY key LIMIT 1000', run, key)
      for (const row of database.pages(
        () => page(''),
        (last) => page(textOf(last, 'key')),
      )) {
        yield { key: textOf(row, 'key'), size: numberOf(row, 'size') }
      }
    },

    *verdictsByStudy() {
      yield* grouped(byStudy(''), (row) => String(numberOf(row, 'study')))
    },

    *verdictsBySeries() {
      let [study, series, place] = [0, '', 0]
      yield* grouped(byStudy(', i.series_uid'), (row) => {
        const uid = maybeText(row, 'series_uid') ?? ''
        if (numberOf(row, 'study') !== study) [study, series, place] = [numberOf(row, 'study'), uid, 1]
        else if (uid !== series) [series, place] = [uid, place + 1]
        return `${study}/${place}`
      })
    },

    verdictsByModality() {
      const rows = database.all(
        `SELECT coalesce(i.modality, 'not DICOM or not known') AS modality, v.verdict, count(*) AS items, sum(i.size) AS bytes
         FROM items i LEFT JOIN verdicts v ON v.run_id = ? AND v.item_id = i.id AND v.void = 0 GROUP BY 1, v.verdict ORDER BY 1`,
        lastRun(),
      )
      return [...grouped(rows, (row) => textOf(row, 'modality'))]
    },

    worst: (run, verdict: Verdict) =>
      ids(
        'SELECT item_id FROM verdicts WHERE run_id = ? AND verdict = ? AND void = 0 AND item_id > ? ORDER BY item_id LIMIT 1000',
        run,
        verdict,
      ),
  }
}

/** Joins consecutive rows of one group. Items without a verdict count for the group's size only. */
function* grouped(rows: Iterable<Row>, nameOf: (row: Row) => string): Generator<VerdictByGroup, void> {
  let group: string | undefined
  let counts = noVerdicts()
  let items = 0
  let size = 0
  for (const row of rows) {
    const name = nameOf(row)
    if (group !== undefined && name !== group) {
      if (items > 0) yield { group, counts, items, bytes: size }
      counts = noVerdicts()
      items = 0
      size = 0
    }
    group = name
    items += numberOf(row, 'items')
    size += numberOf(row, 'bytes')
    if (row['verdict'] !== null) counts[oneOf(row, 'verdict', verdicts)] += numberOf(row, 'items')
  }
  if (items > 0 && group !== undefined) yield { group, counts, items, bytes: size }
}

function evidenceOf(row: Row): ItemEvidence {
  const codes = maybeText(row, 'codes')
  return {
    ...itemOf(row),
    present: numberOf(row, 'present') === 1,
    modality: maybeText(row, 'modality'),
    studyDate: maybeText(row, 'study_date'),
    anomalies:
      codes === undefined ? [] : codes.split(',').filter((code): code is AnomalyCode => (anomalyCodes as readonly string[]).includes(code)),
    route: row['route'] === null ? undefined : oneOf(row, 'route', routes),
    transferState: row['state'] === null ? undefined : oneOf(row, 'state', states),
    leftBehindFor: maybeText(row, 'left_for'),
    key: maybeText(row, 'transfer_key'),
    deviceId: maybeNumber(row, 'device_id'),
    batchKey: maybeText(row, 'batch_key'),
    verdict: row['verdict'] === null ? undefined : verdictOf(row),
  }
}

function verdictOf(row: Row): ItemVerdict {
  const size = maybeNumber(row, 'verdict_size')
  return {
    itemId: numberOf(row, 'id') as ItemId,
    verdict: oneOf(row, 'verdict', verdicts),
    method: oneOf(row, 'method', methods),
    reason: maybeText(row, 'reason'),
    bucket: textOf(row, 'bucket'),
    key: textOf(row, 'key'),
    versionId: maybeText(row, 'version_id'),
    size: size === undefined ? undefined : bytes(size),
    algorithm: maybeText(row, 'algorithm'),
    checksumType: maybeText(row, 'checksum_type'),
    expected: maybeText(row, 'expected'),
    actual: maybeText(row, 'actual'),
    storageClass: maybeText(row, 'storage_class'),
    at: numberOf(row, 'at'),
  }
}
