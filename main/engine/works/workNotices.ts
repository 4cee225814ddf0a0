/** Notices of works: what a person wants to hear of away from the screen, each once per cause. No names, no paths. */
import type { Notice } from '../../../shared/contract/engineWire.ts'
import type { WorkState } from '../../../shared/contract/snapshot.ts'
import type { DeviceId } from '../../../shared/domain/transfer.ts'
import type { Fault } from '../../../shared/faults/fault.ts'
import type { QueuedWork } from '../../../shared/lifecycle/workLifecycle.ts'
import type { Clock } from '../../../shared/ports/world.ts'

/** The oldest causes are forgotten first. */
const mostCauses = 1000

export class WorkNotices {
  readonly #clock: Clock
  readonly #tell: (notice: Notice) => void
  readonly #told = new Set<string>()

  constructor(clock: Clock, tell: (notice: Notice) => void) {
    this.#clock = clock
    this.#tell = tell
  }

  delivered(device: DeviceId): void {
    this.#once(`delivered ${device}`, 'device-delivered', { device })
  }

  verified({ run, items, counts }: { readonly run: number; readonly items: number; readonly counts: { readonly verified: number } }): void {
    this.#once(`verified ${run}`, 'verification-done', { verified: counts.verified, notVerified: Math.max(items - counts.verified, 0) })
  }

  ended(work: QueuedWork, fault: Fault | undefined): void {
    if (work.state !== 'failed' || fault === undefined) return
    this.#once(`failed ${work.id} ${fault.code}`, 'failure', { kind: work.kind, code: fault.code, ...deviceOf(work) })
  }

  look(works: readonly WorkState[]): void {
    for (const work of works) {
      if (work.stalledSince === null) continue
      this.#once(`stalled ${work.id} ${work.stalledSince}`, 'lane-stalled', {
        kind: work.kind,
        since: work.stalledSince,
        ...deviceOf(work),
      })
    }
  }

  #once(cause: string, kind: Notice['kind'], facts: Notice['facts']): void {
    if (this.#told.has(cause)) return
    this.#told.add(cause)
    for (const oldest of this.#told) {
      if (this.#told.size <= mostCauses) break
      this.#told.delete(oldest)
    }
    this.#tell({ kind, at: this.#clock.now(), facts })
  }
}

function deviceOf({ deviceId }: Pick<WorkState, 'deviceId'>): Notice['facts'] {
  return deviceId === null ? {} : { device: deviceId }
}
