/** Source: where items are read from. Read-only by construction: no method can change anything. */
import type { FoundAnomaly } from '../domain/anomaly.ts'
import type { ClutterPolicy } from '../domain/archive.ts'
import type { DicomHeader, FoundItem, ItemKind, ItemStat } from '../domain/item.ts'
import type { Bytes } from '../units/bytes.ts'
import type { ItemPath } from '../units/itemPath.ts'

/** Part of a folder's content. A folder of any size arrives in parts of at most a few hundred entries. */
export type FolderPart = {
  readonly items: readonly FoundItem[]
  /** Entries that are as the journal knows them (size, mtime, inode): not read again. */
  readonly unchanged: readonly ItemPath[]
  readonly folders: readonly ItemPath[]
  /** Passed over by the clutter policy. */
  readonly ignored: number
}

export type KnownItem = ItemStat & { readonly kind: ItemKind }

/** Digests of one item, from one read of its bytes. */
export type ItemDigests = { readonly sha256: Uint8Array; readonly crc64nvme: Uint8Array }

/** What the plan expects to read. Anything else is *changed*. */
export type Expected = { readonly size: Bytes; readonly mtimeUs: number }

export type ReadOutcome =
  | ({ readonly kind: 'read'; readonly body: Uint8Array } & ItemDigests)
  /** Size or mtime differ before, during or after the read. Nothing of it may be sent. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'vanished' }
  | { readonly kind: 'unreadable'; readonly errno: string }

export type CopyOutcome =
  | ({ readonly kind: 'copied'; readonly bytesWritten: number } & ItemDigests)
  | { readonly kind: 'changed' }
  | { readonly kind: 'vanished' }
  | { readonly kind: 'unreadable'; readonly errno: string }

/** A large item read in order. `next` gives `undefined` at the end; `finish` then tells whether the item held still. */
export interface ItemReader {
  /** The next `length` bytes (fewer only at the end of the item), hashed as they pass. */
  next(length: number, signal: AbortSignal): Promise<Uint8Array | undefined>
  /** Digests of everything read. Call after the last byte. `changed` when size or mtime moved since it was opened. */
  finish(): Promise<({ readonly kind: 'read' } & ItemDigests) | { readonly kind: 'changed' }>
  close(): Promise<void>
}

export interface Source {
  /** @throws Fault archive-missing when the root is not a readable folder. */
  check(signal: AbortSignal): Promise<void>
  /**
   * Lists one folder and reads the headers of what is new or changed. Links and special files are listed, not followed.
   * A folder that cannot be read yields itself as an item of kind 'folder' with the anomaly not-readable.
   * `known` answers what the journal knows of each path (undefined: new).
   */
  listFolder(
    folder: ItemPath,
    clutter: ClutterPolicy,
    known: (paths: readonly ItemPath[]) => readonly (KnownItem | undefined)[],
    signal: AbortSignal,
  ): AsyncIterable<FolderPart>
  /** Reads a whole item of at most some MiB, hashing as it goes. Never throws for what is wrong with one item. */
  readWhole(path: ItemPath, expected: Expected, signal: AbortSignal): Promise<ReadOutcome>
  /** Opens a large item. `undefined` reasons as in ReadOutcome. */
  open(path: ItemPath, expected: Expected, signal: AbortSignal): Promise<ItemReader | Exclude<ReadOutcome, { kind: 'read' }>>
  /** Digests of the whole item or, with ranges, of each byte range [from, to): for comparing with S3. `algorithms` as S3 names them. */
  digests(path: ItemPath, expected: Expected, wanted: readonly DigestRequest[], signal: AbortSignal): Promise<DigestsOutcome>
  close(): Promise<void>
}

export type DigestRequest = { readonly algorithm: import('../units/digest.ts').DigestAlgorithm; readonly from: number; readonly to: number }
export type DigestsOutcome = { readonly kind: 'read'; readonly digests: readonly Uint8Array[] } | Exclude<ReadOutcome, { kind: 'read' }>

export type HeaderOutcome = { readonly header: DicomHeader | undefined; readonly anomalies: readonly FoundAnomaly[] }
