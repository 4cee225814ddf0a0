/** Where a rehearsal divides an archive so that both lanes get work: older studies by device, newer and undated ones through the share. */
import type { StudyLoad } from '../../shared/domain/study.ts'

/** The day (YYYYMMDD) before which about `part` of the dated bytes lie. Memory: one number per day that occurs. */
export function splitDate(studies: Iterable<StudyLoad>, part: number): string {
  const byDay = new Map<string, number>()
  let dated = 0
  for (const study of studies) {
    if (study.studyDate === undefined) continue
    byDay.set(study.studyDate, (byDay.get(study.studyDate) ?? 0) + study.bytes)
    dated += study.bytes
  }
  let before = 0
  for (const [day, size] of [...byDay].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (before >= dated * part && before > 0) return day
    before += size
  }
  return '99991231'
}
