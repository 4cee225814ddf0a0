/** Planning anew what a device has not safely taken: because it is full, or dead. Dead is confirmed by typing the device's name. */
import { useState } from 'react'
import Alert from '@cloudscape-design/components/alert'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import RadioGroup from '@cloudscape-design/components/radio-group'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Answer } from '../../../shared/contract/bridge.ts'
import type { ReplanCause } from '../../../shared/domain/replan.ts'
import { isFinal } from '../../../shared/lifecycle/deviceLifecycle.ts'
import { useAct, useAnswer } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { AskPerson } from '../../parts/AskPerson.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { devicesWords } from './devicesWords.ts'
import { replanWords } from './replanWords.ts'

type Device = Answer<'devices.detail'>
export type Replanned = Answer<'devices.replan'>

export function mayReplan(device: Device | undefined): boolean {
  return device?.jobId !== undefined && device.jobId !== null && !isFinal(device.state)
}

type Props = { readonly of: Device; readonly onClose: () => void; readonly onDone: (done: Replanned) => void }

export function ReplanDevice({ of: device, onClose, onDone }: Props) {
  const t = useWords(replanWords)
  const names = useWords(devicesWords)
  const figures = useFigures()
  const name = names.name(device.ordinal)
  const [cause, setCause] = useState<ReplanCause>('full')
  const [to, setTo] = useState('best')
  const [typed, setTyped] = useState('')
  const [tried, setTried] = useState(false)
  const others = useAnswer('devices.list', {}).data?.devices.filter(({ id, state }) => id !== device.id && !isFinal(state)) ?? []
  const replan = useAct('devices.replan', {
    changes: ['devices.list', 'devices.detail'],
    onDone: (done) => {
      onDone(done)
      onClose()
    },
  })
  const options = [
    { value: 'best', label: t.best },
    { value: 'replacement', label: t.replacement },
    { value: 'link', label: t.link },
    ...others.map(({ id, ordinal }) => ({ value: String(id), label: names.name(ordinal) })),
  ]
  const confirmed = cause === 'full' || typed.trim() === name
  return (
    <AskPerson
      title={t.title(name)}
      action={t.action}
      onClose={onClose}
      onDone={(person) => {
        setTried(true)
        if (confirmed && !replan.isPending) replan.mutate({ deviceId: device.id, cause, to: placeOf(to), person })
      }}
    >
      <SpaceBetween size="m">
        <div>
          {t.waiting(figures.items(device.planned.items - device.sent.items), figures.bytes(device.planned.bytes - device.sent.bytes))}
        </div>
        <FormField label={t.cause}>
          <RadioGroup
            value={cause}
            items={[
              { value: 'full', label: t.full },
              { value: 'dead', label: t.dead },
            ]}
            onChange={({ detail }) => setCause(detail.value === 'dead' ? 'dead' : 'full')}
          />
        </FormField>
        {cause === 'dead' && (
          <>
            <Alert type="warning">{t.deadMeans(figures.items(device.planned.items))}</Alert>
            <FormField label={t.confirm(name)} errorText={tried && !confirmed ? t.confirmBad : undefined}>
              <Input
                value={typed}
                autoComplete={false}
                spellcheck={false}
                onChange={({ detail }) => setTyped(detail.value.slice(0, 120))}
              />
            </FormField>
          </>
        )}
        <FormField label={t.to}>
          <Select
            selectedOption={options.find(({ value }) => value === to) ?? null}
            options={options}
            onChange={({ detail }) => setTo(detail.selectedOption.value ?? 'best')}
          />
        </FormField>
        {replan.error !== null && <FaultBox fault={replan.error} compact />}
      </SpaceBetween>
    </AskPerson>
  )
}

function placeOf(chosen: string): 'link' | 'replacement' | number | null {
  if (chosen === 'link' || chosen === 'replacement') return chosen
  return chosen === 'best' ? null : Number(chosen)
}

/** What was moved, and why not all of it where it was asked to. */
export function ReplannedBox({ of: done, onClose }: { readonly of: Replanned; readonly onClose: () => void }) {
  const t = useWords(replanWords)
  const figures = useFigures()
  const where = done.toDevice === null ? t.overLink : t.ontoDevice(String(done.toDevice))
  return (
    <Alert type="success" dismissible onDismiss={onClose}>
      <div>{t.done(figures.items(done.items), figures.bytes(done.bytes), where)}</div>
      {done.kept > 0 && <div>{t.kept(figures.count(done.kept))}</div>}
      {done.byLink > 0 && <div>{t.byLink(figures.count(done.byLink))}</div>}
    </Alert>
  )
}
