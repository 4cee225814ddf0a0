/** Evidence and history: what proves the move, and what happened when. */
import { useState } from 'react'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Tabs from '@cloudscape-design/components/tabs'
import { useAct, useAnswer } from '../../bridge/answers.ts'
import { useMigration } from '../../bridge/live.ts'
import { useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { ScreenFrame } from '../../parts/ScreenFrame.tsx'
import { WorkProgress } from '../../parts/WorkProgress.tsx'
import { Bundle } from './Bundle.tsx'
import { EventLog } from './EventLog.tsx'
import { HowToCheck } from './HowToCheck.tsx'
import { MakeEvidence } from './MakeEvidence.tsx'
import { PastRuns } from './PastRuns.tsx'
import { Fingerprints } from './Fingerprints.tsx'
import { evidenceHelp, evidenceWords } from './evidenceWords.ts'

export function Evidence() {
  const t = useWords(evidenceWords)
  const work = useMigration()?.works.find(({ kind, state }) => kind === 'evidence' && state !== 'done' && state !== 'cancelled')
  const runs = work !== undefined && work.state !== 'failed'
  const [asking, setAsking] = useState(false)
  const [folder, setFolder] = useState<string | undefined>(undefined)
  const bundles = useAnswer('evidence.list', {}, { refetchInterval: runs ? 1500 : 10_000 })
  const reveal = useAct('host.revealMigration', { onDone: ({ label }) => setFolder(label) })
  return (
    <ScreenFrame
      title={t.title}
      description={t.description}
      help={evidenceHelp}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="folder-open" loading={reveal.isPending} onClick={() => reveal.mutate({})}>
            {t.folder}
          </Button>
          <Button variant="primary" disabled={runs} onClick={() => setAsking(true)}>
            {t.make}
          </Button>
        </SpaceBetween>
      }
    >
      {folder !== undefined && (
        <Alert type="info" dismissible onDismiss={() => setFolder(undefined)}>
          {t.folderIs(folder)}
        </Alert>
      )}
      {reveal.error !== null && <FaultBox fault={reveal.error} compact />}
      {work !== undefined && (
        <Container header={<Header variant="h2">{t.making}</Header>}>
          <WorkProgress of={work} />
        </Container>
      )}
      <Tabs
        ariaLabel={t.title}
        tabs={[
          {
            id: 'bundles',
            label: t.tabBundles,
            content: (
              <SpaceBetween size="m">
                <Answered
                  of={bundles}
                  empty={{
                    when: (value) => value.bundles.length === 0,
                    show: (
                      <Container>
                        <Box textAlign="center" padding="l">
                          <SpaceBetween size="s">
                            <Box variant="h3">{t.none}</Box>
                            <Box color="text-body-secondary">{t.noneMeans}</Box>
                            <Button disabled={runs} onClick={() => setAsking(true)}>
                              {t.make}
                            </Button>
                          </SpaceBetween>
                        </Box>
                      </Container>
                    ),
                  }}
                >
                  {(value) => (
                    <SpaceBetween size="m">
                      {value.bundles.map((bundle) => (
                        <Bundle key={bundle.bundle} of={bundle} />
                      ))}
                    </SpaceBetween>
                  )}
                </Answered>
                {typeof bundles.data?.signingKey === 'string' && (
                  <Container
                    header={
                      <Header variant="h2" description={t.keyMeans}>
                        {t.key}
                      </Header>
                    }
                  >
                    <Fingerprints label={t.signingKey} copy={t.copyKey} all={[bundles.data.signingKey]} />
                  </Container>
                )}
                <HowToCheck />
              </SpaceBetween>
            ),
          },
          { id: 'runs', label: t.tabRuns, content: <PastRuns /> },
          { id: 'log', label: t.tabLog, content: <EventLog /> },
        ]}
      />
      {asking && <MakeEvidence onClose={() => setAsking(false)} />}
    </ScreenFrame>
  )
}
