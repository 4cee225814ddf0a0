/** Calls that only read: answered by the views' thread. */
import type { Handlers } from '../../../shared/contract/bridge.ts'
import { viewNames, type ViewName } from '../views/views.ts'
import type { Engine } from './handling.ts'

export function readingHandlers(engine: Engine): Handlers<ViewName> {
  const entries = viewNames.map((name) => [
    name,
    (input: never, signal: AbortSignal) => engine.opened().session.views.ask(name, input, signal),
  ])
  return Object.fromEntries(entries) as Handlers<ViewName>
}
