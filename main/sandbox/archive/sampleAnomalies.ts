/** What a scan finds in the sample DICOM files (pydicom's test data, see tests/fixtures/dicom/ORIGIN.md). They are odd on purpose. */
import type { AnomalyCode } from '../../../shared/domain/anomaly.ts'

/** Cut off: the pixel data says 8,192 bytes and the file ends 200 bytes earlier. */
const truncated = ['MR_truncated.dcm']

/** One instance in several encodings: same SOP Instance UID, different bytes. */
const sameInstance: readonly (readonly string[])[] = [
  ['MR_small.dcm', 'MR_small_RLE.dcm', 'MR_small_bigendian.dcm', 'MR_small_implicit.dcm', 'MR_truncated.dcm'],
  ['badVR.dcm', 'rtdose.dcm'],
]

/** Expected anomalies of those sample files that are among `present` (paths within the sample folder). */
export function sampleAnomalies(present: ReadonlySet<string>): { readonly code: AnomalyCode; readonly path: string }[] {
  const expected: { code: AnomalyCode; path: string }[] = []
  for (const path of truncated) if (present.has(path)) expected.push({ code: 'header-truncated', path })
  for (const group of sameInstance) {
    const here = group.filter((path) => present.has(path))
    if (here.length > 1) expected.push(...here.map((path) => ({ code: 'duplicate-different-bytes', path }) as const))
  }
  return expected
}
