/** All devices in one table, and what can be done for all of them: order, and ask AWS. */
import { useState } from 'react'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import type { Answer } from '../../../shared/contract/bridge.ts'
import type { DeviceRow } from '../../../shared/contract/calls/devices.ts'
import { useAct, useAnswer } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Ago } from '../../parts/Moment.tsx'
import { ScreenFrame } from '../../parts/ScreenFrame.tsx'
import { SplitBar } from '../../parts/SplitBar.tsx'
import { Tone } from '../../parts/Word.tsx'
import { useGo } from '../../screen.ts'
import { DeviceAlerts } from './DeviceAlerts.tsx'
import { OnSiteDays } from './OnSiteDays.tsx'
import { OrderDevices } from './OrderDevices.tsx'
import { OrderSettings } from './OrderSettings.tsx'
import { orderWords } from './orderWords.ts'
import { devicesHelp, devicesWords } from './devicesWords.ts'
import { useJobWord } from './jobWords.ts'
import './devices.css'

export function Fleet() {
  const t = useWords(devicesWords)
  const [asking, setAsking] = useState(false)
  const [ordered, setOrdered] = useState<number | undefined>(undefined)
  const list = useAnswer('devices.list', {}, { refetchInterval: 3000 })
  const o = useWords(orderWords)
  const settings = useAnswer('devices.orderSettings', {})
  const [setting, setSetting] = useState(false)
  const [saved, setSaved] = useState(false)
  const track = useAct('devices.track', { changes: ['devices.list', 'devices.detail'] })
  const planned = list.data?.devices.filter(({ state }) => state === 'planned').length ?? 0
  const usage = list.data?.usage
  const noneFree = usage !== null && usage !== undefined && usage.inUse >= usage.limit
  return (
    <ScreenFrame
      title={t.title}
      description={t.description}
      help={devicesHelp}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="refresh" loading={track.isPending} onClick={() => track.mutate({})}>
            {t.track}
          </Button>
          <Button disabled={settings.data === undefined} onClick={() => setSetting(true)}>
            {o.settings}
          </Button>
          <Button
            variant="primary"
            disabled={planned === 0 || noneFree || settings.data?.settings === null}
            disabledReason={planned === 0 ? t.nothingToOrder : noneFree ? t.noFreeDevice : o.missing}
            onClick={() => setAsking(true)}
          >
            {t.order}
          </Button>
        </SpaceBetween>
      }
    >
      {track.error !== null && <FaultBox fault={track.error} compact onRetry={() => track.mutate({})} />}
      {planned > 0 && settings.data?.settings === null && (
        <Alert type="warning" action={<Button onClick={() => setSetting(true)}>{o.settings}</Button>}>
          {o.missing}
        </Alert>
      )}
      {saved && (
        <Alert type="success" dismissible onDismiss={() => setSaved(false)}>
          {o.saved}
        </Alert>
      )}
      {ordered !== undefined && (
        <Alert type="info" dismissible onDismiss={() => setOrdered(undefined)}>
          {t.ordered(t.devicesCount(ordered))}
        </Alert>
      )}
      <Answered of={list} empty={{ when: (value) => value.devices.length === 0, show: <NoDevices /> }}>
        {(value) => (
          <SpaceBetween size="m">
            {value.devices.some(({ alerts }) => alerts.length > 0) && <DeviceAlerts of={value.devices} />}
            <FleetTable of={value} />
          </SpaceBetween>
        )}
      </Answered>
      {asking && list.data !== undefined && (
        <OrderDevices
          planned={planned}
          usage={list.data.usage}
          settings={settings.data}
          onClose={() => setAsking(false)}
          onOrdered={setOrdered}
        />
      )}
      {setting && settings.data !== undefined && (
        <OrderSettings of={settings.data} onClose={() => setSetting(false)} onSaved={() => setSaved(true)} />
      )}
    </ScreenFrame>
  )
}

function NoDevices() {
  const t = useWords(devicesWords)
  const go = useGo()
  return (
    <Container>
      <Box textAlign="center" padding="l">
        <SpaceBetween size="s">
          <Box variant="h2">{t.none}</Box>
          <Box color="text-body-secondary">{t.noneMeans}</Box>
          <Button onClick={() => go({ at: 'plan' })}>{t.toPlan}</Button>
        </SpaceBetween>
      </Box>
    </Container>
  )
}

function FleetTable({ of: { devices, usage, askedAt } }: { readonly of: Answer<'devices.list'> }) {
  const t = useWords(devicesWords)
  const figures = useFigures()
  const job = useJobWord()
  const go = useGo()
  return (
    <Table
      variant="container"
      items={devices}
      trackBy={(device) => String(device.id)}
      ariaLabels={{ tableLabel: t.fleet }}
      header={
        <Header
          variant="h2"
          counter={`(${figures.count(devices.length)})`}
          description={
            <>
              {usage === null ? '' : `${t.usage(figures.count(usage.inUse), figures.count(usage.limit))} · `}
              {askedAt === null ? (
                t.neverAsked
              ) : (
                <>
                  {t.asked} <Ago at={askedAt} />
                </>
              )}
            </>
          }
        >
          {t.fleet}
        </Header>
      }
      columnDefinitions={[
        {
          id: 'name',
          header: t.device,
          isRowHeader: true,
          minWidth: 100,
          cell: (device) => (
            <Button variant="inline-link" onClick={() => go({ at: 'devices', deviceId: device.id })}>
              {t.name(device.ordinal)}
            </Button>
          ),
        },
        { id: 'where', header: t.where, cell: (device) => <Tone tone={job(device.state).tone}>{job(device.state).where}</Tone> },
        { id: 'state', header: t.state, cell: (device) => (job(device.state).byAws ? <code lang="en">{device.state}</code> : '–') },
        { id: 'days', header: t.onSite, cell: (device) => <OnSiteDays of={device.onSite} /> },
        { id: 'filled', header: t.filled, cell: (device) => <Filled of={device} /> },
        {
          id: 'verified',
          header: t.verified,
          cell: (device) =>
            device.verified.items === 0 ? '–' : t.verifiedOf(figures.count(device.verified.items), figures.count(device.planned.items)),
        },
      ]}
    />
  )
}

function Filled({ of: device }: { readonly of: DeviceRow }) {
  const t = useWords(devicesWords)
  const figures = useFigures()
  return (
    <div className="device-filled">
      <SplitBar
        slim
        label={`${t.filled}: ${t.name(device.ordinal)}`}
        formatValue={figures.bytes}
        parts={[
          { label: t.sent, value: device.sent.bytes, tone: 'info' },
          { label: t.planned, value: Math.max(0, device.planned.bytes - device.sent.bytes), tone: 'info-soft' },
          { label: t.usable, value: Math.max(0, device.usable - device.planned.bytes), tone: 'later' },
        ]}
      />
      <span>{t.filledOf(figures.bytes(device.sent.bytes), figures.bytes(device.usable))}</span>
    </div>
  )
}
