/** The wallboard: on which interface and port, with which certificate, and which screens may see it. */
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Link from '@cloudscape-design/components/link'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Toggle from '@cloudscape-design/components/toggle'
import { useState } from 'react'
import type { ChosenPath } from '../../../shared/contract/calls/call.ts'
import type { HostState, WallboardState } from '../../../shared/contract/hostState.ts'
import { useAct, useAnswer } from '../../bridge/answers.ts'
import { useLanguage, useWords } from '../../language.tsx'
import { ChooseFolder } from '../../parts/ChooseFolder.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import type { ToneName } from '../../parts/tones.ts'
import { Tone } from '../../parts/Word.tsx'
import { faultWords, isFaultCode } from '../../words/faults.ts'
import { Pairings } from './Pairings.tsx'
import { wallboardWords } from './wallboardWords.ts'

const tones: Readonly<Record<WallboardState['state'], ToneName>> = { off: 'later', starting: 'info', listening: 'info', failed: 'wrong' }

export function Wallboard({ host }: { readonly host: HostState }) {
  const t = useWords(wallboardWords)
  const language = useLanguage()
  const figures = useFigures()
  const { wallboard, settings } = host
  const interfaces = useAnswer('host.interfaces', {})
  const set = useAct('host.setWallboard')
  const [address, setAddress] = useState(settings.wallboard.address)
  const [port, setPort] = useState(String(settings.wallboard.port))
  const [certificate, setCertificate] = useState<ChosenPath>()
  const [key, setKey] = useState<ChosenPath>()
  const portWrong = !/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535
  const pair = certificate !== undefined && key !== undefined ? { certificate: certificate.token, key: key.token } : null
  const https = pair !== null || wallboard.https
  const apply = (enabled: boolean): void => set.mutate({ enabled, address, port: Number(port), certificate: pair })
  const known = interfaces.data?.interfaces ?? []
  const options = known.map((one) => ({
    value: one.address,
    label: one.address,
    description: one.internal ? `${one.name}, ${t.internal}` : one.name,
  }))
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.lead}
          actions={
            <Tone tone={tones[wallboard.state]}>
              {t.states[wallboard.state]}
              {wallboard.state === 'listening' ? ` · ${t.viewers(figures.count(wallboard.viewers))}` : ''}
            </Tone>
          }
        >
          {t.title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <Toggle checked={settings.wallboard.enabled} disabled={portWrong || set.isPending} onChange={({ detail }) => apply(detail.checked)}>
          {t.on}
        </Toggle>
        <div className="firn-fields">
          <FormField label={t.address}>
            <Select
              selectedOption={options.find(({ value }) => value === address) ?? { value: address, label: address }}
              options={options}
              statusType={interfaces.isPending ? 'loading' : 'finished'}
              onChange={({ detail }) => setAddress(detail.selectedOption.value ?? address)}
            />
          </FormField>
          <FormField label={t.port} errorText={portWrong ? t.portWrong : undefined}>
            <Input type="number" value={port} onChange={({ detail }) => setPort(detail.value)} />
          </FormField>
          <FormField label={t.certificate}>
            <SpaceBetween direction="horizontal" size="xs" alignItems="center">
              <ChooseFolder purpose="certificate" label={t.choose} onChosen={setCertificate} />
              <span>{certificate?.label}</span>
            </SpaceBetween>
          </FormField>
          <FormField label={t.key}>
            <SpaceBetween direction="horizontal" size="xs" alignItems="center">
              <ChooseFolder purpose="certificate" label={t.choose} onChosen={setKey} />
              <span>{key?.label}</span>
            </SpaceBetween>
          </FormField>
        </div>
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <Button disabled={portWrong || !settings.wallboard.enabled} loading={set.isPending} onClick={() => apply(true)}>
            {t.apply}
          </Button>
          {wallboard.url === null ? null : (
            <Link href={wallboard.url} external>
              {wallboard.url}
            </Link>
          )}
        </SpaceBetween>
        {https ? (
          <Tone tone="info">{t.https}</Tone>
        ) : (
          <Alert type="warning" header={t.plain}>
            {t.plainMeans}
          </Alert>
        )}
        {set.error === null ? null : <FaultBox fault={set.error} compact />}
        {wallboard.fault === null ? null : (
          <Alert type="error">
            {faultWords(isFaultCode(wallboard.fault) ? wallboard.fault : 'wallboard-failed', language).happened}{' '}
            {faultWords(isFaultCode(wallboard.fault) ? wallboard.fault : 'wallboard-failed', language).todo}
          </Alert>
        )}
        <Pairings pairings={wallboard.pairings} canPair={wallboard.state === 'listening'} />
      </SpaceBetween>
    </Container>
  )
}
