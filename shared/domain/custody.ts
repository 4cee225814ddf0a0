/** Custody: who had the device when. Entries are only ever added; a correction is a new entry. */
import type { DeviceId } from './transfer.ts'

export const custodySteps = [
  'ordered',
  'received',
  'unlocked',
  'loading',
  'loaded',
  'inspected',
  'locked',
  'handed-over',
  'carrier',
  'at-aws',
  'imported',
  'erased',
  'given-up',
  'correction',
] as const
export type CustodyStep = (typeof custodySteps)[number]

export type CustodyEntry = {
  readonly deviceId: DeviceId
  /** Milliseconds since 1970. */
  readonly at: number
  readonly step: CustodyStep
  /** A person's name, or "Firn" for what the program saw by itself. */
  readonly person: string
  readonly place: string
  readonly note: string
}
