/** SpaceGuard: stops before a device is so full that writing to it may corrupt data (AWS Snowball guide: keep a margin). */
import { deviceFillCeiling } from '../../shared/domain/device.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { Space, Target } from '../../shared/ports/target.ts'
import type { Clock } from '../../shared/ports/world.ts'
import { MiB } from '../../shared/units/bytes.ts'
import { second } from '../../shared/units/duration.ts'

const askAgainAfterBytes = 256 * MiB
const askAgainAfterTime = 15 * second

export class SpaceGuard {
  readonly #target: Target
  readonly #clock: Clock
  #asked: { readonly space: Space | undefined; readonly at: number } | undefined
  #asking: Promise<void> | undefined
  #admitted = 0
  constructor(target: Target, clock: Clock) {
    this.#target = target
    this.#clock = clock
  }

  /** Call before sending `count` bytes. @throws Fault device-full. */
  async admit(count: number, signal: AbortSignal): Promise<void> {
    if (this.#isStale() || !this.#fits(count)) await this.#ask(signal)
    if (!this.#fits(count)) {
      const space = this.#asked?.space
      throw new Fault('device-full', space === undefined ? {} : { totalBytes: space.total, freeBytes: space.free })
    }
    this.#admitted += count
  }

  #isStale(): boolean {
    if (this.#asked === undefined) return true
    if (this.#asked.space === undefined) return false
    return this.#admitted >= askAgainAfterBytes || this.#clock.monotonic() - this.#asked.at >= askAgainAfterTime
  }

  #fits(count: number): boolean {
    const space = this.#asked?.space
    return space === undefined || space.total - space.free + this.#admitted + count <= space.total * deviceFillCeiling
  }

  async #ask(signal: AbortSignal): Promise<void> {
    this.#asking ??= this.#target
      .space(signal)
      .then((space) => {
        this.#asked = { space, at: this.#clock.monotonic() }
        this.#admitted = 0
      })
      .finally(() => {
        this.#asking = undefined
      })
    return this.#asking
  }
}
