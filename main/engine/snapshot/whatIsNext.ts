/** What happens next, who has to act, and how much on each screen needs a person. Pure: from counted amounts, the standing, and what runs. */
import type { MigrationSnapshot, NextThing, WorkState } from '../../../shared/contract/snapshot.ts'
import type { WorkKind } from '../../../shared/domain/work.ts'
import { isFinal } from '../../../shared/lifecycle/deviceLifecycle.ts'
import type { JournalFigures } from '../views/views.ts'
import { waitEnds } from './calendar.ts'
import { isOnSite, type Standing, type StandingDevice } from './standing.ts'

export type Situation = {
  readonly standing: Standing
  readonly figures: JournalFigures
  readonly works: readonly WorkState[]
  /** Evidence was made since everything was verified. */
  readonly evidenceMade: boolean
  readonly now: number
  /** A rehearsal's days pass this many times as fast. */
  readonly speed: number
}

const mostShown = 5
const outbound: readonly string[] = ['New', 'PreparingAppliance', 'PreparingShipment', 'InTransitToCustomer']

export function whatIsNext(situation: Situation): readonly NextThing[] {
  const { standing, figures } = situation
  const { plan } = standing
  if (standing.unscanned > 0 || standing.changed) return [thing('scan', !runs(situation, 'scan', 'prepare'))]
  if (plan === undefined) return [thing('plan', !runs(situation, 'plan'))]
  if (!plan.approved) return [thing('approve', !runs(situation))]
  const next = [...onTheWay(situation)]
  if (next.length === 0) next.push(...afterwards(situation))
  if (next.length === 0 && figures.totals.notPlanned.items > 0)
    next.push(thing('plan', !runs(situation, 'plan'), { items: figures.totals.notPlanned.items }))
  if (next.length === 0) next.push(situation.evidenceMade ? thing('done', false) : thing('make-evidence', !runs(situation, 'evidence')))
  // A person's part first: the rest comes by itself.
  return [...next.filter((one) => one.needsPerson), ...next.filter((one) => !one.needsPerson)].slice(0, mostShown)
}

function* onTheWay(situation: Situation): Iterable<NextThing> {
  const { standing, figures } = situation
  const unordered = standing.devices.filter((device) => !device.ordered && !isFinal(device.state))
  if (unordered.length > 0) yield thing('order', !runs(situation), { devices: unordered.length })
  for (const device of standing.devices) {
    const one = device.ordered ? nextOfDevice(situation, device) : undefined
    if (one !== undefined) yield one
  }
  for (const [route, code] of [
    ['share', 'push'],
    ['link', 'link'],
  ] as const) {
    const { planned, sent } = figures.lanes[route]
    if (sent.items < planned.items) yield thing(code, !runs(situation, code), { items: planned.items - sent.items })
  }
}

function nextOfDevice(situation: Situation, device: StandingDevice): NextThing | undefined {
  const { id, ordinal, state } = device
  if (isFinal(state)) return undefined
  if (isOnSite(device)) {
    const counted = situation.figures.devices.find((one) => one.id === id)
    const left = counted === undefined ? 0 : counted.planned.items - counted.sent.items
    if (left > 0) return { ...thing('load', !loads(situation, id), { ordinal, items: left }), deviceId: id }
    return { ...thing('ship', !runs(situation), { ordinal }), deviceId: id }
  }
  const out = outbound.includes(state)
  return {
    ...thing(out ? 'wait-for-device' : 'wait-for-import', false, { ordinal, state }),
    deviceId: id,
    at: waitEnds(device, situation.speed, situation.now) ?? null,
  }
}

/** What was sent has to be seen in S3 and compared. */
function* afterwards(situation: Situation): Iterable<NextThing> {
  const { figures } = situation
  const { totals, verdicts, lanes } = figures
  if (figures.finishedAt !== null) return
  if (lanes.share.sent.items > 0 && lanes.share.landed === null && !landedSincePush(situation)) {
    yield thing('land', !runs(situation, 'land'))
    return
  }
  // Seen wrong or missing is not unseen: another look changes nothing by itself.
  const unseen = totals.sent.items - verdicts.missing - verdicts.mismatch - verdicts.unknown
  if (unseen > 0) yield thing('verify', !runs(situation, 'verify'), { items: unseen })
  else if (totals.sent.items + totals.landed.items + totals.leftBehind.items > 0 && figures.unverified.items > totals.notPlanned.items)
    yield thing('look-at-report', true, { items: figures.unverified.items - totals.notPlanned.items })
}

export const noNeeds: MigrationSnapshot['needs'] = {
  archives: 0,
  plan: 0,
  devices: 0,
  share: 0,
  transfers: 0,
  verification: 0,
  evidence: 0,
}

/** How much on each screen needs a person. */
export function needsOf(situation: Situation): MigrationSnapshot['needs'] {
  const { standing, figures, works } = situation
  const next = whatIsNext(situation)
  const waits = (...codes: readonly NextThing['code'][]): number => next.filter((one) => one.needsPerson && codes.includes(one.code)).length
  const failed = (...kinds: readonly WorkKind[]): number =>
    works.filter(
      (work) => (work.state === 'failed' || work.because === 'engine-restarted') && work.state !== 'waiting' && kinds.includes(work.kind),
    ).length
  const devices = standing.devices.filter(
    (device) => device.ordered && isOnSite(device) && nextOfDevice(situation, device)?.needsPerson === true,
  )
  const { missing, mismatch, unknown } = figures.verdicts
  return {
    archives: waits('scan') * Math.max(standing.unscanned, 1) + failed('scan', 'prepare'),
    plan: waits('plan', 'approve') + failed('plan'),
    devices: devices.length + waits('order') + failed('load', 'track'),
    share: waits('push', 'land') + failed('push', 'land'),
    transfers: figures.failures + waits('link') + failed('link', 'rehearsal'),
    verification: missing + mismatch + unknown + waits('verify') + failed('verify'),
    evidence: waits('make-evidence') + failed('evidence'),
  }
}

function thing(code: NextThing['code'], needsPerson: boolean, facts: NextThing['facts'] = {}): NextThing {
  return { code, deviceId: null, needsPerson, at: null, facts }
}

/** A rehearsal does every step by itself. */
function runs({ works }: Situation, ...kinds: readonly WorkKind[]): boolean {
  return works.some((work) => isGoing(work) && (work.kind === 'rehearsal' || kinds.includes(work.kind)))
}

function loads({ works }: Situation, deviceId: number): boolean {
  return works.some((work) => isGoing(work) && (work.kind === 'rehearsal' || (work.kind === 'load' && work.deviceId === deviceId)))
}

function isGoing({ state }: WorkState): boolean {
  return state === 'running' || state === 'waiting'
}

function landedSincePush({ works }: Situation): boolean {
  const last = (kind: WorkKind): number =>
    Math.max(0, ...works.filter((work) => work.kind === kind && work.state === 'done').map((work) => work.endedAt ?? 0))
  return last('land') > last('push')
}
