/** Words for people, in each language. A screen keeps its words beside it; the compiler demands every language to be whole. */
import { createContext, use, type ReactNode } from 'react'
import type { Language } from '../shared/contract/settings.ts'

/** English gives the shape, every other language has to fill it. Values are text, or functions that make text. */
export type Words<Shape> = { readonly en: Shape; readonly de: Shape }

type Widened<Shape> = Shape extends string
  ? string
  : Shape extends (...given: infer Given) => string
    ? (...given: Given) => string
    : { readonly [Key in keyof Shape]: Widened<Shape[Key]> }

export function words<const Shape>(inLanguages: { readonly en: Shape; readonly de: Widened<NoInfer<Shape>> }): Words<Widened<Shape>> {
  return inLanguages as unknown as Words<Widened<Shape>>
}

const LanguageContext = createContext<Language>('en')

export function InLanguage({ language, children }: { readonly language: Language; readonly children: ReactNode }) {
  return <LanguageContext value={language}>{children}</LanguageContext>
}

export function useLanguage(): Language {
  return use(LanguageContext)
}

export function useWords<Shape>(of: Words<Shape>): Shape {
  return of[useLanguage()]
}

/** What the system prefers, of what there is. */
export function systemLanguage(): Language {
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith('de')) &&
    !(navigator.languages[0] ?? '').toLowerCase().startsWith('en')
    ? 'de'
    : 'en'
}
