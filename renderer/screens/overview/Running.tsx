/** What runs or waits now, with pause and resume. All of it is on Transfers. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import type { MigrationSnapshot, WorkState } from '../../../shared/contract/snapshot.ts'
import { useAct } from '../../bridge/answers.ts'
import { useNow } from '../../bridge/live.ts'
import { useWords, words } from '../../language.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { WorkWord } from '../../parts/Word.tsx'
import { useGo } from '../../screen.ts'
import { workKindWords } from '../../words/works.ts'
import { overviewWords } from './overviewWords.ts'

const open: readonly WorkState['state'][] = ['waiting', 'running', 'stopping', 'paused']
const most = 8

const text = words({
  en: { work: 'Work', state: 'State', progress: 'Progress', rate: 'Rate', left: 'Time left', act: 'Action' },
  de: { work: 'Arbeit', state: 'Zustand', progress: 'Fortschritt', rate: 'Rate', left: 'Restzeit', act: 'Aktion' },
})

export function Running({ migration }: { readonly migration: MigrationSnapshot }) {
  const t = useWords(overviewWords)
  const heads = useWords(text)
  const kinds = useWords(workKindWords)
  const figures = useFigures()
  const now = useNow()
  const go = useGo()
  const pause = useAct('works.pause')
  const resume = useAct('works.resume')
  const works = migration.works.filter(({ state }) => open.includes(state)).slice(0, most)
  const fault = pause.error ?? resume.error
  return (
    <SpaceBetween size="s">
      {fault === null ? null : <FaultBox fault={fault} compact />}
      <Table<WorkState>
        variant="container"
        header={
          <Header
            variant="h2"
            counter={`(${figures.count(works.length)})`}
            actions={<Button onClick={() => go({ at: 'transfers' })}>{t.worksAll}</Button>}
          >
            {t.works}
          </Header>
        }
        empty={<Box color="text-body-secondary">{t.worksNone}</Box>}
        items={works}
        trackBy="id"
        enableKeyboardNavigation
        columnDefinitions={[
          {
            id: 'work',
            header: heads.work,
            isRowHeader: true,
            cell: (work) => (work.deviceId === null ? kinds[work.kind] : `${kinds[work.kind]}: ${t.device(String(work.deviceId))}`),
          },
          { id: 'state', header: heads.state, cell: (work) => <WorkWord of={work} /> },
          { id: 'progress', header: heads.progress, cell: (work) => <Progress work={work} /> },
          {
            id: 'rate',
            header: heads.rate,
            cell: (work) =>
              work.stalledSince !== null && work.state === 'running'
                ? t.stalledSince(figures.clock(work.stalledSince))
                : work.bytesPerSecond === null
                  ? '–'
                  : figures.rate(work.bytesPerSecond),
          },
          { id: 'left', header: heads.left, cell: (work) => (work.left === null ? '–' : t.leftOf(figures.range(work.left))) },
          {
            id: 'act',
            header: heads.act,
            cell: (work) =>
              work.state === 'paused' ? (
                <Button
                  variant="inline-link"
                  ariaLabel={`${t.resume}: ${kinds[work.kind]}`}
                  onClick={() => resume.mutate({ workId: work.id })}
                >
                  {t.resume}
                </Button>
              ) : work.state === 'running' || work.state === 'waiting' ? (
                <Button
                  variant="inline-link"
                  ariaLabel={`${t.pause}: ${kinds[work.kind]}`}
                  onClick={() => pause.mutate({ workId: work.id })}
                >
                  {t.pause}
                </Button>
              ) : (
                <span className="firn-quiet">{work.startedAt === null ? '–' : figures.ago(now - work.startedAt)}</span>
              ),
          },
        ]}
      />
    </SpaceBetween>
  )
}

function Progress({ work }: { readonly work: WorkState }) {
  const t = useWords(overviewWords)
  const figures = useFigures()
  const { bytes, bytesTotal, items, itemsTotal } = work
  if (bytes === 0 && items === 0 && itemsTotal === null) return <>–</>
  const ratio =
    bytesTotal !== null && bytesTotal > 0 ? bytes / bytesTotal : itemsTotal !== null && itemsTotal > 0 ? items / itemsTotal : undefined
  const done = bytesTotal === null && bytes === 0 ? figures.items(items) : figures.bytes(bytes)
  const total =
    bytesTotal !== null && bytesTotal > 0 ? figures.bytes(bytesTotal) : itemsTotal !== null ? figures.items(itemsTotal) : t.counting
  return (
    <span className="firn-progress">
      {ratio === undefined ? null : (
        <span className="firn-progress-bar" aria-hidden="true">
          <span style={{ inlineSize: `${Math.min(ratio, 1) * 100}%` }} />
        </span>
      )}
      {ratio === undefined ? '' : `${figures.percent(ratio)} · `}
      {bytesTotal === null && itemsTotal === null ? `${done}, ${t.counting}` : t.of(done, total)}
    </span>
  )
}
