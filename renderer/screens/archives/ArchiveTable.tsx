/** The archives there are: root, kind, last scan, what it found. */
import Box from '@cloudscape-design/components/box'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import type { ReactNode } from 'react'
import type { ArchiveEntry } from '../../../shared/contract/calls/archives.ts'
import { useWords, words } from '../../language.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Moment } from '../../parts/Moment.tsx'
import { Tone } from '../../parts/Word.tsx'

const texts = words({
  en: {
    title: 'Archives',
    root: 'Root',
    kind: { folder: (place: string) => `Folder, to ${place}` },
    scanned: 'Last scan',
    never: 'not scanned',
    open: 'cut off; goes on',
    items: 'Items',
    bytes: 'Bytes',
    studies: 'Studies',
    dicom: 'DICOM',
    anomalies: 'Anomalies',
    vanished: (count: string) => `${count} no longer there`,
    ignored: (count: string) => `${count} passed over`,
  },
  de: {
    title: 'Archive',
    root: 'Wurzel',
    kind: { folder: (place) => `Ordner, nach ${place}` },
    scanned: 'Letzter Scan',
    never: 'nicht gescannt',
    open: 'unterbrochen; geht weiter',
    items: 'Dateien',
    bytes: 'Bytes',
    studies: 'Studien',
    dicom: 'DICOM',
    anomalies: 'Auffälligkeiten',
    vanished: (count) => `${count} nicht mehr da`,
    ignored: (count) => `${count} übergangen`,
  },
})

type Props = { readonly archives: readonly ArchiveEntry[]; readonly scanning: boolean; readonly actions: ReactNode }

export function ArchiveTable({ archives, scanning, actions }: Props) {
  const text = useWords(texts)
  const figures = useFigures()
  return (
    <Table
      items={archives}
      trackBy={({ id }) => String(id)}
      enableKeyboardNavigation
      wrapLines
      header={
        <Header variant="h2" counter={`(${figures.count(archives.length)})`} actions={actions}>
          {text.title}
        </Header>
      }
      columnDefinitions={[
        {
          id: 'root',
          header: text.root,
          isRowHeader: true,
          minWidth: 240,
          cell: (one) => (
            <>
              <div>{one.label}</div>
              <Box fontSize="body-s" color="text-body-secondary">
                {text.kind[one.kind](`${one.bucket}/${one.prefix}`)}
              </Box>
            </>
          ),
        },
        {
          id: 'scanned',
          header: text.scanned,
          cell: (one) =>
            one.scanOpen && !scanning ? (
              <Tone tone="person">{text.open}</Tone>
            ) : one.scannedAt === null ? (
              <Tone tone="later">{text.never}</Tone>
            ) : (
              <Moment at={one.scannedAt} />
            ),
        },
        {
          id: 'items',
          header: text.items,
          cell: (one) => (
            <SpaceBetween size="xxxs">
              <span>{figures.count(one.items)}</span>
              {one.vanished + one.ignored > 0 && (
                <Box fontSize="body-s" color="text-body-secondary">
                  {[
                    ...(one.vanished > 0 ? [text.vanished(figures.count(one.vanished))] : []),
                    ...(one.ignored > 0 ? [text.ignored(figures.count(one.ignored))] : []),
                  ].join(', ')}
                </Box>
              )}
            </SpaceBetween>
          ),
        },
        { id: 'bytes', header: text.bytes, cell: (one) => figures.bytes(one.bytes) },
        { id: 'studies', header: text.studies, cell: (one) => figures.count(one.studies) },
        { id: 'dicom', header: text.dicom, cell: (one) => (one.items === 0 ? '–' : figures.percent(one.dicomItems / one.items)) },
        {
          id: 'anomalies',
          header: text.anomalies,
          cell: (one) => (one.anomalies === 0 ? '0' : <Tone tone="person">{figures.count(one.anomalies)}</Tone>),
        },
      ]}
    />
  )
}
