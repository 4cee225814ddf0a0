/** Is this machine well? A check-up as steps, how often the engine ended by itself, and a support bundle that is read before it is saved. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { EngineState } from '../../shared/contract/hostState.ts'
import { useAct } from '../bridge/answers.ts'
import { useHost, useSnapshot } from '../bridge/live.ts'
import { useWords } from '../language.tsx'
import { CheckSteps } from '../parts/CheckSteps.tsx'
import { FaultBox } from '../parts/FaultBox.tsx'
import { useFigures } from '../parts/figures.ts'
import { Moment } from '../parts/Moment.tsx'
import { ScreenFrame } from '../parts/ScreenFrame.tsx'
import { Tone } from '../parts/Word.tsx'
import { diagnosticsHelp, diagnosticsWords } from './diagnostics/diagnosticsWords.ts'
import { SupportBundle } from './diagnostics/SupportBundle.tsx'

export function Diagnostics() {
  const t = useWords(diagnosticsWords)
  const checkup = useAct('diagnostics.checkup')
  const run = (): void => checkup.mutate({})
  const bad = checkup.data?.steps.filter(({ state }) => state !== 'good').length ?? 0
  return (
    <ScreenFrame title={t.title} description={t.lead} help={diagnosticsHelp}>
      <div className="firn-columns">
        <Container
          header={
            <Header
              variant="h2"
              actions={
                <Button variant="primary" loading={checkup.isPending} onClick={run}>
                  {checkup.data === undefined ? t.run : t.runAgain}
                </Button>
              }
            >
              {t.checkup}
            </Header>
          }
        >
          <SpaceBetween size="s">
            {checkup.isPending ? <StatusIndicator type="loading">{t.checking}</StatusIndicator> : null}
            {checkup.error === null ? null : <FaultBox fault={checkup.error} onRetry={run} />}
            {checkup.data === undefined || checkup.isPending ? null : (
              <>
                {bad === 0 ? (
                  <Tone tone="info" icon="success">
                    {t.allGood}
                  </Tone>
                ) : (
                  <Tone tone="person">{t.someBad(String(bad))}</Tone>
                )}
                <CheckSteps steps={checkup.data.steps} />
              </>
            )}
            {checkup.status === 'idle' ? <Box color="text-body-secondary">{t.notYet}</Box> : null}
          </SpaceBetween>
        </Container>
        <Engine />
      </div>
      <SupportBundle />
    </ScreenFrame>
  )
}

function Engine() {
  const t = useWords(diagnosticsWords)
  const figures = useFigures()
  const host = useHost()
  const heard = useSnapshot()
  const restart = useAct('host.restartEngine')
  if (host === undefined) return null
  const { state, since, restarts, lastEnd } = host.engine
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <Button loading={restart.isPending} onClick={() => restart.mutate({})}>
              {t.restart}
            </Button>
          }
        >
          {t.engine}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {restart.error === null ? null : <FaultBox fault={restart.error} compact />}
        <KeyValuePairs
          columns={2}
          items={[
            { label: t.state, value: <State of={state} /> },
            { label: t.since, value: <Moment at={since} /> },
            { label: t.restarts, value: figures.count(restarts) },
            {
              label: t.lastEnd,
              value:
                lastEnd === null ? (
                  t.never
                ) : (
                  <>
                    <Moment at={lastEnd.at} /> (<code>{lastEnd.how}</code>)
                  </>
                ),
            },
            { label: t.process, value: heard === undefined ? '–' : String(heard.value.engine.pid) },
            { label: t.memory, value: heard === undefined ? '–' : figures.bytes(heard.value.engine.memoryBytes) },
            { label: t.version, value: host.version },
            { label: t.host, value: t.hosts[host.host] },
          ]}
        />
        <Box color="text-body-secondary">{t.restartMeans}</Box>
      </SpaceBetween>
    </Container>
  )
}

function State({ of }: { readonly of: EngineState['state'] }) {
  const t = useWords(diagnosticsWords)
  switch (of) {
    case 'running':
      return <Tone tone="info">{t.states.running}</Tone>
    case 'starting':
    case 'restarting':
      return (
        <Tone tone={of === 'starting' ? 'info' : 'person'} icon="in-progress">
          {t.states[of]}
        </Tone>
      )
    case 'gave-up':
    case 'stopped':
      return <Tone tone="wrong">{t.states[of]}</Tone>
  }
}
