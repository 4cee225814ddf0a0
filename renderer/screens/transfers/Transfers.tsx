/** Transfers: what moves, what waits, what failed, and how fast it may go. */
import { useState } from 'react'
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Tabs from '@cloudscape-design/components/tabs'
import { useAct, useAnswer } from '../../bridge/answers.ts'
import { useMigration } from '../../bridge/live.ts'
import { useWords } from '../../language.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { ScreenFrame } from '../../parts/ScreenFrame.tsx'
import { Bandwidth } from './Bandwidth.tsx'
import { Failures } from './Failures.tsx'
import { Moving } from './Moving.tsx'
import { Waiting } from './Waiting.tsx'
import { transfersHelp, transfersWords } from './transfersWords.ts'

export function Transfers() {
  const t = useWords(transfersWords)
  const figures = useFigures()
  const migration = useMigration()
  const [tab, setTab] = useState('moving')
  const failures = useAnswer('failures.list', {}, { refetchInterval: 5000 })
  const pauseAll = useAct('works.pauseAll')
  const resumeAll = useAct('works.resumeAll')
  const causes = failures.data?.failures.length ?? 0
  const paused = migration?.pausedAll === true
  const fault = pauseAll.error ?? resumeAll.error
  return (
    <ScreenFrame
      title={t.title}
      description={t.description}
      help={transfersHelp}
      actions={
        paused ? (
          <Button variant="primary" iconName="play" loading={resumeAll.isPending} onClick={() => resumeAll.mutate({})}>
            {t.resumeAll}
          </Button>
        ) : (
          <Button iconName="pause" loading={pauseAll.isPending} onClick={() => pauseAll.mutate({})}>
            {t.pauseAll}
          </Button>
        )
      }
    >
      {fault !== null && <FaultBox fault={fault} compact />}
      {paused && (
        <Alert type="warning" header={t.allPaused}>
          {t.allPausedMeans}
        </Alert>
      )}
      <Tabs
        ariaLabel={t.title}
        activeTabId={tab}
        onChange={({ detail }) => setTab(detail.activeTabId)}
        tabs={[
          { id: 'moving', label: t.tabMoving, content: <Moving works={migration?.works} /> },
          { id: 'waiting', label: t.tabWaiting, content: <Waiting /> },
          {
            id: 'failures',
            label: causes === 0 ? t.tabFailures : `${t.tabFailures} (${figures.count(causes)})`,
            content: <Failures of={failures} />,
          },
          { id: 'bandwidth', label: t.tabBandwidth, content: <Bandwidth /> },
        ]}
      />
    </ScreenFrame>
  )
}
