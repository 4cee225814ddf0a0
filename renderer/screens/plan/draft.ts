/** The plan that a person is thinking about: kept while they look at other screens, for one migration, and never written down before it is made. */
import { useSyncExternalStore } from 'react'
import type { StudyRuleInput } from '../../../shared/domain/studyRule.ts'
import type { WeekRates } from '../../parts/WeekGrid.tsx'
import { emptyForm, formOf, type RuleForm } from './ruleForm.ts'

/** Answers as they were given, by dotted name; what is not given has its default. */
export type GivenAnswers = Readonly<Record<string, unknown>>

export type Draft = {
  readonly migrationId: string | undefined
  /** Somebody began to plan: the wizard is shown even where a plan stands. */
  readonly open: boolean
  readonly step: number
  readonly form: RuleForm
  readonly answers: GivenAnswers
  /** The week as painted; `undefined`: not touched, the limits stay as they are. */
  readonly week: WeekRates | undefined
  /** The work that makes the plan, once it was started. */
  readonly workId: string | undefined
}

const nothing: Omit<Draft, 'migrationId'> = { open: false, step: 0, form: emptyForm, answers: {}, week: undefined, workId: undefined }

let draft: Draft = { migrationId: undefined, ...nothing }
const watching = new Set<() => void>()

function set(next: Draft): void {
  draft = next
  for (const tell of watching) tell()
}

/** Another migration begins with an empty draft. */
function of(migrationId: string | undefined): Draft {
  return draft.migrationId === migrationId ? draft : { migrationId, ...nothing }
}

export function changeDraft(migrationId: string | undefined, change: Partial<Omit<Draft, 'migrationId'>>): void {
  set({ ...of(migrationId), ...change })
}

/** A rule found elsewhere, such as the year of the coldness curve: it is put in the place of what the draft had. */
export function proposeRule(migrationId: string | undefined, rule: StudyRuleInput): void {
  set({ ...of(migrationId), form: formOf(rule), open: true, step: 0, workId: undefined })
}

export function endDraft(migrationId: string | undefined): void {
  set({ migrationId, ...nothing })
}

export function useDraft(migrationId: string | undefined): Draft {
  const now = useSyncExternalStore(
    (tell) => {
      watching.add(tell)
      return () => void watching.delete(tell)
    },
    () => draft,
  )
  return now.migrationId === migrationId ? now : { migrationId, ...nothing }
}
