/** One item whole, in the split panel: where it goes, what is odd about it, its digests; its path only when a person asks to see it. */
import { useState } from 'react'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ArchiveEntry } from '../../../../shared/contract/calls/archives.ts'
import type { Language } from '../../../../shared/contract/settings.ts'
import { verdicts, type Verdict } from '../../../../shared/domain/verification.ts'
import type { Answer } from '../../../../shared/contract/bridge.ts'
import { catalogue, type FaultCode } from '../../../../shared/faults/catalogue.ts'
import { useAnswer } from '../../../bridge/answers.ts'
import { useWords, words } from '../../../language.tsx'
import { useGo } from '../../../screen.ts'
import { Answered } from '../../../parts/Answered.tsx'
import { useFigures } from '../../../parts/figures.ts'
import { SidePanel } from '../../../parts/SidePanel.tsx'
import { VerdictWord } from '../../../parts/Word.tsx'
import { faultWords } from '../../../words/faults.ts'
import { anomalyWords } from '../anomalyWords.ts'
import { routeWords, stateWords } from '../inventoryWords.ts'

const texts = words({
  en: {
    title: (id: number) => `Item ${id}`,
    archive: 'Archive',
    study: 'Study',
    size: 'Size',
    touched: 'Last touched',
    kind: 'Kind',
    modality: 'Modality and date',
    path: 'Path',
    showPath: 'Show path',
    hidePath: 'Hide path',
    pathNote: 'Paths can hold names of patients. They are shown here only, and never logged.',
    route: 'Route',
    none: 'Not planned yet',
    device: (id: number) => `device ${id}`,
    batch: 'Batch',
    alone: 'none: it travels alone',
    key: 'Key in S3',
    noKey: 'Not given yet',
    notRead: 'Not taken yet: digests are taken while an item is read for its journey.',
    syntax: 'Transfer syntax',
    sopClass: 'SOP class',
    verdict: 'Verdict',
    never: 'Never checked',
    toVerification: 'Show in Verification',
    anomalies: 'Anomalies',
    noAnomalies: 'None',
    does: 'What Firn does',
    can: 'What you can do',
    left: 'Left behind because',
    gone: 'The last scan did not find it any more.',
    kinds: { file: 'file', link: 'symbolic link', special: 'special file', folder: 'folder' },
  },
  de: {
    title: (id) => `Datei ${id}`,
    archive: 'Archiv',
    study: 'Studie',
    size: 'Größe',
    touched: 'Zuletzt geändert',
    kind: 'Art',
    modality: 'Modalität und Datum',
    path: 'Pfad',
    showPath: 'Pfad zeigen',
    hidePath: 'Pfad verbergen',
    pathNote: 'Pfade können Namen von Patienten enthalten. Sie werden nur hier gezeigt und nie protokolliert.',
    route: 'Weg',
    none: 'Noch nicht geplant',
    device: (id) => `Gerät ${id}`,
    batch: 'Stapel',
    alone: 'keins: sie reist allein',
    key: 'Schlüssel in S3',
    noKey: 'Noch nicht vergeben',
    notRead: 'Noch nicht gebildet: Prüfsummen entstehen, wenn die Datei für ihre Reise gelesen wird.',
    syntax: 'Transfersyntax',
    sopClass: 'SOP-Klasse',
    verdict: 'Urteil',
    never: 'Nie geprüft',
    toVerification: 'In der Prüfung zeigen',
    anomalies: 'Auffälligkeiten',
    noAnomalies: 'Keine',
    does: 'Was Firn tut',
    can: 'Was Sie tun können',
    left: 'Zurückgelassen, weil',
    gone: 'Der letzte Scan fand sie nicht mehr.',
    kinds: { file: 'Datei', link: 'symbolischer Link', special: 'Gerätedatei', folder: 'Ordner' },
  },
})

type Props = {
  readonly itemId: number
  readonly archives: readonly ArchiveEntry[]
  readonly language: Language
  readonly onClose: () => void
}

export function ItemDetail({ itemId, archives, language, onClose }: Props) {
  const text = useWords(texts)
  const answered = useAnswer('explorer.item', { itemId })
  return (
    <SidePanel title={text.title(itemId)} onClose={onClose}>
      <Answered of={answered}>{(item) => <Detail item={item} archives={archives} language={language} />}</Answered>
    </SidePanel>
  )
}

function Detail({ item, archives, language }: Pick<Props, 'archives' | 'language'> & { readonly item: Answer<'explorer.item'> }) {
  const text = useWords(texts)
  const figures = useFigures()
  const go = useGo()
  const [pathShown, setPathShown] = useState(false)
  const routes: Readonly<Record<string, string>> = routeWords[language]
  const states: Readonly<Record<string, string>> = stateWords[language]
  const mono = (value: string | null, without: string) => (value === null ? without : <Box variant="code">{value}</Box>)
  const verdict = verdicts.find((one) => one === item.verdict)
  return (
    <SpaceBetween size="m">
      <KeyValuePairs
        columns={4}
        items={[
          { label: text.archive, value: archives.find((one) => one.id === item.archiveId)?.label ?? String(item.archiveId) },
          { label: text.study, value: String(item.studyId) },
          { label: text.size, value: figures.bytes(item.size) },
          { label: text.touched, value: figures.dateTime(item.mtime) },
          { label: text.kind, value: text.kinds[item.kind] },
          { label: text.modality, value: `${item.modality ?? '–'} · ${figures.studyDate(item.studyDate)}` },
          {
            label: text.route,
            value:
              item.route === null
                ? text.none
                : [
                    item.deviceId === null ? (routes[item.route] ?? item.route) : text.device(item.deviceId),
                    ...(item.state === null ? [] : [states[item.state] ?? item.state]),
                  ].join(' · '),
          },
          {
            label: text.verdict,
            value:
              verdict === undefined ? (
                text.never
              ) : (
                <SpaceBetween direction="horizontal" size="xs">
                  <VerdictWord of={verdict satisfies Verdict} />
                  <Button variant="inline-link" onClick={() => go({ at: 'verification', itemId: item.id })}>
                    {text.toVerification}
                  </Button>
                </SpaceBetween>
              ),
          },
          { label: text.batch, value: item.batchKey === null ? text.alone : mono(item.batchKey, '') },
          { label: text.key, value: mono(item.key, text.noKey) },
          { label: text.syntax, value: mono(item.transferSyntax, '–') },
          { label: text.sopClass, value: mono(item.sopClass, '–') },
          { label: 'SHA-256', value: mono(item.sha256, text.notRead) },
          { label: 'CRC64NVME', value: mono(item.crc64nvme, '–') },
          {
            label: text.path,
            value: pathShown ? (
              <SpaceBetween size="xxs">
                <Box variant="code">{item.path}</Box>
                <Button variant="inline-link" onClick={() => setPathShown(false)}>
                  {text.hidePath}
                </Button>
              </SpaceBetween>
            ) : (
              <SpaceBetween size="xxs">
                <Button iconName="zoom-in" onClick={() => setPathShown(true)}>
                  {text.showPath}
                </Button>
                <Box fontSize="body-s" color="text-body-secondary">
                  {text.pathNote}
                </Box>
              </SpaceBetween>
            ),
          },
        ]}
      />
      {item.leftBehindFor !== null && <KeyValuePairs items={[{ label: text.left, value: causeWords(item.leftBehindFor, language) }]} />}
      {!item.present && <Box>{text.gone}</Box>}
      <KeyValuePairs
        items={[
          {
            label: text.anomalies,
            value:
              item.anomalies.length === 0
                ? text.noAnomalies
                : item.anomalies.map((code) => {
                    const { title, firnDoes, youCan } = anomalyWords(code, language)
                    return (
                      <div key={code}>
                        <b>{title}.</b> {text.does}: {firnDoes} {text.can}: {youCan}
                      </div>
                    )
                  }),
          },
        ]}
      />
    </SpaceBetween>
  )
}

/** A cause is an anomaly's code or a fault's. */
function causeWords(code: string, language: Language): string {
  return Object.hasOwn(catalogue, code) ? faultWords(code as FaultCode, language).happened : anomalyWords(code, language).title
}
