/** Words and figures that the page and the PDF share. */
import { anomalies, type AnomalyCode } from '../../shared/domain/anomaly.ts'
import type { Tone } from '../../shared/domain/evidence.ts'
import { laneNames, type Route } from '../../shared/domain/route.ts'

export const standings: Readonly<Record<Tone, string>> = {
  green: 'Every item is verified',
  amber: 'Not every item is verified, and nothing that was sent is wrong',
  red: 'Not proven',
}

export const standingHelp: Readonly<Record<Tone, string>> = {
  green: 'Each item has a digest, taken from its source bytes, that equals one S3 reports or computed for a named version of the object.',
  amber: 'Read which items are not verified, and why, before the source of any of them is freed.',
  red: 'Do not free any source. Read below which items are concerned, and why.',
}

export const rehearsalWords = 'A rehearsal against a simulated AWS: it proves nothing about data in Amazon S3.'
export const noComplianceWords =
  'Firn says which checks passed; it makes no statement about compliance with any law or standard. Times are UTC. Sizes are decimal: 1 TB is 1,000,000,000,000 bytes.'

/** Rounded down: 99.99 % is never shown as all. */
export function share(part: number, whole: number): string {
  return whole === 0 ? 'none' : `${(Math.floor((part / whole) * 1000) / 10).toFixed(1)} %`
}

/** "left-behind": "Left behind". */
export function label(word: string): string {
  const text = word.replaceAll('-', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function laneName(name: string): string {
  return isRoute(name) ? laneNames[name] : 'no lane'
}

function isRoute(name: string): name is Route {
  return Object.hasOwn(laneNames, name)
}

export function modalityWord(name: string): string {
  return name === 'none' ? 'not DICOM, or not known' : name === 'other' ? 'other values' : name
}

export function anomalyOf(code: string): (typeof anomalies)[AnomalyCode] | undefined {
  return isAnomaly(code) ? anomalies[code] : undefined
}

function isAnomaly(code: string): code is AnomalyCode {
  return Object.hasOwn(anomalies, code)
}

/** "2026-11-24 12:00:00 UTC" */
export function timeText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
}

export function whenVerified({
  verification,
}: {
  readonly verification: { readonly startedAt: string; readonly finishedAt: string | null } | null
}): string {
  if (verification === null) return 'No verification was made.'
  const { startedAt, finishedAt } = verification
  if (finishedAt === null)
    return `The last verification, begun ${timeText(startedAt)}, did not finish; verdicts are those of the one before, if any.`
  return `Verified ${timeText(startedAt)} to ${timeText(finishedAt)}.`
}
