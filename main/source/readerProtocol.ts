/** What the reading threads are asked and what they answer. Paths are relative to the archive's root; a thread knows the root from its start. */
import type { DigestRequest, DigestsOutcome, Expected, ItemDigests, ReadOutcome } from '../../shared/ports/source.ts'
import type { ItemPath } from '../../shared/units/itemPath.ts'
import type { PackedInspections } from './packedInspections.ts'

export type ReaderSetting = {
  readonly root: Uint8Array
  readonly prefix: string
  readonly patientKey: Uint8Array
  /** One Int32: the id of the request that nobody waits for any more. */
  readonly abandoned: SharedArrayBuffer
}

/** Names laid end to end: one buffer to transfer instead of hundreds. */
export type PackedNames = { readonly names: Uint8Array<ArrayBuffer>; readonly lengths: Uint16Array<ArrayBuffer> }

/** Columns, one row per entry. `kinds` holds indices into `entryKinds`. */
export type ListedEntries = PackedNames & {
  readonly kinds: Uint8Array<ArrayBuffer>
  readonly sizes: Float64Array<ArrayBuffer>
  readonly mtimesUs: Float64Array<ArrayBuffer>
  readonly inodes: Float64Array<ArrayBuffer>
  readonly ignored: number
  /** Entries that went away between being named and being looked at. */
  readonly gone: number
  /** The folder has been read to its end. */
  readonly last: boolean
  /** The folder stopped being readable here; what comes before still counts. */
  readonly failed: string | undefined
}

export const entryKinds = ['file', 'folder', 'link', 'special', 'unreadable'] as const

export type Failed = Exclude<ReadOutcome, { kind: 'read' }>

type Calls = {
  'root-identity': { asks: object; answers: { readonly identity: string } | { readonly errno: string } }
  /** With its first entries: most folders are small. Listed to its end, a folder is closed. */
  'open-folder': {
    asks: { readonly folder: ItemPath; readonly ignore: readonly string[]; readonly most: number }
    answers: { readonly handle: number; readonly entries: ListedEntries } | { readonly errno: string }
  }
  'next-entries': { asks: { readonly handle: number; readonly most: number }; answers: ListedEntries }
  inspect: { asks: PackedNames & { readonly folder: ItemPath }; answers: PackedInspections }
  'read-whole': { asks: { readonly path: ItemPath; readonly expected: Expected }; answers: ReadOutcome }
  'open-item': {
    asks: { readonly path: ItemPath; readonly expected: Expected }
    answers: { readonly kind: 'opened'; readonly handle: number } | Failed
  }
  'next-bytes': {
    asks: { readonly handle: number; readonly length: number }
    answers: { readonly body: Uint8Array | undefined } | { readonly errno: string }
  }
  'finish-item': { asks: { readonly handle: number }; answers: ({ readonly kind: 'read' } & ItemDigests) | { readonly kind: 'changed' } }
  digests: {
    asks: { readonly path: ItemPath; readonly expected: Expected; readonly wanted: readonly DigestRequest[] }
    answers: DigestsOutcome
  }
  close: { asks: { readonly handle: number }; answers: object }
}

export type CallName = keyof Calls
export type Asks<Name extends CallName> = Calls[Name]['asks']
export type Answers<Name extends CallName> = Calls[Name]['answers']

export type Request = { readonly id: number; readonly name: CallName; readonly asks: unknown }
/** `tick`: still at it, alive. `failed`: the thread met an error nobody foresaw; its message stays there because it may hold a path. */
export type Response =
  | { readonly id: number; readonly kind: 'answer'; readonly answer: unknown }
  | { readonly id: number; readonly kind: 'tick' }
  | { readonly id: number; readonly kind: 'failed'; readonly error: string }

export function packNames(names: readonly Uint8Array[]): PackedNames {
  const lengths = Uint16Array.from(names, (name) => name.length)
  const packed = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  let at = 0
  for (const name of names) {
    packed.set(name, at)
    at += name.length
  }
  return { names: packed, lengths }
}

export function* unpackNames(packed: PackedNames): Generator<Uint8Array, void> {
  let at = 0
  for (const length of packed.lengths) {
    yield packed.names.subarray(at, at + length)
    at += length
  }
}
