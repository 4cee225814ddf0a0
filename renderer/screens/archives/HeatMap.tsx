/** Modality × year as a table whose cells are shaded by what they hold. Each cell leads to its studies in the explorer. */
import { useRef, useState, type KeyboardEvent } from 'react'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { InventoryFilter } from '../../../shared/contract/calls/archives.ts'
import { useAnswer } from '../../bridge/answers.ts'
import { useLanguage, useWords, words } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Drawn } from './Drawn.tsx'
import { noFilter } from './explorer/filter.ts'
import { heatTable, measures, shadeOf, type HeatCell, type Measure } from './heatCells.ts'
import { inventoryWords } from './inventoryWords.ts'
import { shortBytes, shortCount } from './shortFigures.ts'

const texts = words({
  en: {
    title: 'Modality by year',
    description: 'Years of the study date. A cell leads to its studies.',
    measure: 'Shaded by',
    caption: (measure: string) => `${measure} by modality and year of the study`,
    modality: 'Modality',
    all: 'All',
    cell: (modality: string, year: string, bytes: string, items: string, studies: string) =>
      `${modality}, ${year}: ${bytes}, ${items}, ${studies} studies`,
    open: 'Show in the explorer',
    empty: 'No scan has found anything yet.',
    less: 'little',
    more: 'much',
    keys: 'Arrow keys move between cells.',
  },
  de: {
    title: 'Modalität nach Jahr',
    description: 'Jahre des Studiendatums. Eine Zelle führt zu ihren Studien.',
    measure: 'Gefärbt nach',
    caption: (measure) => `${measure} nach Modalität und Jahr der Studie`,
    modality: 'Modalität',
    all: 'Alle',
    cell: (modality, year, bytes, items, studies) => `${modality}, ${year}: ${bytes}, ${items}, ${studies} Studien`,
    open: 'Im Explorer zeigen',
    empty: 'Noch hat kein Scan etwas gefunden.',
    less: 'wenig',
    more: 'viel',
    keys: 'Pfeiltasten bewegen zwischen Zellen.',
  },
})

type Props = { readonly archiveId: number | null; readonly onOpen: (filter: InventoryFilter) => void }

export function HeatMap({ archiveId, onOpen }: Props) {
  const text = useWords(texts)
  const names = useWords(inventoryWords)
  const [measure, setMeasure] = useState<Measure>('bytes')
  const answered = useAnswer('archives.heatMap', { archiveId })
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={text.description}
          actions={
            <SegmentedControl
              label={text.measure}
              selectedId={measure}
              options={measures.map((id) => ({ id, text: names[id] }))}
              onChange={({ detail }) => setMeasure(measures.find((one) => one === detail.selectedId) ?? 'bytes')}
            />
          }
        >
          {text.title}
        </Header>
      }
    >
      <Answered
        of={answered}
        empty={{
          when: ({ cells }) => cells.length === 0,
          show: (
            <Box textAlign="center" color="text-body-secondary" padding="l">
              {text.empty}
            </Box>
          ),
        }}
      >
        {({ cells }) => <HeatTableView cells={cells} measure={measure} archiveId={archiveId} onOpen={onOpen} />}
      </Answered>
    </Container>
  )
}

function HeatTableView({ cells, measure, archiveId, onOpen }: Props & { readonly cells: readonly HeatCell[]; readonly measure: Measure }) {
  const text = useWords(texts)
  const names = useWords(inventoryWords)
  const language = useLanguage()
  const figures = useFigures()
  const table = useRef<HTMLTableElement>(null)
  const [at, setAt] = useState({ row: 0, column: 0 })
  const heat = heatTable(cells, measure)
  const short = (value: number) => (measure === 'bytes' ? shortBytes(value, language) : shortCount(value, language))
  const full = (value: number) => (measure === 'bytes' ? figures.bytes(value) : figures.count(value))
  const [firstRow, firstColumn] = firstButton(heat.rows)
  const here = buttonAt(heat.rows, at.row, at.column) ? at : { row: firstRow, column: firstColumn }

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const [down = 0, right = 0] = step
    // Over empty cells to the next that holds something.
    for (let row = here.row + down, column = here.column + right; ; row += down, column += right) {
      if (row < 0 || column < 0 || row >= heat.rows.length || column >= heat.years.length) return
      if (!buttonAt(heat.rows, row, column)) continue
      setAt({ row, column })
      table.current?.querySelector<HTMLElement>(`[data-place="${row}.${column}"]`)?.focus()
      return
    }
  }

  return (
    <Drawn>
      <SpaceBetween size="s">
        <div className="sideways">
          <table ref={table} className="heat-map" onKeyDown={onKeyDown}>
            <caption className="unseen">{text.caption(names[measure])}</caption>
            <thead>
              <tr>
                <th scope="col" style={{ textAlign: 'start' }}>
                  {text.modality}
                </th>
                {heat.years.map((year) => (
                  <th key={String(year)} scope="col">
                    {year ?? names.noYear}
                  </th>
                ))}
                <th scope="col" style={{ textAlign: 'end' }}>
                  {text.all}
                </th>
              </tr>
            </thead>
            <tbody>
              {heat.rows.map(({ modality, cells: row, sum }, down) => (
                <tr key={String(modality)}>
                  <th scope="row">{modality ?? names.noModality}</th>
                  {row.map((cell, right) => {
                    const year = heat.years[right] ?? null
                    if (cell === undefined || cell[measure] === 0)
                      return (
                        <td key={String(year)}>
                          <span className="cell" />
                        </td>
                      )
                    const shade = `cell heat-${shadeOf(cell[measure], heat.largest)}`
                    const words = text.cell(
                      modality ?? names.noModality,
                      year === null ? names.noYear : String(year),
                      figures.bytes(cell.bytes),
                      figures.items(cell.items),
                      figures.count(cell.studies),
                    )
                    return (
                      <td key={String(year)}>
                        {modality === null || year === null ? (
                          <span className={shade} title={words}>
                            {short(cell[measure])}
                          </span>
                        ) : (
                          <button
                            type="button"
                            className={shade}
                            title={words}
                            data-place={`${down}.${right}`}
                            tabIndex={here.row === down && here.column === right ? 0 : -1}
                            onFocus={() => setAt({ row: down, column: right })}
                            onClick={() => onOpen({ ...noFilter, archiveId, modality, yearFrom: year, yearTo: year })}
                          >
                            {short(cell[measure])}
                            <span className="unseen">{`${words}. ${text.open}`}</span>
                          </button>
                        )}
                      </td>
                    )
                  })}
                  <td className="sum">{full(sum)}</td>
                </tr>
              ))}
              <tr>
                <th scope="row">{text.all}</th>
                {heat.sums.map((sum, column) => (
                  <td key={String(heat.years[column])} className="sum" style={{ padding: 0, textAlign: 'center' }}>
                    {sum === 0 ? '' : short(sum)}
                  </td>
                ))}
                <td className="sum">{full(heat.all)}</td>
              </tr>
            </tbody>
          </table>
        </div>
        <div className="heat-key" aria-hidden="true">
          <span>{text.less}</span>
          {[0, 1, 2, 3, 4, 5, 6, 7, 8].map((shade) => (
            <i key={shade} className={`heat-${shade}`} />
          ))}
          <span>{text.more}</span>
          <span>{text.keys}</span>
        </div>
      </SpaceBetween>
    </Drawn>
  )
}

type HeatRows = ReturnType<typeof heatTable>['rows']

/** Only a cell with a modality and a year leads somewhere: the explorer filters by both. */
function buttonAt(rows: HeatRows, row: number, column: number): boolean {
  const cell = rows[row]?.cells[column]
  return cell !== undefined && cell.modality !== null && cell.year !== null && cell.items > 0
}

function firstButton(rows: HeatRows): readonly [number, number] {
  for (const [row, { cells }] of rows.entries()) for (const column of cells.keys()) if (buttonAt(rows, row, column)) return [row, column]
  return [0, 0]
}
