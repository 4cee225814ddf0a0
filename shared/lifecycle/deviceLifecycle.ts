/** The life of a Snowball import job: which state follows which, and what each state allows (AWS Snowball API, JobState). */
import { isKnownJobState, type JobState, type KnownJobState } from '../domain/device.ts'

/** What happens to an import job. The names say what happened in the world, not what the job becomes. */
export const jobEvents = [
  'provisioning-began',
  'provisioned',
  'carrier-collected',
  'delivered',
  'handed-over',
  'reached-sorting-facility',
  'reached-aws',
  'import-began',
  'import-finished',
  'cancelled',
] as const
export type JobEvent = (typeof jobEvents)[number]

/** The way of an import job that nothing stops, in order. */
export const importPath = [
  'New',
  'PreparingAppliance',
  'PreparingShipment',
  'InTransitToCustomer',
  'WithCustomer',
  'InTransitToAWS',
  'WithAWSSortingFacility',
  'WithAWS',
  'InProgress',
  'Complete',
] as const satisfies readonly KnownJobState[]

const follows: Readonly<Partial<Record<KnownJobState, Partial<Record<JobEvent, KnownJobState>>>>> = {
  New: { 'provisioning-began': 'PreparingAppliance', cancelled: 'Cancelled' },
  PreparingAppliance: { provisioned: 'PreparingShipment' },
  PreparingShipment: { 'carrier-collected': 'InTransitToCustomer' },
  InTransitToCustomer: { delivered: 'WithCustomer' },
  WithCustomer: { 'handed-over': 'InTransitToAWS' },
  InTransitToAWS: { 'reached-sorting-facility': 'WithAWSSortingFacility' },
  WithAWSSortingFacility: { 'reached-aws': 'WithAWS' },
  WithAWS: { 'import-began': 'InProgress' },
  InProgress: { 'import-finished': 'Complete' },
}

/** The state after the event; `undefined`: the event cannot happen in this state. A state AWS has added since has no known successor. */
export function next(state: JobState, event: JobEvent): KnownJobState | undefined {
  return isKnownJobState(state) ? follows[state]?.[event] : undefined
}

export const jobActions = [
  'cancel',
  'update',
  'get-manifest',
  'get-unlock-code',
  'unlock',
  'load',
  'hand-over',
  'read-progress',
  'read-logs',
  'verify',
] as const
export type JobAction = (typeof jobActions)[number]

const allowed: Readonly<Partial<Record<KnownJobState, readonly JobAction[]>>> = {
  New: ['cancel', 'update'],
  WithCustomer: ['get-manifest', 'get-unlock-code', 'unlock', 'load', 'hand-over'],
  InProgress: ['read-progress'],
  Complete: ['read-logs', 'verify'],
}

/** What may be done in a state. Nothing in a state that this version does not know. */
export function allowedActions(state: JobState): readonly JobAction[] {
  return isKnownJobState(state) ? (allowed[state] ?? []) : []
}

export function allows(state: JobState, action: JobAction): boolean {
  return allowedActions(state).includes(action)
}

/** No further event will come. */
export function isFinal(state: JobState): boolean {
  return state === 'Complete' || state === 'Cancelled'
}

/**
 * Whether a job last seen in `before` can have become `seen` (any number of steps, none included): states pass unseen between two looks.
 * `undefined` when one of them is not on the way of an import job: unknown is not impossible.
 */
export function mayHaveBecome(before: JobState, seen: JobState): boolean | undefined {
  if (before === seen) return true
  if (before === 'Cancelled') return place(seen) === undefined ? undefined : false
  if (seen === 'Cancelled') return place(before) === undefined ? undefined : before === 'New'
  const from = place(before)
  const to = place(seen)
  return from === undefined || to === undefined ? undefined : from <= to
}

function place(state: JobState): number | undefined {
  const at = (importPath as readonly string[]).indexOf(state)
  return at < 0 ? undefined : at
}
