/** Adds an archive: a folder of this machine or a mounted share, and the prefix under which its keys begin in S3. */
import { useState } from 'react'
import Box from '@cloudscape-design/components/box'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ChosenPath } from '../../../shared/contract/calls/call.ts'
import { useAct } from '../../bridge/answers.ts'
import { useWords, words } from '../../language.tsx'
import { ChooseFolder } from '../../parts/ChooseFolder.tsx'
import { Dialog } from '../../parts/Dialog.tsx'

const texts = words({
  en: {
    title: 'Add an archive',
    intro: 'Firn only reads it: nothing in it is deleted, renamed, touched or rewritten.',
    folder: 'Folder',
    folderHint: 'The root of a PACS store, a VNA share or a disk. It may not lie inside another archive.',
    choose: 'Choose a folder',
    missing: 'A folder is needed.',
    prefix: 'Prefix in S3',
    prefixHint: 'Keys of this archive begin with it. Without one they begin with the path below the folder.',
    prefixEnd: 'A prefix must end with /',
    prefixLong: 'A prefix can have 512 characters at most',
    example: 'radiology/',
    add: 'Add archive',
  },
  de: {
    title: 'Archiv hinzufügen',
    intro: 'Firn liest es nur: Nichts darin wird gelöscht, umbenannt, berührt oder neu geschrieben.',
    folder: 'Ordner',
    folderHint: 'Die Wurzel eines PACS-Speichers, einer VNA-Freigabe oder einer Platte. Sie darf nicht in einem anderen Archiv liegen.',
    choose: 'Ordner wählen',
    missing: 'Ein Ordner wird gebraucht.',
    prefix: 'Präfix in S3',
    prefixHint: 'Damit beginnen die Schlüssel dieses Archivs. Ohne Präfix beginnen sie mit dem Pfad unterhalb des Ordners.',
    prefixEnd: 'Ein Präfix muss mit / enden',
    prefixLong: 'Ein Präfix hat höchstens 512 Zeichen',
    example: 'radiologie/',
    add: 'Archiv hinzufügen',
  },
})

type Props = { readonly dropped?: ChosenPath | undefined; readonly onClose: () => void; readonly onAdded: () => void }

export function AddArchive({ dropped, onClose, onAdded }: Props) {
  const text = useWords(texts)
  const [folder, setFolder] = useState<ChosenPath | undefined>(dropped)
  const [prefix, setPrefix] = useState('')
  const [tried, setTried] = useState(false)
  const add = useAct('archives.add', {
    changes: ['archives.list', 'archives.heatMap', 'archives.sizes', 'archives.coldness', 'archives.anomalies', 'explorer.count'],
    onDone: onAdded,
  })
  const prefixWrong = prefix.length > 512 ? text.prefixLong : prefix !== '' && !prefix.endsWith('/') ? text.prefixEnd : undefined
  const done = (): void => {
    setTried(true)
    if (folder !== undefined && prefixWrong === undefined) add.mutate({ folder: folder.token, prefix })
  }
  return (
    <Dialog title={text.title} action={text.add} onAct={done} onClose={onClose} pending={add.isPending} error={add.error}>
      <Box>{text.intro}</Box>
      <FormField label={text.folder} description={text.folderHint} errorText={tried && folder === undefined ? text.missing : undefined}>
        <SpaceBetween size="xs">
          <ChooseFolder purpose="archive" label={text.choose} onChosen={setFolder} />
          {folder !== undefined && <Box variant="code">{folder.label}</Box>}
        </SpaceBetween>
      </FormField>
      {/* Enter adds from here only: a button within would be taken for the form's own. */}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          done()
        }}
      >
        <FormField label={text.prefix} description={text.prefixHint} errorText={prefixWrong}>
          <Input
            value={prefix}
            placeholder={text.example}
            autoComplete={false}
            spellcheck={false}
            onChange={({ detail }) => setPrefix(detail.value)}
          />
        </FormField>
      </form>
    </Dialog>
  )
}
