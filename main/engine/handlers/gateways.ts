/** Gateways as a screen asks for them. */
import type { Handlers } from '../../../shared/contract/bridge.ts'
import { proveMount, surveyShares } from '../gatewaySteps.ts'
import { withinLimit, type Engine } from './handling.ts'

/** What probes have shown of the shares' clocks since the engine began, ms by ARN. */
export type ShareClocks = Map<string, number>

const surveyLimit = 100_000

export function gatewayHandlers(engine: Engine, clocks: ShareClocks): Handlers<'gateways.survey' | 'gateways.probe'> {
  const asking = (signal: AbortSignal) => {
    const { session } = engine.opened()
    return { migration: session.migration, wiring: session.wiring, signal: AbortSignal.any([session.signal, signal]) }
  }
  return {
    'gateways.survey': (_input, signal) => surveyShares(asking(withinLimit(signal, surveyLimit)), clocks),
    async 'gateways.probe'({ shareArn }, signal) {
      const probe = await proveMount(asking(signal), shareArn)
      clocks.set(shareArn, probe.skewMs)
      return probe
    },
  }
}
