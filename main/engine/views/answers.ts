/** Which view answers which call. Runs in the threads of viewWorker.ts. */
import type { Answer, Parsed } from '../../../shared/contract/bridge.ts'
import { anomalyCsv } from '../../journal/views/anomalyCsv.ts'
import { anomalies, archivesList, coldness, heatMap, sizes } from '../../journal/views/archives.ts'
import { bookmarks } from '../../journal/views/bookmarks.ts'
import { deviceLetters, type DeviceLetters } from '../../journal/views/deviceLetters.ts'
import { eventKinds, eventsCheck, eventsPage, historyRuns } from '../../journal/views/events.ts'
import { exploreCount, exploreItem, exploreItems, exploreSeries, exploreStudies } from '../../journal/views/explorer.ts'
import { failuresItems, failuresList } from '../../journal/views/failures.ts'
import { figures, type JournalFigures } from '../../journal/views/figures.ts'
import type { Look } from '../../journal/views/look.ts'
import { planCurrent } from '../../journal/views/plan.ts'
import { verificationStudies } from '../../journal/views/studyVerdicts.ts'
import { verificationExtras, verificationItem, verificationItems, verificationSummary } from '../../journal/views/verification.ts'
import { transfersWaiting } from '../../journal/views/waiting.ts'
import { planCount, planCurve, planEstimate } from './planViews.ts'
import type { ViewName } from './viewNames.ts'

type Answers = { readonly [Name in ViewName]: (look: Look, input: Parsed<Name>) => Answer<Name> | Promise<Answer<Name>> } & {
  readonly figures: (look: Look, input?: { readonly fresh?: boolean }) => Promise<JournalFigures>
  readonly deviceLetters: (look: Look, input: { readonly deviceId: number }) => Promise<DeviceLetters>
}

export const answers: Answers = {
  'archives.list': archivesList,
  'archives.heatMap': heatMap,
  'archives.sizes': sizes,
  'archives.coldness': coldness,
  'archives.anomalies': anomalies,
  'archives.anomalyCsv': anomalyCsv,
  'explorer.count': exploreCount,
  'explorer.studies': exploreStudies,
  'explorer.series': exploreSeries,
  'explorer.items': exploreItems,
  'explorer.bookmarks': bookmarks,
  'explorer.item': exploreItem,
  'plan.count': planCount,
  'plan.estimate': planEstimate,
  'plan.curve': planCurve,
  'plan.current': planCurrent,
  'failures.list': failuresList,
  'failures.items': failuresItems,
  'transfers.waiting': transfersWaiting,
  'verification.summary': verificationSummary,
  'verification.studies': verificationStudies,
  'verification.items': verificationItems,
  'verification.extras': verificationExtras,
  'verification.item': verificationItem,
  'events.page': eventsPage,
  'events.kinds': eventKinds,
  'events.check': eventsCheck,
  'history.runs': historyRuns,
  figures,
  deviceLetters,
}

export function isAnswered(name: string): name is keyof Answers {
  return Object.hasOwn(answers, name)
}
