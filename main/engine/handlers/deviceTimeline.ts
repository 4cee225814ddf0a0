/** The way of one device, as a line of stops: what was reached when, where it is, and when the next stops are expected. Pure. */
import { shippingCalendar } from '../../../shared/domain/assumptions.ts'
import { importPath } from '../../../shared/lifecycle/deviceLifecycle.ts'
import { addRanges, day, type Range } from '../../../shared/units/duration.ts'

export type Stop = {
  readonly state: string
  readonly at: number | null
  readonly expected: { readonly low: number; readonly high: number } | null
  readonly current: boolean
}

export type Way = {
  readonly state: string
  /** When each state was first seen. Not every state is: some pass between two looks. */
  readonly reached: ReadonlyMap<string, number>
  /** Days on site by the plan, loading included; `undefined`: the calendar's own. */
  readonly onSiteDays: Range | undefined
  /** A rehearsal's days pass this many times as fast. */
  readonly speed: number
}

/** Which days of the calendar lie before a stop is reached, counted from the stop before. */
const legs: Readonly<Partial<Record<(typeof importPath)[number], readonly (typeof shippingCalendar)[number]['id'][]>>> = {
  InTransitToCustomer: ['prepare'],
  WithCustomer: ['transit-here'],
  InTransitToAWS: ['on-site'],
  WithAWSSortingFacility: ['transit-back'],
  WithAWS: ['sorting'],
  InProgress: ['import-start'],
  Complete: ['import'],
}

export function timelineOf({ state, reached, onSiteDays, speed }: Way): readonly Stop[] {
  const here = (importPath as readonly string[]).indexOf(state)
  let from: number | undefined
  let ahead: Range = { low: 0, high: 0 }
  const stops = importPath.map((name, place): Stop => {
    const at = reached.get(name) ?? null
    const isPast = here >= 0 && place <= here
    if (at !== null) {
      from = at
      ahead = { low: 0, high: 0 }
    } else {
      ahead = addRanges(ahead, ...(legs[name] ?? []).map((id) => (id === 'on-site' && onSiteDays !== undefined ? onSiteDays : daysOf(id))))
    }
    const isExpected = at === null && !isPast && here >= 0 && from !== undefined && legs[name] !== undefined
    return {
      state: name,
      at,
      expected:
        isExpected && from !== undefined ? { low: from + (ahead.low * day) / speed, high: from + (ahead.high * day) / speed } : null,
      current: place === here,
    }
  })
  // Cancelled, not ordered yet, or a word of AWS's that this version does not know: shown by its own name, with nothing expected.
  return here >= 0
    ? stops
    : [...stops.filter(({ at }) => at !== null), { state, at: reached.get(state) ?? null, expected: null, current: true }]
}

function daysOf(id: string): Range {
  return shippingCalendar.find((step) => step.id === id)?.days ?? { low: 0, high: 0 }
}
