/** Safe to free: studies that are proven in S3 and that two people have signed for. Firn makes the list and never deletes. */
import type { ItemId } from './item.ts'

export type FreeListId = number

export type FreeSignature = { readonly person: string; readonly at: number }

export type FreeList = {
  readonly id: FreeListId
  /** Milliseconds since 1970. */
  readonly at: number
  readonly person: string
  /** No file of a study on it was changed in so many days before it was made. */
  readonly olderThanDays: number
  /** Patients whose studies were kept off it. */
  readonly keptPatients: number
  readonly studies: number
  readonly items: number
  readonly bytes: number
  /** Of exactly what is on it (hex): docs/verification.md describes its bytes. */
  readonly digest: string
  readonly signatures: readonly FreeSignature[]
}

/** One file that may be freed: where it is here, and which version of which object holds it there. */
export type FreeItem = {
  readonly itemId: ItemId
  readonly archiveId: number
  readonly studyId: number
  readonly path: Uint8Array
  readonly size: number
  readonly mtimeUs: number
  readonly sha256: Uint8Array
  readonly bucket: string
  readonly key: string
  readonly versionId: string
  readonly verifiedAt: number
}

export const signersNeeded = 2
/** A verdict older than this proves nothing of today: objects may have been deleted or moved since. In days. */
export const verdictsHoldFor = 30

/** The same person, however the name is spaced and cased. */
export function samePerson(a: string, b: string): boolean {
  return plain(a) === plain(b)
}

function plain(name: string): string {
  return name.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLocaleLowerCase('en')
}

/** Two signatures of one person are one. */
export function isSigned({ signatures }: Pick<FreeList, 'signatures'>): boolean {
  return new Set(signatures.map(({ person }) => plain(person))).size >= signersNeeded
}
