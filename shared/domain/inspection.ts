/** The inspection of a loaded device: what is on it, by number and by name, and a sample read back from it. Valid until something is loaded after it. */
import type { DeviceId } from './transfer.ts'

export type Inspection = {
  readonly deviceId: DeviceId
  /** Milliseconds since 1970. */
  readonly at: number
  readonly person: string
  /** With it and the items' numbers anybody can tell which items had to be read. */
  readonly seed: string
  readonly items: number
  readonly bytes: number
  readonly batches: number
  /** SHA-256 of the bill of materials, in hex: one line for each item that is on the device. */
  readonly manifestSha256: string
  /** Planned for the device and not on it, each for a reason of its own. */
  readonly leftBehindItems: number
  readonly leftBehindBytes: number
  readonly sampledItems: number
  readonly sampledBytes: number
  /** Items that did not come back as they were sent. */
  readonly differing: number
}

/** How much is read back: as many items as asked for, or fewer when they are large. */
export type SampleSize = { readonly items: number; readonly bytes: number } | 'all'

/** 500 items, or 10 GB, whichever is reached first. One altered item in 200 is found by it with a probability of 92 %; `all` leaves nothing to chance. */
export const usualSample = { items: 500, bytes: 10e9 } as const satisfies SampleSize
