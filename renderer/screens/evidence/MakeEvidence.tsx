/** Makes a bundle: with or without paths, and what either means. */
import { useState } from 'react'
import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import RadioGroup from '@cloudscape-design/components/radio-group'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { evidenceWords } from './evidenceWords.ts'

export function MakeEvidence({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(evidenceWords)
  const [includePaths, setIncludePaths] = useState(false)
  const [zip, setZip] = useState(false)
  const start = useAct('works.start', { changes: ['evidence.list'], onDone: onClose })
  return (
    <Dialog
      title={t.makeTitle}
      action={t.make}
      onAct={() => start.mutate({ kind: 'evidence', includePaths, zip })}
      onClose={onClose}
      pending={start.isPending}
      error={start.error}
    >
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
      <Checkbox checked={zip} description={t.zipMeans} onChange={({ detail }) => setZip(detail.checked)}>
        {t.zip}
      </Checkbox>
    </Dialog>
  )
}
