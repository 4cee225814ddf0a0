/** Calls that only read: answered by the views' thread. */
import type { Handlers, Parsed } from '../../../shared/contract/bridge.ts'
import { planAnswersFrom } from '../planDefaults.ts'
import { viewNames, type ViewName } from '../views/views.ts'
import type { Engine } from './handling.ts'

export function readingHandlers(engine: Engine): Handlers<ViewName> {
  const entries = viewNames.map((name) => [
    name,
    (input: never, signal: AbortSignal) => engine.opened().session.views.ask(name, input, signal),
  ])
  /** What is compared is what would be made: in a rehearsal with its account and its small devices. */
  const asMade = <Input extends Parsed<'plan.estimate' | 'plan.curve'>>(input: Input): Input => {
    const { config } = engine.opened().session.migration
    return { ...input, answers: planAnswersFrom(input.answers, config, engine.world.clock.now()) }
  }
  return {
    ...(Object.fromEntries(entries) as Handlers<ViewName>),
    'plan.estimate': (input, signal) => engine.opened().session.views.ask('plan.estimate', asMade(input), signal),
    'plan.curve': (input, signal) => engine.opened().session.views.ask('plan.curve', asMade(input), signal),
  }
}
