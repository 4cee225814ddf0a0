/** When: a deadline, and the hours of the week in which the link may be used, painted. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import DateInput from '@cloudscape-design/components/date-input'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { BandwidthLimits } from '../../../shared/contract/limits.ts'
import { hoursOfWeek } from '../../../shared/contract/limits.ts'
import { useAnswer } from '../../bridge/answers.ts'
import { useLanguage, useWords, words } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { WeekGrid, type WeekRates } from '../../parts/WeekGrid.tsx'
import { useFigures } from '../../parts/figures.ts'
import { fieldProblems } from './fieldProblems.ts'
import { fullSpeed, type Planning } from './planning.ts'
import { isoDate } from './planTexts.ts'
import { linkHours } from './weekHours.ts'

const texts = words({
  en: {
    day: 'YYYY-MM-DD',
    deadline: 'Deadline',
    deadlineHint: 'When all must be verified. Routes that cannot keep it say so. Empty: there is none.',
    begin: 'First day',
    beginHint: (day: string) => `The plan counts from today, ${day}.`,
    hours: 'Hours of the link',
    hoursHint: 'When the share and the link lane may send, and how fast. Loading a device on site does not use the link.',
    grid: 'How fast the link may be used in each hour of the week',
    counts: (hours: string) => `For the estimate this is ${hours} full hours a day.`,
    windows: (windows: string) => `Each day alike: ${windows}.`,
    closed: 'Nothing could ever be sent: at least one hour must be open.',
    untouched: 'Not painted: the hours stay as they are now.',
    back: 'Back to the hours that hold now',
    saved: 'These hours are set when the plan is made, and hold from then on.',
  },
  de: {
    day: 'JJJJ-MM-TT',
    deadline: 'Termin',
    deadlineHint: 'Wann alles geprüft sein muss. Wege, die ihn nicht halten, sagen es. Leer: Es gibt keinen.',
    begin: 'Erster Tag',
    beginHint: (day) => `Der Plan zählt ab heute, ${day}.`,
    hours: 'Stunden der Leitung',
    hoursHint: 'Wann Freigabe und Leitung senden dürfen und wie schnell. Ein Gerät vor Ort zu beladen nutzt die Leitung nicht.',
    grid: 'Wie schnell die Leitung in jeder Stunde der Woche genutzt werden darf',
    counts: (hours) => `Für die Schätzung sind das ${hours} volle Stunden am Tag.`,
    windows: (windows) => `Jeden Tag gleich: ${windows}.`,
    closed: 'So würde nie etwas gesendet: Mindestens eine Stunde muss offen sein.',
    untouched: 'Nicht gemalt: Die Stunden bleiben, wie sie jetzt sind.',
    back: 'Zurück zu den jetzt geltenden Stunden',
    saved: 'Diese Stunden werden gesetzt, wenn der Plan gemacht wird, und gelten von da an.',
  },
})

export const openWeek: WeekRates = Array.from({ length: hoursOfWeek }, () => null)

export function weekOf(limits: BandwidthLimits): WeekRates {
  return limits.grid ?? openWeek
}

export function WhenStep({ planning }: { readonly planning: Planning }) {
  const text = useWords(texts)
  const problems = useWords(fieldProblems)
  const figures = useFigures()
  const { draft, give, wrong, today } = planning
  const limits = useAnswer('limits.read', {})
  const deadline = draft.answers['deadline']
  return (
    <SpaceBetween size="m">
      <Container>
        <FormField
          label={text.deadline}
          description={`${text.deadlineHint} ${text.beginHint(isoDate(figures, today))}`}
          errorText={wrong('deadline') ? problems.deadline : undefined}
        >
          <DateInput
            format="iso"
            placeholder={text.day}
            value={typeof deadline === 'string' ? deadline : ''}
            invalid={wrong('deadline')}
            onChange={({ detail }) => give({ deadline: detail.value === '' ? undefined : detail.value })}
          />
        </FormField>
      </Container>
      <Container
        header={
          <Header
            variant="h2"
            description={text.hoursHint}
            actions={
              <Button disabled={draft.week === undefined} onClick={() => resetWeek(planning)}>
                {text.back}
              </Button>
            }
          >
            {text.hours}
          </Header>
        }
      >
        <Answered of={limits}>
          {(now) => (
            <SpaceBetween size="s">
              <WeekGrid label={text.grid} value={draft.week ?? weekOf(now)} onChange={(week) => paint(planning, week)} />
              <Meaning planning={planning} week={draft.week ?? weekOf(now)} />
              <Box color="text-body-secondary">{draft.week === undefined ? text.untouched : text.saved}</Box>
            </SpaceBetween>
          )}
        </Answered>
      </Container>
    </SpaceBetween>
  )
}

function Meaning({ planning, week }: { readonly planning: Planning; readonly week: WeekRates }) {
  const text = useWords(texts)
  const language = useLanguage()
  const known = planning.answers ?? planning.estimated.data?.answers
  if (known === undefined) return null
  const meaning = linkHours(week, fullSpeed(known))
  const number = (hours: number): string => new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(hours)
  switch (meaning.kind) {
    case 'closed':
      return <StatusIndicator type="error">{text.closed}</StatusIndicator>
    case 'windows':
      return (
        <Box>
          {text.counts(number(meaning.hours))} {text.windows(meaning.windows.map(({ from, to }) => `${from}–${to}`).join(', '))}
        </Box>
      )
    case 'hours':
      return <Box>{text.counts(number(meaning.hours))}</Box>
  }
}

/** The estimate follows what was painted: windows where each day is alike, else hours a day. */
function paint(planning: Planning, week: WeekRates): void {
  const { draft, answers, estimated, change } = planning
  const known = answers ?? estimated.data?.answers
  const meaning = known === undefined ? undefined : linkHours(week, fullSpeed(known))
  const next: Record<string, unknown> = { ...draft.answers }
  delete next['link.windows']
  delete next['link.hoursPerDay']
  if (meaning?.kind === 'windows') next['link.windows'] = meaning.windows
  if (meaning?.kind === 'hours' && meaning.hours < 24) next['link.hoursPerDay'] = meaning.hours
  if (meaning?.kind === 'closed') next['link.hoursPerDay'] = 0
  change({ week, answers: next })
}

function resetWeek({ draft, change }: Planning): void {
  const next: Record<string, unknown> = { ...draft.answers }
  delete next['link.windows']
  delete next['link.hoursPerDay']
  change({ week: undefined, answers: next })
}
