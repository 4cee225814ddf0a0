/** Durations and ranges of them. Inside, time is milliseconds; for people it is a range with a unit. */
export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

/** low ≤ high, same unit as the values put in. */
export type Range = { readonly low: number; readonly high: number }

export function range(low: number, high: number): Range {
  if (!(low <= high)) throw new RangeError(`not a range: ${low} to ${high}`)
  return { low, high }
}

export function addRanges(...ranges: readonly Range[]): Range {
  return range(
    ranges.reduce((sum, one) => sum + one.low, 0),
    ranges.reduce((sum, one) => sum + one.high, 0),
  )
}

const steps = [
  [day, 'd'],
  [hour, 'h'],
  [minute, 'min'],
  [second, 's'],
] as const

export function formatDuration(ms: number): string {
  for (const [size, unit] of steps) {
    if (ms >= size || unit === 's') {
      const value = ms / size
      return `${value >= 10 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} ${unit}`
    }
  }
  return `${Math.round(ms)} ms`
}

/** "9 to 11 d"; one figure when both ends read the same. */
export function formatDurationRange(of: Range): string {
  const low = formatDuration(of.low)
  const high = formatDuration(of.high)
  if (low === high) return low
  const [lowValue, lowUnit] = low.split(' ')
  const [, highUnit] = high.split(' ')
  return lowUnit === highUnit ? `${lowValue ?? ''} to ${high}` : `${low} to ${high}`
}
