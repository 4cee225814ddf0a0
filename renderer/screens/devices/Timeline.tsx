/** The way of an import job from left to right: what was reached when, where it is, and when the rest is expected. */
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Icon from '@cloudscape-design/components/icon'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useNow } from '../../bridge/live.ts'
import { useWords } from '../../language.tsx'
import { useFigures } from '../../parts/figures.ts'
import { devicesWords } from './devicesWords.ts'
import { useJobWord } from './jobWords.ts'

const oneDay = 86_400_000

type Stop = Answer<'devices.detail'>['timeline'][number]

export function Timeline({ of: stops }: { readonly of: readonly Stop[] }) {
  const t = useWords(devicesWords)
  const figures = useFigures()
  const job = useJobWord()
  const here = stops.findIndex(({ current }) => current)
  const now = useNow(60_000)
  // A rehearsal's days pass in minutes: there the time of day says more than the date.
  const near = stops.every(({ at, expected }) => Math.abs((at ?? expected?.high ?? now) - now) < oneDay)
  const moment = near ? figures.clock : figures.day
  const when = ({ at, expected }: Stop): string =>
    at !== null ? moment(at) : expected === null ? '' : t.expected(moment(expected.low), moment(expected.high))
  return (
    <Container header={<Header variant="h2">{t.timeline}</Header>}>
      <ol className="timeline">
        {stops.map((stop, at) => {
          const kind = stop.current ? 'current' : at < here ? 'past' : 'ahead'
          return (
            <li key={stop.state} className={`timeline-${kind}`} aria-current={stop.current ? 'step' : undefined}>
              <span className="timeline-dot">
                {kind === 'past' && <Icon name="check" size="small" alt={t.passed} />}
                {kind === 'current' && <span className="firn-unseen">{t.current}</span>}
              </span>
              <span className="timeline-name" title={stop.state}>
                {job(stop.state).where}
              </span>
              <span className="timeline-when" title={stop.at === null ? undefined : figures.exactly(stop.at)}>
                {when(stop)}
              </span>
            </li>
          )
        })}
      </ol>
    </Container>
  )
}
