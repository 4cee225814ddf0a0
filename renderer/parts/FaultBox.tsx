/** A fault for a person: what happened, whether the data is safe, what to do; the facts, and a code to copy. */
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Fault } from '../../shared/faults/fault.ts'
import { useLanguage, useWords, words } from '../language.tsx'
import { faultWords } from '../words/faults.ts'

const text = words({
  en: { retry: 'Try again', copy: 'Copy code', copied: 'Copied', notCopied: 'Could not be copied', code: 'Code' },
  de: { retry: 'Erneut versuchen', copy: 'Code kopieren', copied: 'Kopiert', notCopied: 'Ließ sich nicht kopieren', code: 'Code' },
})

type Props = { readonly fault: Fault; readonly onRetry?: () => void; readonly compact?: boolean }

export function FaultBox({ fault, onRetry, compact = false }: Props) {
  const t = useWords(text)
  const { happened, safe, todo } = faultWords(fault.code, useLanguage())
  const facts = Object.entries(fault.facts)
  const code = [fault.code, ...facts.map(([name, value]) => `${name}=${String(value)}`)].join(' ')
  return (
    <Alert
      type={fault.code === 'stopped' ? 'info' : 'error'}
      header={compact ? undefined : happened}
      action={onRetry === undefined ? undefined : <Button onClick={onRetry}>{t.retry}</Button>}
    >
      <SpaceBetween size="xxs">
        {compact ? <strong>{happened}</strong> : null}
        <div>{safe}</div>
        <div>{todo}</div>
        <div className="firn-code">
          {t.code}: <code>{code}</code>{' '}
          <CopyToClipboard
            variant="icon"
            textToCopy={code}
            copyButtonAriaLabel={t.copy}
            copySuccessText={t.copied}
            copyErrorText={t.notCopied}
          />
        </div>
      </SpaceBetween>
    </Alert>
  )
}
