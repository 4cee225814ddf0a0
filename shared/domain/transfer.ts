/** Transfers: where each planned item stands on its way. */
import type { Bytes } from '../units/bytes.ts'
import type { ItemPath } from '../units/itemPath.ts'
import type { ArchiveId, ItemId } from './item.ts'
import type { Route } from './route.ts'

/**
 * planned → sending → sent → (verdicts are kept by verification) ; any of the first two → left-behind with a reason.
 * *sent* means: the far side confirmed the whole item, digests are journalled.
 */
export type TransferState = 'planned' | 'sending' | 'sent' | 'left-behind'

export type BatchId = number
export type DeviceId = number

export type Transfer = {
  readonly itemId: ItemId
  readonly archiveId: ArchiveId
  readonly path: ItemPath
  readonly size: Bytes
  readonly mtimeUs: number
  readonly route: Route
  readonly key: string
  readonly state: TransferState
  readonly deviceId: DeviceId | undefined
  readonly batchId: BatchId | undefined
  readonly sha256: Uint8Array | undefined
  readonly crc64nvme: Uint8Array | undefined
  /** SHA-256 of what Firn sent of this item before it changed at the source; `undefined`: nothing. */
  readonly replaces: Uint8Array | undefined
  /** What lies under its key was sent by Firn before, or a person has decided to send it again: it may be written over. */
  readonly overwrites: boolean
}

/** Why a planned item did not go. A fault code or an anomaly code. */
export type LeftBehindReason = string

export type BatchRecord = {
  readonly id: BatchId
  readonly deviceId: DeviceId
  readonly key: string
  readonly state: 'planned' | 'sending' | 'sent'
  readonly members: number
  readonly bytes: Bytes
}
