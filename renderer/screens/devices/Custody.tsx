/** Who had the device when: a story from top to bottom, to which entries are only ever added. */
import { useState } from 'react'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Answer } from '../../../shared/contract/bridge.ts'
import type { ChosenPath } from '../../../shared/contract/calls/call.ts'
import { stepsByHand, type StepByHand } from '../../../shared/domain/custody.ts'
import { custodyNoteText, custodyPlace } from '../../../shared/domain/custodyWords.ts'
import { minute } from '../../../shared/units/duration.ts'
import { useAct } from '../../bridge/answers.ts'
import { useLanguage, useWords } from '../../language.tsx'
import { AskPerson } from '../../parts/AskPerson.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { Moment } from '../../parts/Moment.tsx'
import { Attached, AttachFiles, type AttachmentStates } from './Attachments.tsx'
import { attachWords } from './attachWords.ts'
import { devicesWords } from './devicesWords.ts'

type Device = Answer<'devices.detail'>
type Entry = Device['custody'][number]

/** Shipping records the hand-over: by hand it only replaces one that was corrected. */
function offered(entries: readonly Entry[]): readonly StepByHand[] {
  const handed = entries.filter(({ step }) => step === 'handed-over')
  const mayReplace = handed.length > 0 && handed.every(({ correctedBy }) => correctedBy !== null)
  return stepsByHand.filter((step) => step !== 'handed-over' || mayReplace)
}

export function Custody({ of: device }: { readonly of: Device }) {
  const t = useWords(devicesWords)
  const [adding, setAdding] = useState(false)
  const [correcting, setCorrecting] = useState<number | undefined>(undefined)
  const a = useWords(attachWords)
  const check = useAct('devices.checkAttachments')
  const states: AttachmentStates = new Map(check.data?.attachments.map(({ sha256, state }) => [sha256, state]))
  const attached = device.custody.some(({ attachments }) => attachments.length > 0)
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.custodyMeans}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {attached && (
                <Button loading={check.isPending} onClick={() => check.mutate({ deviceId: device.id })}>
                  {a.attachedCheck}
                </Button>
              )}
              <Button onClick={() => setAdding(true)}>{t.custodyAdd}</Button>
            </SpaceBetween>
          }
        >
          {t.custody}
        </Header>
      }
    >
      {check.error !== null && <FaultBox fault={check.error} compact />}
      {!device.custodyWhole && <Alert type="error">{t.custodyBroken}</Alert>}
      {device.custody.length === 0 ? (
        <Box color="text-body-secondary">{t.custodyNone}</Box>
      ) : (
        <ol className="custody">
          {device.custody.map((entry) => (
            <CustodyEntry key={entry.number} of={entry} states={states} onCorrect={() => setCorrecting(entry.number)} />
          ))}
        </ol>
      )}
      {adding && <AddEntry of={device} onClose={() => setAdding(false)} />}
      {correcting !== undefined && <CorrectEntry deviceId={device.id} number={correcting} onClose={() => setCorrecting(undefined)} />}
    </Container>
  )
}

function CustodyEntry({
  of: entry,
  states,
  onCorrect,
}: {
  readonly of: Entry
  readonly states: AttachmentStates
  readonly onCorrect: () => void
}) {
  const t = useWords(devicesWords)
  const language = useLanguage()
  const note = custodyNoteText(entry, language)
  const said = [
    entry.corrects === null ? '' : t.custodyCorrects(String(entry.corrects)),
    t.custodyBy(entry.person, custodyPlace(entry, language)),
    t.custodyWay(entry.from, entry.to),
  ]
    .filter((part) => part !== '')
    .join(' ')
  const told = (
    <>
      <strong>{t.steps[entry.step]}</strong> {said}
    </>
  )
  return (
    <li>
      <div>
        {entry.number}. {entry.correctedBy === null ? told : <s>{told}</s>}
      </div>
      <div className="firn-quiet">
        <Moment at={entry.at} />
        {Math.abs(entry.enteredAt - entry.at) > minute && (
          <>
            {' '}
            · {t.custodyEntered} <Moment at={entry.enteredAt} />
          </>
        )}
      </div>
      {note !== '' && <div className="custody-note">{note}</div>}
      {entry.attachments.map((one) => (
        <Attached key={one.sha256} of={one} state={states.get(one.sha256)} />
      ))}
      {entry.correctedBy !== null && <div>{t.custodyCorrected(String(entry.correctedBy))}</div>}
      {entry.mayCorrect && (
        <Button variant="inline-link" ariaLabel={t.custodyCorrectTitle(String(entry.number))} onClick={onCorrect}>
          {t.custodyCorrect}
        </Button>
      )}
    </li>
  )
}

function AddEntry({ of: device, onClose }: { readonly of: Device; readonly onClose: () => void }) {
  const t = useWords(devicesWords)
  const [step, setStep] = useState<StepByHand>('received')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [attachments, setAttachments] = useState<readonly ChosenPath[]>([])
  const add = useAct('devices.addCustody', { changes: ['devices.detail', 'devices.list'], onDone: onClose })
  const options = offered(device.custody).map((value) => ({ value, label: t.steps[value] }))
  return (
    <AskPerson
      title={t.custodyAdd}
      action={t.add}
      withPlace
      onClose={onClose}
      onDone={(person, place, note) => {
        if (!add.isPending)
          add.mutate({
            deviceId: device.id,
            step,
            person,
            place,
            note,
            from: from.trim(),
            to: to.trim(),
            attachments: attachments.map(({ token }) => token),
          })
      }}
    >
      <SpaceBetween size="m">
        <FormField label={t.custodyStep}>
          <Select
            selectedOption={options.find(({ value }) => value === step) ?? null}
            options={options}
            onChange={({ detail }) => setStep(stepsByHand.find((one) => one === detail.selectedOption.value) ?? 'received')}
          />
        </FormField>
        <FormField label={t.custodyFrom}>
          <Input value={from} autoComplete={false} onChange={({ detail }) => setFrom(detail.value.slice(0, 500))} />
        </FormField>
        <FormField label={t.custodyTo}>
          <Input value={to} autoComplete={false} onChange={({ detail }) => setTo(detail.value.slice(0, 500))} />
        </FormField>
        <AttachFiles chosen={attachments} onChange={setAttachments} />
        {add.error !== null && <FaultBox fault={add.error} compact />}
      </SpaceBetween>
    </AskPerson>
  )
}

function CorrectEntry(of: { readonly deviceId: number; readonly number: number; readonly onClose: () => void }) {
  const t = useWords(devicesWords)
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const correct = useAct('devices.correctCustody', { changes: ['devices.detail', 'devices.list'], onDone: of.onClose })
  const isMissing = asked && reason.trim() === ''
  return (
    <AskPerson
      title={t.custodyCorrectTitle(String(of.number))}
      action={t.custodyCorrect}
      onClose={of.onClose}
      onDone={(person) => {
        setAsked(true)
        if (reason.trim() !== '' && !correct.isPending)
          correct.mutate({ deviceId: of.deviceId, number: of.number, person, reason: reason.trim() })
      }}
    >
      <SpaceBetween size="m">
        <div>{t.custodyCorrectMeans}</div>
        <FormField label={t.custodyReason} errorText={isMissing ? t.needed : undefined}>
          <Input value={reason} autoComplete={false} onChange={({ detail }) => setReason(detail.value.slice(0, 500))} />
        </FormField>
        {correct.error !== null && <FaultBox fault={correct.error} compact />}
      </SpaceBetween>
    </AskPerson>
  )
}
