/** What a person decides after a verification. */
import type { Handlers } from '../../../shared/contract/bridge.ts'
import { planRepair } from '../steps.ts'
import { requireRest, type Engine } from './handling.ts'

export function verificationHandlers(engine: Engine): Handlers<'verification.repair'> {
  return {
    'verification.repair'({ person }, signal) {
      const opened = engine.opened()
      // What is being sent or judged now must not change its lane meanwhile.
      requireRest(opened)
      const { session } = opened
      return planRepair({ migration: session.migration, signal: AbortSignal.any([session.signal, signal]) }, person)
    },
  }
}
