/** What is still to be sent on each route: item ids, never paths. */
import { useEffect, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import Box from '@cloudscape-design/components/box'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { routes, type Route } from '../../../shared/domain/route.ts'
import { usePages } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { useFigures } from '../../parts/figures.ts'
import { MorePages } from '../../parts/MorePages.tsx'
import { transfersWords, type TransfersWords } from './transfersWords.ts'

const lookAgain = 5000

function stateName(t: TransfersWords, state: string): string {
  return Object.hasOwn(t.stateOf, state) ? t.stateOf[state as keyof TransfersWords['stateOf']] : state
}

export function Waiting() {
  const t = useWords(transfersWords)
  const figures = useFigures()
  const [route, setRoute] = useState<Route>('device')
  const pages = usePages('transfers.waiting', { route })
  const client = useQueryClient()
  const shownPages = pages.data?.pages.length ?? 0
  useEffect(() => {
    // Looked at again as long as that is cheap: whoever reads on is not disturbed.
    if (shownPages > 2) return undefined
    const timer = setInterval(() => void client.invalidateQueries({ queryKey: ['transfers.waiting', { route }] }), lookAgain)
    return () => clearInterval(timer)
  }, [client, route, shownPages])
  return (
    <SpaceBetween size="s">
      <SegmentedControl
        label={t.route}
        selectedId={route}
        options={routes.map((id) => ({ id, text: t[id] }))}
        onChange={({ detail }) => setRoute(routes.find((one) => one === detail.selectedId) ?? 'device')}
      />
      <Answered of={pages}>
        {(answered) => {
          const rows = answered.pages.flatMap((one) => one.rows)
          const left = answered.pages[0]?.left
          return (
            <SpaceBetween size="s">
              {left !== undefined && left.items > 0 && <Box>{t.left(figures.items(left.items), figures.bytes(left.bytes))}</Box>}
              <Table
                variant="container"
                contentDensity="compact"
                items={rows}
                trackBy={(row) => String(row.itemId)}
                ariaLabels={{ tableLabel: t.tabWaiting }}
                empty={<Box padding="m">{t.nothingWaits}</Box>}
                footer={
                  rows.length === 0 ? undefined : (
                    <>
                      <MorePages of={pages} shown={rows.length} />
                      <Box variant="small">{t.idsOnly}</Box>
                    </>
                  )
                }
                columnDefinitions={[
                  { id: 'item', header: t.item, isRowHeader: true, cell: (row) => t.itemName(row.itemId) },
                  { id: 'size', header: t.size, cell: (row) => figures.bytes(row.size) },
                  { id: 'state', header: t.state, cell: (row) => stateName(t, row.state) },
                  { id: 'batch', header: t.travels, cell: (row) => (row.batch ? t.inBatch : t.alone) },
                ]}
              />
            </SpaceBetween>
          )
        }}
      </Answered>
    </SpaceBetween>
  )
}
