/** What a screen shows of a device: from the journal, from what AWS said last, and from what people have recorded. */
import type { Answer } from '../../../shared/contract/bridge.ts'
import type { DeviceRow } from '../../../shared/contract/calls/devices.ts'
import { corrections, isByFirn, isHandedOver } from '../../../shared/domain/custody.ts'
import { trackingLink } from '../../../shared/domain/trackingLink.ts'
import { planEstimate } from '../../../shared/domain/plan.ts'
import { allowedActions } from '../../../shared/lifecycle/deviceLifecycle.ts'
import type { DeviceId } from '../../../shared/domain/transfer.ts'
import type { FleetRecord, Journal } from '../../../shared/ports/journal.ts'
import type { Range } from '../../../shared/units/duration.ts'
import { countryOf } from '../orders.ts'
import { shipGate } from '../shipGate.ts'
import type { JournalFigures } from '../views/views.ts'
import { alertsOf, onSiteOf, type DeviceHistory } from '../deviceStanding.ts'
import { timelineOf } from './deviceTimeline.ts'
import type { Opened } from './handling.ts'

export type Detail = Answer<'devices.detail'>
type Figures = Pick<JournalFigures, 'devices'>

/** Once it is handed over, given up or lent, nothing more is done to it here, whatever the carrier has told AWS yet. */
const onlyBefore: readonly string[] = ['load', 'unlock', 'hand-over', 'get-unlock-code', 'get-manifest']

export function deviceRow({ session }: Opened, device: FleetRecord, figures: Figures, history: DeviceHistory): DeviceRow {
  const counted = figures.devices.find(({ id }) => id === device.id)
  const none = { items: 0, bytes: 0 }
  const { journal } = session.migration
  const gone = device.givenUp || isHandedOver(journal.custody(device.id)) || journal.lent(device.id) !== undefined
  return {
    id: device.id,
    ordinal: device.ordinal,
    wave: device.wave,
    jobId: device.jobId ?? null,
    state: device.state,
    snowballType: device.snowballType,
    capacity: device.capacity,
    usable: device.usable,
    planned: counted?.planned ?? none,
    sent: counted?.sent ?? none,
    verified: counted?.verified ?? none,
    onSite: onSiteOf(session.migration, device, history),
    alerts: [...alertsOf(session.migration, device, history, session.wiring.jobs.get(device.id)?.at)],
    allowed: device.jobId === undefined ? [] : allowedActions(device.state).filter((action) => !(gone && onlyBefore.includes(action))),
  }
}

export function timelineFor({ session }: Opened, device: FleetRecord, history: DeviceHistory): Detail['timeline'] {
  const { journal, config } = session.migration
  return timelineOf({
    state: device.state,
    reached: history.get(device.id) ?? new Map(),
    onSiteDays: plannedOnSite(journal.currentPlan()?.estimate),
    speed: config.rehearsal?.speed ?? 1,
  }).map((stop) => ({ ...stop }))
}

function plannedOnSite(estimate: string | undefined): Range | undefined {
  if (estimate === undefined) return undefined
  const parsed = planEstimate.safeParse(JSON.parse(estimate))
  return parsed.success ? (parsed.data.routes.find(({ route }) => route === 'device')?.onSiteDays ?? undefined) : undefined
}

export function checklistOf(opened: Opened, device: FleetRecord, figures: Figures): Detail['checklist'] {
  const counted = figures.devices.find(({ id }) => id === device.id)
  const [planned, sent] = [counted?.planned.items ?? 0, counted?.sent.items ?? 0]
  return [...shipGate(opened.session.migration.journal, device, { planned, sent }, isLoading(opened, device))]
}

/** Something may still be written to it, or is being read from it. */
export function isLoading({ works }: Pick<Opened, 'works'>, device: FleetRecord): boolean {
  return works
    .states()
    .some(
      ({ kind, deviceId, state }) =>
        (kind === 'rehearsal' || ((kind === 'load' || kind === 'inspect') && deviceId === device.id)) &&
        (state === 'running' || state === 'stopping'),
    )
}

/** The story of a device, with what does not hold any more, and whether the story is as it was written. */
export function custodyOf(
  journal: Pick<Journal, 'custody' | 'custodyChain'>,
  deviceId: DeviceId,
): Pick<Detail, 'custody' | 'custodyWhole'> {
  const entries = journal.custody(deviceId)
  const corrected = corrections(entries)
  return {
    custody: entries.map((entry) => {
      const { number, at, enteredAt, step, person, place, from, to, note, said, attachments, corrects } = entry
      const mayCorrect = !isByFirn(entry) && step !== 'correction' && !corrected.has(number)
      const correctedBy = corrected.get(number)?.number ?? null
      return {
        number,
        at,
        enteredAt,
        step,
        person,
        place,
        from,
        to,
        note,
        said,
        attachments: [...attachments],
        corrects,
        correctedBy,
        mayCorrect,
      }
    }),
    custodyWhole: journal.custodyChain(deviceId).whole,
  }
}

/** What AWS said of the job the last time it was asked; nothing is asked for this. */
export function jobOf({ session }: Opened, device: FleetRecord): Pick<Detail, 'outbound' | 'inbound' | 'import' | 'askedAt'> {
  const seen = session.wiring.jobs.get(device.id)
  const nothing = { status: null, trackingNumber: null, trackingLink: null }
  if (seen === undefined) return { outbound: nothing, inbound: nothing, import: null, askedAt: null }
  const { outbound, inbound, progress } = seen.job
  const country = countryOf(session.migration.config)
  const shipment = ({ status, trackingNumber }: typeof outbound) => ({
    status: status ?? null,
    trackingNumber: trackingNumber ?? null,
    trackingLink: trackingLink(trackingNumber, country) ?? null,
  })
  return {
    outbound: shipment(outbound),
    inbound: shipment(inbound),
    import:
      progress === undefined
        ? null
        : {
            bytes: progress.bytes,
            objects: progress.objects,
            totalBytes: progress.totalBytes ?? null,
            totalObjects: progress.totalObjects ?? null,
          },
    askedAt: seen.at,
  }
}
