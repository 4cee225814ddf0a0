/** Who had the device when: a story from top to bottom, to which entries are only ever added. */
import { useState } from 'react'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Select from '@cloudscape-design/components/select'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { custodySteps, type CustodyStep } from '../../../shared/domain/custody.ts'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { AskPerson } from '../../parts/AskPerson.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { Moment } from '../../parts/Moment.tsx'
import { devicesWords } from './devicesWords.ts'

type Device = Answer<'devices.detail'>

/** Ordering and handing over have conditions of their own and are recorded by doing them. */
const byHand = custodySteps.filter((step) => step !== 'ordered' && step !== 'handed-over' && step !== 'given-up')

export function Custody({ of: device }: { readonly of: Device }) {
  const t = useWords(devicesWords)
  const [adding, setAdding] = useState(false)
  return (
    <Container
      header={
        <Header variant="h2" description={t.custodyMeans} actions={<Button onClick={() => setAdding(true)}>{t.custodyAdd}</Button>}>
          {t.custody}
        </Header>
      }
    >
      {device.custody.length === 0 ? (
        <Box color="text-body-secondary">{t.custodyNone}</Box>
      ) : (
        <ol className="custody">
          {device.custody.map((entry, at) => (
            <li key={`${String(entry.at)} ${entry.step} ${String(at)}`}>
              <div>
                <strong>{t.steps[entry.step]}</strong> {t.custodyBy(entry.person, entry.place)}
              </div>
              <div className="firn-quiet">
                <Moment at={entry.at} />
              </div>
              {entry.note !== '' && <div className="custody-note">{entry.note}</div>}
            </li>
          ))}
        </ol>
      )}
      {adding && <AddEntry deviceId={device.id} onClose={() => setAdding(false)} />}
    </Container>
  )
}

function AddEntry({ deviceId, onClose }: { readonly deviceId: number; readonly onClose: () => void }) {
  const t = useWords(devicesWords)
  const [step, setStep] = useState<CustodyStep>('received')
  const add = useAct('devices.addCustody', { changes: ['devices.detail', 'devices.list'], onDone: onClose })
  const options = byHand.map((value) => ({ value, label: t.steps[value] }))
  return (
    <AskPerson
      title={t.custodyAdd}
      action={t.add}
      withPlace
      onClose={onClose}
      onDone={(person, place, note) => {
        if (!add.isPending) add.mutate({ deviceId, step, person, place, note })
      }}
    >
      <FormField label={t.custodyStep}>
        <Select
          selectedOption={options.find(({ value }) => value === step) ?? null}
          options={options}
          onChange={({ detail }) => setStep(byHand.find((one) => one === detail.selectedOption.value) ?? 'received')}
        />
      </FormField>
      {add.error !== null && <FaultBox fault={add.error} compact />}
    </AskPerson>
  )
}
