/** When each device reached which state, as the event log tells. */
import type { DeviceId } from '../../../shared/domain/transfer.ts'
import { historyKinds, recordReached, type DeviceHistory } from '../deviceStanding.ts'
import { eventPages } from '../eventPages.ts'
import type { Views } from '../views/views.ts'

/** A device has some ten events in its life: this is for a thousand devices. */
const mostPages = 20

export async function deviceHistory(views: Views, signal: AbortSignal): Promise<DeviceHistory> {
  const history = new Map<DeviceId, Map<string, number>>()
  for await (const rows of eventPages(views, historyKinds, mostPages, signal)) {
    for (const row of rows) recordReached(history, row)
  }
  return history
}
