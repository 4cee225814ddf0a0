/** When all will be verified, as a range: from the plan before anything ran, from measured rates afterwards, and not at all where too little is known. Pure. */
import type { LaneState, MigrationSnapshot } from '../../../shared/contract/snapshot.ts'
import type { RouteEstimate } from '../../../shared/domain/plan.ts'
import { routes, type Route } from '../../../shared/domain/route.ts'
import { isFinal } from '../../../shared/lifecycle/deviceLifecycle.ts'
import { addRanges, day, hour, range, type Range } from '../../../shared/units/duration.ts'
import type { JournalFigures } from '../views/views.ts'
import { untilImported } from './calendar.ts'
import type { Standing } from './standing.ts'

export type EtaInput = {
  readonly standing: Standing
  readonly lanes: JournalFigures['lanes']
  readonly finished: boolean
  readonly strips: Readonly<Record<Route, LaneState['strip']>>
  readonly now: number
  readonly speed: number
}

/** Fewer samples say nothing about the hours to come. */
const fewest = 5

export function etaOf(input: EtaInput): MigrationSnapshot['eta'] {
  const { standing, lanes, finished } = input
  const plan = standing.plan
  if (finished || plan?.estimate === undefined) return null
  const used = routes.filter((route) => lanes[route].planned.items > 0)
  if (used.length === 0) return null
  const begun = used.some((route) => lanes[route].sent.items > 0) || standing.devices.some((device) => device.ordered)
  const measured = used.some((route) => ratesOf(input.strips[route]).length >= fewest)
  const left: Range[] = []
  for (const route of used) {
    const estimate = plan.estimate.routes.find((one) => one.route === route)
    if (estimate === undefined) return null
    const one = begun ? leftOf(route, estimate, input) : planned(estimate, input.speed)
    if (one === undefined) return null
    left.push(one)
  }
  // Lanes run beside each other: the longest decides.
  const longest = range(Math.max(...left.map(({ low }) => low)), Math.max(...left.map(({ high }) => high)))
  const hours = Math.max(...used.map((route) => (ratesOf(input.strips[route]).length * input.strips[route].everyMs) / hour))
  return measured && begun
    ? { left: longest, basis: 'measured', hours: Math.round(hours * 100) / 100 }
    : { left: longest, basis: 'plan', hours: 0 }
}

function planned({ days }: RouteEstimate, speed: number): Range {
  return range((days.low * day) / speed, (days.high * day) / speed)
}

/** What is left to send, at the measured rate or else at the plan's, then the way of the devices, then verification. */
function leftOf(route: Route, estimate: RouteEstimate, input: EtaInput): Range | undefined {
  const { planned: all, sent } = input.lanes[route]
  const bytes = Math.max(all.bytes - sent.bytes, 0)
  const sending =
    sent.items >= all.items
      ? range(0, 0)
      : (measuredTime(bytes, input.strips[route]) ??
        share(phase(estimate, route === 'device' ? 'load' : 'transfer', input.speed), bytes, all.bytes))
  const travelling = route === 'device' ? calendarLeft(input) : range(0, 0)
  if (travelling === undefined) return undefined
  return addRanges(sending, travelling, phase(estimate, 'verify', input.speed))
}

function measuredTime(bytes: number, strip: LaneState['strip']): Range | undefined {
  const rates = ratesOf(strip).toSorted((a, b) => a - b)
  if (rates.length < fewest) return undefined
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length
  if (mean <= 0) return undefined
  const fast = Math.max(mean * 1.1, rates[Math.floor(rates.length * 0.75)] ?? mean)
  // Half an hour of standing still must not make the range endless.
  const slow = Math.max(Math.min(mean * 0.8, rates[Math.floor(rates.length * 0.25)] ?? mean), mean / 3)
  return range((bytes / fast) * 1000, (bytes / slow) * 1000)
}

/** Samples in which the lane was at work. */
function ratesOf(strip: LaneState['strip']): readonly number[] {
  return strip.rates.filter((rate): rate is number => rate !== null)
}

/** The last device decides. One that is not ordered yet has its whole way before it. */
function calendarLeft({ standing, now, speed, lanes }: EtaInput): Range | undefined {
  if (lanes.device.planned.items === 0) return range(0, 0)
  const open = standing.devices.filter((device) => !isFinal(device.state))
  if (open.some((device) => !device.ordered)) return undefined
  const ways = open.map((device) => untilImported(device, speed, now))
  let [low, high] = [0, 0]
  for (const way of ways) {
    if (way === undefined) return undefined
    low = Math.max(low, way.low)
    high = Math.max(high, way.high)
  }
  return range(low, high)
}

function phase({ phases }: RouteEstimate, id: string, speed: number): Range {
  const days = phases.find((one) => one.id === id)?.days ?? range(0, 0)
  return range((days.low * day) / speed, (days.high * day) / speed)
}

function share(of: Range, part: number, whole: number): Range {
  const ratio = whole === 0 ? 0 : part / whole
  return range(of.low * ratio, of.high * ratio)
}
