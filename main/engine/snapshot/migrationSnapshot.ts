/** Puts the snapshot of a migration together: counted amounts, what moved since they were counted, and what runs. Counts and codes only. */
import type { LaneState, MigrationSnapshot, WorkState } from '../../../shared/contract/snapshot.ts'
import { routes, type Route } from '../../../shared/domain/route.ts'
import { noVerdicts } from '../../../shared/domain/verification.ts'
import type { JournalFigures } from '../views/views.ts'
import type { Moved } from '../works/workMeter.ts'
import type { Works } from '../works/works.ts'
import type { Counted } from './figuresKeeper.ts'
import type { Throughput } from './throughput.ts'
import { isOnSite, type Standing, type StandingDevice } from './standing.ts'

type Amount = { readonly items: number; readonly bytes: number }
type Totals = MigrationSnapshot['totals']

const nothing: Amount = { items: 0, bytes: 0 }
const emptyLane = { planned: nothing, sent: nothing, leftBehind: nothing, landed: null, verified: nothing } as const

/** Before anything was counted. */
export const noFigures: JournalFigures = {
  totals: {
    inventory: nothing,
    studies: 0,
    verified: nothing,
    landed: nothing,
    sent: nothing,
    waiting: nothing,
    leftBehind: nothing,
    notPlanned: nothing,
  },
  verdicts: noVerdicts(),
  extras: 0,
  byModality: [],
  lanes: { device: emptyLane, share: emptyLane, link: emptyLane },
  devices: [],
  unverified: nothing,
  finishedAt: null,
  failures: 0,
  anomalies: 0,
}

/** What moved since, by route, never more than there was to move. */
export function movedSince(counted: Counted | undefined, now: Readonly<Record<Route, Moved>>): Readonly<Record<Route, Moved>> {
  const of = (route: Route): Moved => {
    if (counted === undefined) return nothing
    const { planned, sent } = counted.figures.lanes[route]
    return {
      items: within(now[route].items - counted.moved[route].items, planned.items - sent.items),
      bytes: within(now[route].bytes - counted.moved[route].bytes, planned.bytes - sent.bytes),
    }
  }
  return { device: of('device'), share: of('share'), link: of('link') }
}

export function totalsOf(figures: JournalFigures, since: Readonly<Record<Route, Moved>>, countedAt: number): Totals {
  const { totals } = figures
  const moved = {
    items: within(
      routes.reduce((sum, route) => sum + since[route].items, 0),
      totals.waiting.items,
    ),
    bytes: within(
      routes.reduce((sum, route) => sum + since[route].bytes, 0),
      totals.waiting.bytes,
    ),
  }
  return {
    ...totals,
    sent: plus(totals.sent, moved),
    waiting: { items: totals.waiting.items - moved.items, bytes: totals.waiting.bytes - moved.bytes },
    countedAt,
  }
}

export function lanesOf(
  figures: JournalFigures,
  since: Readonly<Record<Route, Moved>>,
  limitOf: Works['limitOf'],
  throughput: Pick<Throughput, 'rateOf' | 'stripOf'>,
): LaneState[] {
  return routes.flatMap((route) => {
    const lane = figures.lanes[route]
    if (lane.planned.items === 0 && lane.leftBehind.items === 0) return []
    const { rate, changesAt } = limitOf(route)
    return [
      {
        route,
        planned: lane.planned,
        sent: plus(lane.sent, since[route]),
        leftBehind: lane.leftBehind,
        landed: lane.landed,
        verified: lane.verified,
        bytesPerSecond: throughput.rateOf(route),
        limit: rate,
        limitUntil: changesAt ?? null,
        strip: throughput.stripOf(route),
      },
    ]
  })
}

export function devicesOf({ devices }: Standing, works: readonly WorkState[]): MigrationSnapshot['devices'] {
  const counts = { planned: 0, onTheWay: 0, onSite: 0, loading: 0, travellingBack: 0, importing: 0, imported: 0, other: 0 }
  for (const device of devices) counts[placeOf(device, works)] += 1
  return counts
}

function placeOf(device: StandingDevice, works: readonly WorkState[]): keyof MigrationSnapshot['devices'] {
  switch (device.state) {
    case 'Complete':
      return 'imported'
    case 'InProgress':
      return 'importing'
    case 'InTransitToAWS':
    case 'WithAWSSortingFacility':
    case 'WithAWS':
      return 'travellingBack'
    case 'WithCustomer':
      if (!isOnSite(device)) return 'travellingBack'
      return works.some((work) => isRunning(work) && loads(work, device.id)) ? 'loading' : 'onSite'
    case 'New':
    case 'PreparingAppliance':
    case 'PreparingShipment':
    case 'InTransitToCustomer':
      return 'onTheWay'
    default:
      return device.ordered || device.state === 'Cancelled' ? 'other' : 'planned'
  }
}

function loads(work: WorkState, device: number): boolean {
  return (work.kind === 'load' && work.deviceId === device) || (work.kind === 'rehearsal' && work.stage === 'load')
}

/** Lanes that running works use. A rehearsal's tells itself by what moves. */
export function lanesAtWork(works: readonly WorkState[]): ReadonlySet<Route> {
  return new Set(works.filter(isRunning).flatMap((work) => routeOfKind[work.kind] ?? []))
}

const routeOfKind: Readonly<Partial<Record<WorkState['kind'], Route>>> = { load: 'device', link: 'link', push: 'share' }

function isRunning({ state }: WorkState): boolean {
  return state === 'running' || state === 'stopping'
}

function plus(one: Amount, other: Amount): Amount {
  return { items: one.items + other.items, bytes: one.bytes + other.bytes }
}

function within(value: number, most: number): number {
  return Math.max(0, Math.min(value, most))
}
