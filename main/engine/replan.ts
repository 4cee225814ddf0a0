/**
 * Plans anew what a device has not safely taken: the rest of one that is full early, or all of one that is dead. A person decides and is named;
 * the decision is durable before anything moves, and a move that was cut off is gone on with.
 */
import { tarMembersBytes } from '../../shared/domain/batch.ts'
import { deviceFillCeiling } from '../../shared/domain/device.ts'
import { isHandedOver } from '../../shared/domain/custody.ts'
import type { Replan, ReplanCause, ReplanTo } from '../../shared/domain/replan.ts'
import type { BatchId, DeviceId, Transfer } from '../../shared/domain/transfer.ts'
import type { ArchiveId, ItemId } from '../../shared/domain/item.ts'
import { Fault } from '../../shared/faults/fault.ts'
import { importPath, isFinal } from '../../shared/lifecycle/deviceLifecycle.ts'
import type { DeviceRecord, FleetRecord, Journal } from '../../shared/ports/journal.ts'
import type { WhatStays } from '../../shared/ports/replanJournal.ts'
import type { Target } from '../../shared/ports/target.ts'
import type { DeviceAccess } from './deviceReach.ts'
import { requireApproval, type Work } from './steps.ts'
import { requireNotLent, requireWhole } from './workOrderRules.ts'

export type ReplanDecision = {
  readonly cause: ReplanCause
  readonly person: string
  /** `undefined`: the first device of the plan with room, else a replacement. */
  readonly to: 'link' | 'replacement' | DeviceId | undefined
}

export type ReplanOutcome = {
  readonly replan: Replan
  /** Whole on the full device although the journal had not heard of it: it stays, and the next load of that device records it. */
  readonly kept: number
  /** Of what moved: items of studies that the full device keeps a part of. They go over the link, wherever the rest goes. */
  readonly byLink: number
}

const itemsAtOnce = 500
const onTheWayHere: readonly string[] = ['planned', 'ordering', ...importPath.slice(0, importPath.indexOf('InTransitToAWS'))]

/**
 * Safe to call again. @throws Fault wrong-order without an approved plan · device-not-here for a device that has gone its way or was given up ·
 * bad-input for another device that cannot take it · aws-unreachable when a full device does not answer: then it cannot be told what it holds.
 */
export async function replanDevice(
  work: Work,
  device: FleetRecord,
  decision: ReplanDecision,
  access?: DeviceAccess,
): Promise<ReplanOutcome> {
  const { migration, wiring, signal } = work
  const { journal } = migration
  requireWhole(journal)
  requireApproval(migration)
  requireNotLent(journal, device.id)
  const open = journal.replans().find((one) => one.deviceId === device.id && !one.finished)
  requireMovable(journal, device, open?.cause ?? decision.cause, open !== undefined)
  const cause = open?.cause ?? decision.cause
  // What was found to differ lies on the device under its key and would be imported: it must be loaded again, or nothing on the device may count.
  if (open === undefined && cause === 'full' && journal.foundDiffering(device.id))
    throw new Fault('wrong-order', {
      device: device.id,
      missing: 'load and inspection of what was found to differ, or giving the device up',
    })
  // A dead device is not asked for anything.
  const target = cause === 'full' ? await wiring.deviceTarget(device, access, signal) : undefined
  const replan = open ?? begin(work, device, decision)
  const { kept, byLink } = await move(work, replan, target)
  return journal.together(() => {
    journal.finishReplan(replan.id)
    const finished = replanOf(journal, replan.id)
    journal.append('replan-finished', { replan: replan.id, device: device.id, items: finished.items, bytes: finished.bytes, kept, byLink })
    return { replan: finished, kept, byLink }
  })
}

function begin({ migration }: Work, device: FleetRecord, { cause, person, to: wanted }: ReplanDecision): Replan {
  const { journal, world } = migration
  const at = world.clock.now()
  return journal.together(() => {
    const to = destination(journal, device.id, cause, wanted)
    const id = journal.beginReplan({ deviceId: device.id, cause, to, person, at })
    journal.append('replan-decided', {
      replan: id,
      device: device.id,
      cause,
      person,
      to: to.route === 'link' ? 'link' : `device ${to.deviceId}`,
    })
    if (cause === 'dead')
      journal.addCustody({
        deviceId: device.id,
        at,
        step: 'given-up',
        person,
        said: { code: 'given-up', device: to.route === 'link' ? null : to.deviceId },
      })
    return replanOf(journal, id)
  })
}

function replanOf(journal: Journal, id: number): Replan {
  const found = journal.replans().find((one) => one.id === id)
  if (found === undefined) throw new Fault('unforeseen', { replan: id })
  return found
}

function requireMovable(journal: Journal, device: FleetRecord, cause: ReplanCause, begun: boolean): void {
  if (isFinal(device.state) || (device.givenUp && !begun))
    throw new Fault('device-not-here', { device: device.id, state: device.givenUp ? 'given up' : device.state })
  if (cause === 'full' && (device.state !== 'WithCustomer' || isHandedOver(journal.custody(device.id))))
    throw new Fault('device-not-here', { device: device.id, state: device.state })
}

function destination(journal: Journal, from: DeviceId, cause: ReplanCause, wanted: ReplanDecision['to']): ReplanTo {
  if (wanted === 'link') return { route: 'link' }
  const devices = journal.devices()
  const source = devices.find((one) => one.id === from)
  if (source === undefined) throw new Fault('device-not-here', { device: from })
  const rest =
    cause === 'dead' ? source.planned : { items: source.planned.items - source.sent.items, bytes: source.planned.bytes - source.sent.bytes }
  const needed = tarMembersBytes(rest.items, rest.bytes)
  const takes = (device: DeviceRecord): boolean =>
    device.id !== from &&
    !device.givenUp &&
    journal.lent(device.id) === undefined &&
    onTheWayHere.includes(device.state) &&
    !isHandedOver(journal.custody(device.id)) &&
    tarMembersBytes(device.planned.items, device.planned.bytes) + needed <= device.usable * deviceFillCeiling
  if (typeof wanted === 'number') {
    const other = devices.find((one) => one.id === wanted)
    if (other === undefined || !takes(other))
      throw new Fault('bad-input', {
        field: '--to',
        problem: 'that device is not there, is on its way to AWS, or has no room',
        bytes: rest.bytes,
      })
    return { route: 'device', deviceId: other.id }
  }
  const roomy = wanted === 'replacement' ? undefined : devices.find(takes)
  return { route: 'device', deviceId: roomy?.id ?? addReplacement(journal, devices, source) }
}

/** Of the same kind, in the same wave, with the next number of its plan: it is ordered as every planned device is. */
function addReplacement(journal: Journal, devices: readonly DeviceRecord[], like: DeviceRecord): DeviceId {
  const { planId, wave, snowballType, capacity, usable } = like
  const ordinal = Math.max(...devices.filter((one) => one.planId === planId).map((one) => one.ordinal)) + 1
  return journal.addDevice(planId, { ordinal, wave, snowballType, capacity, usable })
}

const link: ReplanTo = { route: 'link' }

/**
 * A study is never split over two devices: of one that a full device keeps a part of, the rest goes over the link.
 * @returns how many batches and items stay because the full device holds them whole, and how many items go over the link for their study's sake.
 */
async function move(
  { migration, signal }: Pick<Work, 'migration' | 'signal'>,
  replan: Replan,
  target: ((archive: ArchiveId) => Target) | undefined,
): Promise<{ readonly kept: number; readonly byLink: number }> {
  const { journal, world } = migration
  const { deviceId, cause, to } = replan
  // Between two transactions others have their turn.
  const pause = (): Promise<void> => world.clock.sleep(0, signal)
  const stays = target === undefined ? nothingStays : await whatStays(journal, deviceId, target, signal)
  const apart = (what: { readonly batch: BatchId } | { readonly item: ItemId }): boolean =>
    cause === 'full' && to.route === 'device' && journal.studyIsOn(deviceId, what, stays)
  let byLink = 0
  for (const batch of journal.batchesToMove(deviceId, cause)) {
    signal.throwIfAborted()
    if (stays.batches.includes(batch.id)) continue
    const split = apart({ batch: batch.id })
    if (split) byLink += batch.members
    journal.moveBatch(replan.id, batch, split ? link : to)
    await pause()
  }
  const groups = { together: [] as Transfer[], apart: [] as Transfer[] }
  const flush = (name: keyof typeof groups): void => {
    if (groups[name].length > 0) journal.moveItems(replan.id, groups[name], name === 'apart' ? link : to)
    groups[name] = []
  }
  for (const item of journal.itemsToMove(deviceId, cause)) {
    signal.throwIfAborted()
    if (stays.items.includes(item.itemId)) continue
    const name = apart({ item: item.itemId }) ? 'apart' : 'together'
    if (name === 'apart') byLink += 1
    groups[name].push(item)
    if (groups[name].length >= itemsAtOnce) {
      flush(name)
      await pause()
    }
  }
  flush('together')
  flush('apart')
  return { kept: stays.batches.length + stays.items.length, byLink }
}

const nothingStays: WhatStays = { batches: [], items: [] }

/** What lies whole on the device would be imported from it. What is only half there never will be, and gives its room back. At most what was in flight. */
async function whatStays(
  journal: Journal,
  deviceId: DeviceId,
  target: (archive: ArchiveId) => Target,
  signal: AbortSignal,
): Promise<WhatStays> {
  const holds = async (device: Target, key: string): Promise<boolean> => {
    if ((await device.head(key, signal)) !== undefined) return true
    for (const upload of await device.openUploads(key, signal))
      if (upload.key === key) await device.abortParts(key, upload.uploadId, signal)
    return false
  }
  const batches: BatchId[] = []
  for (const batch of journal.batchesToMove(deviceId, 'full')) {
    const archive = batch.state === 'sending' ? journal.members(batch.id)[0]?.archiveId : undefined
    if (archive !== undefined && (await holds(target(archive), batch.key))) batches.push(batch.id)
  }
  const items: ItemId[] = []
  for (const item of journal.itemsToMove(deviceId, 'full'))
    if (item.state === 'sending' && (await holds(target(item.archiveId), item.key))) items.push(item.itemId)
  return { batches, items }
}
