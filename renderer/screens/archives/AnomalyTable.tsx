/** Anomalies by cause: how many, how large, what Firn does, what a person can do; shown in the explorer, or taken along as CSV. */
import { useState } from 'react'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { useAct, useAnswer } from '../../bridge/answers.ts'
import { useLanguage, useWords, words } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { saveText } from '../../parts/saveText.ts'
import { Tone } from '../../parts/Word.tsx'
import { anomalyWords, blocksOf, blocksWord } from './anomalyWords.ts'

const texts = words({
  en: {
    title: 'Anomalies by cause',
    description: 'Counted and listed, never healed. An item can have several.',
    cause: 'Cause',
    travels: 'Travels',
    items: 'Items',
    bytes: 'Bytes',
    does: 'What Firn does',
    can: 'What you can do',
    acts: 'Actions',
    show: 'Show',
    showLabel: (title: string) => `Show in the explorer: ${title}`,
    exportAll: 'Export all',
    exportLabel: (title: string) => `Export as CSV: ${title}`,
    plain: 'CSV without paths',
    withPaths: 'CSV with paths (may hold names of patients)',
    saved: (rows: string) => `${rows} rows were exported.`,
    cut: (rows: string) =>
      `Only the first ${rows} rows were exported. Export one cause at a time, or take the list from an evidence bundle.`,
    none: 'No anomalies',
    noneWhy: 'The last scan found nothing that a person should know about.',
  },
  de: {
    title: 'Auffälligkeiten nach Ursache',
    description: 'Gezählt und aufgeführt, nie geheilt. Eine Datei kann mehrere haben.',
    cause: 'Ursache',
    travels: 'Reise',
    items: 'Dateien',
    bytes: 'Bytes',
    does: 'Was Firn tut',
    can: 'Was Sie tun können',
    acts: 'Aktionen',
    show: 'Zeigen',
    showLabel: (title) => `Im Explorer zeigen: ${title}`,
    exportAll: 'Alle exportieren',
    exportLabel: (title) => `Als CSV exportieren: ${title}`,
    plain: 'CSV ohne Pfade',
    withPaths: 'CSV mit Pfaden (können Namen von Patienten enthalten)',
    saved: (rows) => `${rows} Zeilen wurden exportiert.`,
    cut: (rows) =>
      `Nur die ersten ${rows} Zeilen wurden exportiert. Einzelne Ursachen exportieren oder die Liste einem Nachweis entnehmen.`,
    none: 'Keine Auffälligkeiten',
    noneWhy: 'Der letzte Scan fand nichts, was jemand wissen müsste.',
  },
})

type Props = { readonly archiveId: number | null; readonly onShow: (anomaly: string) => void }

export function AnomalyTable({ archiveId, onShow }: Props) {
  const text = useWords(texts)
  const language = useLanguage()
  const figures = useFigures()
  const answered = useAnswer('archives.anomalies', { archiveId })
  const [exported, setExported] = useState<{ readonly rows: number; readonly more: boolean } | undefined>(undefined)
  const [name, setName] = useState('anomalies')
  const csv = useAct('archives.anomalyCsv', {
    onDone(answer) {
      saveText(`${name}.csv`, answer.csv, 'text/csv')
      setExported({ rows: answer.rows, more: answer.more })
    },
  })
  const exporting = (code: string | null, label: string | undefined, title: string) => (
    <ButtonDropdown
      variant={label === undefined ? 'icon' : 'normal'}
      {...(label === undefined ? { ariaLabel: text.exportLabel(title) } : {})}
      loading={csv.isPending && csv.variables.code === code}
      items={[
        { id: 'plain', text: text.plain },
        { id: 'paths', text: text.withPaths },
      ]}
      expandToViewport
      onItemClick={({ detail }) => {
        setExported(undefined)
        setName(code === null ? 'anomalies' : `anomalies-${code}`)
        csv.mutate({ code, includePaths: detail.id === 'paths' })
      }}
    >
      {label}
    </ButtonDropdown>
  )
  return (
    <Answered of={answered}>
      {({ anomalies }) => (
        <SpaceBetween size="s">
          {csv.error !== null && <FaultBox fault={csv.error} />}
          {exported !== undefined && (
            <Alert type={exported.more ? 'warning' : 'info'} dismissible onDismiss={() => setExported(undefined)}>
              {exported.more ? text.cut(figures.count(exported.rows)) : text.saved(figures.count(exported.rows))}
            </Alert>
          )}
          <Table
            items={anomalies.toSorted((a, b) => b.items - a.items)}
            trackBy="code"
            wrapLines
            enableKeyboardNavigation
            header={
              <Header
                variant="h2"
                description={text.description}
                counter={`(${figures.count(anomalies.length)})`}
                actions={anomalies.length === 0 ? undefined : exporting(null, text.exportAll, text.title)}
              >
                {text.title}
              </Header>
            }
            columnDefinitions={[
              {
                id: 'cause',
                header: text.cause,
                isRowHeader: true,
                width: 180,
                cell: ({ code }) => anomalyWords(code, language).title,
              },
              {
                id: 'travels',
                header: text.travels,
                width: 140,
                cell: ({ code }) => {
                  const blocks = blocksOf(code)
                  return blocks === 'every-lane' ? <Tone tone="person">{blocksWord(blocks, language)}</Tone> : blocksWord(blocks, language)
                },
              },
              { id: 'items', header: text.items, width: 90, cell: ({ items }) => figures.count(items) },
              { id: 'bytes', header: text.bytes, width: 90, cell: ({ bytes }) => figures.bytes(bytes) },
              { id: 'does', header: text.does, minWidth: 200, cell: ({ code }) => anomalyWords(code, language).firnDoes },
              { id: 'can', header: text.can, minWidth: 200, cell: ({ code }) => anomalyWords(code, language).youCan },
              {
                id: 'acts',
                header: text.acts,
                width: 150,
                cell: ({ code }) => (
                  <div style={{ alignItems: 'center', display: 'flex', gap: 4 }}>
                    <Button wrapText={false} ariaLabel={text.showLabel(anomalyWords(code, language).title)} onClick={() => onShow(code)}>
                      {text.show}
                    </Button>
                    {exporting(code, undefined, anomalyWords(code, language).title)}
                  </div>
                ),
              },
            ]}
            empty={
              <Box textAlign="center" padding="l">
                <b>{text.none}</b>
                <Box color="text-body-secondary">{text.noneWhy}</Box>
              </Box>
            }
          />
        </SpaceBetween>
      )}
    </Answered>
  )
}
