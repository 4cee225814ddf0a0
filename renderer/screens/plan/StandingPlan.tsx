/** The plan that stands: who approved it and when, its lanes and devices, what stays behind. */
import { useState } from 'react'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import ProgressBar from '@cloudscape-design/components/progress-bar'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useAct, useAnswer } from '../../bridge/answers.ts'
import { useMigration } from '../../bridge/live.ts'
import { useLanguage, useWords, words } from '../../language.tsx'
import { AskPerson } from '../../parts/AskPerson.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Moment } from '../../parts/Moment.tsx'
import { Tone } from '../../parts/Word.tsx'
import { anomalyWords } from '../archives/anomalyWords.ts'
import { Drawn } from '../archives/Drawn.tsx'
import { changeDraft } from './draft.ts'
import { routeNames } from './planTexts.ts'
import { RouteTable, useWhy } from './RouteTable.tsx'
import { formOf } from './ruleForm.ts'
import { ruleSentences, ruleWords } from './ruleWords.ts'

const texts = words({
  en: {
    plan: (id: number) => `Plan ${id}`,
    state: 'State',
    approved: 'approved',
    waits: 'waits for approval',
    waitsTitle: 'This plan waits for approval',
    by: 'Approved by',
    at: 'Approved at',
    nobody: 'nobody yet',
    approve: 'Approve',
    approveTitle: (id: number) => `Approve plan ${id}`,
    approveText: 'From then on devices can be ordered and items sent. Your name is written into the journal and the evidence.',
    approveHint: 'Nothing is ordered or sent before a person approves the plan.',
    again: 'Plan again',
    why: 'Why this route',
    rule: 'What goes',
    lanes: 'Lanes',
    lane: 'Lane',
    studies: 'Studies',
    items: 'Items',
    bytes: 'Bytes',
    devices: 'Devices',
    batches: 'Batches',
    batched: (items: string) => `${items} in batches`,
    deviceTable: 'Devices and waves',
    device: 'Device',
    wave: 'Wave',
    fill: 'Filled',
    fillOf: (device: number) => `Device ${device} filled`,
    behind: 'What stays behind, and why',
    cause: 'Cause',
    nothingBehind: 'Nothing stays behind.',
    noDevices: 'This plan needs no devices.',
    rerouted: 'By another lane than wanted',
    renamed: (items: string) => `${items} items travel on a device under mapped names; firn names lists both names of each.`,
    reasons: {
      'barred-from-device': (studies: string) => `${studies} studies hold a name that a device may refuse.`,
      'barred-from-share': (studies: string) => `${studies} studies hold a name that a file share does not take.`,
      'item-larger-than-device': (studies: string) => `${studies} studies hold an item that is larger than a device.`,
    },
    split: (studies: string, devices: string) => `${studies} studies are larger than a device; the largest is split over ${devices}.`,
    splitBatches: (studies: string) => `${studies} studies have more small items than one batch takes.`,
    routes: 'The routes as they were compared',
    nothingToPlan: 'There was nothing to plan: everything that may travel is sent already.',
  },
  de: {
    plan: (id) => `Plan ${id}`,
    state: 'Zustand',
    approved: 'genehmigt',
    waits: 'wartet auf Genehmigung',
    waitsTitle: 'Dieser Plan wartet auf Genehmigung',
    by: 'Genehmigt von',
    at: 'Genehmigt am',
    nobody: 'noch niemand',
    approve: 'Genehmigen',
    approveTitle: (id) => `Plan ${id} genehmigen`,
    approveText: 'Von da an können Geräte bestellt und Dateien gesendet werden. Ihr Name steht im Journal und im Nachweis.',
    approveHint: 'Nichts wird bestellt oder gesendet, bevor ein Mensch den Plan genehmigt.',
    again: 'Neu planen',
    why: 'Warum dieser Weg',
    rule: 'Was geht',
    lanes: 'Wege',
    lane: 'Weg',
    studies: 'Studien',
    items: 'Dateien',
    bytes: 'Bytes',
    devices: 'Geräte',
    batches: 'Stapel',
    batched: (items) => `${items} in Stapeln`,
    deviceTable: 'Geräte und Wellen',
    device: 'Gerät',
    wave: 'Welle',
    fill: 'Gefüllt',
    fillOf: (device) => `Gerät ${device} gefüllt`,
    behind: 'Was zurückbleibt, und warum',
    cause: 'Ursache',
    nothingBehind: 'Nichts bleibt zurück.',
    noDevices: 'Dieser Plan braucht keine Geräte.',
    rerouted: 'Auf einem anderen Weg als gewollt',
    renamed: (items) => `${items} Dateien reisen auf einem Gerät unter ersetzten Namen; firn names führt beide Namen auf.`,
    reasons: {
      'barred-from-device': (studies) => `${studies} Studien enthalten einen Namen, den ein Gerät ablehnen kann.`,
      'barred-from-share': (studies) => `${studies} Studien enthalten einen Namen, den eine Dateifreigabe nicht nimmt.`,
      'item-larger-than-device': (studies) => `${studies} Studien enthalten eine Datei, die größer ist als ein Gerät.`,
    },
    split: (studies, devices) => `${studies} Studien sind größer als ein Gerät; die größte verteilt sich auf ${devices}.`,
    splitBatches: (studies) => `${studies} Studien haben mehr kleine Dateien, als ein Stapel fasst.`,
    routes: 'Die Wege, wie sie verglichen wurden',
    nothingToPlan: 'Es gab nichts zu planen: Alles, was reisen kann, ist schon gesendet.',
  },
})

type Standing = NonNullable<Answer<'plan.current'>>

export function StandingPlan({ plan }: { readonly plan: Standing }) {
  const text = useWords(texts)
  const migrationId = useMigration()?.id
  const [asking, setAsking] = useState(false)
  const approve = useAct('plan.approve', { changes: ['plan.current'], onDone: () => setAsking(false) })
  return (
    <SpaceBetween size="m">
      {plan.approvedBy === null && (
        <Alert
          type="warning"
          header={text.waitsTitle}
          action={
            <Button variant="primary" onClick={() => setAsking(true)}>
              {text.approve}
            </Button>
          }
        >
          {text.approveHint}
        </Alert>
      )}
      {approve.error !== null && <FaultBox fault={approve.error} />}
      <Summary
        plan={plan}
        onAgain={() =>
          changeDraft(migrationId, {
            open: true,
            step: 0,
            form: formOf(plan.rule),
            answers: answersOf(plan),
            week: undefined,
            workId: undefined,
          })
        }
      />
      <Lanes plan={plan} />
      <Devices plan={plan} />
      <ExpandableSection variant="container" headerText={text.routes}>
        <RouteTable estimate={plan.estimate} />
      </ExpandableSection>
      {asking && (
        <AskPerson
          title={text.approveTitle(plan.id)}
          action={text.approve}
          onClose={() => setAsking(false)}
          onDone={(person) => approve.mutate({ planId: plan.id, person })}
        >
          <Box>{text.approveText}</Box>
        </AskPerson>
      )}
    </SpaceBetween>
  )
}

/** What a new draft begins with: the answers of the plan that stands, by dotted name; the day is today's. */
function answersOf({ answers }: Standing): Readonly<Record<string, unknown>> {
  const flat: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(answers)) {
    if (name === 'today') continue
    const nestedValue = ['link', 'device', 'gateway', 'batch'].includes(name) && typeof value === 'object' && value !== null
    if (nestedValue) for (const [inner, one] of Object.entries(value)) flat[`${name}.${inner}`] = one
    else flat[name] = value
  }
  return flat
}

function Summary({ plan, onAgain }: { readonly plan: Standing; readonly onAgain: () => void }) {
  const text = useWords(texts)
  const ruleText = useWords(ruleWords)
  const language = useLanguage()
  const figures = useFigures()
  const archives = useAnswer('archives.list', {})
  const why = useWhy(plan.estimate)
  const decimal = (value: number): string => new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value)
  const label = (id: number): string => archives.data?.archives.find((one) => one.id === id)?.label ?? String(id)
  return (
    <Container
      header={
        <Header variant="h2" actions={<Button onClick={onAgain}>{text.again}</Button>}>
          {text.plan(plan.id)}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <KeyValuePairs
          columns={3}
          items={[
            {
              label: text.state,
              value:
                plan.approvedBy === null ? (
                  <Tone tone="person">{text.waits}</Tone>
                ) : (
                  <Tone tone="info" icon="success">
                    {text.approved}
                  </Tone>
                ),
            },
            { label: text.by, value: plan.approvedBy ?? text.nobody },
            { label: text.at, value: plan.approvedAt === null ? '–' : <Moment at={plan.approvedAt} /> },
          ]}
        />
        <ColumnLayout columns={2}>
          <div>
            <Box variant="awsui-key-label">{text.rule}</Box>
            <Drawn>
              <ul className="sentences">
                {ruleSentences(plan.rule, ruleText, figures, decimal, label).map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
            </Drawn>
          </div>
          <div>
            <Box variant="awsui-key-label">{text.why}</Box>
            {why}
          </div>
        </ColumnLayout>
      </SpaceBetween>
    </Container>
  )
}

function Lanes({ plan: { summary } }: { readonly plan: Standing }) {
  const text = useWords(texts)
  const language = useLanguage()
  const figures = useFigures()
  if (summary === null) return null
  const behind = (
    <Table
      items={summary.leftBehind}
      trackBy="code"
      header={<Header variant="h2">{text.behind}</Header>}
      columnDefinitions={[
        { id: 'cause', header: text.cause, isRowHeader: true, cell: ({ code }) => anomalyWords(code, language).title },
        { id: 'items', header: text.items, cell: ({ items }) => figures.count(items) },
        { id: 'bytes', header: text.bytes, cell: ({ bytes }) => figures.bytes(bytes) },
      ]}
      empty={text.nothingBehind}
    />
  )
  if (summary.kind === 'nothing-to-plan')
    return (
      <SpaceBetween size="m">
        <Alert type="info">{text.nothingToPlan}</Alert>
        {behind}
      </SpaceBetween>
    )
  const reasons: Readonly<Record<string, (studies: string) => string>> = text.reasons
  const notes = [
    ...summary.rerouted
      .filter(({ studies }) => studies > 0)
      .map(({ reason, studies }) => reasons[reason]?.(figures.count(studies)) ?? reason),
    ...(summary.splitOverDevices.studies > 0
      ? [text.split(figures.count(summary.splitOverDevices.studies), figures.count(summary.splitOverDevices.widest))]
      : []),
    ...(summary.renamed > 0 ? [text.renamed(figures.count(summary.renamed))] : []),
    ...(summary.splitOverBatches.studies > 0 ? [text.splitBatches(figures.count(summary.splitOverBatches.studies))] : []),
  ]
  return (
    <SpaceBetween size="m">
      <Table
        items={summary.lanes.filter(({ items }) => items > 0)}
        trackBy="route"
        header={<Header variant="h2">{text.lanes}</Header>}
        columnDefinitions={[
          { id: 'lane', header: text.lane, isRowHeader: true, cell: ({ route }) => routeNames[language][route] },
          { id: 'studies', header: text.studies, cell: ({ studies }) => figures.count(studies) },
          { id: 'items', header: text.items, cell: ({ items }) => figures.count(items) },
          { id: 'bytes', header: text.bytes, cell: ({ bytes }) => figures.bytes(bytes) },
          {
            id: 'batches',
            header: text.batches,
            cell: ({ batches, batchedItems }) =>
              batches === 0 ? '–' : `${figures.count(batches)} (${text.batched(figures.items(batchedItems))})`,
          },
        ]}
      />
      {notes.length > 0 && (
        <Alert type="info" header={text.rerouted}>
          {notes.map((one) => (
            <div key={one}>{one}</div>
          ))}
        </Alert>
      )}
      {behind}
    </SpaceBetween>
  )
}

function Devices({ plan: { devices } }: { readonly plan: Standing }) {
  const text = useWords(texts)
  const figures = useFigures()
  return (
    <Table
      items={devices}
      trackBy={({ id }) => String(id)}
      header={
        <Header variant="h2" counter={`(${figures.count(devices.length)})`}>
          {text.deviceTable}
        </Header>
      }
      columnDefinitions={[
        { id: 'device', header: text.device, isRowHeader: true, cell: ({ ordinal }) => `${text.device} ${ordinal}` },
        { id: 'wave', header: text.wave, cell: ({ wave }) => String(wave) },
        { id: 'items', header: text.items, cell: ({ items }) => figures.count(items) },
        { id: 'bytes', header: text.bytes, cell: ({ bytes }) => figures.bytes(bytes) },
        {
          id: 'fill',
          header: text.fill,
          minWidth: 220,
          cell: ({ ordinal, bytes, usable }) => (
            <ProgressBar
              variant="standalone"
              ariaLabel={text.fillOf(ordinal)}
              value={usable === 0 ? 0 : Math.round((bytes / usable) * 100)}
            />
          ),
        },
      ]}
      empty={
        <Box textAlign="center" color="text-body-secondary" padding="s">
          {text.noDevices}
        </Box>
      }
    />
  )
}
