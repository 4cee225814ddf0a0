/** Whole pages for when there is nothing to frame: connecting, or a session that is over. */
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { ReactNode } from 'react'
import { useConnection, useNow } from '../bridge/live.ts'
import { useLanguage, useWords, words } from '../language.tsx'
import { faultWords } from '../words/faults.ts'
import { Mark } from './Mark.tsx'

/** Connecting takes less than a second; after this it is worth a word. */
const longFor = 8000

const text = words({
  en: {
    connecting: 'Connecting to Firn',
    long: 'This takes longer than usual.',
    longTodo: 'Check that Firn still runs on its machine. This page goes on trying.',
    ended: 'This session has ended',
  },
  de: {
    connecting: 'Verbindung zu Firn wird hergestellt',
    long: 'Das dauert länger als sonst.',
    longTodo: 'Prüfen Sie, ob Firn auf seinem Rechner noch läuft. Diese Seite versucht es weiter.',
    ended: 'Diese Sitzung ist beendet',
  },
})

function Page({ children }: { readonly children: ReactNode }) {
  return (
    <main className="firn-closed">
      <SpaceBetween size="m">
        <div className="firn-brand firn-brand-dark">
          <Mark /> Firn
        </div>
        {children}
      </SpaceBetween>
    </main>
  )
}

export function Connecting() {
  const t = useWords(text)
  const { since } = useConnection()
  const long = useNow() - since > longFor
  return (
    <Page>
      <StatusIndicator type="loading">{t.connecting}</StatusIndicator>
      {long ? (
        <Alert type="warning" header={t.long}>
          {t.longTodo}
        </Alert>
      ) : null}
    </Page>
  )
}

export function SessionEnded() {
  const t = useWords(text)
  const { safe, todo } = faultWords('session-ended', useLanguage())
  return (
    <Page>
      <Box variant="h1">{t.ended}</Box>
      <p>{safe}</p>
      <p>{todo}</p>
    </Page>
  )
}
