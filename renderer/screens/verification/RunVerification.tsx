/** Starts a verification, with reading back if a person wants it. */
import { useState } from 'react'
import Checkbox from '@cloudscape-design/components/checkbox'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { verificationWords } from './verificationWords.ts'

export function RunVerification({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(verificationWords)
  const [readBack, setReadBack] = useState(false)
  const start = useAct('works.start', { changes: ['verification.summary'], onDone: onClose })
  return (
    <Dialog
      title={t.runTitle}
      action={t.start}
      onAct={() => start.mutate({ kind: 'verify', readBack })}
      onClose={onClose}
      pending={start.isPending}
      error={start.error}
    >
      <div>{t.runMeans}</div>
      <Checkbox checked={readBack} onChange={({ detail }) => setReadBack(detail.checked)} description={t.readBackMeans}>
        {t.readBack}
      </Checkbox>
    </Dialog>
  )
}
