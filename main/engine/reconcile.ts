/**
 * Reconciles one imported device from four sides: the plan and the bill of materials that left the house, the logs of the import job, and the verdicts on
 * what lies in S3. Everything is read as a stream; of 10^8 lines none is held.
 */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse'
import type { ItemId } from '../../shared/domain/item.ts'
import { jobLogColumns, type JobLogKind, type Reconciliation } from '../../shared/domain/jobLog.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { FleetRecord } from '../../shared/ports/journal.ts'
import { LogIndex } from '../journal/logIndex.ts'
import { manifestColumns } from '../load/inspect.ts'
import { jobLogFile } from './jobLogs.ts'
import type { OpenMigration } from './migrationFolder.ts'

const failuresNamed = 100
const linesPerBreath = 2000
const [keyAt, batchAt, itemAt] = (['key', 'batch_key', 'item'] as const).map((name) => manifestColumns.indexOf(name))

/** @throws Fault wrong-order while the device is not imported, or was never inspected; bill-missing; log-unreadable. */
export async function reconcileDevice(migration: OpenMigration, device: FleetRecord, signal: AbortSignal): Promise<Reconciliation> {
  const { journal, world } = migration
  if (device.state !== 'Complete') throw new Fault('device-not-here', { device: device.id, state: device.state })
  const inspection = journal.inspection(device.id)
  if (inspection === undefined) throw new Fault('wrong-order', { device: device.id, missing: 'inspection' })
  const bill = await billOf(migration, device.id, inspection.manifestSha256, signal)
  const index = new LogIndex(join(migration.files.devices, `device-${device.id}`, 'log-lines.db'))
  const breath = async (count: number): Promise<void> => {
    if (count % linesPerBreath === 0) await world.clock.sleep(0, signal)
  }
  try {
    const logs = await readLogs(migration, device.id, index, breath)
    const counts = { billed: 0, imported: 0, failed: 0, notMentioned: 0, verified: 0, notVerified: 0, notJudged: 0, contradicted: 0 }
    const failures: { itemId: number; reason: string }[] = []
    for await (const cells of rowsOf(bill.file)) {
      if (counts.billed === 0 && cells[keyAt ?? 0] === 'key') continue
      counts.billed += 1
      const [key, batchKey, itemId] = [cells[keyAt ?? 0] ?? '', cells[batchAt ?? 0] ?? '', Number(cells[itemAt ?? 0])]
      const batch = batchKey === '' ? undefined : index.find(batchKey)
      const line = index.find(key) ?? batch
      if (line === undefined) counts.notMentioned += 1
      else if (line.imported) counts.imported += 1
      else {
        counts.failed += 1
        if (failures.length < failuresNamed) failures.push({ itemId, reason: line.reason ?? '' })
      }
      const verdict = journal.verdictOf(itemId as ItemId)
      if (verdict === undefined) counts.notJudged += 1
      else if (verdict === 'verified') counts.verified += 1
      else {
        counts.notVerified += 1
        if (line?.imported === true && (verdict === 'missing' || verdict === 'mismatch')) counts.contradicted += 1
      }
      await breath(counts.billed)
    }
    const found = { deviceId: device.id, ...counts, unknown: index.unmet(), billIntact: bill.intact, logs, failures }
    const { failures: _named, logs: _logs, ...facts } = found
    journal.append('device-reconciled', facts)
    return found
  } finally {
    index.close()
  }
}

/** The bill whose digest the inspection holds; where none agrees, the newest, which is then said not to be intact. */
async function billOf(
  migration: OpenMigration,
  device: number,
  sha256: string,
  signal: AbortSignal,
): Promise<{ file: string; intact: boolean }> {
  const folder = join(migration.files.devices, `device-${device}`)
  const names = existsSync(folder) ? (await readdir(folder)).filter((name) => /^manifest-.*\.csv$/.test(name)).toSorted() : []
  for (const name of names.toReversed()) {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(join(folder, name), { signal })) hash.update(chunk as Buffer)
    if (hash.digest('hex') === sha256) return { file: join(folder, name), intact: true }
  }
  const newest = names.at(-1)
  if (newest === undefined) throw new Fault('bill-missing', { device })
  return { file: join(folder, newest), intact: false }
}

async function readLogs(
  migration: OpenMigration,
  device: number,
  index: LogIndex,
  breath: (count: number) => Promise<void>,
): Promise<JobLogKind[]> {
  const read: JobLogKind[] = []
  for (const kind of ['success', 'failure'] as const) {
    const file = jobLogFile(migration, device, kind)
    if (!existsSync(file)) continue
    let columns: ReturnType<typeof jobLogColumns>
    let count = 0
    for await (const cells of rowsOf(file)) {
      if (count === 0) {
        columns = jobLogColumns(cells)
        if (columns === undefined) throw new Fault('log-unreadable', { device, log: kind })
      } else if (columns !== undefined) {
        const [key, archive, reason] = [cells[columns.key], at(cells, columns.archive), at(cells, columns.reason)]
        if (key !== undefined && key !== '') index.add({ key, imported: kind === 'success', reason })
        // A member that came out of its batch says that the batch was opened.
        if (archive !== undefined) index.add({ key: archive, imported: true, reason: undefined })
      }
      count += 1
      await breath(count)
    }
    read.push(kind)
  }
  return read
}

function at(cells: readonly string[], column: number | undefined): string | undefined {
  const cell = column === undefined ? undefined : cells[column]
  return cell === '' ? undefined : cell
}

async function* rowsOf(file: string): AsyncGenerator<readonly string[], void> {
  const reading = createReadStream(file)
  const parser = reading.pipe(parse({ bom: true, relax_column_count: true, skip_empty_lines: true }))
  reading.on('error', (error) => parser.destroy(error))
  try {
    for await (const row of parser) yield row as readonly string[]
  } finally {
    reading.destroy()
  }
}
