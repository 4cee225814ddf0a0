/** A dialog that does one thing or is cancelled: its buttons, and what went wrong when it was tried. */
import type { ReactNode } from 'react'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Fault } from '../../shared/faults/fault.ts'
import { useWords, words } from '../language.tsx'
import { FaultBox } from './FaultBox.tsx'

const texts = words({ en: { cancel: 'Cancel' }, de: { cancel: 'Abbrechen' } })

type Props = {
  readonly title: string
  /** On the button that does it. */
  readonly action: string
  readonly onAct: () => void
  readonly onClose: () => void
  readonly pending?: boolean
  readonly error?: Fault | null
  readonly children: ReactNode
}

export function Dialog({ title, action, onAct, onClose, pending = false, error = null, children }: Props) {
  const t = useWords(texts)
  return (
    <Modal
      visible
      header={title}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t.cancel}
            </Button>
            <Button variant="primary" loading={pending} onClick={onAct}>
              {action}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {children}
        {error !== null && <FaultBox fault={error} compact />}
      </SpaceBetween>
    </Modal>
  )
}
