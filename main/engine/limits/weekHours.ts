/** Hours of the local week: which one a moment lies in, and when a limit that holds now may change. */
import { limitAt, type BandwidthLimits } from '../../../shared/contract/limits.ts'

/** Monday 00:00 is 0. */
export function hourOfWeek(moment: number): number {
  const date = new Date(moment)
  return ((date.getDay() + 6) % 7) * 24 + date.getHours()
}

/** The limit that holds at a moment, and when it changes; `undefined`: it does not. A clock that is put on or back moves the change with it. */
export function limitThen(
  limits: BandwidthLimits,
  moment: number,
): { readonly rate: number | null; readonly changesAt: number | undefined } {
  const { rate, sameForHours } = limitAt(limits, moment, hourOfWeek(moment))
  const override = limits.now
  if (override !== null && (override.until === null || override.until > moment)) return { rate, changesAt: override.until ?? undefined }
  return { rate, changesAt: sameForHours === undefined ? undefined : hoursOn(moment, sameForHours) }
}

function hoursOn(moment: number, hours: number): number {
  const date = new Date(moment)
  date.setHours(date.getHours() + hours, 0, 0, 0)
  // When clocks are put back an hour comes twice: the first of the two may lie before.
  return Math.max(date.getTime(), moment + 1)
}
