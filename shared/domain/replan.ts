/** Planning anew what a device did not take: because it is full early, or because it died with all that was on it. */
import type { DeviceId } from './transfer.ts'

/** full: what was confirmed stays on it. dead: nothing on it counts, whatever it confirmed. */
export const replanCauses = ['full', 'dead'] as const
export type ReplanCause = (typeof replanCauses)[number]

export type ReplanTo = { readonly route: 'link' } | { readonly route: 'device'; readonly deviceId: DeviceId }

export type Replan = {
  readonly id: number
  readonly deviceId: DeviceId
  readonly cause: ReplanCause
  readonly to: ReplanTo
  /** Who decided. */
  readonly person: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** Moved so far; all of it once `finished`. */
  readonly items: number
  readonly bytes: number
  readonly finished: boolean
}
