/** What may be done where while another workstation fills a device. */
import { Fault } from '../../shared/faults/fault.ts'
import type { DeviceId } from '../../shared/domain/transfer.ts'
import type { WorkOrderJournal } from '../../shared/ports/workOrderJournal.ts'

/** @throws Fault device-lent: what is on the device is known on the other workstation alone. */
export function requireNotLent(journal: Pick<WorkOrderJournal, 'lent'>, device: DeviceId): void {
  const order = journal.lent(device)
  if (order !== undefined) throw new Fault('device-lent', { device, person: order.person, since: new Date(order.at).toISOString() })
}

/** @throws Fault only-a-work-order on the other workstation, whose journal knows one device and nothing of the rest. */
export function requireWhole(journal: Pick<WorkOrderJournal, 'takenOrder'>): void {
  const order = journal.takenOrder()
  if (order !== undefined) throw new Fault('only-a-work-order', { device: order.deviceId })
}
