/** ShareTarget: where push writes: the local mount of a Storage Gateway file share. */
import type { ItemPath } from '../units/itemPath.ts'
import type { CopyOutcome, Expected } from './source.ts'

export interface ShareTarget {
  /** Makes sure that the folder is the share and writable, by a probe under a name of Firn's own. @throws Fault share-missing. */
  check(signal: AbortSignal): Promise<void>
  /**
   * Under which of these keys something lies in the share already. Asked before an item is intended, so that what cannot be sent stays planned.
   */
  there(keys: readonly string[], signal: AbortSignal): Promise<readonly boolean[]>
  /**
   * Copies one item under its final name: read once, hashed on the way, fsynced, no rename. Source bytes never change.
   * `resume`: the item was intended by an earlier run or try that was cut off. A file there that bears Firn's mark of an unfinished copy is Firn's own:
   * it is compared with the source and only what differs or is missing is written. Any other file, with or without `resume`, counts as copied when it
   * has the same size and bytes (bytesWritten 0), and is a Fault share-conflict and stays as it is when not: it may have come to be between the intent
   * and now. Of an item that turns out changed, vanished or unreadable nothing marked as ours is left in the share; a resumed one under whose name lies
   * a file without the mark, which can then not be compared, is a share-conflict.
   * @throws Fault share-refused (cache full), share-write-failed, share-missing, share-conflict.
   */
  copy(source: ItemFile, key: string, expected: Expected, resume: boolean, signal: AbortSignal): Promise<CopyOutcome>
  close(): Promise<void>
}

/**
 * Where the item's file is: the archive's root on this machine and the item's path below it. `replaces`: SHA-256 of what Firn copied of it before it
 * changed at the source; a file with just these bytes is Firn's own, and the only unmarked one that may be written over.
 */
export type ItemFile = { readonly root: string; readonly path: ItemPath; readonly replaces?: Uint8Array }
