/** Chooses a folder or file of the host: by the system's own dialog, or from the host's list. A path never comes to the screen as such, only a token for it. */
import Button, { type ButtonProps } from '@cloudscape-design/components/button'
import { useState } from 'react'
import type { ChosenPath } from '../../shared/contract/calls/call.ts'
import type { folderPurposes } from '../../shared/contract/calls/host.ts'
import { useAct } from '../bridge/answers.ts'
import { useHost } from '../bridge/live.ts'
import { BrowseFolders } from './BrowseFolders.tsx'
import { FaultBox } from './FaultBox.tsx'

type Props = {
  readonly purpose: (typeof folderPurposes)[number]
  readonly onChosen: (chosen: ChosenPath) => void
  /** On the button. */
  readonly label: string
  readonly variant?: ButtonProps.Variant
  readonly disabled?: boolean
}

export function ChooseFolder({ purpose, onChosen, label, variant = 'normal', disabled = false }: Props) {
  const native = useHost()?.folderDialog === 'native'
  const isFile = purpose === 'certificate' || purpose === 'attachment'
  const [browsing, setBrowsing] = useState(false)
  const choose = useAct('host.choose', { onDone: (chosen) => chosen !== null && onChosen(chosen) })
  return (
    <>
      <Button
        formAction="none"
        iconName={isFile ? 'file-open' : 'folder-open'}
        variant={variant}
        disabled={disabled}
        loading={choose.isPending}
        onClick={() => (native ? choose.mutate({ purpose }) : setBrowsing(true))}
      >
        {label}
      </Button>
      {choose.error === null ? null : <FaultBox fault={choose.error} compact />}
      {browsing ? (
        <BrowseFolders
          title={label}
          files={isFile}
          onClose={() => setBrowsing(false)}
          onChosen={(chosen) => {
            setBrowsing(false)
            onChosen(chosen)
          }}
        />
      ) : null}
    </>
  )
}
