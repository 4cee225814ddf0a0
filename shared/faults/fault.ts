/** Fault: what went wrong, as a value with a code. Words for people live in the catalogue, keyed by the code. */
import { catalogue, type CatalogueEntry, type FaultCode } from './catalogue.ts'

/** Who may act next. now: the same call again. later: after a pause. after-human: when a person has done something. never: it will not work. */
export type Retry = 'now' | 'later' | 'after-human' | 'never'

/** Numbers, codes and item ids. Never a path, a DICOM value or a secret. */
export type Facts = Readonly<Record<string, string | number | boolean>>

export class Fault extends Error {
  readonly code: FaultCode
  readonly retry: Retry
  readonly facts: Facts
  constructor(code: FaultCode, facts: Facts = {}, options: { cause?: unknown; retry?: Retry } = {}) {
    super(`${code}: ${catalogue[code].happened}`, 'cause' in options ? { cause: options.cause } : undefined)
    this.name = 'Fault'
    this.code = code
    this.retry = options.retry ?? catalogue[code].retry
    this.facts = facts
  }
}

export function isFault(error: unknown, ...codes: readonly FaultCode[]): error is Fault {
  return error instanceof Fault && (codes.length === 0 || codes.includes(error.code))
}

/** Whatever was thrown, as a Fault. An error nobody foresaw becomes `unforeseen` and keeps its cause. */
export function asFault(error: unknown): Fault {
  return error instanceof Fault ? error : new Fault('unforeseen', {}, { cause: error })
}

export function wordsFor(fault: Fault): CatalogueEntry {
  return catalogue[fault.code]
}
