/** Scans, plans, verifications and bundles so far, the newest first. */
import Box from '@cloudscape-design/components/box'
import Table from '@cloudscape-design/components/table'
import { useAnswer } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { useFigures } from '../../parts/figures.ts'
import { evidenceWords } from './evidenceWords.ts'

export function PastRuns() {
  const t = useWords(evidenceWords)
  const figures = useFigures()
  const history = useAnswer('history.runs', {})
  return (
    <Answered of={history}>
      {({ runs }) => (
        <Table
          variant="container"
          contentDensity="compact"
          items={runs.toSorted((a, b) => b.startedAt - a.startedAt)}
          trackBy={(run) => `${run.kind} ${String(run.id)}`}
          ariaLabels={{ tableLabel: t.runs }}
          empty={<Box padding="m">{t.noRuns}</Box>}
          columnDefinitions={[
            { id: 'kind', header: t.kind, isRowHeader: true, cell: (run) => t.kinds[run.kind] },
            { id: 'number', header: t.number, cell: (run) => (run.kind === 'evidence' ? '–' : figures.count(run.id)) },
            { id: 'started', header: t.started, cell: (run) => figures.dateTime(run.startedAt) },
            {
              id: 'finished',
              header: t.finished,
              cell: (run) => (run.finishedAt === null ? t.unfinished : figures.dateTime(run.finishedAt)),
            },
            { id: 'note', header: t.note, cell: (run) => (run.note === '' ? '–' : t.notes[run.kind](run.note)) },
          ]}
          wrapLines
        />
      )}
    </Answered>
  )
}
