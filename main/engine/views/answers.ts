/** Which view answers which call. Runs in the threads of viewWorker.ts. */
import { eventKinds, eventsCheck, eventsPage, historyRuns } from '../../journal/views/events.ts'
import type { Look } from '../../journal/views/look.ts'
import type { Answer, Parsed } from '../../../shared/contract/bridge.ts'
import type { ViewName } from './views.ts'

type Answers = { readonly [Name in ViewName]: (look: Look, input: Parsed<Name>) => Answer<Name> | Promise<Answer<Name>> }

export const answers: Partial<Answers> = {
  'events.page': eventsPage,
  'events.kinds': eventKinds,
  'events.check': eventsCheck,
  'history.runs': historyRuns,
}

export function isAnswered(name: string): name is ViewName {
  return Object.hasOwn(answers, name)
}
