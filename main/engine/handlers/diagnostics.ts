/** Diagnostics: the check-up as steps, and what a support bundle would hold. */
import type { Handlers } from '../../../shared/contract/bridge.ts'
import type { CheckStep } from '../../../shared/contract/calls/call.ts'
import { checkup, machineCheckup, type StepResult } from '../doctor.ts'
import { supportFiles } from '../supportBundle.ts'
import { withinLimit, workOf, type Engine } from './handling.ts'

/** The whole check-up. */
const checkupLimit = 4 * 60_000

export function diagnosticHandlers(engine: Engine): Handlers<'diagnostics.checkup' | 'diagnostics.supportBundle'> {
  return {
    async 'diagnostics.checkup'(_input, signal) {
      return { steps: await steps(engine, withinLimit(signal, checkupLimit)) }
    },
    async 'diagnostics.supportBundle'(_input, signal) {
      const limited = withinLimit(signal, checkupLimit)
      const session = engine.openId() === undefined ? undefined : engine.opened().session
      const files = await supportFiles({ home: engine.home, session, doctor: await steps(engine, limited) }, limited)
      return { files: files.map(({ name, text }) => ({ name, bytes: Buffer.byteLength(text), text })) }
    },
  }
}

async function steps(engine: Engine, signal: AbortSignal): Promise<CheckStep[]> {
  const results: CheckStep[] = []
  for await (const step of looks(engine, signal)) results.push({ ...step, todo: step.todo ?? null })
  return results
}

function looks(engine: Engine, signal: AbortSignal): AsyncIterable<StepResult> {
  if (engine.openId() === undefined) return machineCheckup(engine.home, signal)
  const opened = engine.opened()
  return checkup(workOf(opened, signal), {
    async checkChain() {
      const { whole, entries, brokenAt } = await opened.session.views.ask('events.check', {}, signal)
      return whole ? { whole, entries } : { whole, entries, brokenAt: brokenAt ?? 0 }
    },
  })
}
