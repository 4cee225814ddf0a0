/** ShareJournal: which file system was pushed to. A part of the journal; see journal.ts for what holds of all its parts. */
import type { MountIdentity } from '../domain/shareMounts.ts'

export interface ShareJournal {
  /** What was pushed to last, or accepted since. */
  shareMount(): MountIdentity | undefined
  /** @param person who accepted it in place of another; `undefined`: it is the first */
  addShareMount(mount: MountIdentity, person: string | undefined, at: number): void
}
