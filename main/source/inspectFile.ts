/** Looks at one file of an archive: its stat, the DICOM header if it has one, and what its size tells. */
import { closeSync, fstatSync } from 'node:fs'
import { sizeAnomalies } from '../../shared/domain/names.ts'
import { readDicomHeader, type HeaderReading, type PatientKey } from './dicomHeader.ts'
import { errnoOf, openReadOnly, readFully, statOf, whyNot } from '../files/openReadOnly.ts'
import type { Inspected } from './packedInspections.ts'

const firstWindow = 8 * 1024
const largestWindow = 1024 * 1024

/** Used again for every file: a fresh buffer per file costs more than the read. */
const scratch = new Uint8Array(largestWindow)

export function inspectFile(path: Buffer, root: Buffer, patientKey: PatientKey): Inspected {
  let fd: number
  try {
    fd = openReadOnly(path, root)
  } catch (error) {
    const why = whyNot(error)
    // ELOOP: a link took the file's place since it was listed.
    return why.kind === 'changed' ? { kind: 'vanished' } : why
  }
  try {
    const stats = fstatSync(fd)
    const stat = statOf(stats)
    if (!stats.isFile()) return { ...stat, kind: 'special', header: undefined, anomalies: [{ code: 'not-a-file' }] }
    const anomalies = sizeAnomalies(stat.size)
    if (stat.size === 0) return { ...stat, kind: 'file', header: undefined, anomalies }
    const reading = readHeader(fd, stat.size, patientKey)
    return { ...stat, kind: 'file', header: reading.header, anomalies: [...anomalies, ...reading.anomalies] }
  } catch (error) {
    return { kind: 'unreadable', errno: errnoOf(error) }
  } finally {
    closeSync(fd)
  }
}

function readHeader(fd: number, size: number, patientKey: PatientKey): HeaderReading {
  let filled = 0
  for (let window = firstWindow; ; window *= 4) {
    const wanted = Math.min(window, size, largestWindow)
    filled += readFully(fd, scratch.subarray(filled, wanted), filled)
    const reading = readDicomHeader(scratch.subarray(0, filled), size, patientKey)
    if (!reading.needsMore || filled < wanted || wanted === largestWindow) return reading
  }
}
