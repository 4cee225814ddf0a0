/** An answer on its way to a screen: loading, refused, empty, or there. What was there stays while it is asked for again. */
import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { ReactNode } from 'react'
import { asFault } from '../../shared/faults/fault.ts'
import { useWords, words } from '../language.tsx'
import { FaultBox } from './FaultBox.tsx'

const text = words({ en: { loading: 'Loading' }, de: { loading: 'Wird geladen' } })

/** The part of a query or of pages that is looked at. */
type Query<Value> = { readonly data: Value | undefined; readonly error: unknown; readonly refetch: () => Promise<unknown> }

type Props<Value> = {
  readonly of: Query<Value>
  readonly empty?: { readonly when: (value: Value) => boolean; readonly show: ReactNode }
  readonly children: (value: Value) => ReactNode
}

export function Answered<Value>({ of, empty, children }: Props<Value>) {
  const t = useWords(text)
  const failed =
    of.error === null || of.error === undefined ? null : (
      <FaultBox fault={asFault(of.error)} onRetry={() => void of.refetch()} compact={of.data !== undefined} />
    )
  if (of.data === undefined) {
    return (
      failed ?? (
        <Box padding="l" textAlign="center" color="text-status-inactive">
          <StatusIndicator type="loading">{t.loading}</StatusIndicator>
        </Box>
      )
    )
  }
  const shown = empty?.when(of.data) === true ? empty.show : children(of.data)
  return failed === null ? (
    <>{shown}</>
  ) : (
    <SpaceBetween size="m">
      {failed}
      {shown}
    </SpaceBetween>
  )
}
