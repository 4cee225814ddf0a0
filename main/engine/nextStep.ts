/** What comes next in a migration, from what the journal says. One place, so that status, console and desktop agree. */
import { isHandedOver } from '../../shared/domain/custody.ts'
import { defaultBatchLimits } from '../../shared/domain/batch.ts'
import type { DeviceId } from '../../shared/domain/transfer.ts'
import type { Journal } from '../../shared/ports/journal.ts'

export type NextStep =
  | 'scan'
  | 'plan'
  | 'approve'
  | 'order'
  | 'wait-for-device'
  | 'load'
  | 'push'
  | 'inspect'
  | 'ship'
  | 'bring-back'
  | 'wait-for-work-order'
  | 'wait-for-import'
  | 'verify'
  | 'look-at-report'
  | 'done'

export function nextStep(journal: Journal): NextStep {
  const taken = journal.takenOrder()
  if (taken !== undefined) return nextOfOrder(journal, taken.deviceId)
  const archives = journal.archives()
  if (archives.some((archive) => journal.lastScan(archive.id) === undefined)) return 'scan'
  // What changed or went away on the way is found by a scan, and what waits for no plan by a plan: repeating load or push brings neither.
  if (journal.itemsWithAnomaly('changed-while-read')[Symbol.iterator]().next().done !== true) return 'scan'
  const plan = journal.currentPlan()
  if (plan === undefined) return 'plan'
  if (plan.approvedBy === undefined) return 'approve'
  const devices = journal.devices().filter((device) => !device.givenUp)
  if (devices.some((device) => device.jobId === undefined)) return 'order'
  for (const route of ['share', 'link'] as const) {
    const { items, doneItems } = journal.laneTotals({ route })
    if (doneItems < items) return route === 'share' ? 'push' : 'load'
  }
  const lent = devices.filter(({ id }) => journal.lent(id) !== undefined)
  for (const device of devices) {
    if (lent.includes(device)) continue
    if (device.state !== 'WithCustomer') continue
    if (device.sent.items < device.planned.items) return 'load'
    // The carrier's scan follows the hand-over by hours.
    if (isHandedOver(journal.custody(device.id))) return 'wait-for-import'
    return journal.inspection(device.id)?.differing === 0 ? 'ship' : 'inspect'
  }
  if (lent.length > 0) return 'wait-for-work-order'
  if (devices.some((device) => ['InTransitToAWS', 'WithAWSSortingFacility', 'WithAWS', 'InProgress'].includes(device.state)))
    return 'wait-for-import'
  if (devices.some((device) => device.state !== 'Complete' && device.state !== 'Cancelled')) return 'wait-for-device'
  // What the plan's rule leaves out waits for nobody.
  const day = new Date(plan.begunAt).toISOString().slice(0, 10)
  if (journal.studies(defaultBatchLimits.smallBelow, plan.rule, day)[Symbol.iterator]().next().done !== true) return 'plan'
  const verification = journal.lastVerification()
  if (verification?.finishedAt === undefined) return 'verify'
  return verification.counts.verified > 0 && journal.unverified().items === 0 ? 'done' : 'look-at-report'
}

/** On another workstation, which fills one device. */
function nextOfOrder(journal: Journal, deviceId: DeviceId): NextStep {
  const { items, doneItems } = journal.laneTotals({ route: 'device', deviceId })
  if (doneItems < items) return 'load'
  return journal.inspection(deviceId)?.differing === 0 ? 'bring-back' : 'inspect'
}
