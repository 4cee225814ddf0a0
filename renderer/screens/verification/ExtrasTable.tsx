/** What lies in S3 under the migration's prefix and is not in the journal. */
import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { usePages } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { useFigures } from '../../parts/figures.ts'
import { MorePages } from '../../parts/MorePages.tsx'
import { verificationWords } from './verificationWords.ts'

export function ExtrasTable() {
  const t = useWords(verificationWords)
  const figures = useFigures()
  const pages = usePages('verification.extras', {})
  return (
    <SpaceBetween size="s">
      <Box color="text-body-secondary">{t.extrasMeans}</Box>
      <Answered of={pages}>
        {(answered) => {
          const rows = answered.pages.flatMap((one) => one.rows)
          return (
            <Table
              variant="borderless"
              contentDensity="compact"
              items={rows}
              trackBy="key"
              ariaLabels={{ tableLabel: t.tabExtras }}
              empty={<Box padding="m">{t.noExtras}</Box>}
              footer={
                rows.length === 0 ? undefined : (
                  <>
                    <MorePages of={pages} shown={rows.length} />
                    <Box variant="small">{t.keysHold}</Box>
                  </>
                )
              }
              columnDefinitions={[
                { id: 'key', header: t.key, isRowHeader: true, cell: (row) => <span className="digest-text">{row.key}</span> },
                { id: 'size', header: t.size, cell: (row) => figures.bytes(row.size) },
              ]}
            />
          )
        }}
      </Answered>
    </SpaceBetween>
  )
}
