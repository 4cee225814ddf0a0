/** What crosses between a screen, its host and the engine: calls with an answer each, and topics that are only told. One JSON value a message. */
import { z } from 'zod'
import { catalogue, type FaultCode } from '../faults/catalogue.ts'
import { asFault, Fault } from '../faults/fault.ts'

/** A message of a screen may be this long, in bytes of UTF-8. Answers and snapshots may be longer. */
export const largestRequest = 256 * 1024
/** Calls that one screen may have open at once. */
export const mostOpenCalls = 64

export const faultOnWire = z.strictObject({
  code: z.string().max(64),
  retry: z.enum(['now', 'later', 'after-human', 'never']),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})
export type FaultOnWire = z.infer<typeof faultOnWire>

export function faultToWire(error: unknown): FaultOnWire {
  const { code, retry, facts } = asFault(error)
  return { code, retry, facts }
}

/** A code that this version does not know becomes `unforeseen` and keeps its name as a fact. */
export function faultFromWire({ code, retry, facts }: FaultOnWire): Fault {
  return Object.hasOwn(catalogue, code)
    ? new Fault(code as FaultCode, facts, { retry })
    : new Fault('unforeseen', { ...facts, code }, { retry })
}

const callId = z.number().int().nonnegative()

/** From a screen. */
export const request = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), id: callId, name: z.string().max(64), input: z.unknown() }),
  /** The answer is no longer wanted. The call then ends with the fault `stopped`. */
  z.strictObject({ kind: z.literal('cancel'), id: callId }),
  /** A person pressed a key, clicked or scrolled: a screen that says so never is logged out after settings.idleMinutes. Told at most every few seconds. */
  z.strictObject({ kind: z.literal('active') }),
])
export type Request = z.infer<typeof request>

export const reply = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ ok: z.literal(false), fault: faultOnWire }),
])
export type Reply = z.infer<typeof reply>

/** To a screen. */
export const told = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('reply'), id: callId, reply }),
  z.strictObject({ kind: z.literal('topic'), topic: z.string().max(64), value: z.unknown() }),
])
export type Told = z.infer<typeof told>
