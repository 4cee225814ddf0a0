/** ShareMountJournal: where the share's bytes went at the first push. A part of the journal; see journal.ts for what holds of all its parts. */

export type ShareMountRecord = {
  readonly shareArn: string
  /** Server, export and the way below it: see originOf in domain/shareMounts.ts. */
  readonly origin: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** Who accepted it in place of the one before; `undefined` for the first. */
  readonly person: string | undefined
}

export interface ShareMountJournal {
  /** The newest of this share. */
  shareMount(shareArn: string): ShareMountRecord | undefined
  addShareMount(record: ShareMountRecord): void
}
