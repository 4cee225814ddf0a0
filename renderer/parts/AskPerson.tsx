/** Asks who does this: a person's name goes into the journal with it. */
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Textarea from '@cloudscape-design/components/textarea'
import { useState, type ReactNode } from 'react'
import { useWords, words } from '../language.tsx'
import { Dialog } from './Dialog.tsx'

const text = words({
  en: {
    person: 'Your name',
    personHint: 'As it shall stand in the journal and the evidence.',
    place: 'Place',
    note: 'Note',
    optional: 'optional',
    missing: 'A name is needed.',
  },
  de: {
    person: 'Ihr Name',
    personHint: 'So, wie er im Journal und im Nachweis stehen soll.',
    place: 'Ort',
    note: 'Bemerkung',
    optional: 'freiwillig',
    missing: 'Ein Name wird gebraucht.',
  },
})

type Props = {
  readonly title: string
  /** On the button. */
  readonly action: string
  readonly onDone: (person: string, place: string, note: string) => void
  readonly onClose: () => void
  readonly withPlace?: boolean
  /** What is about to be done, above the name. */
  readonly children?: ReactNode
}

export function AskPerson({ title, action, onDone, onClose, withPlace = false, children }: Props) {
  const t = useWords(text)
  const [person, setPerson] = useState('')
  const [place, setPlace] = useState('')
  const [note, setNote] = useState('')
  const [asked, setAsked] = useState(false)
  const done = (): void => {
    setAsked(true)
    if (person.trim() !== '') onDone(person.trim(), place.trim(), note.trim())
  }
  return (
    <Dialog title={title} action={action} onAct={done} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          done()
        }}
      >
        <SpaceBetween size="m">
          {children}
          <FormField label={t.person} description={t.personHint} errorText={asked && person.trim() === '' ? t.missing : undefined}>
            <Input value={person} onChange={({ detail }) => setPerson(detail.value.slice(0, 120))} autoFocus autoComplete={false} />
          </FormField>
          {withPlace ? (
            <>
              <FormField label={t.place} description={t.optional}>
                <Input value={place} onChange={({ detail }) => setPlace(detail.value.slice(0, 500))} autoComplete={false} />
              </FormField>
              <FormField label={t.note} description={t.optional}>
                <Textarea value={note} rows={2} onChange={({ detail }) => setNote(detail.value.slice(0, 500))} />
              </FormField>
            </>
          ) : null}
        </SpaceBetween>
      </form>
    </Dialog>
  )
}
