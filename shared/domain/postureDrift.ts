/** What changed between two looks at a bucket. */
import type { CheckName, CheckResult, PostureFinding } from './posture.ts'

export type Drift = { readonly check: CheckName; readonly from: CheckResult; readonly to: CheckResult; readonly evidence: string }

/** Checks that end otherwise now. One that is not known any more counts; one that an older Firn did not look at does not. */
export function driftOf(before: readonly PostureFinding[], now: readonly PostureFinding[]): Drift[] {
  const earlier = new Map(before.map(({ check, result }) => [check, result]))
  return now.flatMap(({ check, result: to, evidence }) => {
    const from = earlier.get(check)
    return from === undefined || from === to ? [] : [{ check, from, to, evidence }]
  })
}
