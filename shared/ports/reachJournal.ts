/** ReachJournal: how devices were reached. A part of the journal; see journal.ts for what holds of all its parts. */
import type { DeviceTakes } from '../domain/deviceProbe.ts'
import type { DeviceId } from '../domain/transfer.ts'

export interface ReachJournal {
  /** SHA-256 of the certificate that was pinned last. */
  pinnedCertificate(device: DeviceId): string | undefined
  pinCertificate(device: DeviceId, fingerprint: string, at: number): void
  /** What this endpoint of the device took. `undefined`: it was not tried out, or has another address since. */
  probed(device: DeviceId, endpoint: string): DeviceTakes | undefined
  addProbe(device: DeviceId, endpoint: string, takes: DeviceTakes, at: number): void
}
