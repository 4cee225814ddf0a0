/** Hashes to compare and to keep elsewhere, each with a button to copy it. */
import Box from '@cloudscape-design/components/box'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import { useWords } from '../../language.tsx'
import { evidenceWords } from './evidenceWords.ts'
import './evidence.css'

export function Fingerprints({ label, copy, all }: { readonly label: string; readonly copy: string; readonly all: readonly string[] }) {
  const t = useWords(evidenceWords)
  return (
    <div>
      <Box variant="awsui-key-label">{label}</Box>
      {all.map((fingerprint) => (
        <div key={fingerprint} className="fingerprint">
          <CopyToClipboard
            variant="inline"
            textToCopy={fingerprint}
            copyButtonAriaLabel={copy}
            copySuccessText={t.copied}
            copyErrorText={t.notCopied}
          />
        </div>
      ))}
    </div>
  )
}
