/** Work orders: one device of a migration is filled by another workstation, whose results come back. */
import type { DeviceId } from './transfer.ts'

/** lent: out, on the migration's side. taken: on the other workstation's. returned: its results are in. recalled: whatever comes back is refused. */
export const workOrderStates = ['lent', 'taken', 'returned', 'recalled'] as const
export type WorkOrderState = (typeof workOrderStates)[number]

export type WorkOrder = {
  readonly id: string
  readonly deviceId: DeviceId
  readonly state: WorkOrderState
  /** Who lent the device. */
  readonly person: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** Entries of custody and ticks of the ship checklist that the device had then: what came later is the other workstation's. */
  readonly custodyEntries: number
  readonly checks: number
}

/** What came back with an order: of its items, how many the device holds, how many were left behind, and how many wait still. */
export type WorkOrderReturn = {
  readonly sent: number
  readonly leftBehind: number
  readonly waiting: number
  readonly changedSince: number
}
