/** What passes between the engine's thread and the sandbox's: calls by name, answers by number, faults as data. */
import { Fault, isFault, type Facts } from '../../shared/faults/fault.ts'
import type { FaultCode } from '../../shared/faults/catalogue.ts'
import type { SandboxEndpoints } from './contract.ts'
import { isDiskFull } from './diskFull.ts'
import type { Sandbox } from './start.ts'

export type SandboxCall = Exclude<keyof Sandbox, 'endpoints' | 'clock' | 'token'>

export type ToWorker = { readonly id: number; readonly call: SandboxCall; readonly input: readonly unknown[] }

export type FromWorker =
  | { readonly kind: 'started'; readonly endpoints: SandboxEndpoints; readonly token: string; readonly now: number; readonly speed: number }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number | undefined; readonly error: SentError }

export type SentError = { readonly code: FaultCode | undefined; readonly facts: Facts; readonly message: string }

export function toSent(error: unknown): SentError {
  if (isFault(error)) return { code: error.code, facts: error.facts, message: error.message }
  if (isDiskFull(error)) return { code: 'disk-full', facts: { disk: 'sandbox' }, message: '' }
  return { code: undefined, facts: {}, message: error instanceof Error ? error.message : String(error) }
}

export function fromSent(sent: SentError): Error {
  return sent.code === undefined ? new Error(sent.message) : new Fault(sent.code, sent.facts)
}
