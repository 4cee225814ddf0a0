/** The arithmetic that all routes share: days for bytes, days for items, and how the two combine. */
import { slowdown } from '../../shared/domain/assumptions.ts'
import { day, range, second, type Range } from '../../shared/units/duration.ts'

const secondsPerDay = day / second

/**
 * Days to send `size` bytes over a link: size × 8 ÷ (Mbit/s × 10^6 × share) ÷ 86,400, stretched over the hours it may be used.
 * Check values: 100 TB at 1 Gbit/s and 80 % are 11.57 days, 50 TB at 500 Mbit/s and 70 % are 13.2.
 */
export function onlineDays(size: number, megabitsPerSecond: number, share: number, hoursPerDay = 24): number {
  return (size * 8) / (megabitsPerSecond * 1e6 * share) / secondsPerDay / (hoursPerDay / 24)
}

/** Days to read or write `size` bytes at a rate in MB/s (10^6 B). */
export function diskDays(size: number, megabytesPerSecond: number): number {
  return size / (megabytesPerSecond * 1e6) / secondsPerDay
}

export function itemDays(items: number, perSecond: number): number {
  return items === 0 ? 0 : items / perSecond / secondsPerDay
}

/** Of a rate as a guess between two figures: the low days come from the high rate. */
export function itemDaysBetween(items: number, perSecond: { readonly low: number; readonly high: number }): Range {
  return range(itemDays(items, perSecond.high), itemDays(items, perSecond.low))
}

/** Work that overlaps: at best the longer of the two, at worst one after the other, and slower than the arithmetic. */
export function overlapped(items: Range, bytes: Range): Range {
  return range(Math.max(items.low, bytes.low), (items.high + bytes.high) * slowdown)
}

/** Work that does not overlap: the sum, at worst slower than the arithmetic. */
export function oneAfterTheOther(items: Range, bytes: Range): Range {
  return range(items.low + bytes.low, (items.high + bytes.high) * slowdown)
}

export function middle(of: Range): number {
  return (of.low + of.high) / 2
}

/** To about a second: finer figures would only make two plans of one archive look different. */
export function rounded(of: Range): Range {
  return range(Math.round(of.low * 1e5) / 1e5, Math.round(of.high * 1e5) / 1e5)
}
