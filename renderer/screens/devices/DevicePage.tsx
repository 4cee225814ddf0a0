/** One device, from its order to its import. */
import { useState } from 'react'
import Button from '@cloudscape-design/components/button'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import Grid from '@cloudscape-design/components/grid'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useAct, useAnswer } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { AskPerson } from '../../parts/AskPerson.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Ago } from '../../parts/Moment.tsx'
import { ScreenFrame } from '../../parts/ScreenFrame.tsx'
import { Tone } from '../../parts/Word.tsx'
import { useGo } from '../../screen.ts'
import { Access } from './Access.tsx'
import { Custody } from './Custody.tsx'
import { ImportProgress } from './ImportProgress.tsx'
import { LoadProgress } from './LoadProgress.tsx'
import { DeviceAlerts } from './DeviceAlerts.tsx'
import { OnSiteDays } from './OnSiteDays.tsx'
import { Reconciled } from './Reconciled.tsx'
import { mayReplan, ReplanDevice, ReplannedBox, type Replanned } from './ReplanDevice.tsx'
import { replanWords } from './replanWords.ts'
import { Secrets } from './Secrets.tsx'
import { ShipChecklist } from './ShipChecklist.tsx'
import { Timeline } from './Timeline.tsx'
import { devicesHelp, devicesWords } from './devicesWords.ts'
import { useJobWord } from './jobWords.ts'
import './devices.css'

type Device = Answer<'devices.detail'>

export function DevicePage({ deviceId }: { readonly deviceId: number }) {
  const t = useWords(devicesWords)
  const job = useJobWord()
  const go = useGo()
  const r = useWords(replanWords)
  const [asking, setAsking] = useState<string | undefined>(undefined)
  const [replanned, setReplanned] = useState<Replanned | undefined>(undefined)
  const detail = useAnswer('devices.detail', { deviceId }, { refetchInterval: 2000 })
  const track = useAct('devices.track', { changes: ['devices.list', 'devices.detail'] })
  const device = detail.data
  const mayCancel = device?.allowed.includes('cancel') === true
  return (
    <ScreenFrame
      title={device === undefined ? t.device : t.name(device.ordinal)}
      help={devicesHelp}
      description={
        device !== undefined && (
          <span className="device-standing">
            <Tone tone={job(device.state).tone}>{job(device.state).where}</Tone>
            {job(device.state).byAws && <code lang="en">{device.state}</code>}
            {device.onSite !== null && (
              <span>
                {t.onSite}: <OnSiteDays of={device.onSite} />
              </span>
            )}
          </span>
        )
      }
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="arrow-left" onClick={() => go({ at: 'devices' })}>
            {t.all}
          </Button>
          <Button iconName="refresh" loading={track.isPending} onClick={() => track.mutate({})}>
            {t.track}
          </Button>
          <ButtonDropdown
            items={[
              {
                id: 'cancel',
                text: t.cancelOrder,
                disabled: !mayCancel,
                ...(mayCancel ? {} : { disabledReason: device?.jobId === null ? t.cancelNotOrdered : t.cancelNot }),
              },
              {
                id: 'replan',
                text: r.replan,
                disabled: !mayReplan(device),
                ...(mayReplan(device) ? {} : { disabledReason: r.not }),
              },
            ]}
            onItemClick={({ detail: item }) => setAsking(item.id)}
          >
            {t.more}
          </ButtonDropdown>
        </SpaceBetween>
      }
    >
      {track.error !== null && <FaultBox fault={track.error} compact onRetry={() => track.mutate({})} />}
      {replanned !== undefined && <ReplannedBox of={replanned} onClose={() => setReplanned(undefined)} />}
      {device !== undefined && <DeviceAlerts of={[device]} />}
      <Answered of={detail}>{(value) => <Parts of={value} />}</Answered>
      {asking === 'cancel' && device !== undefined && <CancelOrder of={device} onClose={() => setAsking(undefined)} />}
      {asking === 'replan' && device !== undefined && (
        <ReplanDevice of={device} onClose={() => setAsking(undefined)} onDone={setReplanned} />
      )}
    </ScreenFrame>
  )
}

function Parts({ of: device }: { readonly of: Device }) {
  const shipping = device.allowed.includes('hand-over')
  return (
    <SpaceBetween size="m">
      <Timeline of={device.timeline} />
      {device.import !== null && <ImportProgress of={device.import} />}
      <Grid gridDefinition={[{ colspan: { default: 12, s: 7 } }, { colspan: { default: 12, s: 5 } }]}>
        <SpaceBetween size="m">
          {device.state === 'Complete' && <Reconciled of={device} />}
          <LoadProgress of={device} />
          <Custody of={device} />
        </SpaceBetween>
        <SpaceBetween size="m">
          {shipping && <ShipChecklist of={device} />}
          <Secrets of={device} />
          <Access of={device} />
          <Shipments of={device} />
        </SpaceBetween>
      </Grid>
    </SpaceBetween>
  )
}

function Shipments({ of: device }: { readonly of: Device }) {
  const t = useWords(devicesWords)
  const figures = useFigures()
  const way = ({ status, trackingNumber, trackingLink }: Device['outbound']) => (
    <>
      <div className="device-code">
        {trackingLink === null ? (
          (trackingNumber ?? t.noTracking)
        ) : (
          <Link href={trackingLink} external externalIconAriaLabel={t.trackingOutside}>
            {trackingNumber}
          </Link>
        )}
      </div>
      {status !== null && <div lang="en">{status}</div>}
    </>
  )
  return (
    <Container header={<Header variant="h2">{t.shipments}</Header>}>
      <ColumnLayout columns={1}>
        <KeyValuePairs
          columns={2}
          items={[
            { label: t.outbound, value: way(device.outbound) },
            { label: t.inbound, value: way(device.inbound) },
            { label: t.job, value: <span className="device-code">{device.jobId ?? '–'}</span> },
            { label: t.wave, value: figures.count(device.wave) },
            { label: t.usable, value: figures.bytes(device.usable) },
            { label: t.asked, value: device.askedAt === null ? '–' : <Ago at={device.askedAt} /> },
          ]}
        />
      </ColumnLayout>
    </Container>
  )
}

function CancelOrder({ of: device, onClose }: { readonly of: Device; readonly onClose: () => void }) {
  const t = useWords(devicesWords)
  const cancel = useAct('devices.cancel', { changes: ['devices.list', 'devices.detail'], onDone: onClose })
  return (
    <AskPerson
      title={t.cancelTitle(t.name(device.ordinal))}
      action={t.cancelOrder}
      onClose={onClose}
      onDone={(person) => {
        if (!cancel.isPending) cancel.mutate({ deviceId: device.id, person })
      }}
    >
      <div>{t.cancelMeans}</div>
      {cancel.error !== null && <FaultBox fault={cancel.error} compact />}
    </AskPerson>
  )
}
