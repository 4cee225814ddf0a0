/** Plans: what was found to travel, what each route would take for it, and what was decided. */
import { z } from 'zod'

const range = z.strictObject({ low: z.number(), high: z.number() })
const route = z.enum(['device', 'share', 'link'])

/** What there is to travel, as far as a planner must know it. */
export const planLoad = z.strictObject({
  studies: z.number().int(),
  items: z.number().int(),
  bytes: z.number().int(),
  /** Items under the batch limit. */
  smallItems: z.number().int(),
  smallBytes: z.number().int(),
})
export type PlanLoad = z.infer<typeof planLoad>

export const emptyLoad: PlanLoad = { studies: 0, items: 0, bytes: 0, smallItems: 0, smallBytes: 0 }

/** What an estimate rests on. `field`: the answer that changes it; `null` when no answer does. */
export const assumption = z.strictObject({
  id: z.string(),
  text: z.string(),
  value: z.union([z.number(), z.string(), range]),
  unit: z.string(),
  source: z.string(),
  /** ISO date on which the source was last read. */
  checked: z.string(),
  field: z.string().nullable(),
})
export type Assumption = z.infer<typeof assumption>

/** One step of a route, in days. */
export const phase = z.strictObject({ id: z.string(), text: z.string(), days: range })
export type Phase = z.infer<typeof phase>

/** Why a route cannot be taken, or what to mind when it is. `code` is fixed; `text` is for people. */
export const planNote = z.strictObject({ code: z.string(), text: z.string() })
export type PlanNote = z.infer<typeof planNote>

export const datedNotice = z.strictObject({
  id: z.string(),
  effective: z.string(),
  checked: z.string(),
  source: z.string(),
  text: z.string(),
  /** Negative: it has taken effect. */
  daysLeft: z.number(),
})

export const routeEstimate = z.strictObject({
  route,
  /** Empty: the route can be taken. */
  notPossible: z.array(planNote).readonly(),
  warnings: z.array(planNote).readonly(),
  /** The part of the load that this route can take. */
  takes: planLoad,
  days: range,
  phases: z.array(phase).readonly(),
  /** Which term rules: the number of items, their bytes, or (device lane) the calendar of shipping. */
  bottleneck: z.enum(['items', 'bytes', 'calendar']),
  /** Days for the items alone and for the bytes alone. */
  terms: z.strictObject({ items: range, bytes: range }),
  devices: z.number().int(),
  waves: z.number().int(),
  /** Days that one device stays on site; `null` without devices. */
  onSiteDays: range.nullable(),
  notices: z.array(datedNotice).readonly(),
  /** Indicative, at the prices and the day given; `null` when none were given. */
  cost: z
    .strictObject({
      low: z.number(),
      high: z.number(),
      currency: z.string(),
      asOf: z.string(),
      source: z.string(),
      indicative: z.literal(true),
    })
    .nullable(),
})
export type RouteEstimate = z.infer<typeof routeEstimate>

export const planEstimate = z.strictObject({
  load: planLoad,
  routes: z.array(routeEstimate).readonly(),
  /** `null`: none of the routes can be taken. */
  recommended: route.nullable(),
  why: z.string(),
  assumptions: z.array(assumption).readonly(),
})
export type PlanEstimate = z.infer<typeof planEstimate>
