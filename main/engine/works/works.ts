/** What the application may do with works and limits: the face of the scheduler. */
import type { WorkToStart } from '../../../shared/contract/calls/works.ts'
import type { BandwidthLimits } from '../../../shared/contract/limits.ts'
import type { WorkState } from '../../../shared/contract/snapshot.ts'

/** `prepare` is begun by the engine itself, for a rehearsal whose archive is still to be made. */
export type StartedWork = WorkToStart | { readonly kind: 'prepare' }

export type Works = {
  /** Queued, and begun as soon as nothing stands in its way. The same work twice is one. @throws Fault work-running when the queue is full. */
  start(work: StartedWork): string
  /** @throws Fault bad-input when there is no such work; what a work's state does not allow changes nothing. So for the next three. */
  pause(id: string): void
  resume(id: string): void
  cancel(id: string): void
  /** Puts a waiting work before another; `null`: at the end. */
  move(id: string, before: string | null): void
  pauseAll(): void
  resumeAll(): void
  /** Takes works that are over off the list. */
  clear(): void
  states(): readonly WorkState[]
  pausedAll(): boolean
  /** Whether something runs, or would as soon as its turn comes. */
  busy(): boolean
  limits(): BandwidthLimits
  saveLimits(limits: BandwidthLimits): BandwidthLimits
  /** Stops everything cleanly; what ran goes on when the migration is opened again. */
  close(): Promise<void>
}
