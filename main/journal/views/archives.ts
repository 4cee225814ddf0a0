/** The inventory in figures: archives, modality by year, sizes, what nobody touches, anomalies. Charts show what is there; what has vanished is counted apart. */
import type { Answer, Parsed } from '../../../shared/contract/bridge.ts'
import { defaultBatchLimits } from '../../../shared/domain/batch.ts'
import type { Row } from '../database.ts'
import { maybeNumber, maybeText, numberOf, textOf } from '../rows.ts'
import { inventoryVersion, version, type Look } from './look.ts'
import { overStudies } from './studyRanges.ts'

/**
 * Sums over all studies, by a key: `sql` is asked for ranges of studies and gives rows that are added up. Its last two values are the range.
 * Kept until the next scan.
 */
async function summed(
  look: Look,
  name: string,
  sql: string,
  values: readonly (number | null)[],
  of: readonly string[],
  by: readonly string[],
): Promise<readonly Row[]> {
  return await look.kept.get(`${name} ${values.join()}`, inventoryVersion(look), look.signal, async (signal) => {
    const sums = new Map<string, Row>()
    await overStudies(look.with(signal), (after, last) => {
      for (const row of look.database.all(sql, ...values, after, last)) {
        const key = by.map((column) => String(row[column])).join('\n')
        const sum = sums.get(key)
        if (sum === undefined) sums.set(key, row)
        else for (const column of of) sum[column] = numberOf(sum, column) + numberOf(row, column)
      }
    })
    return [...sums.values()]
  })
}

const there = 'i.present = 1 AND (?1 IS NULL OR i.archive_id = ?1)'
const range = 's.id > ?2 AND s.id <= ?3'
const items = 'studies s CROSS JOIN items i ON i.study_id = s.id'

export async function archivesList(look: Look): Promise<Answer<'archives.list'>> {
  const counted = await summed(
    look,
    'archives',
    `SELECT i.archive_id, sum(i.present) AS items, sum(i.size * i.present) AS bytes, count(DISTINCT CASE WHEN i.present = 1 THEN i.study_id END) AS studies,
       sum(i.present = 1 AND (i.sop_uid IS NOT NULL OR i.transfer_syntax IS NOT NULL)) AS dicom, sum(i.present = 0) AS vanished
     FROM items i WHERE i.study_id > ? AND i.study_id <= ? GROUP BY i.archive_id`,
    [],
    ['items', 'bytes', 'studies', 'dicom', 'vanished'],
    ['archive_id'],
  )
  const anomalous = await look.kept.get(
    'archives anomalies',
    version(look),
    look.signal,
    async () =>
      await Promise.resolve(
        look.database.all(
          'SELECT i.archive_id, count(DISTINCT a.item_id) AS items FROM anomalies a CROSS JOIN items i ON i.id = a.item_id GROUP BY 1',
        ),
      ),
  )
  const of = (rows: readonly Row[], archive: number, column: string): number => {
    const row = rows.find((one) => one['archive_id'] === archive)
    return row === undefined ? 0 : numberOf(row, column)
  }
  const rows = look.database.all(
    `SELECT a.id, a.root, a.bucket, a.prefix, max(s.finished_at) AS scanned_at, coalesce(max(s.finished_at IS NULL AND s.id IS NOT NULL), 0) AS open,
       (SELECT l.ignored FROM scans l WHERE l.archive_id = a.id AND l.finished_at IS NOT NULL ORDER BY l.id DESC LIMIT 1) AS ignored
     FROM archives a LEFT JOIN scans s ON s.archive_id = a.id GROUP BY a.id ORDER BY a.id`,
  )
  return {
    archives: rows.map((row) => {
      const id = numberOf(row, 'id')
      return {
        id,
        label: textOf(row, 'root'),
        bucket: textOf(row, 'bucket'),
        prefix: textOf(row, 'prefix'),
        kind: 'folder',
        scannedAt: maybeNumber(row, 'scanned_at') ?? null,
        scanOpen: numberOf(row, 'open') === 1,
        items: of(counted, id, 'items'),
        bytes: of(counted, id, 'bytes'),
        studies: of(counted, id, 'studies'),
        dicomItems: of(counted, id, 'dicom'),
        vanished: of(counted, id, 'vanished'),
        ignored: maybeNumber(row, 'ignored') ?? 0,
        anomalies: of(anomalous, id, 'items'),
      }
    }),
  }
}

export async function heatMap(look: Look, { archiveId }: Parsed<'archives.heatMap'>): Promise<Answer<'archives.heatMap'>> {
  const rows = await summed(
    look,
    'heatMap',
    `SELECT s.modality, CAST(substr(s.study_date, 1, 4) AS INTEGER) AS year, count(DISTINCT s.id) AS studies, count(*) AS items, sum(i.size) AS bytes
     FROM ${items} WHERE ${there} AND ${range} GROUP BY 1, 2`,
    [archiveId],
    ['studies', 'items', 'bytes'],
    ['modality', 'year'],
  )
  return {
    cells: rows
      .map((row) => ({ modality: maybeText(row, 'modality') ?? null, year: maybeNumber(row, 'year') ?? null, ...amountsOf(row) }))
      .toSorted((a, b) => compared(a.modality ?? '', b.modality ?? '') || (a.year ?? 0) - (b.year ?? 0)),
    at: look.now(),
  }
}

export async function sizes(look: Look, { archiveId }: Parsed<'archives.sizes'>): Promise<Answer<'archives.sizes'>> {
  const rows = await summed(
    look,
    'sizes',
    // Exact for all sizes below 2^48: the logarithm of a whole power of two is whole.
    `SELECT CASE WHEN i.size = 0 THEN 0 ELSE CAST(log2(i.size) AS INTEGER) + 1 END AS bucket, count(*) AS items, sum(i.size) AS bytes
     FROM ${items} WHERE ${there} AND i.kind = 'file' AND ${range} GROUP BY 1`,
    [archiveId],
    ['items', 'bytes'],
    ['bucket'],
  )
  const buckets = new Map(rows.map((row) => [numberOf(row, 'bucket'), row]))
  const most = Math.max(0, ...buckets.keys())
  const each = Array.from({ length: most + 1 }, (_, at) => buckets.get(at))
  return {
    edges: [0, ...each.map((_, at) => 2 ** at)],
    items: each.map((row) => (row === undefined ? 0 : numberOf(row, 'items'))),
    bytes: each.map((row) => (row === undefined ? 0 : numberOf(row, 'bytes'))),
    batchLimit: defaultBatchLimits.smallBelow,
    at: look.now(),
  }
}

/** Items and bytes by when each file was touched; a study by its newest file. */
export async function coldness(look: Look, { archiveId }: Parsed<'archives.coldness'>): Promise<Answer<'archives.coldness'>> {
  const yearOf = (us: string): string =>
    `CAST(strftime('%Y', max(min(${us} / 1000000, 253402300799), -62167219200), 'unixepoch') AS INTEGER)`
  const files = `${there} AND i.kind = 'file' AND ${range}`
  const rows = await summed(
    look,
    'coldness',
    `SELECT ${yearOf('i.mtime_us')} AS year, count(*) AS items, sum(i.size) AS bytes, 0 AS studies FROM ${items} WHERE ${files} GROUP BY 1
     UNION ALL
     SELECT ${yearOf('touched')}, 0, 0, count(*) FROM (SELECT max(i.mtime_us) AS touched FROM ${items} WHERE ${files} GROUP BY s.id) GROUP BY 1`,
    [archiveId],
    ['studies', 'items', 'bytes'],
    ['year'],
  )
  return {
    years: rows.map((row) => ({ year: numberOf(row, 'year'), ...amountsOf(row) })).toSorted((a, b) => a.year - b.year),
    at: look.now(),
  }
}

export async function anomalies(look: Look, { archiveId }: Parsed<'archives.anomalies'>): Promise<Answer<'archives.anomalies'>> {
  const rows = await look.kept.get(
    `anomalies ${archiveId}`,
    version(look),
    look.signal,
    async () =>
      await Promise.resolve(
        look.database.all(
          `SELECT a.code, count(*) AS items, sum(i.size) AS bytes FROM anomalies a CROSS JOIN items i ON i.id = a.item_id
         WHERE ?1 IS NULL OR i.archive_id = ?1 GROUP BY a.code ORDER BY a.code`,
          archiveId,
        ),
      ),
  )
  return { anomalies: rows.map((row) => ({ code: textOf(row, 'code'), items: numberOf(row, 'items'), bytes: numberOf(row, 'bytes') })) }
}

function amountsOf(row: Row): { studies: number; items: number; bytes: number } {
  return { studies: numberOf(row, 'studies'), items: numberOf(row, 'items'), bytes: numberOf(row, 'bytes') }
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
