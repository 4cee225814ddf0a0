/** When each device reached which state, as the event log tells. */
import type { DeviceId } from '../../../shared/domain/transfer.ts'
import { eventPages } from '../eventPages.ts'
import type { Views } from '../views/views.ts'

export type DeviceHistory = ReadonlyMap<DeviceId, ReadonlyMap<string, number>>

/** A device has some ten events in its life: this is for a thousand devices. */
const mostPages = 20

/** @returns by device and state, when it was first reached. `New` counts from the order. */
export async function deviceHistory(views: Views, signal: AbortSignal): Promise<DeviceHistory> {
  const history = new Map<DeviceId, Map<string, number>>()
  for await (const rows of eventPages(views, ['device-ordered', 'device-state'], mostPages, signal)) {
    for (const { at, kind, facts } of rows) {
      const device = facts['device']
      const state = kind === 'device-ordered' ? 'New' : facts['state']
      if (typeof device !== 'number' || typeof state !== 'string') continue
      const reached = history.get(device) ?? new Map<string, number>()
      reached.set(state, Math.min(reached.get(state) ?? at, at))
      history.set(device, reached)
    }
  }
  return history
}
