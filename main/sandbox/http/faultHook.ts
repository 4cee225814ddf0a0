/** Where a fault plan reaches into a simulated service: asked once per request, before the request is judged. */
import type { FaultRule } from '../contract.ts'

export type Call = {
  readonly service: FaultRule['service']
  /** AWS's operation name, such as "PutObject"; "Unknown" where the request names none. */
  readonly operation: string
  readonly key?: string
}

/**
 * continue: answer as the service would. reset: drop the connection, nothing is done. reset-after: do the work, then drop the connection
 * instead of answering. An object: answer this error instead of doing the work. Slowness is awaited inside `before`.
 */
export type FaultVerdict = 'continue' | 'reset' | 'reset-after' | { readonly status: number; readonly code: string }

export interface FaultHook {
  before(call: Call): Promise<FaultVerdict>
}

/** Nothing goes wrong. */
export const noFaults: FaultHook = { before: () => Promise.resolve('continue') }
