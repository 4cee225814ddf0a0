/** What happens next and who does it, with the button that does it; and what needs a person, by screen. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import type { WorkToStart } from '../../../shared/contract/calls/works.ts'
import type { MigrationSnapshot, NextThing } from '../../../shared/contract/snapshot.ts'
import { useAct } from '../../bridge/answers.ts'
import { useNow } from '../../bridge/live.ts'
import { useWords } from '../../language.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures, type Figures } from '../../parts/figures.ts'
import { Tone, WorkWord } from '../../parts/Word.tsx'
import { useGo, type Screen } from '../../screen.ts'
import { nextButtons, nextDevice, nextSentences } from '../../words/next.ts'
import { screenWords } from '../../words/screens.ts'
import { overviewWords } from './overviewWords.ts'

/** A work that does it, or the screen where a person decides. */
function wayOf({ code, deviceId }: NextThing): { readonly work: WorkToStart } | { readonly screen: Screen } | undefined {
  switch (code) {
    case 'scan':
      return { work: { kind: 'scan' } }
    case 'push':
      return { work: { kind: 'push' } }
    case 'link':
      return { work: { kind: 'link' } }
    case 'land':
      return { work: { kind: 'land' } }
    case 'verify':
      return { work: { kind: 'verify', readBack: false } }
    case 'make-evidence':
      return { work: { kind: 'evidence', includePaths: false, zip: false } }
    case 'wait-for-device':
    case 'wait-for-import':
      return { work: { kind: 'track' } }
    case 'load':
      return deviceId === null ? { screen: { at: 'devices' } } : { work: { kind: 'load', deviceId } }
    case 'plan':
    case 'approve':
      return { screen: { at: 'plan' } }
    case 'order':
      return { screen: { at: 'devices' } }
    case 'ship':
      return { screen: deviceId === null ? { at: 'devices' } : { at: 'devices', deviceId } }
    case 'look-at-report':
      return { screen: { at: 'verification' } }
    case 'done':
      return undefined
  }
}

export function Next({ migration }: { readonly migration: MigrationSnapshot }) {
  const t = useWords(overviewWords)
  const { next } = migration
  return (
    <Container header={<Header variant="h2">{t.next}</Header>}>
      {next.length === 0 ? (
        <Box color="text-body-secondary">{t.nothingNext}</Box>
      ) : (
        <ol className="firn-next">
          {next.map((thing, at) => (
            <One key={`${thing.code}-${thing.deviceId ?? ''}-${at}`} thing={thing} migration={migration} first={at === 0} />
          ))}
        </ol>
      )}
    </Container>
  )
}

function One({ thing, migration, first }: { readonly thing: NextThing; readonly migration: MigrationSnapshot; readonly first: boolean }) {
  const t = useWords(overviewWords)
  const sentences = useWords(nextSentences)
  const buttons = useWords(nextButtons)
  const devices = useWords(nextDevice)
  const figures = useFigures()
  const now = useNow(30_000)
  const go = useGo()
  const start = useAct('works.start')
  const way = wayOf(thing)
  const ordinal = thing.facts['ordinal'] ?? thing.deviceId
  const sentence = sentences[thing.code](ordinal === null ? devices.any : devices.one(String(ordinal)))
  const work =
    way !== undefined && 'work' in way
      ? migration.works.find(
          ({ kind, deviceId, state }) =>
            kind === way.work.kind &&
            (kind !== 'load' || deviceId === thing.deviceId) &&
            ['waiting', 'running', 'stopping', 'paused'].includes(state),
        )
      : undefined
  return (
    <li>
      <div>
        <div>{sentence}</div>
        <div className="firn-next-note">
          {thing.needsPerson ? <Tone tone="person">{t.needsPerson}</Tone> : <Tone tone="later">{t.byItself}</Tone>}
          {thing.at === null ? null : <span className="firn-quiet">{when(thing.at, figures, now)}</span>}
        </div>
        {start.error === null ? null : <FaultBox fault={start.error} compact />}
      </div>
      {work !== undefined ? (
        <WorkWord of={work} />
      ) : way === undefined || thing.code === 'done' ? null : (
        <Button
          variant={first ? 'primary' : 'normal'}
          loading={start.isPending}
          ariaLabel={`${buttons[thing.code]}: ${sentence}`}
          onClick={() => ('work' in way ? start.mutate(way.work) : go(way.screen))}
        >
          {buttons[thing.code]}
        </Button>
      )}
    </li>
  )
}

/** "today 19:00 to 21:00", "Thu, 26 Nov", "Thu, 26 Nov to Sat, 28 Nov" */
function when({ low, high }: { readonly low: number; readonly high: number }, figures: Figures, now: number): string {
  const between = figures.span
  if (figures.day(low) !== figures.day(high)) return between(figures.day(low), figures.day(high))
  if (figures.day(low) !== figures.day(now)) return figures.day(low)
  return figures.clock(low) === figures.clock(high) ? figures.clock(low) : between(figures.clock(low), figures.clock(high))
}

export function Needs({ migration }: { readonly migration: MigrationSnapshot }) {
  const t = useWords(overviewWords)
  const names = useWords(screenWords)
  const figures = useFigures()
  const go = useGo()
  const needs = (['archives', 'plan', 'devices', 'share', 'transfers', 'verification', 'evidence'] as const).filter(
    (name) => migration.needs[name] > 0,
  )
  return (
    <Container header={<Header variant="h2">{t.needs}</Header>}>
      {needs.length === 0 ? (
        <Box color="text-body-secondary">{migration.next.some(({ needsPerson }) => needsPerson) ? t.needsOnlyNext : t.needsNothing}</Box>
      ) : (
        <ul className="firn-needs">
          {needs.map((name) => (
            <li key={name}>
              <Link
                href={`#${name}`}
                onFollow={(event) => {
                  event.preventDefault()
                  go({ at: name })
                }}
              >
                {names[name]}
              </Link>
              <Tone tone="person">{figures.count(migration.needs[name])}</Tone>
            </li>
          ))}
        </ul>
      )}
    </Container>
  )
}
