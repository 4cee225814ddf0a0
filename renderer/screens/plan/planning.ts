/** The plan that is being thought about, with what follows from it: rule, answers, counts, the routes side by side. For all steps of the wizard. */
import { useEffect, useMemo, useState } from 'react'
import { keepPreviousData } from '@tanstack/react-query'
import type { PlanAnswers } from '../../../shared/contract/planAnswers.ts'
import { isFault, type Fault } from '../../../shared/faults/fault.ts'
import { useAnswer } from '../../bridge/answers.ts'
import { useMigration } from '../../bridge/live.ts'
import { changeDraft, useDraft, type Draft, type GivenAnswers } from './draft.ts'
import { judged, nested } from './fields.ts'
import { ruleOf } from './ruleForm.ts'

/** A figure follows the knobs after this rest; a question that is superseded is called back. */
const restMs = 250

function useRested<Value>(value: Value): Value {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs)
    return () => clearTimeout(timer)
  }, [value])
  return rested
}

type Query<Value> = {
  readonly data: Value | undefined
  readonly error: Fault | null
  readonly isFetching: boolean
  readonly refetch: () => Promise<unknown>
}

/** Where a question is refused, the last answer stands: the columns stay while the field is put right. */
function useStanding<Value>({ data, error, isFetching, refetch }: Query<Value>): Query<Value> {
  const [last, setLast] = useState(data)
  useEffect(() => {
    if (data !== undefined) setLast(data)
  }, [data])
  return { data: data ?? last, error, isFetching, refetch }
}

/** The day of the plan, by this machine's calendar. */
export function isoToday(): string {
  const now = new Date()
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

export type Planning = ReturnType<typeof usePlanning>

export function usePlanning() {
  const migrationId = useMigration()?.id
  const draft = useDraft(migrationId)
  const today = isoToday()
  const { rule, problems: ruleProblems } = useMemo(() => ruleOf(draft.form), [draft.form])
  const { answers, problems } = useMemo(() => judged(draft.answers, today), [draft.answers, today])
  const raw = useMemo(() => nested(draft.answers, today), [draft.answers, today])

  const ruleFits = Object.keys(ruleProblems).length === 0
  const fits = ruleFits && answers !== undefined
  // What was last asked stays asked while an entry cannot be used: the figures stand, and the field says why they do not move.
  const [asked, setAsked] = useState({ rule, answers: raw })
  useEffect(() => {
    if (fits) setAsked({ rule, answers: raw })
  }, [fits, rule, raw])
  const restedRule = useRested(asked.rule)
  const rested = useRested(asked)
  const counted = useAnswer('plan.count', { rule: restedRule }, { placeholderData: keepPreviousData })
  const estimated = useStanding(useAnswer('plan.estimate', rested, { placeholderData: keepPreviousData }))
  const curve = useStanding(useAnswer('plan.curve', rested, { placeholderData: keepPreviousData }))

  const refused =
    estimated.error !== null && isFault(estimated.error) && estimated.error.code === 'bad-input'
      ? estimated.error.facts['field']
      : undefined
  const refusedField = typeof refused === 'string' ? refused.replace(/^answers\./, '') : undefined
  const change = (part: Partial<Omit<Draft, 'migrationId'>>): void => changeDraft(migrationId, part)
  return {
    migrationId,
    draft,
    today,
    rule,
    ruleProblems,
    ruleFits,
    /** `undefined` while one of them cannot be used. */
    answers,
    /** As a plan is asked for with them. */
    raw,
    wrong: (name: string): boolean => problems.has(name) || refusedField === name,
    problems,
    counted,
    /** The count on the screen is of the rule on the screen. */
    countIsFresh: ruleFits && restedRule === rule && !counted.isFetching,
    estimated,
    curve,
    change,
    changeForm: (part: Partial<Draft['form']>): void => change({ form: { ...draft.form, ...part } }),
    give: (given: GivenAnswers): void => {
      const next: Record<string, unknown> = { ...draft.answers, ...given }
      for (const [name, value] of Object.entries(given)) if (value === undefined) delete next[name]
      change({ answers: next })
    },
  }
}

/** Bytes a second that the move may take of the link. */
export function fullSpeed(answers: PlanAnswers): number {
  return (answers.link.megabitsPerSecond * answers.link.share * 1e6) / 8
}
