/** WorkOrderJournal: devices that another workstation fills. A part of the journal; see journal.ts for what holds of all its parts. */
import type { DeviceId } from '../domain/transfer.ts'
import type { WorkOrder, WorkOrderReturn } from '../domain/workOrder.ts'

export interface WorkOrderJournal {
  /** In order of time. */
  workOrders(): readonly WorkOrder[]
  /** The order by which the device is out now. */
  lent(device: DeviceId): WorkOrder | undefined
  /** The order that this journal was made from, on the other workstation. */
  takenOrder(): WorkOrder | undefined
  /** Durable before the order is written. */
  lend(order: Pick<WorkOrder, 'id' | 'deviceId' | 'person' | 'at'>): WorkOrder
  recall(id: string): void
  /**
   * Writes a journal of that device alone into a new file: its items and batches as they stand, its custody, no patient hashes.
   * @param config what migration.json says
   */
  writeOrder(file: string, home: string, order: WorkOrder, config: string): void
  /** On the other workstation: where each archive is there. */
  placeArchive(archive: number, root: string): void
  /**
   * Takes over what the other workstation did, from a copy of its journal, all or nothing; the order is returned then. What changed at the source meanwhile
   * keeps the bytes that were sent on record. Custody is left to the caller.
   * @param also in the same transaction
   * @throws Fault work-order-unfit when something in it is not of this order.
   */
  takeBack(file: string, order: WorkOrder, also: (returned: WorkOrderReturn) => void): WorkOrderReturn
}
