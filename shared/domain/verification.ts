/** Verdicts: what a verification may say of an item, in the words of code, screen, log and report alike. */
import type { Bytes } from '../units/bytes.ts'
import type { ItemId } from './item.ts'

/**
 * verified    a digest taken from the source bytes equals a digest that S3 reports, or computed, for a named version
 * consistent  a multipart ETag agrees with the source (MD5 of MD5s), or a digest does and the bucket keeps no versions
 * present     the size agrees; nothing else could be compared
 * mismatch    size or digest differ
 * missing     planned or sent, and not in S3
 * extra       in S3 under the migration's prefix, and not in the journal
 * unknown     could not be checked; the reason says why
 */
export const verdicts = ['verified', 'consistent', 'present', 'mismatch', 'missing', 'extra', 'unknown'] as const
export type Verdict = (typeof verdicts)[number]

/** How a verdict was reached. */
export const methods = ['listing', 'head-full-object', 'parts-composite', 'etag-md5', 'etag-multipart', 'read-back', 'none'] as const
export type Method = (typeof methods)[number]

/** One item's verdict. expected and actual are base64 (ETags: hex), absent when no digest was compared. */
export type ItemVerdict = {
  readonly itemId: ItemId
  readonly verdict: Verdict
  readonly method: Method
  /** A short code when the verdict is not *verified*: why. */
  readonly reason: string | undefined
  readonly bucket: string
  readonly key: string
  readonly versionId: string | undefined
  readonly size: Bytes | undefined
  readonly algorithm: string | undefined
  readonly checksumType: string | undefined
  readonly expected: string | undefined
  readonly actual: string | undefined
  readonly storageClass: string | undefined
  /** Milliseconds since 1970. */
  readonly at: number
}

export type VerdictCounts = Readonly<Record<Verdict, number>>

export function noVerdicts(): Record<Verdict, number> {
  return { verified: 0, consistent: 0, present: 0, mismatch: 0, missing: 0, extra: 0, unknown: 0 }
}

const severity: readonly Verdict[] = ['mismatch', 'missing', 'unknown', 'extra', 'present', 'consistent', 'verified']

/**
 * The verdict of a series, study or archive is the worst of its items'. Items without a verdict (left behind, not looked at) count as *unknown*, and of
 * nothing it is *unknown*: what was not checked is red, never green.
 */
/** What sending again can put right. */
export const repairedVerdicts = ['missing', 'mismatch'] as const

export function rollUp(counts: VerdictCounts, items: number): Verdict {
  const judged = verdicts.reduce((sum, verdict) => sum + counts[verdict], 0)
  return severity.find((verdict) => counts[verdict] > 0 || (verdict === 'unknown' && judged < items)) ?? 'unknown'
}
