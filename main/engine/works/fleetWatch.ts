/** FleetWatch: which devices travel, and which have just been delivered, from the journal alone. */
import type { JobState } from '../../../shared/domain/device.ts'
import type { DeviceId } from '../../../shared/domain/transfer.ts'
import type { Journal } from '../../../shared/ports/journal.ts'
import { isTravelling } from '../awaitDevices.ts'

export class FleetWatch {
  readonly #journal: Pick<Journal, 'fleet' | 'custody'>
  readonly #delivered: (device: DeviceId) => void
  readonly #states = new Map<DeviceId, JobState>()

  /** `delivered` is told once for each delivery that is seen to happen; a device that was on site when the migration was opened is no news. */
  constructor(journal: Pick<Journal, 'fleet' | 'custody'>, delivered: (device: DeviceId) => void) {
    this.#journal = journal
    this.#delivered = delivered
  }

  /** @returns whether a device with a job travels. */
  look(): boolean {
    const devices = this.#journal.fleet()
    for (const { id, state } of devices) {
      const before = this.#states.get(id)
      this.#states.set(id, state)
      if (before !== undefined && before !== state && state === 'WithCustomer') this.#delivered(id)
    }
    return devices.some((device) => device.jobId !== undefined && isTravelling(this.#journal, device))
  }
}
