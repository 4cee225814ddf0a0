/** Verification: what is proven, and what is not and why. */
import { useEffect, useState } from 'react'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Tabs from '@cloudscape-design/components/tabs'
import { useQueryClient } from '@tanstack/react-query'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useAnswer } from '../../bridge/answers.ts'
import { useMigration } from '../../bridge/live.ts'
import { useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { useFigures } from '../../parts/figures.ts'
import { ScreenFrame } from '../../parts/ScreenFrame.tsx'
import { SidePanel } from '../../parts/SidePanel.tsx'
import { WorkProgress } from '../../parts/WorkProgress.tsx'
import { useGo } from '../../screen.ts'
import { ExtrasTable } from './ExtrasTable.tsx'
import { ItemDetail } from './ItemDetail.tsx'
import { ItemTable, noFilter, type ItemFilter } from './ItemTable.tsx'
import { NotVerified } from './NotVerified.tsx'
import { Repair } from './Repair.tsx'
import { RunVerification } from './RunVerification.tsx'
import { StudyTable } from './StudyTable.tsx'
import { VerdictNumbers } from './VerdictNumbers.tsx'
import { verificationHelp, verificationWords } from './verificationWords.ts'

export function Verification({ itemId }: { readonly itemId?: number | undefined }) {
  const t = useWords(verificationWords)
  const go = useGo()
  const migration = useMigration()
  const [asking, setAsking] = useState(false)
  const [tab, setTab] = useState('studies')
  const [filter, setFilter] = useState<ItemFilter>(noFilter)
  const work = migration?.works.find(({ kind, state }) => kind === 'verify' && state !== 'done' && state !== 'cancelled')
  const runs = work !== undefined && work.state !== 'failed'
  const summary = useAnswer('verification.summary', {}, { refetchInterval: runs ? 2000 : 10_000 })
  const client = useQueryClient()
  const judged = summary.data === undefined ? '' : JSON.stringify([summary.data.run, summary.data.counts])
  useEffect(() => {
    // What was listed under other verdicts is not true any more.
    const stale = ['verification.studies', 'verification.items', 'verification.extras', 'verification.item']
    void Promise.all(stale.map((name) => client.invalidateQueries({ queryKey: [name] })))
  }, [client, judged])
  const show = (next: ItemFilter): void => {
    setFilter(next)
    setTab('items')
  }
  const open = (id: number): void => go({ at: 'verification', itemId: id })
  const extras = summary.data?.extras ?? 0
  return (
    <ScreenFrame
      title={t.title}
      description={t.description}
      help={verificationHelp}
      actions={
        <Button variant="primary" disabled={runs} onClick={() => setAsking(true)}>
          {(summary.data?.run ?? null) === null ? t.run : t.runAgain}
        </Button>
      }
    >
      {work !== undefined && (
        <Container header={<Header variant="h2">{t.running}</Header>}>
          <WorkProgress of={work} />
        </Container>
      )}
      <Answered of={summary}>
        {(value) => (
          <SpaceBetween size="m">
            <Standing of={value} />
            {!runs && <Repair of={value} />}
            <VerdictNumbers of={value} onChoose={(verdict) => (verdict === 'extra' ? setTab('extras') : show({ ...noFilter, verdict }))} />
            <NotVerified of={value} onChoose={(reason) => show({ ...noFilter, reason })} />
            <Tabs
              variant="container"
              activeTabId={tab}
              onChange={({ detail }) => setTab(detail.activeTabId)}
              ariaLabel={t.title}
              tabs={[
                {
                  id: 'studies',
                  label: t.tabStudies,
                  content: (
                    <StudyTable
                      allVerified={value.unverified.items === 0 && value.inventory.items > 0}
                      onItems={(studyId) => show({ ...noFilter, studyId })}
                    />
                  ),
                },
                {
                  id: 'items',
                  label: t.tabItems,
                  content: <ItemTable filter={filter} onFilter={setFilter} onOpen={open} opened={itemId} />,
                },
                { id: 'extras', label: extras === 0 ? t.tabExtras : `${t.tabExtras} (${String(extras)})`, content: <ExtrasTable /> },
              ]}
            />
          </SpaceBetween>
        )}
      </Answered>
      {asking && <RunVerification onClose={() => setAsking(false)} />}
      {itemId !== undefined && (
        <SidePanel title={t.itemName(itemId)} onClose={() => go({ at: 'verification' })}>
          <ItemDetail itemId={itemId} />
        </SidePanel>
      )}
    </ScreenFrame>
  )
}

/** On what the figures rest. */
function Standing({ of: { run } }: { readonly of: Answer<'verification.summary'> }) {
  const t = useWords(verificationWords)
  const figures = useFigures()
  if (run === null)
    return (
      <Alert type="error" header={t.neverRun}>
        {t.neverRunMeans}
      </Alert>
    )
  return (
    <Box color="text-body-secondary">
      {run.finishedAt === null ? t.begunRun(figures.dateTime(run.startedAt)) : t.lastRun(figures.dateTime(run.finishedAt))}
    </Box>
  )
}
