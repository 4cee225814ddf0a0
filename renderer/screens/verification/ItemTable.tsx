/** Items by verdict, cause and study; item ids, never paths. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import Token from '@cloudscape-design/components/token'
import { verdicts, type Verdict } from '../../../shared/domain/verification.ts'
import { usePages } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { useFigures } from '../../parts/figures.ts'
import { MorePages } from '../../parts/MorePages.tsx'
import { VerdictWord } from '../../parts/Word.tsx'
import { useReasonWords } from './reasonWords.ts'
import { methodName, verificationWords } from './verificationWords.ts'

export type ItemFilter = { readonly verdict: Verdict | null; readonly reason: string | null; readonly studyId: number | null }
export const noFilter: ItemFilter = { verdict: null, reason: null, studyId: null }

type Props = {
  readonly filter: ItemFilter
  readonly onFilter: (filter: ItemFilter) => void
  readonly onOpen: (itemId: number) => void
  readonly opened: number | undefined
}

export function ItemTable({ filter, onFilter, onOpen, opened }: Props) {
  const t = useWords(verificationWords)
  const figures = useFigures()
  const reason = useReasonWords()
  const pages = usePages('verification.items', filter)
  const anyVerdict = { value: '', label: t.anyVerdict }
  const options = [anyVerdict, ...verdicts.filter((verdict) => verdict !== 'extra').map((verdict) => ({ value: verdict, label: verdict }))]
  const tokens = [
    ...(filter.reason === null ? [] : [{ label: t.filterReason(reason(filter.reason).why), without: { ...filter, reason: null } }]),
    ...(filter.studyId === null ? [] : [{ label: t.filterStudy(t.studyName(filter.studyId)), without: { ...filter, studyId: null } }]),
  ]
  return (
    <SpaceBetween size="s">
      <SpaceBetween direction="horizontal" size="s" alignItems="center">
        <Select
          ariaLabel={t.filterVerdict}
          selectedOption={options.find(({ value }) => value === (filter.verdict ?? '')) ?? anyVerdict}
          options={options}
          onChange={({ detail }) => onFilter({ ...filter, verdict: verdicts.find((one) => one === detail.selectedOption.value) ?? null })}
        />
        {tokens.map(({ label, without }) => (
          <Token key={label} variant="inline" label={label} dismissLabel={t.removeFilter(label)} onDismiss={() => onFilter(without)} />
        ))}
      </SpaceBetween>
      <Answered of={pages}>
        {(answered) => {
          const rows = answered.pages.flatMap((one) => one.rows)
          return (
            <Table
              variant="borderless"
              contentDensity="compact"
              items={rows}
              trackBy={(row) => String(row.itemId)}
              ariaLabels={{ tableLabel: t.tabItems }}
              empty={<Box padding="m">{t.noItems}</Box>}
              footer={rows.length === 0 ? undefined : <MorePages of={pages} shown={rows.length} />}
              columnDefinitions={[
                {
                  id: 'item',
                  header: t.item,
                  isRowHeader: true,
                  cell: (row) => (
                    <span aria-current={row.itemId === opened ? 'true' : undefined}>
                      <Button variant="inline-link" onClick={() => onOpen(row.itemId)}>
                        {t.itemName(row.itemId)}
                      </Button>
                    </span>
                  ),
                },
                { id: 'verdict', header: t.verdict, cell: (row) => (row.verdict === null ? t.none : <VerdictWord of={row.verdict} />) },
                { id: 'cause', header: t.cause, cell: (row) => (row.reason === null ? '–' : reason(row.reason).why) },
                { id: 'size', header: t.size, cell: (row) => figures.bytes(row.size) },
                { id: 'method', header: t.method, cell: (row) => (row.method === null ? '–' : methodName(t, row.method)) },
                { id: 'at', header: t.at, cell: (row) => (row.at === null ? '–' : figures.dateTime(row.at)) },
              ]}
              wrapLines
            />
          )
        }}
      </Answered>
    </SpaceBetween>
  )
}
