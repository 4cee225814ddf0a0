/** When a child that ended by itself is started again: at once, then after pauses that grow; and when that has no sense any more. Pure. */

export const mostEnds = 5
export const endsWithin = 2 * 60_000
const longestPause = 30_000
/** A child that ran this long has proven itself: pauses begin anew. */
const steadyAfter = 10 * 60_000

export type Ends = {
  /** Moments of the last ends, none older than `endsWithin`. */
  readonly recent: readonly number[]
  /** Ends since the last steady run. */
  readonly inARow: number
}
export const noEnds: Ends = { recent: [], inARow: 0 }

/** restartAfter `undefined`: give up, until a person says otherwise. */
export function afterEnd(before: Ends, now: number, ranFor: number): { readonly ends: Ends; readonly restartAfter: number | undefined } {
  const inARow = ranFor >= steadyAfter ? 1 : before.inARow + 1
  const recent = [...before.recent.filter((at) => now - at < endsWithin), now]
  const pause = inARow === 1 ? 0 : Math.min(1000 * 2 ** Math.min(inARow - 2, 10), longestPause)
  return { ends: { recent, inARow }, restartAfter: recent.length >= mostEnds ? undefined : pause }
}
