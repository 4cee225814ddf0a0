/** The share lane: what the cache holds, and what of it is in S3 already. */
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import Grid from '@cloudscape-design/components/grid'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { useAct, useAnswer } from '../../bridge/answers.ts'
import { useMigration } from '../../bridge/live.ts'
import { useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Ago } from '../../parts/Moment.tsx'
import { RateStrip } from '../../parts/RateStrip.tsx'
import { ScreenFrame } from '../../parts/ScreenFrame.tsx'
import { Tone } from '../../parts/Word.tsx'
import { WorkProgress } from '../../parts/WorkProgress.tsx'
import { useGo } from '../../screen.ts'
import { isFaultCode } from '../../words/faults.ts'
import { Gateways } from './Gateways.tsx'
import { CacheGauge } from './CacheGauge.tsx'
import { PushedAndLanded } from './PushedAndLanded.tsx'
import { flagWordsOf, shareHelp, shareWords, type ShareWords } from './shareWords.ts'
import './share.css'

type ShareState = Answer<'share.state'>

export function Share() {
  const t = useWords(shareWords)
  const migration = useMigration()
  const works = migration?.works.filter(
    ({ kind, state }) => (kind === 'push' || kind === 'land') && state !== 'done' && state !== 'cancelled',
  )
  const state = useAnswer('share.state', {}, { refetchInterval: 3000 })
  const start = useAct('works.start', { changes: ['share.state'] })
  const busy = (kind: 'push' | 'land') => works?.some((work) => work.kind === kind && work.state !== 'failed') === true
  const found = state.data?.share !== null && state.data !== undefined
  const allPushed = state.data !== undefined && state.data.pushed.items >= state.data.planned.items
  return (
    <ScreenFrame
      title={t.title}
      description={t.description}
      help={shareHelp}
      actions={
        found && (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={busy('land')} onClick={() => start.mutate({ kind: 'land' })}>
              {t.land}
            </Button>
            <Button
              variant="primary"
              disabled={busy('push') || allPushed}
              disabledReason={t.nothingToPush}
              onClick={() => start.mutate({ kind: 'push' })}
            >
              {t.start}
            </Button>
          </SpaceBetween>
        )
      }
    >
      {start.error !== null && <FaultBox fault={start.error} compact />}
      {works?.map((work) => (
        <Container key={work.id}>
          <WorkProgress of={work} />
        </Container>
      ))}
      <Answered of={state}>
        {(value) => (value.share === null ? <NoShare of={value} onAgain={() => void state.refetch()} /> : <Lane of={value} />)}
      </Answered>
      {state.data !== undefined && state.data.planned.items > 0 && <Gateways />}
    </ScreenFrame>
  )
}

function NoShare({ of: { fault, planned }, onAgain }: { readonly of: ShareState; readonly onAgain: () => void }) {
  const t = useWords(shareWords)
  const go = useGo()
  const nothingPlanned = planned.items === 0
  return (
    <SpaceBetween size="m">
      {fault !== null && !nothingPlanned && (
        <FaultBox fault={isFaultCode(fault) ? new Fault(fault) : new Fault('unforeseen', { code: fault })} />
      )}
      <Container>
        <Box textAlign="center" padding="l">
          <SpaceBetween size="s">
            <Box variant="h2">{nothingPlanned ? t.notPlanned : t.noShare}</Box>
            <Box color="text-body-secondary">{nothingPlanned ? t.notPlannedMeans : t.noShareMeans}</Box>
            <div className="share-ways">
              {nothingPlanned && <Button onClick={() => go({ at: 'plan' })}>{t.toPlan}</Button>}
              <Button iconName="refresh" onClick={onAgain}>
                {t.again}
              </Button>
            </div>
          </SpaceBetween>
        </Box>
      </Container>
    </SpaceBetween>
  )
}

function Lane({ of: state }: { readonly of: ShareState }) {
  const t = useWords(shareWords)
  const figures = useFigures()
  const lane = useMigration()?.lanes.find(({ route }) => route === 'share')
  return (
    <SpaceBetween size="m">
      <Guard of={state} />
      <Flags of={state.flags} />
      <Grid gridDefinition={[{ colspan: { default: 12, s: 5, l: 4 } }, { colspan: { default: 12, s: 7, l: 8 } }]}>
        <Container fitHeight header={<Header variant="h2">{t.cache}</Header>}>
          <CacheGauge of={state} />
        </Container>
        <Container fitHeight header={<Header variant="h2">{t.way}</Header>}>
          <PushedAndLanded of={state} />
        </Container>
      </Grid>
      {lane !== undefined && (
        <Container header={<Header variant="h2">{t.throughput}</Header>}>
          <RateStrip strip={lane.strip} label={t.throughput} />
        </Container>
      )}
      {state.share !== null && (
        <Container header={<Header variant="h2">{t.gateway}</Header>}>
          <ColumnLayout columns={1}>
            <KeyValuePairs
              columns={4}
              items={[
                { label: t.status, value: <span lang="en">{state.share.status}</span> },
                { label: t.protocol, value: state.share.protocol },
                {
                  label: t.location,
                  value: (
                    <span className="share-arn" lang="en">
                      {state.share.location}
                    </span>
                  ),
                },
                { label: t.failing, value: state.filesFailingUpload === null ? t.notDraining : figures.count(state.filesFailingUpload) },
                {
                  label: t.shareArn,
                  value: (
                    <span className="share-arn" lang="en">
                      {state.share.shareArn}
                    </span>
                  ),
                },
                {
                  label: t.gateway,
                  value: (
                    <span className="share-arn" lang="en">
                      {state.share.gatewayArn}
                    </span>
                  ),
                },
                { label: t.looked, value: <Ago at={state.at} /> },
              ]}
            />
          </ColumnLayout>
        </Container>
      )}
    </SpaceBetween>
  )
}

function guardSentence(t: ShareWords, figures: ReturnType<typeof useFigures>, guard: ShareState['guard']): string {
  const dirty = guard.dirtyPercent === null ? undefined : figures.percent(guard.dirtyPercent / 100)
  switch (guard.state) {
    case 'open':
      return t.open(dirty)
    case 'holding-back':
      return t.holding(
        [
          ...(dirty === undefined ? [] : [t.dirty(dirty)]),
          ...(guard.drainBytesPerSecond === null ? [] : [t.draining(figures.rate(guard.drainBytesPerSecond))]),
          ...(guard.resumesInMs === null ? [] : [t.resumes(figures.range(guard.resumesInMs))]),
        ].join(', '),
      )
    case 'idle':
      return t.idle
    case 'unknown':
      return t.unknown
  }
}

const guardTones = { open: 'info', idle: 'later', unknown: 'wrong' } as const

function Guard({ of: { guard } }: { readonly of: ShareState }) {
  const t = useWords(shareWords)
  const figures = useFigures()
  return (
    <section aria-label={t.guard}>
      {guard.state === 'holding-back' ? (
        <Alert type="warning">{guardSentence(t, figures, guard)}</Alert>
      ) : (
        <Tone tone={guardTones[guard.state]}>{guardSentence(t, figures, guard)}</Tone>
      )}
    </section>
  )
}

function Flags({ of: flags }: { readonly of: readonly string[] }) {
  const t = useWords(shareWords)
  if (flags.length === 0) return null
  return (
    <section aria-label={t.flags}>
      <SpaceBetween size="xs">
        {flags.map((flag) => {
          const found = flagWordsOf(t, flag)
          if (found === undefined)
            return <FaultBox key={flag} fault={isFaultCode(flag) ? new Fault(flag) : new Fault('unforeseen', { code: flag })} />
          return (
            <div key={flag} className="share-flag">
              <Tone tone="person">{found.what}</Tone>
              <Box padding={{ left: 'l' }}>{found.todo}</Box>
            </div>
          )
        })}
      </SpaceBetween>
    </section>
  )
}
