/** Which causes of being left behind another attempt can help with, without a new scan or a new plan. */
import { catalogue } from '../faults/catalogue.ts'
import type { AnomalyCode } from './anomaly.ts'

/**
 * Anomalies found on the way. What a person can put right at the source, with the same bytes still there, can be tried again. What changed cannot: size and
 * time of the journal are those of the old bytes, and only a scan brings the new ones.
 */
const anomaliesToRetry: ReadonlySet<string> = new Set<AnomalyCode>(['not-readable', 'vanished'])

/** @param code a fault's or an anomaly's; of one that is neither nothing is hoped for. */
export function canRetry(code: string): boolean {
  if (anomaliesToRetry.has(code)) return true
  const fault = Object.entries(catalogue).find(([name]) => name === code)?.[1]
  return fault !== undefined && (fault.retry === 'now' || fault.retry === 'later')
}
