/** Starts a verification, with reading back if a person wants it. */
import { useState } from 'react'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { verificationWords } from './verificationWords.ts'

export function RunVerification({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(verificationWords)
  const [readBack, setReadBack] = useState(false)
  const start = useAct('works.start', { changes: ['verification.summary'], onDone: onClose })
  return (
    <Modal
      visible
      header={t.runTitle}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t.cancel}
            </Button>
            <Button variant="primary" loading={start.isPending} onClick={() => start.mutate({ kind: 'verify', readBack })}>
              {t.start}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <div>{t.runMeans}</div>
        <Checkbox checked={readBack} onChange={({ detail }) => setReadBack(detail.checked)} description={t.readBackMeans}>
          {t.readBack}
        </Checkbox>
        {start.error !== null && <FaultBox fault={start.error} compact />}
      </SpaceBetween>
    </Modal>
  )
}
