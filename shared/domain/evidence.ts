/** Evidence: what a bundle says of each item and of the whole, in the same words everywhere. */
import { anomalies, anomalyCodes, type AnomalyCode } from './anomaly.ts'
import { verdicts, type Verdict } from './verification.ts'

/** A verdict, or why there is none. */
export const outcomes = [...verdicts.filter((verdict) => verdict !== 'extra'), 'left-behind', 'not-checked'] as const
export type Outcome = Exclude<Verdict, 'extra'> | 'left-behind' | 'not-checked'
export type OutcomeCounts = Readonly<Record<Outcome, number>>

export function noOutcomes(): Record<Outcome, number> {
  return { verified: 0, consistent: 0, present: 0, mismatch: 0, missing: 0, unknown: 0, 'left-behind': 0, 'not-checked': 0 }
}

/** What each word means, for readers of a report. */
export const outcomeWords: Readonly<Record<Outcome | 'extra', string>> = {
  verified: 'A digest taken from the source bytes equals a digest that S3 reports, or computed, for a named version of the object.',
  consistent:
    'The multipart ETag agrees with the source (MD5 of parts); or a digest agrees, but the bucket keeps no versions, so the object may be replaced without trace. Weaker than verified.',
  present: 'An object of the same size is there. Its bytes were not compared: present, not verified.',
  mismatch: 'Size or digest differ from the source.',
  missing: 'Planned or sent, and not in S3.',
  unknown: 'Could not be checked; the reason says why.',
  'left-behind': 'Was not sent; the reason says why. It exists only at the source.',
  'not-checked': 'No finished verification has looked at it as it is now.',
  extra: 'In S3 under a prefix of this migration, and not in the journal.',
}

export type Known = {
  readonly present: boolean
  readonly anomalies: readonly AnomalyCode[]
  readonly transferState: string | undefined
  readonly leftBehindFor: string | undefined
  /** Of the source bytes as they were sent; taken away when the item changes at the source. */
  readonly sha256: Uint8Array | undefined
  readonly verdict: { readonly verdict: Verdict; readonly reason: string | undefined } | undefined
}

const favourable: ReadonlySet<Verdict> = new Set(['verified', 'consistent', 'present'])

/**
 * The one outcome of an item. What was left behind, or has to be sent again, is not verified, whatever an older verification said.
 * What was verified stays so when its source is freed or can no longer be read.
 */
export function outcomeOf(item: Known): { readonly outcome: Outcome; readonly reason: string | undefined } {
  const barring = anomalyCodes.find((code) => anomalies[code].blocks === 'every-lane' && item.anomalies.includes(code))
  if (item.transferState === 'left-behind')
    return { outcome: 'left-behind', reason: codeOrOther(item.leftBehindFor) ?? barring ?? 'not-said' }
  const sent = item.transferState === 'sent'
  const verdict = item.verdict?.verdict
  if (verdict !== undefined && verdict !== 'extra' && (sent || !favourable.has(verdict)))
    return { outcome: verdict, reason: codeOrOther(item.verdict?.reason) }
  if (sent) return { outcome: 'not-checked', reason: item.sha256 === undefined ? 'changed-after-sent' : 'transfer-sent' }
  if (barring !== undefined) return { outcome: 'left-behind', reason: barring }
  if (!item.present) return { outcome: 'left-behind', reason: 'vanished' }
  return { outcome: 'not-checked', reason: item.transferState === undefined ? 'not-planned' : `transfer-${item.transferState}` }
}

/** Reasons are codes. Anything else could carry a name out of the archive, and is not repeated. */
export function codeOrOther(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(text) ? text : 'other'
}

/** green: every item is verified. amber: nothing is wrong with what was sent, but not all of it is verified. red: not proven. */
export type Tone = 'green' | 'amber' | 'red'

export type Standing = { readonly items: number; readonly counts: OutcomeCounts; readonly extras: number; readonly chainWhole: boolean }

/** Of nothing it is red: a bundle without items proves nothing. */
export function toneOf({ items, counts, extras, chainWhole }: Standing): Tone {
  if (!chainWhole || items === 0 || counts.verified === 0) return 'red'
  if (counts.mismatch + counts.missing + counts.unknown + counts['not-checked'] > 0) return 'red'
  return counts.verified === items && extras === 0 ? 'green' : 'amber'
}

/** "2,014 of 2,020 items verified; 4 left behind; 2 mismatch." */
export function sentenceOf({ items, counts, extras, chainWhole }: Standing): string {
  const parts = [
    items === 0
      ? 'No items: nothing was verified'
      : `${formatCount(counts.verified)} of ${formatCount(items)} ${items === 1 ? 'item' : 'items'} verified`,
    ...outcomes.filter((one) => one !== 'verified' && counts[one] > 0).map((one) => `${formatCount(counts[one])} ${one.replace('-', ' ')}`),
  ]
  if (extras > 0) parts.push(`${formatCount(extras)} extra in S3`)
  if (!chainWhole) parts.push('the event log does not hold')
  return `${parts.join('; ')}.`
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US')
}

/** What a digest protects against. CRCs find corruption; only a cryptographic hash also withstands intent. */
export function strengthOf(algorithm: string | undefined): string {
  if (algorithm === undefined) return 'no digest'
  if (/^SHA(256|512)$/.test(algorithm)) return 'integrity and collision resistance'
  if (/^(CRC|XXHASH)/.test(algorithm)) return 'integrity'
  return 'integrity (older hash)'
}

/** Defined terms of Modality (0008,0060), DICOM PS3.3 C.7.3.1.1.1, retired ones included. A value that is none of them is not repeated: a damaged header can hold anything. */
const modalities = new Set(
  (
    'ANN AR ASMT AU BDUS BI BMD CFM CR CT CTPROTOCOL DMS DG DOC DX ECG EEG EMG EOG EPS ES FID GM HC HD IO IOL IVOCT IVUS KER KO LEN LS MG MR M3D ' +
    'NM OAM OCT OP OPM OPR OPT OPTBSV OPTENF OPV OSS OT PA PLAN POS PR PT PX REG RESP RF RG RTDOSE RTIMAGE RTINTENT RTPLAN RTRAD RTRECORD ' +
    'RTSEGANN RTSTRUCT RWV SEG SM SMR SR SRF STAIN TEXTUREMAP TG US VA XA XAPROTOCOL XC AS CD CF CP CS DD DF DM DS EC FA FS LP MA MS OPH ST VF'
  ).split(' '),
)

export function modalityName(value: string | undefined): string {
  if (value === undefined) return 'none'
  return modalities.has(value) ? value : 'other'
}
