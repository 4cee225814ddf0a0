/** Rows of the items table as items, and the bits that say which lanes an anomaly bars. */
import { anomalies, type AnomalyCode } from '../../shared/domain/anomaly.ts'
import type { Item, ItemId, ItemKind } from '../../shared/domain/item.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathFromBytes } from '../../shared/units/itemPath.ts'
import type { Row } from './database.ts'
import { blobOf, maybeBlob, maybeText, numberOf, oneOf } from './rows.ts'

const kinds: readonly ItemKind[] = ['file', 'link', 'special', 'folder']

export const itemColumns = 'i.id, i.archive_id, i.path, i.kind, i.size, i.mtime_us, i.inode, i.study_id, i.sop_uid, i.sha256, i.crc64nvme'

export function itemOf(row: Row): Item {
  return {
    id: numberOf(row, 'id') as ItemId,
    archiveId: numberOf(row, 'archive_id'),
    path: pathFromBytes(blobOf(row, 'path')),
    kind: oneOf(row, 'kind', kinds),
    size: bytes(numberOf(row, 'size')),
    mtimeUs: numberOf(row, 'mtime_us'),
    inode: numberOf(row, 'inode'),
    studyId: numberOf(row, 'study_id'),
    sopUid: maybeText(row, 'sop_uid'),
    sha256: maybeBlob(row, 'sha256'),
    crc64nvme: maybeBlob(row, 'crc64nvme'),
  }
}

export const barsDevice = 1
export const barsShare = 2
export const barsAll = 4

export function barsOf(code: AnomalyCode): number {
  switch (anomalies[code].blocks) {
    case 'nothing':
      return 0
    case 'device-lane':
      return barsDevice
    case 'share-lane':
      return barsShare
    case 'every-lane':
      return barsAll
  }
}
