/** Devices: one Snowball and its job. The device's kinds and sizes: AWS Snowball Edge Developer Guide, 2025-11. */
import { bytes, TB, type Bytes } from '../units/bytes.ts'

export type DeviceType = {
  readonly snowballType: string
  readonly capacity: string
  readonly name: string
  readonly usable: Bytes
  readonly orderable: boolean
}

/** Types that an account may still order (late 2025). Older models have not been orderable since 2024-11-12. */
export const deviceTypes: readonly DeviceType[] = [
  { snowballType: 'V3_5S', capacity: 'T240', name: 'Snowball Edge Storage Optimized 210 TB', usable: bytes(210 * TB), orderable: true },
]

/** Writing to a full device can corrupt data: Firn stops here. */
export const deviceFillCeiling = 0.95

/** AWS's job states; an unknown one passes through by its own name (AWS Snowball API, JobState). */
export const jobStates = [
  'New',
  'PreparingAppliance',
  'PreparingShipment',
  'InTransitToCustomer',
  'WithCustomer',
  'InTransitToAWS',
  'WithAWSSortingFacility',
  'WithAWS',
  'InProgress',
  'Complete',
  'Cancelled',
  'Listing',
  'Pending',
] as const
export type KnownJobState = (typeof jobStates)[number]
export type JobState = KnownJobState | (string & {})

export function isKnownJobState(text: string): text is KnownJobState {
  return (jobStates as readonly string[]).includes(text)
}
