/** A scan under way: how fast, how many files seen, how many directories left. There is no percentage: nobody knows the whole before it was seen. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { WorkState } from '../../../shared/contract/snapshot.ts'
import { faultFromWire } from '../../../shared/contract/wire.ts'
import { useAct } from '../../bridge/answers.ts'
import { useNow } from '../../bridge/live.ts'
import { useWords, words } from '../../language.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { WorkWord } from '../../parts/Word.tsx'

const texts = words({
  en: {
    label: 'Scan',
    state: 'Scan',
    seen: 'Files seen',
    directories: 'Directories left',
    counting: 'counting',
    bytes: 'Bytes seen',
    rate: 'Rate',
    perSecond: (items: string) => `${items} files/s`,
    noRate: 'not moving',
    since: 'Runs for',
    stalled: (span: string) =>
      `Nothing has moved for ${span}. The share may be gone or the disk asleep; the scan goes on by itself when it answers.`,
    pause: 'Pause scan',
    resume: 'Go on scanning',
    cancel: 'Cancel scan',
    kept: 'What was seen so far is kept: a scan that was paused goes on where it was.',
  },
  de: {
    label: 'Scan',
    state: 'Scan',
    seen: 'Gesehene Dateien',
    directories: 'Verzeichnisse übrig',
    counting: 'wird gezählt',
    bytes: 'Gesehene Bytes',
    rate: 'Rate',
    perSecond: (items) => `${items} Dateien/s`,
    noRate: 'steht',
    since: 'Läuft seit',
    stalled: (span) =>
      `Seit ${span} bewegt sich nichts. Die Freigabe kann fort sein oder die Platte schlafen; der Scan geht von selbst weiter, sobald sie antwortet.`,
    pause: 'Scan anhalten',
    resume: 'Weiter scannen',
    cancel: 'Scan abbrechen',
    kept: 'Was bisher gesehen wurde, bleibt: Ein angehaltener Scan geht dort weiter, wo er war.',
  },
})

export function ScanProgress({ work }: { readonly work: WorkState }) {
  const text = useWords(texts)
  const figures = useFigures()
  const now = useNow()
  const pause = useAct('works.pause')
  const resume = useAct('works.resume')
  const cancel = useAct('works.cancel')
  const left = work.also['foldersLeft']
  const running = work.state === 'running' || work.state === 'stopping'
  const refused = pause.error ?? resume.error ?? cancel.error
  return (
    <Container>
      <SpaceBetween size="s">
        <KeyValuePairs
          columns={6}
          minColumnWidth={120}
          items={[
            { label: text.state, value: <WorkWord of={work} /> },
            { label: text.seen, value: <Figure>{figures.count(work.items)}</Figure> },
            { label: text.directories, value: <Figure>{left === undefined ? text.counting : figures.count(left)}</Figure> },
            { label: text.bytes, value: <Figure>{figures.bytes(work.bytes)}</Figure> },
            {
              label: text.rate,
              value: (
                <Figure>
                  {work.itemsPerSecond === null || !running ? text.noRate : text.perSecond(figures.count(work.itemsPerSecond))}
                </Figure>
              ),
            },
            {
              label: text.since,
              value: <Figure>{work.startedAt === null ? '–' : figures.duration(Math.max(0, now - work.startedAt))}</Figure>,
            },
          ]}
        />
        {work.stalledSince !== null && running && (
          <Box color="text-status-warning">{text.stalled(figures.duration(Math.max(0, now - work.stalledSince)))}</Box>
        )}
        {work.fault !== null && <FaultBox fault={faultFromWire(work.fault)} compact />}
        {refused !== null && <FaultBox fault={refused} compact />}
        <SpaceBetween direction="horizontal" size="xs" alignItems="center">
          {work.state === 'paused' ? (
            <Button iconName="play" loading={resume.isPending} onClick={() => resume.mutate({ workId: work.id })}>
              {text.resume}
            </Button>
          ) : (
            <Button
              iconName="pause"
              disabled={work.state === 'stopping'}
              loading={pause.isPending}
              onClick={() => pause.mutate({ workId: work.id })}
            >
              {text.pause}
            </Button>
          )}
          <Button variant="link" loading={cancel.isPending} onClick={() => cancel.mutate({ workId: work.id })}>
            {text.cancel}
          </Button>
          <Box color="text-body-secondary" fontSize="body-s">
            {text.kept}
          </Box>
        </SpaceBetween>
      </SpaceBetween>
    </Container>
  )
}

function Figure({ children }: { readonly children: string }) {
  return <Box fontSize="heading-m">{children}</Box>
}
