/** A list of patients, as a clinic writes it: read once, and kept as hashes alone. */
import { createHmac } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import { Fault } from '../../shared/faults/fault.ts'

/** Patients on a list, and how many of them any item in the inventory is of. */
export type KeptPatients = { readonly listed: number; readonly found: number }

/** HMACs of the patient IDs in the column `patient_id`, or in the only column. The IDs themselves are forgotten as they are read. */
export async function patientsIn(file: string, key: Uint8Array): Promise<Uint8Array[]> {
  const hashes = new Map<string, Uint8Array>()
  let column: number | undefined
  try {
    const rows = createReadStream(file).pipe(parse({ bom: true, trim: true, skip_empty_lines: true, relax_column_count: true }))
    for await (const row of rows as AsyncIterable<readonly string[]>) {
      if (column === undefined) {
        column = row.findIndex((name) => name.toLowerCase() === 'patient_id')
        if (column >= 0) continue
        if (row.length > 1)
          throw new Fault('bad-input', { field: '--keep-patients', problem: 'has several columns and none named patient_id' })
        column = 0
      }
      const id = row[column] ?? ''
      // A file may hold it in another encoding, its hash would differ, and the patient would not be kept.
      if (/[^\x20-\x7e]/.test(id))
        throw new Fault('bad-input', {
          field: '--keep-patients',
          problem: 'holds an identifier with characters beyond ASCII, which cannot be compared surely',
        })
      if (id !== '') {
        const hash = createHmac('sha256', key).update(id, 'utf8').digest()
        hashes.set(hash.toString('hex'), hash)
      }
    }
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault('bad-input', { field: '--keep-patients', problem: 'cannot be read as CSV' }, { cause: error })
  }
  if (hashes.size === 0) throw new Fault('bad-input', { field: '--keep-patients', problem: 'names no patient' })
  return [...hashes.values()]
}
