/** The one list of what a screen may ask: names, inputs and answers. Types, validation and handlers all follow from it. */
import type { z } from 'zod'
import { isFault, Fault } from '../faults/fault.ts'
import type { Call } from './calls/call.ts'
import { archiveCalls } from './calls/archives.ts'
import { deviceCalls } from './calls/devices.ts'
import { diagnosticCalls } from './calls/diagnostics.ts'
import { evidenceCalls } from './calls/evidence.ts'
import { gatewayCalls } from './calls/gateways.ts'
import { hostCalls } from './calls/host.ts'
import { migrationCalls } from './calls/migrations.ts'
import { planCalls } from './calls/plan.ts'
import { shareCalls } from './calls/share.ts'
import { verificationCalls } from './calls/verification.ts'
import { workCalls } from './calls/works.ts'
import { hostState } from './hostState.ts'
import { snapshot } from './snapshot.ts'
import { faultToWire, type Reply } from './wire.ts'

/** Answered by the engine's process. */
export const engineCalls = {
  ...migrationCalls,
  ...archiveCalls,
  ...planCalls,
  ...deviceCalls,
  ...shareCalls,
  ...gatewayCalls,
  ...workCalls,
  ...verificationCalls,
  ...evidenceCalls,
  ...diagnosticCalls,
} as const

/** `host.…` is answered by the host (desktop or console), everything else by the engine. */
export const calls = { ...hostCalls, ...engineCalls } as const

export type Calls = Readonly<Record<string, Call>>
export type CallName = keyof typeof calls
export type EngineCallName = keyof typeof engineCalls
export type HostCallName = keyof typeof hostCalls
/** As a screen writes it. */
export type Input<Name extends CallName> = z.input<(typeof calls)[Name]['input']>
/** As a handler gets it: defaults filled in. */
export type Parsed<Name extends CallName> = z.output<(typeof calls)[Name]['input']>
export type Answer<Name extends CallName> = z.output<(typeof calls)[Name]['answer']>

/** What is told without being asked; each value is whole, so that a missed one is no loss. */
export const topics = { snapshot, host: hostState } as const
export type TopicName = keyof typeof topics
export type Topic<Name extends TopicName> = z.output<(typeof topics)[Name]>

export type Handlers<Names extends CallName> = {
  readonly [Name in Names]: (input: Parsed<Name>, signal: AbortSignal) => Answer<Name> | Promise<Answer<Name>>
}

type AnyHandler = (input: unknown, signal: AbortSignal) => unknown

/**
 * Answers one call: the name is looked up among the list's own, input and answer are validated, whatever is thrown becomes a fault.
 * Never rejects.
 */
export async function answerCall(list: Calls, handlers: object, name: string, input: unknown, signal: AbortSignal): Promise<Reply> {
  try {
    const call = Object.hasOwn(list, name) ? list[name] : undefined
    if (call === undefined || !Object.hasOwn(handlers, name)) throw new Fault('unknown-call')
    const parsed = call.input.safeParse(input)
    if (!parsed.success) throw badInput(parsed.error.issues)
    const answer = await (handlers as Readonly<Record<string, AnyHandler>>)[name]?.(parsed.data, signal)
    const checked = call.answer.safeParse(answer)
    if (!checked.success) {
      throw new Fault(
        'unforeseen',
        { call: name, field: checked.error.issues[0]?.path.map(String).join('.') ?? '' },
        { cause: checked.error },
      )
    }
    return { ok: true, value: checked.data }
  } catch (error) {
    return { ok: false, fault: faultToWire(signal.aborted && !isFault(error) ? new Fault('stopped') : error) }
  }
}

/** Which field and why; the value itself is not repeated. */
function badInput(issues: readonly z.core.$ZodIssue[]): Fault {
  const [issue] = issues
  const at = issue?.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys] : (issue?.path ?? [])
  return new Fault('bad-input', {
    field: at.map(String).join('.').slice(0, 80) || 'input',
    problem: issue?.message.slice(0, 200) ?? 'not understood',
  })
}
