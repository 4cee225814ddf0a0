/** The inspection before a device leaves: what it found, and the button that begins one. */
import { useState } from 'react'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useAct } from '../../bridge/answers.ts'
import { useMigration } from '../../bridge/live.ts'
import { useWords } from '../../language.tsx'
import { AskPerson } from '../../parts/AskPerson.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Moment } from '../../parts/Moment.tsx'
import { WorkProgress } from '../../parts/WorkProgress.tsx'
import { devicesWords } from './devicesWords.ts'

type Device = Answer<'devices.detail'>

export function Inspected({ of: device }: { readonly of: Device }) {
  const t = useWords(devicesWords)
  const [asking, setAsking] = useState(false)
  const work = useMigration()?.works.find(
    ({ kind, deviceId, state }) => kind === 'inspect' && deviceId === device.id && state !== 'done' && state !== 'cancelled',
  )
  const allSent = device.checklist.some(({ code, done }) => code === 'all-sent' && done)
  const mayInspect = device.allowed.includes('load') && device.access !== null && allSent
  return (
    <SpaceBetween size="xs">
      {device.inspection !== null && <Found of={device.inspection} />}
      {work === undefined ? (
        device.allowed.includes('load') && (
          <Button
            disabled={!mayInspect}
            disabledReason={device.access === null ? t.loadNeedsAccess : t.checks['all-sent']}
            onClick={() => setAsking(true)}
          >
            {device.inspection === null ? t.inspect : t.inspectAgain}
          </Button>
        )
      ) : (
        <WorkProgress of={work} />
      )}
      {asking && <Inspect of={device} onClose={() => setAsking(false)} />}
    </SpaceBetween>
  )
}

function Found({ of: found }: { readonly of: NonNullable<Device['inspection']> }) {
  const t = useWords(devicesWords)
  const figures = useFigures()
  return (
    <div>
      <div>
        {found.differing > 0
          ? t.differing(figures.count(found.differing))
          : t.inspected(figures.count(found.items), figures.bytes(found.bytes), figures.count(found.sampledItems))}{' '}
        ({found.person}, <Moment at={found.at} />)
      </div>
      {found.leftBehindItems > 0 && <div>{t.leftBehind(figures.count(found.leftBehindItems), figures.bytes(found.leftBehindBytes))}</div>}
      <div>
        {t.bill}: <span className="device-digest">{found.manifestSha256}</span>
      </div>
    </div>
  )
}

function Inspect({ of: device, onClose }: { readonly of: Device; readonly onClose: () => void }) {
  const t = useWords(devicesWords)
  const [all, setAll] = useState(false)
  const start = useAct('works.start', { changes: ['devices.detail'], onDone: onClose })
  return (
    <AskPerson
      title={t.inspectTitle(t.name(device.ordinal))}
      action={t.inspectDo}
      onClose={onClose}
      onDone={(person) => {
        if (!start.isPending) start.mutate({ kind: 'inspect', deviceId: device.id, person, all })
      }}
    >
      <SpaceBetween size="s">
        <div>{t.inspectMeans}</div>
        <Checkbox checked={all} description={t.inspectAllMeans} onChange={({ detail }) => setAll(detail.checked)}>
          {t.inspectAll}
        </Checkbox>
        {start.error !== null && <FaultBox fault={start.error} compact />}
      </SpaceBetween>
    </AskPerson>
  )
}
