/** What moves now, and what is over. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Table from '@cloudscape-design/components/table'
import type { WorkState } from '../../../shared/contract/snapshot.ts'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { useFigures } from '../../parts/figures.ts'
import { WorkWord } from '../../parts/Word.tsx'
import { useWorkName, WorkProgress } from '../../parts/WorkProgress.tsx'
import { Queue } from './Queue.tsx'
import { transfersWords } from './transfersWords.ts'

const isOver = ({ state }: WorkState): boolean => state === 'done' || state === 'failed' || state === 'cancelled'

export function Moving({ works }: { readonly works: readonly WorkState[] | undefined }) {
  const t = useWords(transfersWords)
  if (works === undefined) return <StatusIndicator type="loading">{t.now}</StatusIndicator>
  const moving = works.filter((work) => !isOver(work) && work.state !== 'waiting')
  return (
    <SpaceBetween size="m">
      <Container header={<Header variant="h2">{t.now}</Header>}>
        {moving.length === 0 ? (
          <Box textAlign="center" padding="m">
            <Box variant="strong">{t.nothingMoves}</Box>
            <Box color="text-body-secondary">{t.nothingMovesMeans}</Box>
          </Box>
        ) : (
          <SpaceBetween size="l">
            {moving.map((work) => (
              <WorkProgress key={work.id} of={work} />
            ))}
          </SpaceBetween>
        )}
      </Container>
      <Queue works={works.filter(({ state }) => state === 'waiting')} />
      <Over works={works.filter(isOver)} />
    </SpaceBetween>
  )
}

function Over({ works }: { readonly works: readonly WorkState[] }) {
  const t = useWords(transfersWords)
  const figures = useFigures()
  const name = useWorkName()
  const clear = useAct('works.clear')
  return (
    <Table
      variant="container"
      contentDensity="compact"
      header={
        <Header
          variant="h2"
          actions={
            <Button disabled={works.length === 0} loading={clear.isPending} onClick={() => clear.mutate({})}>
              {t.clear}
            </Button>
          }
        >
          {t.over}
        </Header>
      }
      items={works.toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0))}
      trackBy="id"
      ariaLabels={{ tableLabel: t.over }}
      empty={<Box padding="s">{t.emptyOver}</Box>}
      columnDefinitions={[
        { id: 'work', header: t.work, isRowHeader: true, cell: (work) => name(work) },
        { id: 'state', header: t.state, cell: (work) => <WorkWord of={work} /> },
        { id: 'ended', header: t.ended, cell: (work) => (work.endedAt === null ? '–' : figures.dateTime(work.endedAt)) },
        {
          id: 'took',
          header: t.took,
          cell: (work) => (work.endedAt === null || work.startedAt === null ? '–' : figures.duration(work.endedAt - work.startedAt)),
        },
        { id: 'amount', header: t.amount, cell: (work) => `${figures.items(work.items)} · ${figures.bytes(work.bytes)}` },
        { id: 'troubles', header: t.troubles, cell: (work) => (work.troubles === 0 ? '–' : figures.count(work.troubles)) },
      ]}
    />
  )
}
