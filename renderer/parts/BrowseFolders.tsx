/** The host's own list of folders, where there is no system dialog: one step down or up at a time, by mouse or keyboard. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Icon from '@cloudscape-design/components/icon'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { ChosenPath } from '../../shared/contract/calls/call.ts'
import { useAnswer } from '../bridge/answers.ts'
import { useWords, words } from '../language.tsx'
import { Answered } from './Answered.tsx'

const text = words({
  en: {
    places: 'Places',
    up: 'One level up',
    take: 'Choose this folder',
    cancel: 'Cancel',
    none: 'Nothing in here.',
    more: 'Only the first 2,000 entries are shown.',
    note: 'Folders of the machine that Firn runs on. Links are not followed.',
  },
  de: {
    places: 'Orte',
    up: 'Eine Ebene höher',
    take: 'Diesen Ordner wählen',
    cancel: 'Abbrechen',
    none: 'Hier liegt nichts.',
    more: 'Nur die ersten 2.000 Einträge werden gezeigt.',
    note: 'Ordner der Maschine, auf der Firn läuft. Verknüpfungen wird nicht gefolgt.',
  },
})

type Props = {
  readonly title: string
  readonly files: boolean
  readonly onChosen: (chosen: ChosenPath) => void
  readonly onClose: () => void
}

export function BrowseFolders({ title, files, onChosen, onClose }: Props) {
  const t = useWords(text)
  const [at, setAt] = useState<string | null>(null)
  const listing = useAnswer('host.browse', { in: at, files })
  const here = listing.data?.here ?? null
  return (
    <Modal
      visible
      size="large"
      header={title}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t.cancel}
            </Button>
            {files ? null : (
              <Button variant="primary" disabled={here === null} onClick={() => here !== null && onChosen(here)}>
                {t.take}
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="s">
        <Box color="text-body-secondary">{t.note}</Box>
        <SpaceBetween direction="horizontal" size="xs" alignItems="center">
          <Button
            iconName="angle-up"
            variant="icon"
            ariaLabel={t.up}
            disabled={here === null}
            onClick={() => setAt(listing.data?.parent ?? null)}
          />
          <Box fontWeight="bold">{here?.label ?? t.places}</Box>
        </SpaceBetween>
        <Answered of={listing} empty={{ when: ({ entries }) => entries.length === 0, show: <Box>{t.none}</Box> }}>
          {({ entries, more }) => (
            <>
              <ul className="firn-folders">
                {entries.map((entry) => (
                  <li key={entry.token}>
                    <button
                      type="button"
                      onClick={() => (entry.kind === 'folder' ? setAt(entry.token) : onChosen({ token: entry.token, label: entry.name }))}
                    >
                      <Icon name={entry.kind === 'folder' ? 'folder' : 'file'} /> {entry.name}
                    </button>
                  </li>
                ))}
              </ul>
              {more ? <Box color="text-status-warning">{t.more}</Box> : null}
            </>
          )}
        </Answered>
      </SpaceBetween>
    </Modal>
  )
}
