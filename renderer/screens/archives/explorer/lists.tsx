/** The explorer's lists: studies, series of a study, items. Each knows its columns and where its rows come from. */
import { useCallback, useMemo, useState, type ReactNode } from 'react'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { InventoryFilter, ItemRow, SeriesRow, StudyRow } from '../../../../shared/contract/calls/archives.ts'
import type { Language } from '../../../../shared/contract/settings.ts'
import { useAnswer } from '../../../bridge/answers.ts'
import { useLanguage, useWords } from '../../../language.tsx'
import { Answered } from '../../../parts/Answered.tsx'
import { FaultBox } from '../../../parts/FaultBox.tsx'
import { useFigures, type Figures } from '../../../parts/figures.ts'
import { anomalyWords } from '../anomalyWords.ts'
import { inventoryWords, routeWords, stateWords } from '../inventoryWords.ts'
import { listWords } from './listWords.ts'
import { RowGrid, type Column, type Range } from './RowGrid.tsx'
import { useItems, useStudies, useStudyItems, type Rows } from './rows.ts'

/** Leaves room for the frame, the filter and the status line at any window's height. */
const listHeight = 'max(320px, calc(100vh - 430px))'
/** While the split panel shows an item, the list keeps to what is left above it. */
const heightAbovePanel = 'max(180px, calc(50vh - 230px))'
/** Whoever fetches pages hears of a move by so many rows, not of each. */
const grain = 50
const nowhere: Range = { first: 0, last: grain - 1 }

function useRange(): readonly [Range, (range: Range) => void] {
  const [range, setRange] = useState(nowhere)
  const change = useCallback(({ first, last }: Range) => {
    const next = { first: Math.floor(first / grain) * grain, last: Math.ceil((last + 1) / grain) * grain - 1 }
    setRange((now) => (now.first === next.first && now.last === next.last ? now : next))
  }, [])
  return [range, change]
}

export function StudyList({ filter, onOpen }: { readonly filter: InventoryFilter; readonly onOpen: (row: StudyRow) => void }) {
  const text = useWords(listWords)
  const [range, setRange] = useRange()
  const rows = useStudies(filter, range)
  return <Listed label={text.studies} rows={rows} columns={useStudyColumns()} onRange={setRange} onOpen={onOpen} />
}

type OfItems = { readonly panelOpen: boolean; readonly onOpen: (row: ItemRow) => void }

export function ItemList({ filter, panelOpen, onOpen }: OfItems & { readonly filter: InventoryFilter }) {
  const text = useWords(listWords)
  const [range, setRange] = useRange()
  const rows = useItems(filter, range)
  return <Listed label={text.items} rows={rows} columns={useItemColumns()} panelOpen={panelOpen} onRange={setRange} onOpen={onOpen} />
}

type InStudy<Row> = { readonly study: StudyRow; readonly onOpen: (row: Row) => void; readonly onBack: () => void }

export function SeriesList({ study, onOpen, onBack }: InStudy<SeriesRow | undefined>) {
  const text = useWords(listWords)
  const figures = useFigures()
  const answered = useAnswer('explorer.series', { studyId: study.id })
  const noRange = useCallback(() => undefined, [])
  const columns: readonly Column<SeriesRow | 'all'>[] = [
    { id: 'series', header: text.oneSeries, width: '1fr', cell: (row) => (row === 'all' ? text.everySeries : String(row.series)) },
    { id: 'modality', header: text.modality, width: '1fr', cell: (row) => (row === 'all' ? study.modality : row.modality) ?? '–' },
    { id: 'items', header: text.items, width: '1fr', end: true, cell: (row) => figures.count((row === 'all' ? study : row).items) },
    { id: 'bytes', header: text.bytes, width: '1fr', end: true, cell: (row) => figures.bytes((row === 'all' ? study : row).bytes) },
  ]
  return (
    <Answered of={answered}>
      {({ series }) => {
        const rows = ['all' as const, ...series]
        return (
          <RowGrid
            label={text.series}
            rows={rows.length}
            at={(index) => rows[index]}
            columns={columns}
            waiting={text.waiting}
            onRange={noRange}
            onOpen={(row) => onOpen(row === 'all' ? undefined : row)}
            onBack={onBack}
            height={listHeight}
          />
        )
      }}
    </Answered>
  )
}

export function StudyItemList({
  study,
  series,
  panelOpen,
  onOpen,
  onBack,
}: InStudy<ItemRow> & OfItems & { readonly series: SeriesRow | undefined }) {
  const text = useWords(listWords)
  const [range, setRange] = useRange()
  const rows = useStudyItems(study.id, series?.series ?? null, series?.items ?? study.items, range)
  return (
    <Listed
      label={text.items}
      rows={rows}
      columns={useItemColumns()}
      panelOpen={panelOpen}
      onRange={setRange}
      onOpen={onOpen}
      onBack={onBack}
    />
  )
}

type ListedProps<Row> = {
  readonly label: string
  readonly rows: Rows<Row>
  readonly columns: readonly Column<Row>[]
  readonly onRange: (range: Range) => void
  readonly onOpen: (row: Row) => void
  readonly panelOpen?: boolean
  readonly onBack?: () => void
}

function Listed<Row>({ label, rows, columns, panelOpen = false, onRange, onOpen, onBack }: ListedProps<Row>): ReactNode {
  const text = useWords(listWords)
  const figures = useFigures()
  if (rows.fault !== null) return <FaultBox fault={rows.fault} onRetry={rows.again} />
  if (rows.rows === undefined)
    return (
      <Box padding="xl" textAlign="center">
        <StatusIndicator type="loading">{text.counting}</StatusIndicator>
      </Box>
    )
  if (rows.rows === 0)
    return (
      <Box padding="xl" textAlign="center" color="text-body-secondary">
        <SpaceBetween size="xxs">
          <b>{text.nothing}</b>
          <span>{text.nothingWhy}</span>
        </SpaceBetween>
      </Box>
    )
  return (
    <SpaceBetween size="xs">
      {rows.beyond > 0 && <Alert type="info">{text.beyond(figures.count(rows.rows), figures.count(rows.beyond))}</Alert>}
      <RowGrid
        label={label}
        rows={rows.rows}
        at={rows.at}
        columns={columns}
        waiting={text.waiting}
        onRange={onRange}
        onOpen={onOpen}
        onBack={onBack}
        height={panelOpen ? heightAbovePanel : listHeight}
      />
    </SpaceBetween>
  )
}

function useStudyColumns(): readonly Column<StudyRow>[] {
  const language = useLanguage()
  const figures = useFigures()
  return useMemo(() => studyColumns(language, figures), [language, figures])
}

function studyColumns(language: Language, figures: Figures): readonly Column<StudyRow>[] {
  const text = listWords[language]
  const shared = inventoryWords[language]
  return [
    { id: 'study', header: text.study, width: 'minmax(90px, 1fr)', cell: (row) => String(row.id) },
    { id: 'kind', header: text.kind, width: 'minmax(90px, 1fr)', cell: (row) => (row.kind === 'dicom' ? 'DICOM' : text.folder) },
    { id: 'modality', header: text.modality, width: 'minmax(80px, 1fr)', cell: (row) => row.modality ?? shared.noModality },
    { id: 'date', header: text.date, width: 'minmax(100px, 1fr)', cell: (row) => figures.studyDate(row.studyDate) },
    { id: 'series', header: text.series, width: '70px', end: true, cell: (row) => figures.count(row.series) },
    { id: 'items', header: text.items, width: '90px', end: true, cell: (row) => figures.count(row.items) },
    { id: 'bytes', header: text.bytes, width: '90px', end: true, cell: (row) => figures.bytes(row.bytes) },
    {
      id: 'anomalies',
      header: text.anomalies,
      width: '120px',
      end: true,
      cell: (row) => (row.anomalies === 0 ? '–' : figures.count(row.anomalies)),
    },
    {
      id: 'verified',
      header: 'verified',
      width: '110px',
      end: true,
      cell: (row) => (row.verified === 0 ? '–' : text.of(figures.count(row.verified), figures.count(row.items))),
    },
  ]
}

function useItemColumns(): readonly Column<ItemRow>[] {
  const language = useLanguage()
  const figures = useFigures()
  return useMemo(() => itemColumns(language, figures), [language, figures])
}

function itemColumns(language: Language, figures: Figures): readonly Column<ItemRow>[] {
  const text = listWords[language]
  const states: Readonly<Record<string, string>> = stateWords[language]
  const routes: Readonly<Record<string, string>> = routeWords[language]
  return [
    { id: 'item', header: text.item, width: 'minmax(90px, 0.8fr)', cell: (row) => String(row.id) },
    { id: 'study', header: text.study, width: 'minmax(80px, 0.7fr)', cell: (row) => String(row.studyId) },
    { id: 'modality', header: text.modality, width: '80px', cell: (row) => row.modality ?? '–' },
    { id: 'date', header: text.date, width: '110px', cell: (row) => figures.studyDate(row.studyDate) },
    { id: 'size', header: text.size, width: '90px', end: true, cell: (row) => figures.bytes(row.size) },
    {
      id: 'anomalies',
      header: text.anomalies,
      width: 'minmax(120px, 1.6fr)',
      cell: (row) => (row.anomalies.length === 0 ? '–' : row.anomalies.map((code) => anomalyWords(code, language).title).join(', ')),
    },
    {
      id: 'route',
      header: text.route,
      width: 'minmax(110px, 1fr)',
      cell: (row) =>
        row.route === null ? '–' : `${routes[row.route] ?? row.route}${row.state === null ? '' : ` · ${states[row.state] ?? row.state}`}`,
    },
    { id: 'verdict', header: text.verdict, width: '100px', cell: (row) => row.verdict ?? (row.present ? '–' : text.gone) },
  ]
}
