/** What has to be true before a device leaves: ticked by a person with a name, or known from the journal. It unlocks "Ready to ship". */
import { useState } from 'react'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Answer } from '../../../shared/contract/bridge.ts'
import type { ShipCheck } from '../../../shared/domain/shipGate.ts'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { AskPerson } from '../../parts/AskPerson.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { Tone } from '../../parts/Word.tsx'
import { Inspected } from './Inspected.tsx'
import { devicesWords, type DevicesWords } from './devicesWords.ts'

type Device = Answer<'devices.detail'>

function checkName(t: DevicesWords, code: string): string {
  return Object.hasOwn(t.checks, code) ? t.checks[code as ShipCheck] : code
}

export function ShipChecklist({ of: device }: { readonly of: Device }) {
  const t = useWords(devicesWords)
  const [person, setPerson] = useState('')
  const [shipping, setShipping] = useState(false)
  const check = useAct('devices.check', { changes: ['devices.detail'] })
  const open = device.checklist.filter(({ done }) => !done).length
  const named = person.trim() !== ''
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <Button
              variant={open === 0 ? 'primary' : 'normal'}
              disabled={open > 0}
              disabledReason={t.shipOpen(t.lines(open))}
              onClick={() => setShipping(true)}
            >
              {t.ship}
            </Button>
          }
        >
          {t.checklist}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <FormField label={t.checklistWho} description={t.checklistHint}>
          <Input value={person} autoComplete={false} onChange={({ detail }) => setPerson(detail.value.slice(0, 120))} />
        </FormField>
        {device.checklist.map(({ code, done, byHand }) =>
          byHand ? (
            <Checkbox
              key={code}
              checked={done}
              disabled={!named || check.isPending}
              onChange={({ detail }) => check.mutate({ deviceId: device.id, code, person: person.trim(), done: detail.checked })}
            >
              {checkName(t, code)}
            </Checkbox>
          ) : (
            <div key={code}>
              <Tone tone={done ? 'info' : 'later'} icon={done ? 'success' : 'pending'}>
                {checkName(t, code)}
              </Tone>
              <Box variant="small" color="text-body-secondary" display="block" padding={{ left: 'l' }}>
                {code === 'inspected' ? <Inspected of={device} /> : t.byJournal}
              </Box>
            </div>
          ),
        )}
        {check.error !== null && <FaultBox fault={check.error} compact />}
      </SpaceBetween>
      {shipping && <Ship of={device} onClose={() => setShipping(false)} />}
    </Container>
  )
}

function Ship({ of: device, onClose }: { readonly of: Device; readonly onClose: () => void }) {
  const t = useWords(devicesWords)
  const ship = useAct('devices.ship', { changes: ['devices.detail', 'devices.list'], onDone: onClose })
  return (
    <AskPerson
      title={t.shipTitle(t.name(device.ordinal))}
      action={t.shipDo}
      withPlace
      onClose={onClose}
      onDone={(person, place, note) => {
        if (!ship.isPending) ship.mutate({ deviceId: device.id, person, place, note })
      }}
    >
      <div>{t.shipMeans}</div>
      {ship.error !== null && <FaultBox fault={ship.error} compact />}
    </AskPerson>
  )
}
