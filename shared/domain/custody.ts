/** Custody: who had the device when. Entries are only ever added, each chained to the one before it; a correction is a new entry. */
import { z } from 'zod'
import type { DeviceId } from './transfer.ts'

export const custodySteps = [
  'ordered',
  'received',
  'unlocked',
  'loading',
  'loaded',
  'inspected',
  'locked',
  'moved',
  'handed-over',
  'carrier',
  'at-aws',
  'imported',
  'erased',
  'given-up',
  'correction',
] as const
export type CustodyStep = (typeof custodySteps)[number]

/**
 * What a person may record. The other steps Firn observes itself or has from AWS; giving up and correcting have ways of their own. A hand-over is recorded
 * by shipping, which has conditions; by hand only to replace one that was corrected.
 */
export const stepsByHand = ['received', 'unlocked', 'locked', 'moved', 'handed-over', 'carrier'] as const satisfies readonly CustodyStep[]
export type StepByHand = (typeof stepsByHand)[number]

/** The name under which Firn enters what it saw by itself; no person may sign with it. */
export const firnItself = 'Firn'

const count = z.number().int().nonnegative()
/** What Firn adds to an entry: a code and its figures, spoken in a person's language (custodyWords.ts). */
export const custodyNote = z.discriminatedUnion('code', [
  z.strictObject({ code: z.literal('job'), job: z.string() }),
  z.strictObject({ code: z.literal('aws-state'), state: z.string() }),
  z.strictObject({ code: z.literal('loaded'), items: count, bytes: count }),
  z.strictObject({ code: z.literal('bill'), sha256: z.string() }),
  z.strictObject({
    code: z.literal('inspection'),
    items: count,
    bytes: count,
    batches: count,
    sha256: z.string(),
    leftBehind: count,
    sampled: count,
    seed: z.string(),
    differing: count,
  }),
  /** `device: null`: straight to S3. */
  z.strictObject({ code: z.literal('given-up'), device: count.nullable() }),
])
export type CustodyNote = z.infer<typeof custodyNote>

export const attachmentTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/tiff', 'application/pdf'] as const
/** A photo or paper, kept beside the migration under its SHA-256 (hex). Of its name nothing is kept: it may tell of a patient. */
export const custodyAttachment = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: count,
  type: z.enum(attachmentTypes),
})
export type CustodyAttachment = z.infer<typeof custodyAttachment>
/** Of one entry. */
export const mostAttachments = 10
export const attachmentStates = ['whole', 'changed', 'missing'] as const
export type AttachmentState = (typeof attachmentStates)[number]

/** What is added. Times in milliseconds since 1970. */
export type CustodyDraft = {
  readonly deviceId: DeviceId
  /** When the step happened, as the person tells it. */
  readonly at: number
  readonly step: CustodyStep
  /** A person's name, or "Firn" for what the program saw by itself. */
  readonly person: string
  readonly place?: string
  /** From whom the device came, and to whom it went. */
  readonly from?: string
  readonly to?: string
  /** As a person typed it; of a correction the reason. */
  readonly note?: string
  readonly said?: CustodyNote
  readonly attachments?: readonly CustodyAttachment[]
  /** Number of the entry that does not hold. */
  readonly corrects?: number
}

export type CustodyEntry = Required<Omit<CustodyDraft, 'said' | 'corrects'>> & {
  /** Counted from 1, device by device. */
  readonly number: number
  readonly enteredAt: number
  readonly said: CustodyNote | null
  readonly corrects: number | null
}

/** Hashes in hex. Both empty while an older journal has not been opened for work, which chains it. */
export type ChainedEntry = CustodyEntry & { readonly previous: string; readonly hash: string }

export type CustodyChain = {
  readonly whole: boolean
  readonly entries: number
  /** Number of the first entry that is not what was written, or that is gone. */
  readonly brokenAt: number | null
  readonly head: string
}

/** Before the first entry. */
export const noHash = '0'.repeat(64)

export function entryOf(draft: CustodyDraft, number: number, enteredAt: number): CustodyEntry {
  const { place = '', from = '', to = '', note = '', said = null, attachments = [], corrects = null, ...told } = draft
  return { ...told, place, from, to, note, said, attachments, corrects, number, enteredAt }
}

/** The bytes whose SHA-256 is the entry's hash: one line of JSON, keys in order, no white space. docs/devices.md describes it. */
export function canonicalEntry(entry: CustodyEntry, previous: string): string {
  const { at, corrects, deviceId, enteredAt, from, note, number, person, place, step, to } = entry
  const attachments = entry.attachments.map(({ bytes, sha256, type }) => ({ bytes, sha256, type }))
  const said = entry.said === null ? null : Object.fromEntries(Object.entries(entry.said).sort(([a], [b]) => (a < b ? -1 : 1)))
  return JSON.stringify({ at, attachments, corrects, deviceId, enteredAt, from, note, number, person, place, previous, said, step, to })
}

/** Numbers of entries that a later one corrects, with that one. */
export function corrections<Entry extends CustodyEntry>(entries: readonly Entry[]): ReadonlyMap<number, Entry> {
  return new Map(entries.flatMap((entry) => (entry.corrects === null ? [] : [[entry.corrects, entry] as const])))
}

/** What holds: entries that nobody has corrected, without the corrections themselves. */
export function standing<Entry extends CustodyEntry>(entries: readonly Entry[]): readonly Entry[] {
  const corrected = corrections(entries)
  return entries.filter(({ number, step }) => step !== 'correction' && !corrected.has(number))
}

/** Handed to the carrier, whatever AWS has heard of it yet; also where the entry was corrected since: it left the house. */
export function isHandedOver(entries: readonly Pick<CustodyEntry, 'step'>[]): boolean {
  return entries.some(({ step }) => step === 'handed-over')
}

/** Only what a person entered can be an error of a person. */
export function isByFirn({ step, person }: Pick<CustodyEntry, 'step' | 'person'>): boolean {
  return person === firnItself || !(step === 'given-up' || step === 'correction' || stepsByHand.some((one) => one === step))
}
