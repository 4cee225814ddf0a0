/** When waiting for a device ends, counted on from what was last recorded of it by the calendar of shipping. Pure. */
import { shippingCalendar } from '../../../shared/domain/assumptions.ts'
import { addRanges, day, range, type Range } from '../../../shared/units/duration.ts'
import type { StandingDevice, Stop } from './standing.ts'

type Leg = (typeof shippingCalendar)[number]['id']

const home: readonly Leg[] = ['transit-back', 'sorting', 'import-start', 'import']
const legsAfter: Readonly<Record<Stop, readonly Leg[]>> = {
  ordered: ['prepare', 'transit-here'],
  'handed-over': home,
  carrier: home,
  'at-aws': ['import-start', 'import'],
}

/** Moments between which the device arrives or is imported; `undefined`: nothing is known of it. What is overdue is expected from now on. */
export function waitEnds({ last }: StandingDevice, speed: number, now: number): Range | undefined {
  if (last === undefined) return undefined
  const days = daysOf(legsAfter[last.step])
  return range(Math.max(last.at + real(days.low, speed), now), Math.max(last.at + real(days.high, speed), now))
}

/** Milliseconds from now until a device is imported that is still to arrive, or is on site. */
export function untilImported(device: StandingDevice, speed: number, now: number): Range | undefined {
  const ends = waitEnds(device, speed, now)
  if (ends === undefined) return undefined
  const left = range(ends.low - now, ends.high - now)
  if (device.last?.step !== 'ordered') return left
  const after = daysOf(['on-site', ...home])
  const arrived = device.state === 'WithCustomer'
  return addRanges(arrived ? range(0, 0) : left, range(real(after.low, speed), real(after.high, speed)))
}

/** A rehearsal's days pass faster. */
function real(days: number, speed: number): number {
  return (days * day) / speed
}

function daysOf(legs: readonly Leg[]): Range {
  return addRanges(...legs.map((id) => shippingCalendar.find((step) => step.id === id)?.days ?? range(0, 0)))
}
