/** Manifest and unlock code: for the eyes only. Held in this component alone, never in a cache or a store; closes by itself. */
import { useCallback, useEffect, useState } from 'react'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { asFault, type Fault } from '../../../shared/faults/fault.ts'
import { ask } from '../../bridge/bridge.ts'
import { useNow } from '../../bridge/live.ts'
import { useWords } from '../../language.tsx'
import { AskPerson } from '../../parts/AskPerson.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { devicesWords } from './devicesWords.ts'

type Device = Answer<'devices.detail'>
type Shown = Answer<'devices.unlockCode'>

/** Long enough to type a code of 29 characters on another machine, too short to be forgotten on a screen. */
const longestLook = 2 * 60_000

export function Secrets({ of: device }: { readonly of: Device }) {
  const t = useWords(devicesWords)
  const [asking, setAsking] = useState(false)
  const [shown, setShown] = useState<Shown | undefined>(undefined)
  const [fault, setFault] = useState<Fault | undefined>(undefined)
  const close = useCallback(() => setShown(undefined), [])
  const may = device.allowed.includes('get-unlock-code')
  useEffect(() => {
    // A device that has left needs no code here any more.
    if (!may) setShown(undefined)
  }, [may])

  const show = async (person: string): Promise<void> => {
    setAsking(false)
    setFault(undefined)
    try {
      const answer = await ask('devices.unlockCode', { deviceId: device.id, person })
      setShown({ ...answer, endsAt: Math.min(answer.endsAt, Date.now() + longestLook) })
    } catch (error) {
      setFault(asFault(error))
    }
  }
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <Button iconName="lock-private" disabled={!may} disabledReason={t.secretsNotNow} onClick={() => setAsking(true)}>
              {t.secretsShow}
            </Button>
          }
        >
          {t.secrets}
        </Header>
      }
    >
      <Box color="text-body-secondary" padding={{ bottom: 'xs' }}>
        {t.secretsMeans}
      </Box>
      {fault !== undefined && <FaultBox fault={fault} compact />}
      {shown === undefined ? !may && <Box color="text-body-secondary">{t.secretsNotNow}</Box> : <Reveal of={shown} onClose={close} />}
      {asking && (
        <AskPerson title={t.secretsTitle} action={t.secretsShow} onClose={() => setAsking(false)} onDone={(person) => void show(person)} />
      )}
    </Container>
  )
}

function Reveal({ of: { code, manifestUri, endsAt }, onClose }: { readonly of: Shown; readonly onClose: () => void }) {
  const t = useWords(devicesWords)
  const figures = useFigures()
  const now = useNow()
  useEffect(() => {
    const timer = setTimeout(onClose, Math.max(0, endsAt - Date.now()))
    // Nobody looks at a window that is hidden, and somebody else may look at it next.
    const hidden = (): void => {
      if (document.visibilityState === 'hidden') onClose()
    }
    document.addEventListener('visibilitychange', hidden)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', hidden)
    }
  }, [endsAt, onClose])
  const copyable = (text: string) => (
    <CopyToClipboard variant="icon" textToCopy={text} copyButtonAriaLabel={t.copy} copySuccessText={t.copied} copyErrorText={t.notCopied} />
  )
  return (
    <SpaceBetween size="s">
      <div>
        <Box variant="awsui-key-label">{t.unlockCode}</Box>
        <span className="unlock-code">{code}</span> {copyable(code)}
      </div>
      <div>
        <Box variant="awsui-key-label">{t.manifest}</Box>
        <span className="device-code device-manifest">{manifestUri}</span> {copyable(manifestUri)}
      </div>
      <SpaceBetween direction="horizontal" size="s" alignItems="center">
        <Button onClick={onClose}>{t.hide}</Button>
        <Box color="text-body-secondary">{t.closes(figures.duration(Math.max(1000, Math.ceil((endsAt - now) / 1000) * 1000)))}</Box>
      </SpaceBetween>
    </SpaceBetween>
  )
}
