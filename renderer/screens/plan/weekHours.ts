/** What a painted week means for an estimate: windows where each day is alike, else hours of full speed a day. Pure. */
import type { WeekRates } from '../../parts/WeekGrid.tsx'

export type LinkHours =
  | { readonly kind: 'windows'; readonly windows: readonly { readonly from: string; readonly to: string }[]; readonly hours: number }
  | { readonly kind: 'hours'; readonly hours: number }
  /** Nothing is ever sent. */
  | { readonly kind: 'closed' }

const hoursOfDay = 24
const daysOfWeek = 7

/** @param full bytes per second that the move may take of the link when nothing limits it. */
export function linkHours(week: WeekRates, full: number): LinkHours {
  const weights = week.map((rate) => (rate === null ? 1 : Math.min(1, rate / Math.max(1, full))))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (sum === 0) return { kind: 'closed' }
  const hours = Math.round((sum / daysOfWeek) * 100) / 100
  const alike = weights.every((weight, index) => weight === weights[index % hoursOfDay])
  const whole = weights.every((weight) => weight === 0 || weight === 1)
  if (!alike || !whole || hours === hoursOfDay) return { kind: 'hours', hours: Math.max(hours, 0.01) }
  const windows: { from: string; to: string }[] = []
  const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`
  for (let hour = 0; hour < hoursOfDay; hour += 1) {
    if (weights[hour] === 0) continue
    const from = hour
    while (hour + 1 < hoursOfDay && weights[hour + 1] !== 0) hour += 1
    windows.push({ from: clock(from), to: clock(hour + 1) })
  }
  return { kind: 'windows', windows, hours }
}
