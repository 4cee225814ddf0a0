/** Dated notices: what AWS has announced about a route. Data, not code: a date passes, a table changes. */
import type { Route } from './route.ts'

export type Notice = {
  readonly id: string
  readonly route: Route
  /** ISO dates: when it was announced to take effect, and when somebody last read the source. */
  readonly effective: string
  readonly checked: string
  readonly source: string
  readonly text: string
}

export const notices: readonly Notice[] = [
  {
    id: 'snowball-existing-customers-only',
    route: 'device',
    effective: '2025-11-07',
    checked: '2026-11-23',
    source: 'AWS Snowball Edge Developer Guide, availability change',
    text: 'Snowball can only be ordered by accounts that already used it before 2025-11-07.',
  },
  {
    id: 'snowball-commercial-sunset',
    route: 'device',
    effective: '2026-12-31',
    checked: '2026-11-23',
    source: 'AWS Storage Blog, AWS Snow device updates',
    text: 'AWS ends support for Snowball in its commercial Regions on 2026-12-31. Confirm with your AWS account team, before ordering, the last dates to order, to return and to import; use the share or link lane for anything that cannot be shipped, imported and verified before then.',
  },
]

/** Notices of a route; each with the days left on the day given (negative: it has taken effect). */
export function noticesFor(route: Route, today: number): readonly (Notice & { readonly daysLeft: number })[] {
  return notices
    .filter((notice) => notice.route === route)
    .map((notice) => ({ ...notice, daysLeft: Math.ceil((isoDay(notice.effective) - today) / 86_400_000) }))
}

/** Midnight UTC of an ISO date, as milliseconds since 1970. Howard Hinnant's days_from_civil. */
export function isoDay(date: string): number {
  const [year = 1970, month = 1, dayOfMonth = 1] = date.split('-').map(Number)
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOfMonth - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return (era * 146_097 + dayOfEra - 719_468) * 86_400_000
}
