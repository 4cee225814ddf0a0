/** What was not touched since the end of a year, and the rule that chooses it. Pure. */
import type { Answer } from '../../../shared/contract/bridge.ts'

type Touched = Answer<'archives.coldness'>['years'][number]
export type Cold = { readonly year: number; readonly items: number; readonly bytes: number; readonly studies: number }

const dayMs = 86_400_000
/** As the engine counts years back from the day of the plan. */
const daysPerYear = 365.25

/** For each year between the first and the last: the sum of what was last touched in it or before. */
export function coldSums(touched: readonly Touched[]): readonly Cold[] {
  const sorted = touched.toSorted((a, b) => a.year - b.year)
  const [first] = sorted
  const last = sorted.at(-1)
  if (first === undefined || last === undefined) return []
  const byYear = new Map(sorted.map((one) => [one.year, one]))
  const sums: Cold[] = []
  let sum = { items: 0, bytes: 0, studies: 0 }
  // Clocks of modalities can be wrong by decades; the curve is drawn over a lifetime at most.
  const from = Math.max(first.year, last.year - 80)
  for (const one of sorted) if (one.year < from) sum = added(sum, one)
  for (let year = from; year <= last.year; year += 1) {
    const here = byYear.get(year)
    if (here !== undefined) sum = added(sum, here)
    sums.push({ year, ...sum })
  }
  return sums
}

function added(sum: Omit<Cold, 'year'>, one: Omit<Cold, 'year'>): Omit<Cold, 'year'> {
  return { items: sum.items + one.items, bytes: sum.bytes + one.bytes, studies: sum.studies + one.studies }
}

/** Years between the end of `year` and today, to a hundredth, rounded up: never younger than what was shown. */
export function coldYearsSince(year: number, today: number): number {
  const days = (today - Date.UTC(year + 1, 0, 1)) / dayMs
  return Math.max(0, Math.ceil((days / daysPerYear) * 100) / 100)
}
