/** Studies by their verdicts: a bar for each, the worst word beside it. */
import { useState } from 'react'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import Toggle from '@cloudscape-design/components/toggle'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { verdicts } from '../../../shared/domain/verification.ts'
import { usePages } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { useFigures } from '../../parts/figures.ts'
import { MorePages } from '../../parts/MorePages.tsx'
import { SplitBar } from '../../parts/SplitBar.tsx'
import { VerdictWord } from '../../parts/Word.tsx'
import { verdictTones } from '../../words/verdicts.ts'
import { verificationWords } from './verificationWords.ts'

type Study = Answer<'verification.studies'>['rows'][number]

type Props = {
  /** Only then does an empty list mean that nothing is open. */
  readonly allVerified: boolean
  readonly onItems: (studyId: number) => void
}

export function StudyTable({ allVerified, onItems }: Props) {
  const t = useWords(verificationWords)
  const figures = useFigures()
  const [onlyOpen, setOnlyOpen] = useState(true)
  const pages = usePages('verification.studies', { only: onlyOpen ? 'not-verified' : 'all' })
  return (
    <SpaceBetween size="s">
      <Toggle checked={onlyOpen} onChange={({ detail }) => setOnlyOpen(detail.checked)}>
        {t.onlyOpen}
      </Toggle>
      <Answered of={pages}>
        {(answered) => {
          const rows = answered.pages.flatMap((one) => one.rows)
          return (
            <Table
              variant="borderless"
              contentDensity="compact"
              items={rows}
              trackBy={(row) => String(row.studyId)}
              ariaLabels={{ tableLabel: t.tabStudies }}
              empty={<Box padding="m">{allVerified ? t.noStudies : t.noStudiesAll}</Box>}
              footer={rows.length === 0 ? undefined : <MorePages of={pages} shown={rows.length} />}
              columnDefinitions={[
                {
                  id: 'study',
                  header: t.study,
                  isRowHeader: true,
                  cell: (row) => (
                    <Button variant="inline-link" onClick={() => onItems(row.studyId)}>
                      {t.studyName(row.studyId)}
                    </Button>
                  ),
                },
                { id: 'worst', header: t.worst, cell: (row) => <VerdictWord of={row.worst} /> },
                { id: 'split', header: t.split, width: '34%', cell: (row) => <Verdicts of={row} /> },
                { id: 'items', header: t.items, cell: (row) => figures.count(row.items) },
                { id: 'bytes', header: t.bytes, cell: (row) => figures.bytes(row.bytes) },
                { id: 'modality', header: t.modality, cell: (row) => row.modality ?? '–' },
                { id: 'date', header: t.date, cell: (row) => figures.studyDate(row.studyDate) },
              ]}
            />
          )
        }}
      </Answered>
    </SpaceBetween>
  )
}

function Verdicts({ of: study }: { readonly of: Study }) {
  const t = useWords(verificationWords)
  const figures = useFigures()
  return (
    <SplitBar
      slim
      label={t.splitOf(t.studyName(study.studyId))}
      formatValue={(value) => figures.count(value)}
      parts={[
        ...verdicts
          .filter((verdict) => study.counts[verdict] > 0)
          .map((verdict) => ({ label: verdict, value: study.counts[verdict], tone: verdictTones[verdict] })),
        ...(study.notChecked > 0 ? [{ label: t.notChecked, value: study.notChecked, tone: 'later' as const }] : []),
      ]}
    />
  )
}
