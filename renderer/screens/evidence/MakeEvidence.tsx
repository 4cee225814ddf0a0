/** Makes a bundle: with or without paths, and what either means. */
import { useState } from 'react'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Modal from '@cloudscape-design/components/modal'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { evidenceWords } from './evidenceWords.ts'

export function MakeEvidence({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(evidenceWords)
  const [includePaths, setIncludePaths] = useState(false)
  const start = useAct('works.start', { changes: ['evidence.list'], onDone: onClose })
  return (
    <Modal
      visible
      header={t.makeTitle}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t.cancel}
            </Button>
            <Button variant="primary" loading={start.isPending} onClick={() => start.mutate({ kind: 'evidence', includePaths })}>
              {t.make}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <div>{t.makeMeans}</div>
        <FormField label={t.paths}>
          <RadioGroup
            value={includePaths ? 'with' : 'without'}
            onChange={({ detail }) => setIncludePaths(detail.value === 'with')}
            items={[
              { value: 'without', label: t.withoutPaths, description: t.withoutPathsMeans },
              { value: 'with', label: t.withPaths, description: t.withPathsMeans },
            ]}
          />
        </FormField>
        {start.error !== null && <FaultBox fault={start.error} compact />}
      </SpaceBetween>
    </Modal>
  )
}
