/** Retrying: the one loop that calls AWS again. The clients' own retries are switched off, so a limit here is the limit. */
import { second, minute } from '../../shared/units/duration.ts'
import type { Fault } from '../../shared/faults/fault.ts'
import type { World } from '../../shared/ports/world.ts'
import { faultFromAws, type AwsCall } from './errors.ts'

export type RetryPolicy = {
  /** How often a fault with retry `now` is tried again at once. */
  readonly atOnce: number
  /** How often, after a pause, all others that allow it are. */
  readonly afterPause: number
  /** Pauses grow from the first to the longest, doubling, each drawn evenly between 0 and its bound (full jitter, AWS Architecture Blog 2015). */
  readonly firstPause: number
  readonly longestPause: number
  /** No new try begins when this much time has passed since the first. */
  readonly totalTime: number
}

/** For transfers: outlives a switch that restarts. */
export const patient: RetryPolicy = { atOnce: 3, afterPause: 12, firstPause: second / 2, longestPause: 20 * second, totalTime: 3 * minute }
/** For questions somebody waits for. */
export const brisk: RetryPolicy = { atOnce: 2, afterPause: 4, firstPause: second / 4, longestPause: 4 * second, totalTime: 20 * second }

/**
 * Calls `attempt` until it succeeds, fails for good, or the policy ends. An aborted signal starts nothing, and an abort while waiting ends the wait.
 * @throws Fault of the last try; the signal's reason when aborted.
 */
export async function retrying<Result>(
  call: AwsCall,
  signal: AbortSignal,
  world: World,
  attempt: (signal: AbortSignal) => Promise<Result>,
  policy: RetryPolicy = patient,
): Promise<Result> {
  const startedAt = world.clock.monotonic()
  let atOnce = 0
  let paused = 0
  for (;;) {
    signal.throwIfAborted()
    let fault: Fault
    try {
      return await attempt(signal)
    } catch (error) {
      signal.throwIfAborted()
      fault = faultFromAws(error, call)
    }
    const spent = world.clock.monotonic() - startedAt
    const at = nextTry(fault, atOnce, paused, spent, policy)
    if (at === 'never') throw fault
    world.log.warn('aws', 'retry', { call, fault: fault.code, tried: atOnce + paused + 1 })
    if (at === 'now') {
      atOnce += 1
    } else {
      const bound = Math.min(policy.longestPause, policy.firstPause * 2 ** paused)
      paused += 1
      await world.clock.sleep(world.random.fraction() * bound, signal)
    }
  }
}

/** A broken connection that breaks again and again is waited for; bytes that arrive wrong again and again are not. */
function nextTry(fault: Fault, atOnce: number, paused: number, spent: number, policy: RetryPolicy): 'now' | 'later' | 'never' {
  if (spent >= policy.totalTime) return 'never'
  if (fault.retry === 'now' && atOnce < policy.atOnce) return 'now'
  const waits = fault.retry === 'later' || (fault.retry === 'now' && fault.code === 'aws-unreachable')
  return waits && paused < policy.afterPause ? 'later' : 'never'
}
