/** ShareTarget: where push writes: the local mount of a Storage Gateway file share. */
import type { ItemPath } from '../units/itemPath.ts'
import type { CopyOutcome, Expected } from './source.ts'

export interface ShareTarget {
  /** Makes sure that the folder is the share and writable, by a probe under a name of Firn's own. @throws Fault share-missing. */
  check(signal: AbortSignal): Promise<void>
  /**
   * Which of these keys have a file in the share already. Asked before an item is intended, so that what is found under the name of an intended item
   * after a crash is known to be Firn's own.
   */
  there(keys: readonly string[], signal: AbortSignal): Promise<readonly boolean[]>
  /**
   * Copies one item under its final name: read once, hashed on the way, fsynced, no rename. Source bytes never change.
   * `resume`: the item was intended by an earlier run that was cut off. What lies there is Firn's own; it is compared with the source and only what
   * differs or is missing is written. Without `resume` an existing file of the same size and bytes counts as copied (bytesWritten 0); a different
   * one is a Fault share-conflict and stays as it is. Of an item that turns out changed, vanished or unreadable nothing of ours is left in the share.
   * @throws Fault share-refused (cache full), share-write-failed, share-missing, share-conflict.
   */
  copy(source: ItemFile, key: string, expected: Expected, resume: boolean, signal: AbortSignal): Promise<CopyOutcome>
  close(): Promise<void>
}

/** Where the item's file is: the archive's root on this machine and the item's path below it. */
export type ItemFile = { readonly root: string; readonly path: ItemPath }
