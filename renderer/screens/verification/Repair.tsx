/** What was sent and is missing or different in S3: the offer to send it again over the link, in a person's name. */
import { useState } from 'react'
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useAct } from '../../bridge/answers.ts'
import { useMigration } from '../../bridge/live.ts'
import { useWords } from '../../language.tsx'
import { AskPerson } from '../../parts/AskPerson.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { verificationWords } from './verificationWords.ts'

export function Repair({ of: { repairable } }: { readonly of: Answer<'verification.summary'> }) {
  const t = useWords(verificationWords)
  const figures = useFigures()
  const [asking, setAsking] = useState(false)
  const sends = useMigration()?.works.some(({ kind, state }) => kind === 'link' && (state === 'waiting' || state === 'running'))
  if (repairable.items === 0 && !asking) return null
  const amount = t.repairAmount(figures.items(repairable.items), figures.bytes(repairable.bytes))
  return (
    <Alert type="warning" header={amount} action={<Button onClick={() => setAsking(true)}>{t.repair}</Button>}>
      {t.repairMeans}
      {asking && <AskRepair amount={amount} sends={sends === true} onClose={() => setAsking(false)} />}
    </Alert>
  )
}

type Props = { readonly amount: string; readonly sends: boolean; readonly onClose: () => void }

function AskRepair({ amount, sends, onClose }: Props) {
  const t = useWords(verificationWords)
  const start = useAct('works.start', { onDone: onClose })
  const repair = useAct('verification.repair', {
    changes: ['verification.summary'],
    onDone() {
      if (sends) onClose()
      else start.mutate({ kind: 'link' })
    },
  })
  const failed = repair.error ?? start.error
  return (
    <AskPerson
      title={t.repair}
      action={t.repairDo}
      onClose={onClose}
      onDone={(person) => {
        if (!repair.isPending && !start.isPending) repair.mutate({ person })
      }}
    >
      <p>{amount}</p>
      <p>{t.repairVersions}</p>
      {failed !== null && <FaultBox fault={failed} compact />}
    </AskPerson>
  )
}
