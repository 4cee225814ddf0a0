/** Devices and waves: what a device holds, how many may be on site at once, and what follows; and the gateway of the share. */
import Box from '@cloudscape-design/components/box'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { deviceTypes } from '../../../shared/domain/device.ts'
import type { RouteEstimate } from '../../../shared/domain/plan.ts'
import type { PlanAnswers } from '../../../shared/contract/planAnswers.ts'
import { useLanguage, useWords, words } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { useFigures } from '../../parts/figures.ts'
import { FieldEntry } from './FieldEntry.tsx'
import { fieldProblems, problemText } from './fieldProblems.ts'
import { valueAt, type FieldName } from './fields.ts'
import { lanesTaken, wavesOf } from './lanes.ts'
import type { Planning } from './planning.ts'
import { phaseText } from './planTexts.ts'

const texts = words({
  en: {
    device: 'Devices',
    deviceHint: 'A study is never split over two devices unless it is larger than one.',
    type: 'Device type',
    holds: (size: string) => `holds ${size}`,
    notOrderable: 'not among those that AWS lists as orderable',
    own: 'another size',
    usable: 'What one device holds',
    fill: 'Filled up to',
    atOnce: 'On site at once',
    atOnceHint: 'The account may have 1 unless AWS has raised its limit.',
    unsafeNames: 'Names that Snowball may refuse',
    unsafeNamesHint: 'Mapped: each such character becomes = and its code, which can be turned back. The plan says how many.',
    waves: 'Waves',
    wavesHint: 'As estimated. Which study goes on which device is settled when the plan is made.',
    wave: 'Wave',
    devices: 'Devices',
    bytes: 'Bytes, about',
    fillOf: 'Filled, about',
    stays: 'Days on site, each',
    phases: 'Steps of the way',
    step: 'Step',
    days: 'Days',
    noDevices: 'The chosen route needs no devices.',
    noDevicesHint: 'What follows holds if you choose the device lane.',
    gateway: 'Gateway of the share',
    gatewayHint: 'A write-back cache: what is copied to the share is not yet in S3.',
    size: 'Size of the gateway',
    cache: 'Cache',
    files: 'Small files written to S3',
  },
  de: {
    device: 'Geräte',
    deviceHint: 'Eine Studie wird nie auf zwei Geräte verteilt, außer sie ist größer als eines.',
    type: 'Gerätetyp',
    holds: (size) => `fasst ${size}`,
    notOrderable: 'nicht unter denen, die AWS als bestellbar führt',
    own: 'eine andere Größe',
    usable: 'Was ein Gerät fasst',
    fill: 'Gefüllt bis',
    atOnce: 'Gleichzeitig vor Ort',
    atOnceHint: 'Das Konto darf 1 haben, wenn AWS die Grenze nicht angehoben hat.',
    unsafeNames: 'Namen, die Snowball ablehnen kann',
    unsafeNamesHint: 'Ersetzt: Jedes solche Zeichen wird zu = und seinem Code, was sich umkehren lässt. Der Plan sagt, wie viele.',
    waves: 'Wellen',
    wavesHint: 'Wie geschätzt. Welche Studie auf welches Gerät geht, wird festgelegt, wenn der Plan gemacht wird.',
    wave: 'Welle',
    devices: 'Geräte',
    bytes: 'Bytes, etwa',
    fillOf: 'Gefüllt, etwa',
    stays: 'Tage vor Ort, je Gerät',
    phases: 'Schritte des Wegs',
    step: 'Schritt',
    days: 'Tage',
    noDevices: 'Der gewählte Weg braucht keine Geräte.',
    noDevicesHint: 'Was folgt, gilt, wenn Sie den Weg über Geräte wählen.',
    gateway: 'Gateway der Freigabe',
    gatewayHint: 'Ein Schreibcache: Was auf die Freigabe kopiert ist, ist noch nicht in S3.',
    size: 'Größe des Gateways',
    cache: 'Cache',
    files: 'Kleine Dateien, die nach S3 geschrieben werden',
  },
})

const dayMs = 86_400_000

export function DevicesStep({ planning }: { readonly planning: Planning }) {
  const text = useWords(texts)
  const problems = useWords(fieldProblems)
  const { draft, estimated, wrong, give } = planning
  const figures = useFigures()
  const current = estimated.data?.answers
  const field = (name: FieldName, label: string, hint?: string) => (
    <FormField label={label} constraintText={hint} errorText={wrong(name) ? problemText(problems, name) : undefined}>
      <FieldEntry
        name={name}
        label={label}
        value={draft.answers[name] ?? valueAt(current, name)}
        invalid={wrong(name)}
        onChange={(value) => give({ [name]: value })}
      />
    </FormField>
  )
  const types = deviceTypes.map((type) => ({
    value: `${type.snowballType}/${type.capacity}`,
    label: `${type.snowballType} ${type.capacity}`,
    description: [text.holds(figures.bytes(type.usable)), ...(type.orderable ? [] : [text.notOrderable])].join(', '),
  }))
  const type = draft.answers['device.snowballType'] ?? current?.device.snowballType
  const capacity = draft.answers['device.capacity'] ?? current?.device.capacity
  const usable = draft.answers['device.usableBytes'] ?? current?.device.usableBytes
  const known = deviceTypes.find((one) => one.snowballType === type && one.capacity === capacity && one.usable === usable)
  const chosen = known === undefined ? undefined : types.find(({ value }) => value === `${known.snowballType}/${known.capacity}`)
  return (
    <SpaceBetween size="m">
      <Container
        header={
          <Header variant="h2" description={text.deviceHint}>
            {text.device}
          </Header>
        }
      >
        <ColumnLayout columns={4}>
          <FormField label={text.type}>
            <Select
              selectedOption={chosen ?? { value: '', label: text.own }}
              options={types}
              onChange={({ detail }) => {
                const type = deviceTypes.find((one) => `${one.snowballType}/${one.capacity}` === detail.selectedOption.value)
                if (type === undefined) return
                give({ 'device.snowballType': type.snowballType, 'device.capacity': type.capacity, 'device.usableBytes': type.usable })
              }}
            />
          </FormField>
          {field('device.usableBytes', text.usable)}
          {field('device.fill', text.fill)}
          {field('device.atOnce', text.atOnce, text.atOnceHint)}
          {field('device.unsafeNames', text.unsafeNames, text.unsafeNamesHint)}
        </ColumnLayout>
      </Container>
      <Answered of={estimated}>
        {({ estimate, answers }) => {
          const device = estimate.routes.find(({ route }) => route === 'device')
          return device === undefined ? null : (
            <Waves device={device} answers={answers} used={lanesTaken(draft.answers, estimate).includes('device')} />
          )
        }}
      </Answered>
      <Container
        header={
          <Header variant="h2" description={text.gatewayHint}>
            {text.gateway}
          </Header>
        }
      >
        <ColumnLayout columns={3}>
          {field('gateway.size', text.size)}
          {field('gateway.cacheBytes', text.cache)}
          {field('gateway.filesPerSecond', text.files)}
        </ColumnLayout>
      </Container>
    </SpaceBetween>
  )
}

function Waves({ device, answers, used }: { readonly device: RouteEstimate; readonly answers: PlanAnswers; readonly used: boolean }) {
  const text = useWords(texts)
  const language = useLanguage()
  const figures = useFigures()
  const waves = wavesOf(device, answers)
  const days = (of: { readonly low: number; readonly high: number }): string =>
    figures.range({ low: of.low * dayMs, high: of.high * dayMs })
  const stay = device.onSiteDays
  return (
    <SpaceBetween size="m">
      {!used && (
        <Box color="text-body-secondary">
          <b>{text.noDevices}</b> {text.noDevicesHint}
        </Box>
      )}
      <ColumnLayout columns={2} minColumnWidth={440}>
        <Table
          items={waves}
          trackBy={({ wave }) => String(wave)}
          wrapLines
          header={
            <Header variant="h2" description={text.wavesHint} counter={`(${figures.count(device.waves)})`}>
              {text.waves}
            </Header>
          }
          columnDefinitions={[
            {
              id: 'wave',
              header: text.wave,
              isRowHeader: true,
              cell: ({ wave, last }) => (last === wave ? String(wave) : `${wave} – ${last}`),
            },
            { id: 'devices', header: text.devices, cell: (one) => figures.count(one.devices) },
            { id: 'bytes', header: text.bytes, cell: (one) => figures.bytes(one.bytes) },
            { id: 'fill', header: text.fillOf, cell: (one) => figures.percent(one.fill) },
            { id: 'stays', header: text.stays, cell: () => (stay === null ? '–' : days(stay)) },
          ]}
          empty="–"
        />
        <Table
          items={device.phases}
          trackBy="id"
          wrapLines
          header={<Header variant="h2">{text.phases}</Header>}
          columnDefinitions={[
            { id: 'step', header: text.step, isRowHeader: true, cell: (one) => phaseText(one, language) },
            { id: 'days', header: text.days, cell: (one) => days(one.days) },
          ]}
        />
      </ColumnLayout>
    </SpaceBetween>
  )
}
