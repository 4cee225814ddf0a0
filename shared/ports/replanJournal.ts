/** ReplanJournal: planning anew what a device has not safely taken. A part of the journal; see journal.ts for what holds of all its parts. */
import type { ItemId } from '../domain/item.ts'
import type { Replan, ReplanCause, ReplanTo } from '../domain/replan.ts'
import type { BatchId, BatchRecord, DeviceId, Transfer } from '../domain/transfer.ts'

export interface ReplanJournal {
  /** Durable before anything moves. With the cause `dead` the device is given up in the same transaction. */
  beginReplan(replan: Pick<Replan, 'deviceId' | 'cause' | 'to' | 'person' | 'at'>): number
  replans(): readonly Replan[]
  /** Batches that the device has not safely taken, in order of key. */
  batchesToMove(device: DeviceId, cause: ReplanCause): Iterable<BatchRecord>
  /** Items travelling alone that it has not safely taken. */
  itemsToMove(device: DeviceId, cause: ReplanCause): Iterable<Transfer>
  /** One transaction: the batch waits whole on the other device, or its members wait one by one for the link lane; its open upload is forgotten. */
  moveBatch(replan: number, batch: Pick<BatchRecord, 'id' | 'key'>, to: ReplanTo): void
  moveItems(replan: number, items: readonly Pick<Transfer, 'itemId' | 'key' | 'size'>[], to: ReplanTo): void
  /** Whether the device keeps a part of a study that this batch or item belongs to. `stays`: what it holds although it is not journalled as sent. */
  studyIsOn(device: DeviceId, what: { readonly batch: BatchId } | { readonly item: ItemId }, stays: WhatStays): boolean
  finishReplan(replan: number): void
}

export type WhatStays = { readonly batches: readonly BatchId[]; readonly items: readonly ItemId[] }
