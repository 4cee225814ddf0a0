/** Works: what a migration's engine does, queued, watched and kept from one start of the engine to the next. */
import type { Notice } from '../../../shared/contract/engineWire.ts'
import type { BandwidthLimits } from '../../../shared/contract/limits.ts'
import type { WorkState } from '../../../shared/contract/snapshot.ts'
import type { Route } from '../../../shared/domain/route.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { isActive, isOpen, openWork } from '../../../shared/lifecycle/workLifecycle.ts'
import { minute, second } from '../../../shared/units/duration.ts'
import { Limiter } from '../limits/limiter.ts'
import type { Rate } from '../limits/tokenBucket.ts'
import type { Session } from '../session.ts'
import { FleetWatch } from './fleetWatch.ts'
import { readWorks, writeWorks } from './keptWorks.ts'
import { Scheduler } from './scheduler.ts'
import { checkOptions, type StartedWork } from './startedWork.ts'
import { workTaker } from './takeWork.ts'
import type { Moved } from './workMeter.ts'
import { WorkNotices } from './workNotices.ts'

export type { StartedWork }

export type Works = {
  /**
   * Queued, and begun as soon as nothing stands in its way. The same work twice is one.
   * @throws Fault bad-input for options that cannot be used, work-running when the queue is full.
   */
  start(work: StartedWork): string
  /** @throws Fault bad-input when there is no such work; what a work's state does not allow changes nothing. So for the next three. */
  pause(id: string): void
  /** Goes on; of one that failed: tries again. */
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
  /** Whether something runs, or would as soon as its turn comes. Tracking is not meant: it only asks. */
  busy(): boolean
  limits(): BandwidthLimits
  saveLimits(limits: BandwidthLimits): BandwidthLimits
  /** What holds for a route now, and when that changes. */
  limitOf(route: Route): { readonly rate: Rate; readonly changesAt: number | undefined }
  /** What has moved by each route since the migration was opened. */
  moved(): Readonly<Record<Route, Moved>>
  /** Stops everything cleanly; what ran goes on when the migration is opened again. */
  close(): Promise<void>
}

const looksEvery = second

export function openWorks(session: Session, tell: (notice: Notice) => void): Works {
  const { migration, folder, signal } = session
  const { world, journal, config } = migration
  const limiter = new Limiter(folder, world)
  const notices = new WorkNotices(world.clock, tell)
  const fleet = new FleetWatch(journal, (device) => notices.delivered(device))
  const moved: Record<Route, Moved> = { device: none, share: none, link: none }
  let pause = new AbortController()
  /** Tracking that a person has ended does not come back by itself. */
  let trackingUnwanted = false

  const scheduler: Scheduler = new Scheduler({
    world,
    take: workTaker(session, limiter, {
      moved: (route, more) => {
        moved[route] = { items: moved[route].items + more.items, bytes: moved[route].bytes + more.bytes }
      },
      verified: (outcome) => notices.verified(outcome),
      tracked: () => void fleet.look(),
      lookNow: () => {
        pause = new AbortController()
        return pause.signal
      },
    }),
    kept: readWorks(folder, world.log),
    keep: (works) => writeWorks(folder, works),
    signal,
    retryPause: config.rehearsal === undefined ? minute / 2 : second,
    ended: (work, fault) => notices.ended(work, fault),
  })

  let closed = false
  const look = (): void => {
    try {
      if (fleet.look() && !trackingUnwanted && mayTrack(scheduler)) scheduler.start({ kind: 'track' })
      scheduler.look()
      notices.look(scheduler.states())
    } catch (error) {
      const { code, facts } = error instanceof Fault ? error : new Fault('unforeseen', {}, { cause: error })
      world.log.error('works', code, facts)
    }
  }
  const timer = setInterval(look, looksEvery)
  timer.unref()

  return {
    start(work) {
      checkOptions(work, config, world.clock.now())
      if (work.kind === 'track') {
        trackingUnwanted = false
        pause.abort()
      }
      return scheduler.start(work)
    },
    pause: (id) => scheduler.tell({ kind: 'pause', id }),
    resume: (id) => scheduler.tell({ kind: 'resume', id }),
    cancel(id) {
      if (scheduler.queue().works.some((work) => work.id === id && work.kind === 'track')) trackingUnwanted = true
      scheduler.tell({ kind: 'cancel', id })
    },
    move: (id, before) => scheduler.tell({ kind: 'move', id, before }),
    pauseAll: () => scheduler.tell({ kind: 'pause-all' }),
    resumeAll: () => scheduler.tell({ kind: 'resume-all' }),
    clear: () => scheduler.tell({ kind: 'clear' }),
    states: () => scheduler.states(),
    pausedAll: () => scheduler.queue().pausedAll,
    busy: () => scheduler.queue().works.some((work) => work.kind !== 'track' && (isActive(work) || work.state === 'waiting')),
    limits: () => limiter.limits(),
    saveLimits: (limits) => limiter.save(limits),
    limitOf: (route) => limiter.holding(route),
    moved: () => ({ ...moved }),
    async close() {
      if (closed) return
      closed = true
      clearInterval(timer)
      const left = await scheduler.close()
      limiter.close()
      // A thread inside a system call of a dead mount cannot be ended. It is given up, and the next start finds what it wrote.
      if (left > 0) world.log.error('works', 'not-ended-in-time', { works: left })
    },
  }
}

const none: Moved = { items: 0, bytes: 0 }

/** By itself tracking only begins where it stands in nobody's way. */
function mayTrack(scheduler: Scheduler): boolean {
  const queue = scheduler.queue()
  return (
    !queue.pausedAll &&
    openWork(queue, { kind: 'track', deviceId: null }) === undefined &&
    !queue.works.some((work) => isOpen(work) && work.state !== 'paused' && (work.kind === 'rehearsal' || work.kind === 'prepare'))
  )
}
