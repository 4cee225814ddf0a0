/** FreeJournal: lists of studies that may be freed, and who signed them. A part of the journal; see journal.ts for what holds of all its parts. */
import type { FreeItem, FreeList, FreeListId } from '../domain/freeing.ts'

export type FreeRule = {
  /** Microseconds since 1970: every file of a study was changed before. */
  readonly changedBefore: number
  /** Milliseconds since 1970: every item was verified then or later. */
  readonly verifiedSince: number
  /** HMACs of patient IDs, as the inventory holds them. Not empty: a study whose patient is not known is kept too. */
  readonly keptPatients: readonly Uint8Array[]
}

export interface FreeJournal {
  /** Studies every present item of which is verified by the last finished verification, sent, and unchanged since. In order of id. */
  freeable(rule: FreeRule): Iterable<number>
  /** In one transaction. @param digest takes the items that were just put on the list */
  addFreeList(
    list: Pick<FreeList, 'at' | 'person' | 'olderThanDays' | 'keptPatients'>,
    studies: Iterable<number>,
    verifiedSince: number,
    digest: (items: Iterable<FreeItem>) => { readonly items: number; readonly bytes: number; readonly digest: string },
  ): FreeList
  freeLists(): readonly FreeList[]
  /** What is on it and is still proven, by study and item. A study of which anything is no longer so, or was not verified since, is not there. */
  freeItems(list: FreeListId, verifiedSince: number): Iterable<FreeItem>
  signFreeList(list: FreeListId, person: string, at: number): void
}
