/** NameJournal: which names and keys are taken, and what travels under another than its own. A part of the journal; see journal.ts for what holds of all its parts. */
import type { ArchiveId, ItemId } from '../domain/item.ts'
import type { ItemPath } from '../units/itemPath.ts'

/** `ownKey`: what its path gives. */
export type MappedName = { readonly itemId: ItemId; readonly bucket: string; readonly key: string; readonly ownKey: string }

export interface NameJournal {
  /** Whether an item of this archive has, or had, this path. */
  hasPath(archive: ArchiveId, path: ItemPath): boolean
  isKeyTaken(archive: ArchiveId, key: string, byOtherThan: ItemId): boolean
  /** Items that a plan gave another key than their path gives, whichever lane carries them by now. */
  mappedNames(): Iterable<MappedName>
}
