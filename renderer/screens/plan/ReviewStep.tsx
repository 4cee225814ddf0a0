/** Review: the plan in sentences, what stays behind and why, and what it replaces. */
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import type { Answer } from '../../../shared/contract/bridge.ts'
import type { PlanEstimate } from '../../../shared/domain/plan.ts'
import { useAnswer } from '../../bridge/answers.ts'
import { useLanguage, useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { useFigures } from '../../parts/figures.ts'
import { anomalyWords, blocksOf } from '../archives/anomalyWords.ts'
import { Drawn } from '../archives/Drawn.tsx'
import { valueAt } from './fields.ts'
import { lanesTaken } from './lanes.ts'
import { fullSpeed, type Planning } from './planning.ts'
import { isoDate, noteText, routeNames } from './planTexts.ts'
import { reviewWords } from './reviewWords.ts'
import { ruleSentences, ruleWords } from './ruleWords.ts'
import { useWhy } from './RouteTable.tsx'
import { routeTableWords } from './routeWords.ts'
import { linkHours } from './weekHours.ts'

type Standing = NonNullable<Answer<'plan.current'>>
const dayMs = 86_400_000

export function ReviewStep({ planning, standing }: { readonly planning: Planning; readonly standing: Standing | null }) {
  const text = useWords(reviewWords)
  const figures = useFigures()
  return (
    <Answered of={planning.estimated}>
      {({ estimate }) => (
        <SpaceBetween size="m">
          {standing !== null && (
            <Alert type="warning" header={text.replaces(standing.id)}>
              {standing.approvedBy === null
                ? text.wasNotApproved
                : text.wasApproved(standing.approvedBy, standing.approvedAt === null ? '' : figures.dateTime(standing.approvedAt))}{' '}
              {text.whatReplacing}
            </Alert>
          )}
          <ColumnLayout columns={2}>
            <WhatGoes planning={planning} />
            <WayOf planning={planning} estimate={estimate} />
            <Hours planning={planning} />
            <StaysBehind planning={planning} estimate={estimate} />
          </ColumnLayout>
          <Box color="text-body-secondary">{text.making}</Box>
        </SpaceBetween>
      )}
    </Answered>
  )
}

function Said({ title, children }: { readonly title: string; readonly children: readonly ReactNode[] }) {
  return (
    <Container header={<Header variant="h2">{title}</Header>}>
      <Drawn>
        <ul className="sentences">
          {children.map((one, index) => (
            <li key={index}>{one}</li>
          ))}
        </ul>
      </Drawn>
    </Container>
  )
}

function WhatGoes({ planning }: { readonly planning: Planning }) {
  const text = useWords(reviewWords)
  const ruleText = useWords(ruleWords)
  const language = useLanguage()
  const figures = useFigures()
  const archives = useAnswer('archives.list', {})
  const decimal = (value: number): string => new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value)
  const label = (id: number): string => archives.data?.archives.find((one) => one.id === id)?.label ?? String(id)
  const { data } = planning.counted
  return (
    <Said title={text.goes}>
      {[
        ...(data === undefined
          ? [text.counting]
          : [text.amount(figures.count(data.chosen.studies), figures.items(data.chosen.items), figures.bytes(data.chosen.bytes))]),
        ...ruleSentences(planning.rule, ruleText, figures, decimal, label),
        text.whole,
      ]}
    </Said>
  )
}

function WayOf({ planning, estimate }: { readonly planning: Planning; readonly estimate: PlanEstimate }) {
  const text = useWords(reviewWords)
  const table = useWords(routeTableWords)
  const language = useLanguage()
  const figures = useFigures()
  const why = useWhy(estimate)
  const { draft } = planning
  const division = draft.answers['division']
  const kind = valueAt(division, 'kind') ?? 'recommended'
  const lanes = lanesTaken(draft.answers, estimate)
  const taken = estimate.routes.filter(({ route }) => lanes.includes(route))
  const before = valueAt(division, 'deviceBefore')
  const sentences: ReactNode[] = []
  if (kind === 'by-study-date') sentences.push(text.byDate(figures.studyDate(typeof before === 'string' ? before : null)))
  for (const one of taken) {
    // The sentence on why says it already of the recommended one.
    if (kind !== 'recommended')
      sentences.push(
        kind === 'by-study-date'
          ? text.aloneTakes(routeNames[language][one.route], figures.range({ low: one.days.low * dayMs, high: one.days.high * dayMs }))
          : text.laneTakes(routeNames[language][one.route], figures.range({ low: one.days.low * dayMs, high: one.days.high * dayMs })),
      )
    if (one.devices > 0) sentences.push(`${table.deviceCount(one.devices, one.waves)}.`)
    for (const note of [...one.notPossible, ...one.warnings])
      sentences.push(noteText(note, language, table.notAll(figures.items(estimate.load.items - one.takes.items))))
    for (const notice of one.notices)
      sentences.push(
        <>
          <b>
            {notice.daysLeft < 0
              ? table.since(isoDate(figures, notice.effective))
              : table.from(isoDate(figures, notice.effective), notice.daysLeft)}
          </b>{' '}
          {noteText({ code: notice.id, text: notice.text }, language, '')}
        </>,
      )
  }
  if (kind === 'recommended') sentences.unshift(why)
  return <Said title={text.way}>{sentences}</Said>
}

function Hours({ planning }: { readonly planning: Planning }) {
  const text = useWords(reviewWords)
  const language = useLanguage()
  const figures = useFigures()
  const { draft, answers, today } = planning
  const deadline = draft.answers['deadline']
  const number = (hours: number): string => new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(hours)
  const meaning = draft.week === undefined || answers === undefined ? undefined : linkHours(draft.week, fullSpeed(answers))
  return (
    <Said title={text.when}>
      {[
        text.from(isoDate(figures, today)),
        typeof deadline === 'string' ? text.deadline(isoDate(figures, deadline)) : text.noDeadline,
        meaning === undefined
          ? text.hoursStay
          : meaning.kind === 'closed'
            ? text.closed
            : meaning.kind === 'windows'
              ? text.windows(meaning.windows.map(({ from, to }) => `${from}–${to}`).join(', '))
              : text.hours(number(meaning.hours)),
      ]}
    </Said>
  )
}

function StaysBehind({ planning, estimate }: { readonly planning: Planning; readonly estimate: PlanEstimate }) {
  const text = useWords(reviewWords)
  const language = useLanguage()
  const figures = useFigures()
  const anomalies = useAnswer('archives.anomalies', { archiveId: null })
  const { data } = planning.counted
  const stays =
    data === undefined ? undefined : { studies: data.all.studies - data.chosen.studies, bytes: data.all.bytes - data.chosen.bytes }
  const blocked = (anomalies.data?.anomalies ?? []).filter(({ code, items }) => blocksOf(code) === 'every-lane' && items > 0)
  const elsewhere = estimate.routes
    .filter(({ route }) => lanesTaken(planning.draft.answers, estimate).includes(route))
    .map((one) => estimate.load.items - one.takes.items)
    .filter((items) => items > 0)
  return (
    <Said title={text.behind}>
      {[
        ...(stays === undefined || stays.studies <= 0 ? [] : [text.notChosen(figures.count(stays.studies), figures.bytes(stays.bytes))]),
        ...blocked.map(({ code, items, bytes }) =>
          text.blocked(anomalyWords(code, language).title, figures.items(items), figures.bytes(bytes)),
        ),
        ...(elsewhere.length > 0 ? [text.elsewhere] : []),
        ...(blocked.length === 0 && (stays === undefined || stays.studies <= 0) ? [text.nothingBehind] : []),
        text.sourceStays,
      ]}
    </Said>
  )
}
