/** What planning ends with: the plan's counts, as the command line prints it and as it crosses processes. */
import { z } from 'zod'
import { planEstimate } from '../domain/plan.ts'

const lanePlan = z.strictObject({
  route: z.enum(['device', 'share', 'link']),
  studies: z.number().int(),
  items: z.number().int(),
  bytes: z.number().int(),
  devices: z.number().int(),
  waves: z.number().int(),
  batches: z.number().int(),
  batchedItems: z.number().int(),
})

export const planSummary = z.discriminatedUnion('kind', [
  /** Nothing travels: everything is sent already, or nothing that was found may travel. `leftBehind` says which. */
  z.strictObject({
    kind: z.literal('nothing-to-plan'),
    leftBehind: z.array(z.strictObject({ code: z.string(), items: z.number().int(), bytes: z.number().int() })).readonly(),
  }),
  z.strictObject({
    kind: z.literal('planned'),
    planId: z.number().int(),
    /** `recommended` is resolved to the lane that was taken. */
    division: z.string(),
    lanes: z.array(lanePlan).readonly(),
    estimate: planEstimate,
    /** Studies that went by another lane than the division wanted, and why. */
    rerouted: z.array(z.strictObject({ reason: z.string(), studies: z.number().int() })).readonly(),
    /** Studies larger than one device, and over how many devices the largest is split. */
    splitOverDevices: z.strictObject({ studies: z.number().int(), widest: z.number().int() }),
    /** Studies with more small items than one batch takes. */
    splitOverBatches: z.strictObject({ studies: z.number().int() }),
    /** Items that a device carries under another name than their own; plans made before there was such a thing have none. */
    renamed: z.number().int().default(0),
    /** By anomaly: what no lane takes. An item with two anomalies is counted under both. */
    leftBehind: z.array(z.strictObject({ code: z.string(), items: z.number().int(), bytes: z.number().int() })).readonly(),
  }),
])
export type PlanSummary = z.infer<typeof planSummary>
export type LanePlan = z.infer<typeof lanePlan>
