/** What an import has done so far and what its logs say. Kept per object, so that a killed import goes on where it was. */
import { Readable } from 'node:stream'
import type { SandboxObjects } from '../contract.ts'
import { putBy } from '../countedStore.ts'
import { count, text, type ControlState } from '../control/state.ts'

/** The service's own bucket for manifests, labels and logs; customers reach it by presigned URLs only. */
export const systemBucket = 'awsie-frosty-sandbox'

export function systemKeys(jobId: string) {
  return {
    manifest: `${jobId}_manifest.bin`,
    label: `${jobId}/return-label.txt`,
    success: `${jobId}/${jobId}-success.csv`,
    failure: `${jobId}/${jobId}-failure.csv`,
    report: `${jobId}/${jobId}-completion-report.txt`,
  } as const
}

export type ImportProgress = {
  readonly counted: boolean
  readonly totalBytes: number
  readonly totalObjects: number
  readonly bytes: number
  readonly objects: number
  /** How often the import was begun; above 1 it goes on after an interruption. */
  readonly attempts: number
  readonly done: boolean
}

/** `undefined`: not begun. */
export function importProgress(state: ControlState, jobId: string): ImportProgress | undefined {
  const row = state.row('SELECT * FROM imports WHERE job = ?', jobId)
  if (row === undefined) return undefined
  return {
    counted: row['counted'] === 1,
    totalBytes: count(row['total_bytes']),
    totalObjects: count(row['total_objects']),
    bytes: count(row['bytes']),
    objects: count(row['objects']),
    attempts: count(row['attempts']),
    done: row['done'] === 1,
  }
}

export type LogEntry = {
  readonly bucket: string
  /** The key in S3. */
  readonly key: string
  /** The archive it came out of, '' for none. */
  readonly archive: string
  readonly size: number
  /** Why it was not imported; `undefined` when it was. */
  readonly reason: string | undefined
}

export interface ImportLog {
  begin(): ImportProgress
  counted(totalObjects: number, totalBytes: number): void
  isDone(bucket: string, deviceKey: string): boolean
  /** Whether this member of this archive was logged before. */
  has(bucket: string, key: string, archive: string): boolean
  add(entries: readonly LogEntry[]): void
  /** One object of the device is finished, with its last log entries. */
  done(bucket: string, deviceKey: string, size: number, entries: readonly LogEntry[]): void
  /** Writes both logs and the report as objects, then marks the import as done. */
  finish(objects: SandboxObjects, signal: AbortSignal): Promise<void>
}

export function openImportLog(state: ControlState, jobId: string): ImportLog {
  const insert = (entries: readonly LogEntry[]): void => {
    for (const entry of entries) {
      state.run(
        'INSERT OR REPLACE INTO import_log VALUES (?, ?, ?, ?, ?, ?)',
        jobId,
        entry.bucket,
        entry.key,
        entry.archive,
        entry.size,
        entry.reason ?? null,
      )
    }
  }
  return {
    begin() {
      state.run('INSERT INTO imports (job, attempts) VALUES (?, 1) ON CONFLICT (job) DO UPDATE SET attempts = attempts + 1', jobId)
      const begun = importProgress(state, jobId)
      if (begun === undefined) throw new Error('the import that was just begun is not on record')
      return begun
    },
    counted(totalObjects, totalBytes) {
      state.run('UPDATE imports SET counted = 1, total_objects = ?, total_bytes = ? WHERE job = ?', totalObjects, totalBytes, jobId)
    },
    isDone: (bucket, key) =>
      state.row('SELECT 1 FROM import_results WHERE job = ? AND bucket = ? AND key = ?', jobId, bucket, key) !== undefined,
    has: (bucket, key, archive) =>
      state.row('SELECT 1 FROM import_log WHERE job = ? AND bucket = ? AND key = ? AND archive = ?', jobId, bucket, key, archive) !==
      undefined,
    add(entries) {
      state.together(() => {
        insert(entries)
      })
    },
    done(bucket, key, size, entries) {
      state.together(() => {
        insert(entries)
        state.run('INSERT OR REPLACE INTO import_results VALUES (?, ?, ?, ?, 1)', jobId, bucket, key, size)
        state.run('UPDATE imports SET objects = objects + 1, bytes = bytes + ? WHERE job = ?', size, jobId)
      })
    },
    async finish(objects, signal) {
      const keys = systemKeys(jobId)
      const tally = state.row('SELECT count(*) AS entries, count(reason) AS failed FROM import_log WHERE job = ?', jobId)
      const failed = count(tally?.['failed'])
      const report = [
        `Job ${jobId}`,
        `Status: ${failed === 0 ? 'Completed' : 'Completed with errors'}`,
        `Objects imported: ${count(tally?.['entries']) - failed}`,
        `Objects not imported: ${failed}`,
        '',
      ].join('\n')
      await objects.put(systemBucket, keys.success, Readable.from(csv(state, jobId, false)), putBy('own', { contentType: 'text/csv' }))
      await objects.put(systemBucket, keys.failure, Readable.from(csv(state, jobId, true)), putBy('own', { contentType: 'text/csv' }))
      await objects.put(systemBucket, keys.report, Readable.from([Buffer.from(report)]), putBy('own', { contentType: 'text/plain' }))
      signal.throwIfAborted()
      state.run('UPDATE imports SET done = 1 WHERE job = ?', jobId)
    },
  }
}

const pageSize = 1000

/** AWS documents no columns for its logs; readers are to go by the header. */
function* csv(state: ControlState, jobId: string, failures: boolean): Generator<Buffer> {
  yield Buffer.from(failures ? 'Bucket,Key,Size,Archive,ErrorReason\n' : 'Bucket,Key,Size,Archive\n')
  let after: readonly string[] = ['', '', '']
  for (;;) {
    const rows = state.rows(
      `SELECT * FROM import_log WHERE job = ? AND (bucket, key, archive) > (?, ?, ?) AND reason IS ${failures ? 'NOT ' : ''}NULL
       ORDER BY bucket, key, archive LIMIT ${pageSize}`,
      jobId,
      ...after,
    )
    const lines = rows.map((row) => {
      const cells = [row['bucket'], row['key'], count(row['size']), row['archive'], ...(failures ? [row['reason']] : [])]
      return `${cells.map(cell).join(',')}\n`
    })
    if (lines.length > 0) yield Buffer.from(lines.join(''))
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageSize) return
    after = [text(last['bucket']) ?? '', text(last['key']) ?? '', text(last['archive']) ?? '']
  }
}

function cell(value: unknown): string {
  const written = typeof value === 'number' ? String(value) : (text(value) ?? '')
  return /[",\r\n]/.test(written) ? `"${written.replaceAll('"', '""')}"` : written
}
