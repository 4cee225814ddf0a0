/** Devices: where they are, what is on them, who had them, and what a person does with them. */
import type { Answer, Handlers } from '../../../shared/contract/bridge.ts'
import type { Inspection } from '../../../shared/domain/inspection.ts'
import { planEstimate } from '../../../shared/domain/plan.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { inTurn } from '../../../shared/flow/inTurn.ts'
import { allows, type JobAction } from '../../../shared/lifecycle/deviceLifecycle.ts'
import type { FleetRecord } from '../../../shared/ports/journal.ts'
import { minute } from '../../../shared/units/duration.ts'
import { attachmentState, keepAttachments } from '../attachments.ts'
import { correctCustody, recordCustody, requireRecordable } from '../custody.ts'
import { reconcileDevice } from '../reconcile.ts'
import { cancelOrder, saveOrderSettings } from '../orders.ts'
import { replanDevice } from '../replan.ts'
import { shipDevice, tickShipCheck } from '../shipGate.ts'
import { orderDevices, trackDevices } from '../steps.ts'
import { deviceHistory } from './deviceHistory.ts'
import { checklistOf, custodyOf, deviceRow, isLoading, jobOf, timelineFor } from './deviceRows.ts'
import { withinLimit, workOf, type Engine, type Given, type Opened } from './handling.ts'

type DeviceNames =
  | 'devices.list'
  | 'devices.detail'
  | 'devices.track'
  | 'devices.order'
  | 'devices.unlockCode'
  | 'devices.access'
  | 'devices.addCustody'
  | 'devices.correctCustody'
  | 'devices.checkAttachments'
  | 'devices.check'
  | 'devices.ship'
  | 'devices.reconcile'
  | 'devices.cancel'
  | 'devices.replan'
  | 'devices.orderSettings'
  | 'devices.saveOrderSettings'

/** A presigned address of the manifest lives so long (AWS Snowball API, GetJobManifest). */
const manifestLives = 60 * minute
/** Orders are tried for minutes before they are given up. */
const orderLimit = 10 * minute
const usageLimit = 5000
const usageLasts = 30_000

export type DeviceActs = { readonly turn: ReturnType<typeof inTurn>; usage: { readonly at: number; readonly value: Usage } | undefined }
type Usage = { readonly limit: number; readonly inUse: number } | null

/** What outlives a call: the turn in which a person's acts follow one another, and the account's usage as it was last told. */
export function deviceActs(): DeviceActs {
  return { turn: inTurn(), usage: undefined }
}

export function deviceHandlers(engine: Engine, given: Given, acts: DeviceActs): Handlers<DeviceNames> {
  return {
    async 'devices.list'(_input, signal) {
      const opened = engine.opened()
      const { journal } = opened.session.migration
      const { views, wiring } = opened.session
      const [figures, history, usage] = await Promise.all([
        views.figures(signal),
        deviceHistory(views, signal),
        usageOf(opened, acts, signal),
      ])
      const asked = [...wiring.jobs.values()].map(({ at }) => at)
      return {
        devices: journal.fleet().map((device) => deviceRow(opened, device, figures, history)),
        usage,
        askedAt: asked.length === 0 ? null : Math.max(...asked),
      }
    },

    async 'devices.detail'({ deviceId }, signal) {
      const opened = engine.opened()
      const { session } = opened
      const device = deviceOf(opened, deviceId)
      const [figures, history, letters] = await Promise.all([
        session.views.figures(signal),
        deviceHistory(session.views, signal),
        session.views.deviceLetters(deviceId),
      ])
      const { alone, ...batches } = letters
      return {
        ...deviceRow(opened, device, figures, history),
        timeline: timelineFor(opened, device, history),
        ...jobOf(opened, device),
        ...custodyOf(session.migration.journal, deviceId),
        batches,
        alone,
        inspection: inspectionOf(session.migration.journal.inspection(deviceId)),
        access: await accessOf(opened, device),
        checklist: checklistOf(opened, device, figures),
      }
    },

    async 'devices.track'(_input, signal) {
      const opened = engine.opened()
      await trackDevices(workOf(opened, withinLimit(signal, minute)))
      return {}
    },

    'devices.orderSettings'() {
      const { config, journal } = engine.opened().session.migration
      const { snowball, region } = config
      return { settings: snowball ?? null, region, estimate: estimateOfDevices(journal.currentPlan()?.estimate) }
    },

    // In turn with orders: one that is being placed goes by what it began with.
    'devices.saveOrderSettings': ({ person, settings }) =>
      acts.turn(async () => {
        saveOrderSettings(engine.opened().session.migration, settings, person)
        return {}
      }),

    'devices.order': ({ person }, signal) =>
      acts.turn(async () => {
        const opened = engine.opened()
        requireNoRehearsalWork(opened)
        const ordered = await orderDevices(workOf(opened, withinLimit(signal, orderLimit)), person)
        acts.usage = undefined
        return { ordered: ordered.map(({ id }) => id) }
      }),

    async 'devices.unlockCode'({ deviceId, person }, signal) {
      const opened = engine.opened()
      const { migration, wiring } = opened.session
      const { jobId } = requireAction(deviceOf(opened, deviceId), 'get-unlock-code')
      const limited = withinLimit(signal)
      const code = await wiring.fleet.unlockCode(jobId, limited)
      const manifestUri = await wiring.fleet.manifestUri(jobId, limited)
      const at = migration.world.clock.now()
      migration.journal.append('unlock-code-shown', { device: deviceId, person })
      return { code, manifestUri, endsAt: at + manifestLives }
    },

    'devices.access'({ deviceId, endpoint, accessKeyId, secretAccessKey, certificate }) {
      const opened = engine.opened()
      requireAction(deviceOf(opened, deviceId), 'load')
      opened.session.deviceAccess.set(deviceId, {
        endpoint,
        accessKeyId,
        secretAccessKey,
        ...(certificate === null ? {} : { certificateFile: given.path(certificate) }),
      })
      opened.session.migration.journal.append('device-access-given', { device: deviceId })
      return {}
    },

    async 'devices.addCustody'({ deviceId, at, attachments, ...told }, signal) {
      const opened = engine.opened()
      const { migration } = opened.session
      const device = deviceOf(opened, deviceId)
      const step = { ...told, at: at ?? undefined }
      requireRecordable(migration, device, step)
      const kept = await keepAttachments(
        migration.files.custody,
        attachments.map(given.path),
        migration.world.random,
        withinLimit(signal, minute),
      )
      recordCustody(migration, device, { ...step, attachments: kept })
      return {}
    },

    async 'devices.checkAttachments'({ deviceId }) {
      const opened = engine.opened()
      const { journal, files } = opened.session.migration
      const attachments = new Map(
        journal.custody(deviceOf(opened, deviceId).id).flatMap((entry) => entry.attachments.map((one) => [one.sha256, one] as const)),
      )
      const states = []
      for (const one of attachments.values()) states.push({ sha256: one.sha256, state: await attachmentState(files.custody, one) })
      return { attachments: states }
    },

    'devices.correctCustody'({ deviceId, ...correction }) {
      const opened = engine.opened()
      correctCustody(opened.session.migration, deviceOf(opened, deviceId), correction)
      return {}
    },

    'devices.check'({ deviceId, ...tick }) {
      const opened = engine.opened()
      tickShipCheck(opened.session.migration, deviceOf(opened, deviceId), tick)
      return {}
    },

    'devices.ship': ({ deviceId, ...by }, signal) =>
      acts.turn(async () => {
        const opened = engine.opened()
        requireNoRehearsalWork(opened)
        const device = deviceOf(opened, deviceId)
        await shipDevice(workOf(opened, withinLimit(signal, minute)), device, by, () => isLoading(opened, device))
        return {}
      }),

    async 'devices.reconcile'({ deviceId }, signal) {
      const opened = engine.opened()
      const { session } = opened
      const found = await reconcileDevice(session.migration, deviceOf(opened, deviceId), AbortSignal.any([session.signal, signal]))
      return { ...found, logs: [...found.logs], failures: [...found.failures] }
    },

    'devices.replan': ({ deviceId, cause, to, person }, signal) =>
      acts.turn(async () => {
        const opened = engine.opened()
        requireNoRehearsalWork(opened)
        const device = deviceOf(opened, deviceId)
        if (isLoading(opened, device)) throw new Fault('work-running', { work: 'load or inspection of the device' })
        const access = cause === 'dead' ? undefined : opened.session.deviceAccess.get(deviceId)
        const work = workOf(opened, AbortSignal.any([opened.session.signal, signal]))
        const { replan, kept, byLink } = await replanDevice(work, device, { cause, person, to: to ?? undefined }, access)
        acts.usage = undefined
        const { items, bytes } = replan
        return { items, bytes, toDevice: replan.to.route === 'device' ? replan.to.deviceId : null, kept, byLink }
      }),

    'devices.cancel': ({ deviceId, person }, signal) =>
      acts.turn(async () => {
        const opened = engine.opened()
        await cancelOrder(workOf(opened, withinLimit(signal, minute)), deviceOf(opened, deviceId), person)
        acts.usage = undefined
        return {}
      }),
  }
}

function estimateOfDevices(estimate: string | undefined): Answer<'devices.orderSettings'>['estimate'] {
  if (estimate === undefined) return null
  const parsed = planEstimate.safeParse(JSON.parse(estimate))
  const route = parsed.success ? parsed.data.routes.find((one) => one.route === 'device') : undefined
  if (route === undefined || route.devices === 0) return null
  const { days, cost } = route
  return { days, cost: cost === null ? null : { low: cost.low, high: cost.high, currency: cost.currency, asOf: cost.asOf } }
}

function inspectionOf(of: Inspection | undefined): Answer<'devices.detail'>['inspection'] {
  if (of === undefined) return null
  const { deviceId: _device, seed: _seed, ...told } = of
  return told
}

function deviceOf({ session }: Opened, id: number): FleetRecord {
  const device = session.migration.journal.fleet().find((one) => one.id === id)
  if (device === undefined) throw new Fault('bad-input', { field: 'deviceId', problem: 'there is no such device' })
  return device
}

function requireAction(device: FleetRecord, action: JobAction): { readonly jobId: string } {
  const { jobId, state, id, givenUp } = device
  // Of a device that is given up only its job can still be ended.
  if (givenUp && action !== 'cancel') throw new Fault('device-not-here', { device: id, state: 'given up' })
  if (jobId === undefined || !allows(state, action)) throw new Fault('device-not-here', { device: id, state })
  return { jobId }
}

/** A rehearsal that runs by itself orders and ships by itself. */
function requireNoRehearsalWork({ works }: Opened): void {
  if (works.states().some(({ kind, state }) => kind === 'rehearsal' && (state === 'running' || state === 'stopping')))
    throw new Fault('work-running', { work: 'rehearsal' })
}

async function accessOf({ session }: Opened, device: FleetRecord): Promise<{ readonly endpoint: string } | null> {
  const { sandbox } = session.wiring
  if (sandbox === undefined) {
    const given = session.deviceAccess.get(device.id)
    return given === undefined ? null : { endpoint: given.endpoint }
  }
  const there = device.jobId === undefined ? undefined : await sandbox.deviceEndpoint(device.jobId)
  return there === undefined ? null : { endpoint: there.url }
}

/** The list is of use without it: what AWS does not tell in a moment is `null`. */
async function usageOf({ session }: Opened, acts: DeviceActs, signal: AbortSignal): Promise<Usage> {
  const { world } = session.migration
  const now = world.clock.now()
  if (acts.usage !== undefined && now - acts.usage.at < usageLasts) return acts.usage.value
  let value: Usage
  try {
    value = await session.wiring.fleet.usage(withinLimit(signal, usageLimit))
  } catch {
    signal.throwIfAborted()
    value = null
  }
  acts.usage = { at: now, value }
  return value
}
