/** The shape of a catalogue entry: three sentences for a person, and who may act next. */
export type CatalogueEntry = {
  readonly retry: 'now' | 'later' | 'after-human' | 'never'
  readonly happened: string
  readonly safe: string
  readonly todo: string
}
