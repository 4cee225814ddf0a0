/** FleetWatch: which devices travel, and which have just been delivered, from the journal alone. */
import type { JobState } from '../../../shared/domain/device.ts'
import type { DeviceId } from '../../../shared/domain/transfer.ts'
import type { DeviceRecord, Journal } from '../../../shared/ports/journal.ts'
import type { Clock } from '../../../shared/ports/world.ts'
import { second } from '../../../shared/units/duration.ts'
import { isTravelling } from '../awaitDevices.ts'

/** The journal counts what is on each device: not asked again for many times as long as it took. */
const patience = 50
const leastPause = second

export class FleetWatch {
  readonly #journal: Pick<Journal, 'devices' | 'custody'>
  readonly #clock: Clock
  readonly #delivered: (device: DeviceId) => void
  readonly #states = new Map<DeviceId, JobState>()
  #travels = false
  #lookAgainAt = Number.NEGATIVE_INFINITY

  constructor(journal: Pick<Journal, 'devices' | 'custody'>, clock: Clock, delivered: (device: DeviceId) => void) {
    this.#journal = journal
    this.#clock = clock
    this.#delivered = delivered
  }

  /** Whether a device with a job travels. */
  travels(): boolean {
    if (this.#clock.monotonic() >= this.#lookAgainAt) this.look()
    return this.#travels
  }

  look(): void {
    const startedAt = this.#clock.monotonic()
    const devices = this.#journal.devices()
    const took = this.#clock.monotonic() - startedAt
    this.#lookAgainAt = startedAt + took + Math.max(leastPause, patience * took)
    this.#travels = devices.some((device) => device.jobId !== undefined && isTravelling(this.#journal, device))
    for (const device of devices) this.#see(device)
  }

  /** Told once for each delivery that is seen to happen; a device that was on site when the migration was opened is no news. */
  #see({ id, state }: DeviceRecord): void {
    const before = this.#states.get(id)
    this.#states.set(id, state)
    if (before !== undefined && before !== state && state === 'WithCustomer') this.#delivered(id)
  }
}
