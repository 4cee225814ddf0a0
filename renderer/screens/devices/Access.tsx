/** How a real device is reached. Keys go straight to the engine's memory: they are in no cache of the screen and are gone with the dialog. */
import { useState } from 'react'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQueryClient } from '@tanstack/react-query'
import type { Answer } from '../../../shared/contract/bridge.ts'
import type { ChosenPath } from '../../../shared/contract/calls/call.ts'
import { asFault, type Fault } from '../../../shared/faults/fault.ts'
import { ask } from '../../bridge/bridge.ts'
import { useMigration } from '../../bridge/live.ts'
import { useWords } from '../../language.tsx'
import { ChooseFolder } from '../../parts/ChooseFolder.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { devicesWords } from './devicesWords.ts'

type Device = Answer<'devices.detail'>

export function Access({ of: device }: { readonly of: Device }) {
  const t = useWords(devicesWords)
  const rehearsal = useMigration()?.kind === 'rehearsal'
  const [asking, setAsking] = useState(false)
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            !rehearsal &&
            device.allowed.includes('load') && (
              <Button onClick={() => setAsking(true)}>{device.access === null ? t.accessGive : t.accessChange}</Button>
            )
          }
        >
          {t.access}
        </Header>
      }
    >
      {device.access === null ? (
        <Box color="text-body-secondary">{rehearsal ? t.accessRehearsal : t.accessNone}</Box>
      ) : (
        <>
          <span className="device-code">{device.access.endpoint}</span>
          {rehearsal && <Box color="text-body-secondary">{t.accessRehearsal}</Box>}
        </>
      )}
      {asking && <GiveAccess deviceId={device.id} endpoint={device.access?.endpoint ?? ''} onClose={() => setAsking(false)} />}
    </Container>
  )
}

type Props = { readonly deviceId: number; readonly endpoint: string; readonly onClose: () => void }

function GiveAccess({ deviceId, endpoint: before, onClose }: Props) {
  const t = useWords(devicesWords)
  const client = useQueryClient()
  const [endpoint, setEndpoint] = useState(before)
  const [accessKeyId, setAccessKeyId] = useState('')
  const [secretAccessKey, setSecret] = useState('')
  const [certificate, setCertificate] = useState<ChosenPath | null>(null)
  const [tried, setTried] = useState(false)
  const [fault, setFault] = useState<Fault | undefined>(undefined)
  const [sending, setSending] = useState(false)
  const endpointGood = /^https?:\/\/[^\s/]+/.test(endpoint.trim())

  const save = async (): Promise<void> => {
    setTried(true)
    if (!endpointGood || accessKeyId.trim() === '' || secretAccessKey.trim() === '' || sending) return
    setSending(true)
    try {
      // Asked without the cache of acts: that would hold the keys for some minutes more.
      await ask('devices.access', {
        deviceId,
        endpoint: endpoint.trim(),
        accessKeyId: accessKeyId.trim(),
        secretAccessKey: secretAccessKey.trim(),
        certificate: certificate?.token ?? null,
      })
      await client.invalidateQueries({ queryKey: ['devices.detail'] })
      onClose()
    } catch (error) {
      setFault(asFault(error))
    } finally {
      setSending(false)
    }
  }
  const missing = (value: string) => (tried && value.trim() === '' ? t.needed : undefined)
  return (
    <Dialog title={t.accessTitle} action={t.save} onAct={() => void save()} onClose={onClose} pending={sending} error={fault ?? null}>
      <form
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <SpaceBetween size="m">
          <div>{t.accessMeans}</div>
          <FormField label={t.endpoint} description={t.endpointHint} errorText={tried && !endpointGood ? t.endpointBad : undefined}>
            <Input value={endpoint} autoFocus type="url" autoComplete={false} onChange={({ detail }) => setEndpoint(detail.value)} />
          </FormField>
          <FormField label={t.keyId} errorText={missing(accessKeyId)}>
            <Input value={accessKeyId} autoComplete={false} spellcheck={false} onChange={({ detail }) => setAccessKeyId(detail.value)} />
          </FormField>
          <FormField label={t.secret} errorText={missing(secretAccessKey)}>
            <Input
              value={secretAccessKey}
              type="password"
              autoComplete={false}
              spellcheck={false}
              onChange={({ detail }) => setSecret(detail.value)}
            />
          </FormField>
          <FormField label={t.certificate} description={t.certificateHint}>
            <SpaceBetween direction="horizontal" size="s" alignItems="center">
              <ChooseFolder purpose="certificate" label={t.choose} onChosen={setCertificate} />
              {certificate !== null && <span>{t.chosen(certificate.label)}</span>}
            </SpaceBetween>
          </FormField>
        </SpaceBetween>
      </form>
    </Dialog>
  )
}
