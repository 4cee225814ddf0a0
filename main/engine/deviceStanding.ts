/** How long a device has been where it is, and what a person should know of it: from the journal and what AWS said last. */
import { freeOnSiteDays } from '../../shared/domain/assumptions.ts'
import { standing } from '../../shared/domain/custody.ts'
import { deviceAlerts, type DeviceAlert } from '../../shared/domain/deviceAlerts.ts'
import type { DeviceId } from '../../shared/domain/transfer.ts'
import type { Facts } from '../../shared/faults/fault.ts'
import type { FleetRecord } from '../../shared/ports/journal.ts'
import { day } from '../../shared/units/duration.ts'
import type { OpenMigration } from './migrationFolder.ts'

/** By device and state, when it was first reached. `New` counts from the order. */
export type DeviceHistory = ReadonlyMap<DeviceId, ReadonlyMap<string, number>>

export const historyKinds = ['device-ordered', 'device-state'] as const

/** Takes one entry of the event log into the history; entries of other kinds change nothing. */
export function recordReached(
  history: Map<DeviceId, Map<string, number>>,
  { at, kind, facts }: { readonly at: number; readonly kind: string; readonly facts: Facts },
): void {
  const device = facts['device']
  const state = kind === 'device-ordered' ? 'New' : kind === 'device-state' ? facts['state'] : undefined
  if (typeof device !== 'number' || typeof state !== 'string') return
  const reached = history.get(device) ?? new Map<string, number>()
  reached.set(state, Math.min(reached.get(state) ?? at, at))
  history.set(device, reached)
}

/** For a process without a view thread: reads the whole event log, which is short beside an inventory. */
export function wholeHistory({ journal }: Pick<OpenMigration, 'journal'>): DeviceHistory {
  const history = new Map<DeviceId, Map<string, number>>()
  for (const { at, kind, body } of journal.events()) {
    if ((historyKinds as readonly string[]).includes(kind)) recordReached(history, { at, kind, facts: JSON.parse(body) as Facts })
  }
  return history
}

type Migration = Pick<OpenMigration, 'journal' | 'world' | 'config'>
export type OnSite = { readonly days: number; readonly included: number } | null

/** Days count from the delivery that AWS reported, or from the receipt that a person recorded, whichever was first. */
export function onSiteOf({ journal, world, config }: Migration, device: FleetRecord, history: DeviceHistory): OnSite {
  if (device.state !== 'WithCustomer') return null
  const custody = journal.custody(device.id)
  const received = standing(custody).find(({ step }) => step === 'received')?.at
  const delivered = history.get(device.id)?.get('WithCustomer')
  const since = Math.min(received ?? Number.POSITIVE_INFINITY, delivered ?? Number.POSITIVE_INFINITY)
  const until = custody.findLast(({ step }) => step === 'handed-over')?.at ?? world.clock.now()
  if (!Number.isFinite(since)) return null
  const days = (Math.max(until - since, 0) * (config.rehearsal?.speed ?? 1)) / day
  return { days: Math.round(days * 10) / 10, included: freeOnSiteDays }
}

/** None in a rehearsal: there, months pass while a person reads. @param askedAt when AWS was last asked of it. */
export function alertsOf(
  migration: Migration,
  device: FleetRecord,
  history: DeviceHistory,
  askedAt: number | undefined,
): readonly DeviceAlert[] {
  if (migration.config.rehearsal !== undefined) return []
  return deviceAlerts({
    state: device.state,
    givenUp: device.givenUp,
    reached: history.get(device.id) ?? new Map(),
    handedOverAt: migration.journal.custody(device.id).findLast(({ step }) => step === 'handed-over')?.at,
    onSite: onSiteOf(migration, device, history),
    askedAt,
    now: migration.world.clock.now(),
  })
}
