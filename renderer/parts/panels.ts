/** What a screen says to the frame around it: its help, and what is shown in the split panel. */
import { createContext, use, useEffect } from 'react'
import type { Words } from '../language.tsx'

/** What this screen is, and the words it uses. */
export type Help = Words<{ readonly what: string; readonly terms: readonly (readonly [term: string, meaning: string])[] }>

/** The open split panel: its title, and how it is closed. */
export type OpenPanel = { readonly title: string; readonly onClose: () => void }

export type Panels = {
  readonly help: (help: Help | undefined) => void
  readonly panel: (panel: OpenPanel | undefined) => void
  /** Where the content of the open panel is drawn. */
  readonly place: HTMLElement | null
  /** Whether a person has just come to this screen: true once, for the title that takes the focus. */
  readonly arrive: () => boolean
}

export const PanelsContext = createContext<Panels>({ help: () => undefined, panel: () => undefined, place: null, arrive: () => false })

export function useHelp(help: Help | undefined): void {
  const { help: give } = use(PanelsContext)
  useEffect(() => {
    give(help)
    return () => give(undefined)
  }, [give, help])
}
