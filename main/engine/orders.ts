/** Orders that AWS has taken: changing and cancelling them while AWS still lets them be, and whether the account has room for more. */
import type { MigrationConfig, OrderSettings } from '../../shared/contract/migrationConfig.ts'
import { Fault } from '../../shared/faults/fault.ts'
import { allows } from '../../shared/lifecycle/deviceLifecycle.ts'
import type { FleetRecord } from '../../shared/ports/journal.ts'
import type { OpenMigration } from './migrationFolder.ts'
import { requireFitOrder, trackDevices, type Work } from './steps.ts'

type Deciding = Pick<Work, 'migration' | 'wiring' | 'watch' | 'signal'>

/** AWS's own rule (Snowball API, CancelJob and UpdateJob), told where it refuses. */
const whileNew = 'AWS changes and cancels an order only while it is New, usually within an hour; later AWS Support can'

/** Where devices are shipped to; `undefined` in a rehearsal, whose carrier is none. */
export function countryOf({ snowball, rehearsal }: MigrationConfig): string | undefined {
  return rehearsal === undefined ? snowball?.address.country : undefined
}

/**
 * @throws Fault order-unfit with every field that AWS would refuse: nothing is written then.
 * The log names the fields that are others now, not what is in them: an address is of people.
 */
export function saveOrderSettings(migration: OpenMigration, settings: OrderSettings, person: string): void {
  requireFitOrder({ config: { ...migration.config, snowball: settings } })
  const fields = changedFields(migration.config.snowball, settings)
  if (fields.length === 0) return
  migration.setOrderSettings(settings)
  migration.journal.append('order-settings-changed', { person, fields: fields.join(', ') })
}

function changedFields(before: OrderSettings | undefined, after: OrderSettings): string[] {
  const flat = (settings: OrderSettings | undefined): Map<string, unknown> =>
    new Map([
      ...Object.entries(settings ?? {}).filter(([name]) => name !== 'address'),
      ...Object.entries(settings?.address ?? {}).map(([name, value]) => [`address.${name}`, value] as const),
    ])
  const [old, now] = [flat(before), flat(after)]
  return [...new Set([...old.keys(), ...now.keys()])].filter((name) => (old.get(name) ?? '') !== (now.get(name) ?? '')).toSorted()
}

/** Ends the job at AWS; its device may be ordered again. @throws Fault device-not-here once it is too late. */
export async function cancelOrder(work: Deciding, device: FleetRecord, person: string): Promise<void> {
  const jobId = requireNew(device, 'cancel')
  work.migration.journal.append('device-cancel-intended', { device: device.id, person })
  await work.wiring.fleet.cancel(jobId, work.signal)
  await trackDevices(work)
}

/**
 * Sends what migration.json says now: role, address, shipping option and topic. The key of a job stays what it was: AWS has no way to change it.
 * @throws Fault device-not-here once it is too late · order-unfit · address-refused · aws-refused.
 */
export async function changeOrder(work: Deciding, device: FleetRecord, person: string): Promise<void> {
  const { migration, wiring, signal } = work
  const jobId = requireNew(device, 'update')
  const settings = requireFitOrder(migration)
  const addressId = await wiring.fleet.address(settings.address, signal)
  migration.journal.append('device-change-intended', { device: device.id, job: jobId, person })
  const { roleArn, shippingOption, notifyTopicArn } = settings
  await wiring.fleet.change(jobId, { addressId, roleArn, shippingOption, notifyTopicArn }, signal)
  migration.journal.append('device-order-changed', { device: device.id, job: jobId, person })
}

function requireNew(device: FleetRecord, action: 'cancel' | 'update'): string {
  if (device.jobId === undefined) throw new Fault('device-not-here', { device: device.id, state: 'not ordered' })
  if (!allows(device.state, action)) throw new Fault('device-not-here', { device: device.id, state: device.state, rule: whileNew })
  return device.jobId
}

/** A plan is made without AWS too. */
const patience = 15_000

export type Room =
  | { readonly kind: 'known'; readonly limit: number; readonly inUse: number }
  /** Closed to this account, or not to be asked. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'unknown' }

/** How many devices the account may have at once, asked before a plan counts on them. */
export async function roomForDevices({ wiring, signal }: Pick<Work, 'wiring' | 'signal'>): Promise<Room> {
  try {
    return { kind: 'known', ...(await wiring.fleet.usage(AbortSignal.any([signal, AbortSignal.timeout(patience)]))) }
  } catch (error) {
    signal.throwIfAborted()
    return { kind: error instanceof Fault && error.code === 'snowball-not-available' ? 'closed' : 'unknown' }
  }
}
