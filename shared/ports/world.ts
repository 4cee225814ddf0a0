/** World: clock, randomness and log. Nothing below main/engine calls Date.now, Math.random or console. */
import type { Facts } from '../faults/fault.ts'

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Milliseconds that never jump backwards; for measuring. */
  monotonic(): number
  /** Rejects with the signal's reason when aborted. Starts no timer on an aborted signal. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export interface Random {
  /** 0 ≤ x < 1 */
  fraction(): number
  bytes(count: number): Uint8Array
  uuid(): string
}

/** One line per call. `facts` are numbers, codes and ids: never a path, a DICOM value or a secret. */
export interface Log {
  info(area: string, code: string, facts?: Facts): void
  warn(area: string, code: string, facts?: Facts): void
  error(area: string, code: string, facts?: Facts): void
}

export type World = { readonly clock: Clock; readonly random: Random; readonly log: Log }
