/** Items: one file each (or a link or special file, which is listed and does not travel). */
import type { Bytes } from '../units/bytes.ts'
import type { ItemPath } from '../units/itemPath.ts'
import type { FoundAnomaly } from './anomaly.ts'

declare const itemIdBrand: unique symbol
export type ItemId = number & { readonly [itemIdBrand]: true }
export type ArchiveId = number
export type StudyId = number

/** How people, logs and reports name an item: it tells nothing of its path. */
export function itemName(id: ItemId): string {
  return `item-${id}`
}

export type ItemKind = 'file' | 'link' | 'special' | 'folder'

/** What the file system says of an item. mtimeUs: microseconds since 1970. inode: folded below 2^53. */
export type ItemStat = { readonly size: Bytes; readonly mtimeUs: number; readonly inode: number }

/**
 * What a DICOM header says (PS3.3 C.7, PS3.10 §7.1). Absent or unreadable elements are `undefined`.
 * Patient ID (0010,0020) and accession number (0008,0050) exist only as HMAC-SHA-256 under the migration's key.
 */
export type DicomHeader = {
  readonly studyUid: string | undefined
  readonly seriesUid: string | undefined
  readonly sopUid: string | undefined
  readonly sopClass: string | undefined
  readonly modality: string | undefined
  /** YYYYMMDD, or undefined when it is not of that form. */
  readonly studyDate: string | undefined
  readonly transferSyntax: string | undefined
  readonly patientHash: Uint8Array | undefined
  readonly accessionHash: Uint8Array | undefined
}

export type FoundItem = ItemStat & {
  readonly path: ItemPath
  readonly kind: ItemKind
  /** `undefined`: not DICOM, or not readable. It then travels with its folder. */
  readonly header: DicomHeader | undefined
  readonly anomalies: readonly FoundAnomaly[]
}

/** An item as the journal keeps it. */
export type Item = ItemStat & {
  readonly id: ItemId
  readonly archiveId: ArchiveId
  readonly path: ItemPath
  readonly kind: ItemKind
  readonly studyId: StudyId
  readonly sopUid: string | undefined
  readonly sha256: Uint8Array | undefined
  readonly crc64nvme: Uint8Array | undefined
}
