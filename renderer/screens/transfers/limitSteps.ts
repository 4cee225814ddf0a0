/** Steps of the slider for now, and the moments until which a limit may hold. */
const megabyte = 1e6

/** Bytes per second; 0: nothing; `null`: as fast as it goes. Coarser as it goes up: nobody sets 731 MB/s. */
export const limitSteps: readonly (number | null)[] = [
  ...[0, 1, 2, 5, 10, 20, 30, 50, 80, 100, 150, 200, 300, 500, 800, 1000].map((megabytes) => megabytes * megabyte),
  null,
]

export function nearestStep(rate: number | null): number {
  if (rate === null) return limitSteps.length - 1
  const at = limitSteps.findIndex((step) => step !== null && step >= rate)
  return at < 0 ? limitSteps.length - 2 : at
}

export type Until = 'back' | 'hour' | 'six' | 'monday'

/** Milliseconds since 1970, in local time; `null`: until it is taken back. */
export function untilMoments(until: Until, now: Date): number | null {
  const six = (days: number): number => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 6).getTime()
  switch (until) {
    case 'back':
      return null
    case 'hour':
      return now.getTime() + 3_600_000
    case 'six':
      return six(1)
    case 'monday':
      return six((8 - now.getDay()) % 7 || 7)
  }
}
