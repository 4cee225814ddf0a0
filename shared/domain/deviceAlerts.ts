/**
 * What a person should know of a device before it costs money or data. AWS Snowball Edge Developer Guide 2025-11: 15 days on site are included, further
 * ones are charged; a job ends 360 days after its creation: the device then locks, and what lies on it can still be imported.
 */
import { day } from '../units/duration.ts'
import type { JobState } from './device.ts'

export const deviceAlertCodes = ['on-site-ending', 'on-site-over', 'job-ending', 'job-over', 'not-moved', 'not-collected'] as const
/** `days`: left, for what is ending; gone by, for the others. */
export type DeviceAlert = { readonly code: (typeof deviceAlertCodes)[number]; readonly days: number }

export const jobDays = 360
/** So long before an end a person is told. */
const onSiteSoon = 3
const jobSoon = 30

/** Days in one state after which something is not as usual: the calendar's longest, and the weekends that carriers and AWS do not work. */
const quietDays: Readonly<Record<string, number>> = {
  New: 7,
  PreparingAppliance: 7,
  PreparingShipment: 7,
  InTransitToCustomer: 10,
  InTransitToAWS: 10,
  WithAWSSortingFacility: 5,
  WithAWS: 4,
  InProgress: 10,
}
const wayBack: ReadonlySet<string> = new Set<JobState>(['InTransitToAWS', 'WithAWSSortingFacility', 'WithAWS', 'InProgress', 'Listing'])
/** A carrier collects once a day, not at weekends. */
const collectionDays = 4

export type DeviceSituation = {
  readonly state: JobState
  readonly givenUp: boolean
  /** Milliseconds since 1970. When each state was first seen; `New` is the order. */
  readonly reached: ReadonlyMap<string, number>
  readonly handedOverAt: number | undefined
  readonly onSite: { readonly days: number; readonly included: number } | null
  /** When AWS was last asked; `undefined`: not yet. Old news says nothing of a device that does not move. */
  readonly askedAt: number | undefined
  readonly now: number
}

export function deviceAlerts({ state, givenUp, reached, handedOverAt, onSite, askedAt, now }: DeviceSituation): readonly DeviceAlert[] {
  if (state === 'Complete' || state === 'Cancelled' || state === 'planned' || state === 'ordering') return []
  const alerts: DeviceAlert[] = []
  const since = (at: number): number => Math.floor((now - at) / day)

  if (onSite !== null && handedOverAt === undefined) {
    const over = Math.ceil(onSite.days - onSite.included)
    if (over > 0) alerts.push({ code: 'on-site-over', days: over })
    else if (-over <= onSiteSoon) alerts.push({ code: 'on-site-ending', days: -over })
  }

  const ordered = reached.get('New')
  // On its way back the end of its job asks nothing of anybody.
  if (ordered !== undefined && handedOverAt === undefined && !wayBack.has(state)) {
    const left = jobDays - since(ordered)
    if (left <= 0) alerts.push({ code: 'job-over', days: -left })
    else if (left <= jobSoon) alerts.push({ code: 'job-ending', days: left })
  }

  const isFresh = askedAt !== undefined && now - askedAt < day
  if (!isFresh) return alerts
  if (state === 'WithCustomer') {
    if (handedOverAt !== undefined && since(handedOverAt) >= collectionDays && !givenUp)
      alerts.push({ code: 'not-collected', days: since(handedOverAt) })
  } else {
    const at = reached.get(state)
    const usual = quietDays[state]
    if (at !== undefined && usual !== undefined && since(at) > usual) alerts.push({ code: 'not-moved', days: since(at) })
  }
  return alerts
}

/** For a log and a terminal; a screen has its own words. */
export function alertText({ code, days }: DeviceAlert): string {
  switch (code) {
    case 'on-site-ending':
      return `${days} of the days on site that are included are left; further ones are charged`
    case 'on-site-over':
      return `${days} days on site more than are included: they are charged`
    case 'job-ending':
      return `the job ends in ${days} days: then the device locks and must go back`
    case 'job-over':
      return `the job ended ${days} days ago: the device must go back; what lies on it can still be imported`
    case 'not-moved':
      return `no news for ${days} days, longer than usual in this state: ask AWS Support`
    case 'not-collected':
      return `handed over ${days} days ago, and AWS has not heard of it: ask the carrier`
  }
}
