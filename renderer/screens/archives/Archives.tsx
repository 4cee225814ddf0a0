/** What do we have? Archives, the inventory in figures, the explorer, and what a person should know about single items. */
import { useEffect, useRef, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Tabs from '@cloudscape-design/components/tabs'
import type { ArchiveEntry, InventoryFilter } from '../../../shared/contract/calls/archives.ts'
import type { ChosenPath } from '../../../shared/contract/calls/call.ts'
import type { WorkState } from '../../../shared/contract/snapshot.ts'
import { useAct, useAnswer } from '../../bridge/answers.ts'
import { droppedFolder, takesDroppedFolders } from '../../bridge/bridge.ts'
import { useMigration } from '../../bridge/live.ts'
import { useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { ScreenFrame } from '../../parts/ScreenFrame.tsx'
import { AddArchive } from './AddArchive.tsx'
import { AnomalyTable } from './AnomalyTable.tsx'
import { archivesHelp, archivesWords } from './archivesWords.ts'
import { ArchiveTable } from './ArchiveTable.tsx'
import { ColdnessCurve } from './ColdnessCurve.tsx'
import { Explorer } from './explorer/Explorer.tsx'
import { noFilter } from './explorer/filter.ts'
import { HeatMap } from './HeatMap.tsx'
import { ScanProgress } from './ScanProgress.tsx'
import { SizeHistogram } from './SizeHistogram.tsx'

type View = 'inventory' | 'explorer' | 'anomalies'
type Props = { readonly show?: View | undefined; readonly anomaly?: string | undefined }

/** What a scan changes. */
const scanned = [
  'archives.list',
  'archives.heatMap',
  'archives.sizes',
  'archives.coldness',
  'archives.anomalies',
  'explorer.count',
] as const

export function Archives({ show, anomaly }: Props) {
  const text = useWords(archivesWords)
  const [view, setView] = useState<View>(show ?? (anomaly === undefined ? 'inventory' : 'explorer'))
  const [filter, setFilter] = useState<InventoryFilter>(anomaly === undefined ? noFilter : { ...noFilter, anomaly })
  const [adding, setAdding] = useState<{ readonly dropped?: ChosenPath } | undefined>(undefined)
  useDroppedFolder((dropped) => setAdding({ dropped }))
  const answered = useAnswer('archives.list', {})
  const scan = useLastScan()
  const start = useAct('works.start')
  const client = useQueryClient()
  const ended = scan === undefined || scan.endedAt === null ? undefined : `${scan.id}/${scan.endedAt}`
  useEffect(() => {
    if (ended === undefined) return
    for (const name of scanned) void client.invalidateQueries({ queryKey: [name] })
    for (const name of ['explorer.studies', 'explorer.items', 'explorer.bookmarks', 'plan.count'])
      client.removeQueries({ queryKey: [name] })
  }, [ended, client])
  const scanning = scan !== undefined && scan.endedAt === null

  const addButton = (variant: 'normal' | 'primary') => (
    <Button iconName="add-plus" variant={variant} onClick={() => setAdding({})}>
      {text.add}
    </Button>
  )
  const actions = (archives: readonly ArchiveEntry[]) => (
    <SpaceBetween direction="horizontal" size="xs">
      {addButton('normal')}
      <Button
        iconName="refresh"
        variant={archives.some((one) => one.scannedAt === null) ? 'primary' : 'normal'}
        disabled={scanning}
        disabledReason={text.scanRuns}
        loading={start.isPending}
        onClick={() => start.mutate({ kind: 'scan' })}
      >
        {archives.some((one) => one.scanOpen) ? text.goOn : archives.every((one) => one.scannedAt === null) ? text.scan : text.rescan}
      </Button>
    </SpaceBetween>
  )
  const explore = (next: InventoryFilter): void => {
    setFilter(next)
    setView('explorer')
  }
  return (
    <ScreenFrame title={text.title} description={text.description} help={archivesHelp}>
      {start.error !== null && <FaultBox fault={start.error} compact />}
      <Answered
        of={answered}
        empty={{
          when: ({ archives }) => archives.length === 0,
          show: (
            <Container>
              <Box textAlign="center" padding="xxl">
                <SpaceBetween size="s">
                  <Box variant="h2">{text.none}</Box>
                  <Box color="text-body-secondary">{text.noneWhy}</Box>
                  {addButton('primary')}
                </SpaceBetween>
              </Box>
            </Container>
          ),
        }}
      >
        {({ archives }) => (
          <SpaceBetween size="m">
            {scan !== undefined && scan.state !== 'done' && scan.state !== 'cancelled' && <ScanProgress work={scan} />}
            <Tabs
              ariaLabel={text.title}
              activeTabId={view}
              onChange={({ detail }) => setView(views.find((one) => one === detail.activeTabId) ?? 'inventory')}
              tabs={[
                {
                  id: 'inventory',
                  label: text.inventory,
                  content: <Inventory archives={archives} scanning={scanning} actions={actions(archives)} onOpen={explore} />,
                },
                {
                  id: 'explorer',
                  label: text.explorer,
                  content: (
                    <Explorer
                      key={filter.anomaly ?? ''}
                      filter={filter}
                      onFilter={setFilter}
                      archives={archives}
                      // What has an anomaly is a single item; studies would hide it among many.
                      flat={filter.anomaly !== null}
                    />
                  ),
                },
                {
                  id: 'anomalies',
                  label: text.anomalies,
                  content: <AnomalyTable archiveId={null} onShow={(code) => explore({ ...noFilter, anomaly: code })} />,
                },
              ]}
            />
          </SpaceBetween>
        )}
      </Answered>
      {adding !== undefined && (
        <AddArchive dropped={adding.dropped} onClose={() => setAdding(undefined)} onAdded={() => setAdding(undefined)} />
      )}
    </ScreenFrame>
  )
}

const views: readonly View[] = ['inventory', 'explorer', 'anomalies']

/** A folder dropped on the window becomes an archive, where the host can know its path. Anything else that is dropped is let fall. */
function useDroppedFolder(tell: (dropped: ChosenPath) => void): void {
  const told = useRef(tell)
  useEffect(() => {
    told.current = tell
  })
  useEffect(() => {
    if (!takesDroppedFolders) return
    const over = (event: DragEvent): void => event.preventDefault()
    const drop = (event: DragEvent): void => {
      event.preventDefault()
      const file = event.dataTransfer?.files[0]
      if (file === undefined) return
      void droppedFolder(file).then((chosen) => {
        if (chosen !== null) told.current(chosen)
      })
    }
    window.addEventListener('dragover', over)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('drop', drop)
    }
  }, [])
}

/** The scan that runs or waits, else the one that ended last. */
function useLastScan(): WorkState | undefined {
  const works = useMigration()?.works.filter(({ kind }) => kind === 'scan') ?? []
  return works.find(({ endedAt }) => endedAt === null) ?? works.toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0))[0]
}

type InventoryProps = {
  readonly archives: readonly ArchiveEntry[]
  readonly scanning: boolean
  readonly actions: React.ReactNode
  readonly onOpen: (filter: InventoryFilter) => void
}

function Inventory({ archives, scanning, actions, onOpen }: InventoryProps) {
  const text = useWords(archivesWords)
  const [archiveId, setArchiveId] = useState<number | null>(null)
  const everything = { value: '', label: text.everyArchive }
  const options = [everything, ...archives.map(({ id, label }) => ({ value: String(id), label }))]
  if (archives.every(({ scannedAt, items }) => scannedAt === null && items === 0))
    return (
      <SpaceBetween size="m">
        <ArchiveTable archives={archives} scanning={scanning} actions={actions} />
        <Container>
          <Box textAlign="center" padding="l" color="text-body-secondary">
            {scanning ? text.figuresSoon : text.figuresAfterScan}
          </Box>
        </Container>
      </SpaceBetween>
    )
  return (
    <SpaceBetween size="m">
      <ArchiveTable archives={archives} scanning={scanning} actions={actions} />
      {archives.length > 1 && (
        <div style={{ maxInlineSize: 420 }}>
          <FormField label={text.figuresOf} stretch>
            <Select
              selectedOption={options.find(({ value }) => value === (archiveId === null ? '' : String(archiveId))) ?? everything}
              options={options}
              onChange={({ detail }) => setArchiveId(detail.selectedOption.value === '' ? null : Number(detail.selectedOption.value))}
            />
          </FormField>
        </div>
      )}
      <HeatMap archiveId={archiveId} onOpen={onOpen} />
      <ColumnLayout columns={2}>
        <SizeHistogram archiveId={archiveId} />
        <ColdnessCurve archiveId={archiveId} />
      </ColumnLayout>
    </SpaceBetween>
  )
}
