/** Photos and papers of custody: chosen with an entry, and shown with it by what they are and their digest. */
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { ChosenPath } from '../../../shared/contract/calls/call.ts'
import { mostAttachments, type AttachmentState, type CustodyAttachment } from '../../../shared/domain/custody.ts'
import { useWords } from '../../language.tsx'
import { ChooseFolder } from '../../parts/ChooseFolder.tsx'
import { useFigures } from '../../parts/figures.ts'
import { attachWords } from './attachWords.ts'

export type AttachmentStates = ReadonlyMap<string, AttachmentState>

/** What a copy is, and, when it was looked at, whether it still has its digest. */
export function Attached({ of, state }: { readonly of: CustodyAttachment; readonly state: AttachmentState | undefined }) {
  const t = useWords(attachWords)
  const figures = useFigures()
  const told = `${of.type === 'application/pdf' ? t.attachedPaper : t.attachedPhoto}, ${figures.bytes(of.bytes)}`
  return (
    <div className="custody-note">
      {told}, SHA-256 <span className="device-code">{of.sha256}</span>
      {state !== undefined && (
        <>
          {' '}
          <StatusIndicator type={state === 'whole' ? 'success' : 'error'}>{t.attachedStates[state]}</StatusIndicator>
        </>
      )}
    </div>
  )
}

type Props = { readonly chosen: readonly ChosenPath[]; readonly onChange: (chosen: readonly ChosenPath[]) => void }

export function AttachFiles({ chosen, onChange }: Props) {
  const t = useWords(attachWords)
  return (
    <FormField label={t.attach} description={t.attachHint}>
      <SpaceBetween size="xs">
        {chosen.map((one) => (
          <SpaceBetween key={one.token} direction="horizontal" size="xs" alignItems="center">
            <span>{one.label}</span>
            <Button
              formAction="none"
              variant="inline-link"
              ariaLabel={t.attachRemove(one.label)}
              onClick={() => onChange(chosen.filter(({ token }) => token !== one.token))}
            >
              {t.attachRemoveShort}
            </Button>
          </SpaceBetween>
        ))}
        <ChooseFolder
          purpose="attachment"
          label={t.attachChoose}
          disabled={chosen.length >= mostAttachments}
          onChosen={(added) => onChange([...chosen.filter(({ token }) => token !== added.token), added])}
        />
      </SpaceBetween>
    </FormField>
  )
}
