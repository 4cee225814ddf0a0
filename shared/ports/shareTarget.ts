/** ShareTarget: where push writes: the local mount of a Storage Gateway file share. */
import type { ItemPath } from '../units/itemPath.ts'
import type { CopyOutcome, Expected } from './source.ts'

export interface ShareTarget {
  /** Makes sure that the folder is the share and writable, by a probe under a name of Firn's own. @throws Fault share-missing. */
  check(signal: AbortSignal): Promise<void>
  /**
   * Copies one item under its final name: read once, hashed on the way, fsynced, no rename. Source bytes never change.
   * `resume`: an earlier run was cut off while sending this item. What lies there already is compared with the source and
   * only what is missing is written (from a whole-part boundary). Without `resume` an existing file of the same size and bytes
   * counts as copied (bytesWritten 0); a different one is a Fault share-conflict and stays as it is.
   * @throws Fault share-refused (cache full), share-write-failed, share-missing, disk-full.
   */
  copy(sourceRoot: string, path: ItemPath, key: string, expected: Expected, resume: boolean, signal: AbortSignal): Promise<CopyOutcome>
  close(): Promise<void>
}
