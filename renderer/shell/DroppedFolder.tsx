/** A folder dragged onto the window becomes an archive: of the open migration, or of a rehearsal when none is open. */
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Modal from '@cloudscape-design/components/modal'
import { useEffect, useState } from 'react'
import type { ChosenPath } from '../../shared/contract/calls/call.ts'
import { useAct } from '../bridge/answers.ts'
import { droppedFolder, takesDroppedFolders } from '../bridge/bridge.ts'
import { useMigration } from '../bridge/live.ts'
import { useWords, words } from '../language.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import type { Screen } from '../screen.ts'

const text = words({
  en: {
    drop: 'Drop a folder to add it as an archive',
    notFolder: 'Only one folder at a time can be added as an archive.',
    add: 'Add as an archive',
    rehearse: 'Rehearse with this folder',
    none: 'No migration is open. Firn can rehearse the whole move with this folder against a simulated AWS; nothing leaves this machine.',
    folder: 'Folder',
    prefix: 'Prefix of its keys in the bucket',
    prefixHint: 'Ends with /. Each archive needs one of its own.',
    close: 'Close',
  },
  de: {
    drop: 'Einen Ordner fallen lassen, um ihn als Archiv hinzuzufügen',
    notFolder: 'Es lässt sich nur ein Ordner auf einmal als Archiv hinzufügen.',
    add: 'Als Archiv hinzufügen',
    rehearse: 'Mit diesem Ordner proben',
    none: 'Keine Migration ist geöffnet. Firn kann den ganzen Umzug mit diesem Ordner gegen ein nachgebildetes AWS proben; nichts verlässt diesen Rechner.',
    folder: 'Ordner',
    prefix: 'Präfix seiner Schlüssel im Bucket',
    prefixHint: 'Endet mit /. Jedes Archiv braucht ein eigenes.',
    close: 'Schließen',
  },
})

type Dropped = ChosenPath | 'not-a-folder'

export function DroppedFolder({ go }: { readonly go: (screen: Screen) => void }) {
  const t = useWords(text)
  const [over, setOver] = useState(false)
  const [dropped, setDropped] = useState<Dropped>()
  useEffect(() => {
    // Without this a dropped file would replace the page, wherever it falls.
    const drag = (event: DragEvent): void => {
      event.preventDefault()
      setOver(takesDroppedFolders && event.dataTransfer?.types.includes('Files') === true)
    }
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent): void => {
      event.preventDefault()
      setOver(false)
      const files = event.dataTransfer?.files
      const [file] = files ?? []
      if (!takesDroppedFolders || file === undefined) return
      if (files?.length !== 1) return setDropped('not-a-folder')
      droppedFolder(file).then(
        (chosen) => setDropped(chosen ?? 'not-a-folder'),
        () => setDropped('not-a-folder'),
      )
    }
    window.addEventListener('dragover', drag)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', drag)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [])
  if (over) return <div className="firn-drop">{t.drop}</div>
  if (dropped === undefined) return null
  const close = (): void => setDropped(undefined)
  if (dropped === 'not-a-folder') {
    return (
      <Modal visible header={t.add} onDismiss={close} footer={<Button onClick={close}>{t.close}</Button>}>
        {t.notFolder}
      </Modal>
    )
  }
  return <AddDropped folder={dropped} onClose={close} go={go} />
}

type AddProps = { readonly folder: ChosenPath; readonly onClose: () => void; readonly go: (screen: Screen) => void }

function AddDropped({ folder, onClose, go }: AddProps) {
  const t = useWords(text)
  const open = useMigration() !== undefined
  const [prefix, setPrefix] = useState('')
  const done = (screen: Screen) => () => {
    onClose()
    go(screen)
  }
  const add = useAct('archives.add', { changes: ['archives.list'], onDone: done({ at: 'archives' }) })
  const rehearse = useAct('migrations.rehearse', { changes: ['migrations.list'], onDone: done({ at: 'overview' }) })
  return (
    <Dialog
      title={open ? t.add : t.rehearse}
      action={open ? t.add : t.rehearse}
      onAct={() => (open ? add.mutate({ folder: folder.token, prefix }) : rehearse.mutate({ archive: folder.token }))}
      onClose={onClose}
      pending={add.isPending || rehearse.isPending}
      error={add.error ?? rehearse.error}
    >
      <FormField label={t.folder}>{folder.label}</FormField>
      {open ? (
        <FormField label={t.prefix} description={t.prefixHint}>
          <Input value={prefix} onChange={({ detail }) => setPrefix(detail.value)} placeholder="pacs/" />
        </FormField>
      ) : (
        <p>{t.none}</p>
      )}
    </Dialog>
  )
}
