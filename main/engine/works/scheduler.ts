/** Scheduler: runs works as the rules of workLifecycle.ts allow, keeps them in their file, and lets nothing be written after a stop. What a work does is given. */
import type { WorkState } from '../../../shared/contract/snapshot.ts'
import { faultToWire } from '../../../shared/contract/wire.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import {
  isActive,
  isFull,
  isOpen,
  mayBegin,
  next,
  openWork,
  shouldGiveWay,
  type QueuedWork,
  type WorkEvent,
  type WorkQueue,
} from '../../../shared/lifecycle/workLifecycle.ts'
import type { World } from '../../../shared/ports/world.ts'
import { minute, second } from '../../../shared/units/duration.ts'
import { systemFault } from '../systemFault.ts'
import type { KeptWork, KeptWorks } from './keptWorks.ts'
import { deviceOf, type StartedWork } from './startedWork.ts'
import { WorkMeter } from './workMeter.ts'

export type WorkEnd = { readonly needsLook: boolean }
/** Does a work; rejects when it fails or is stopped, and only when all it began has ended. */
export type TakeWork = (work: StartedWork, meter: WorkMeter, signal: AbortSignal) => Promise<WorkEnd>

export type SchedulerOptions = {
  readonly world: World
  readonly take: TakeWork
  readonly kept: KeptWorks
  /** @throws when it cannot be kept. */
  readonly keep: (works: KeptWorks) => void
  /** Aborts when nothing can go on, with the fault that says why. */
  readonly signal: AbortSignal
  /** First pause before a work is tried again; each next one is twice as long. */
  readonly retryPause: number
  readonly ended: (work: QueuedWork, fault: Fault | undefined) => void
}

/** A work that has run for so long is not what ended the engine's process. */
const soundAfter = minute
const mostCutShort = 3
const mostRetries = 5
const longestRetryPause = 10 * minute
/** Longer than a share's thread is given to come back from a system call. */
const closeWait = 15 * second

type Entry = {
  readonly id: string
  work: StartedWork
  meter: WorkMeter
  cutShort: number
  retries: number
  startedAt: number | null
  endedAt: number | null
  fault: Fault | undefined
  needsLook: boolean
  controller: AbortController | undefined
  running: Promise<void> | undefined
}

export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #world: World
  readonly #entries = new Map<string, Entry>()
  readonly #timers = new AbortController()
  #queue: WorkQueue
  /** What the file holds. */
  #keptText: string
  #retryTimer: AbortController | undefined
  /** Works that ran when it was closed: they go on at the next start. */
  #cutOff: ReadonlySet<string> | undefined

  constructor(options: SchedulerOptions) {
    this.#options = options
    this.#world = options.world
    this.#keptText = JSON.stringify(options.kept)
    this.#queue = {
      pausedAll: options.kept.pausedAll,
      works: options.kept.works.map((work) => this.#restored(work, options.kept.pausedAll)),
    }
    this.#act()
  }

  /** @throws Fault work-running when the queue is full, disk-full and its kin when it cannot be kept. */
  start(work: StartedWork): string {
    const wanted = { kind: work.kind, deviceId: deviceOf(work) }
    const there = openWork(this.#queue, wanted)
    if (there === undefined && isFull(this.#queue)) throw new Fault('work-running', { queued: this.#queue.works.filter(isOpen).length })
    const id = there?.id ?? this.#world.random.uuid()
    const entry = this.#entries.get(id) ?? this.#fresh(id, work)
    // What runs already runs with the options it has.
    if (there === undefined || there.state === 'waiting' || there.state === 'paused') entry.work = work
    this.#entries.set(id, entry)
    const before = this.#queue
    this.#queue = next(before, { kind: 'start', id, work: wanted })
    try {
      this.#keep()
    } catch (error) {
      this.#queue = before
      if (there === undefined) this.#entries.delete(id)
      throw systemFault(error)
    }
    this.#act()
    return id
  }

  /** @throws Fault bad-input when an event speaks of a work that is not there. */
  tell(event: Exclude<WorkEvent, { readonly kind: 'start' | 'began' | 'ended' }>): void {
    if ('id' in event && !this.#entries.has(event.id)) throw new Fault('bad-input', { field: 'workId', problem: 'there is no such work' })
    this.#apply(event)
  }

  queue(): WorkQueue {
    return this.#queue
  }

  states(): readonly WorkState[] {
    return this.#queue.works.flatMap((work) => {
      const entry = this.#entries.get(work.id)
      return entry === undefined ? [] : [this.#state(work, entry)]
    })
  }

  /** Looked at every second or so: what has run for a while is sound. */
  look(): void {
    const now = this.#world.clock.now()
    for (const { id } of this.#queue.works.filter(isActive)) {
      const entry = this.#entries.get(id)
      if (entry !== undefined && entry.cutShort > 0 && entry.startedAt !== null && now - entry.startedAt >= soundAfter) entry.cutShort = 0
    }
    this.#act()
  }

  /** Stops what runs and waits for its end, though not for ever. @returns how many had not ended by then. */
  async close(): Promise<number> {
    const active = this.#queue.works.filter(isActive)
    this.#cutOff ??= new Set(active.filter(goesOn).map((work) => work.id))
    this.#timers.abort()
    this.#retryTimer?.abort()
    const entries = active.flatMap((work) => this.#entries.get(work.id) ?? [])
    for (const entry of entries) {
      entry.cutShort = 0
      entry.controller?.abort(new Fault('stopped'))
    }
    const over = new AbortController()
    const all = Promise.all(entries.flatMap((entry) => entry.running ?? [])).then(() => over.abort())
    await Promise.race([all, this.#world.clock.sleep(closeWait, over.signal).catch(() => undefined)])
    over.abort()
    this.#keepOrSay()
    return entries.filter((entry) => entry.running !== undefined).length
  }

  #restored(kept: KeptWork, pausedAll: boolean): QueuedWork {
    const entry = this.#fresh(kept.id, kept.work)
    entry.cutShort = kept.cutShort
    this.#entries.set(kept.id, entry)
    const work = { id: kept.id, kind: kept.work.kind, deviceId: deviceOf(kept.work), becomes: null, notBefore: null }
    if (kept.state === 'running' && kept.cutShort >= mostCutShort) {
      entry.cutShort = 0
      this.#world.log.error('works', 'ended-engine-again-and-again', { kind: kept.work.kind })
      return { ...work, state: 'paused', because: 'engine-restarted' }
    }
    if (pausedAll && kept.state !== 'paused') return { ...work, state: 'paused', because: 'pause-all' }
    if (kept.state === 'running') return { ...work, state: 'waiting', because: 'engine-restarted' }
    return { ...work, state: kept.state, because: kept.because }
  }

  #fresh(id: string, work: StartedWork): Entry {
    return {
      id,
      work,
      meter: new WorkMeter(this.#world.clock.now()),
      cutShort: 0,
      retries: 0,
      startedAt: null,
      endedAt: null,
      fault: undefined,
      needsLook: false,
      controller: undefined,
      running: undefined,
    }
  }

  #apply(event: WorkEvent): void {
    this.#queue = next(this.#queue, event)
    this.#act()
  }

  /** Does what the queue now asks for: stop, begin, keep, come back. */
  #act(): void {
    if (this.#cutOff !== undefined) return
    const now = this.#world.clock.now()
    for (const id of shouldGiveWay(this.#queue, now)) this.#queue = next(this.#queue, { kind: 'give-way', id })
    for (const { id, state } of this.#queue.works) {
      if (state === 'stopping') this.#entries.get(id)?.controller?.abort(new Fault('stopped'))
    }
    const begin = this.#options.signal.aborted ? [] : mayBegin(this.#queue, now)
    for (const id of begin) {
      this.#queue = next(this.#queue, { kind: 'began', id })
      const entry = this.#entries.get(id)
      if (entry !== undefined) entry.cutShort += 1
    }
    for (const id of this.#entries.keys()) if (!this.#queue.works.some((work) => work.id === id)) this.#entries.delete(id)
    // Durable before it runs: a work that ends the process must be found to have done so.
    this.#keepOrSay()
    for (const id of begin) {
      const entry = this.#entries.get(id)
      if (entry !== undefined) this.#run(entry)
    }
    this.#comeBack(now)
  }

  #run(entry: Entry): void {
    const controller = new AbortController()
    const now = this.#world.clock.now()
    entry.meter = new WorkMeter(now)
    entry.controller = controller
    entry.startedAt = now
    entry.endedAt = null
    entry.fault = undefined
    entry.needsLook = false
    const signal = AbortSignal.any([controller.signal, this.#options.signal])
    entry.running = this.#take(entry, signal)
      .then(
        (end) => this.#done(entry, end),
        (error: unknown) => this.#failed(entry, controller, error),
      )
      .catch((error: unknown) => this.#world.log.error('works', systemFault(error).code))
  }

  /** In a turn of its own, so that whatever it throws is its own. */
  async #take(entry: Entry, signal: AbortSignal): Promise<WorkEnd> {
    await Promise.resolve()
    return this.#options.take(entry.work, entry.meter, signal)
  }

  #done(entry: Entry, { needsLook }: WorkEnd): void {
    entry.needsLook = needsLook
    this.#end(entry, { kind: 'ended', id: entry.id, how: 'done' })
  }

  #failed(entry: Entry, controller: AbortController, error: unknown): void {
    const { signal } = this.#options
    const stopped = controller.signal.aborted || (signal.aborted && isStop(signal.reason))
    if (stopped) return this.#end(entry, { kind: 'ended', id: entry.id, how: 'stopped' })
    const fault = systemFault(signal.aborted ? signal.reason : error)
    this.#world.log.error('works', fault.code, { ...fault.facts, kind: entry.work.kind })
    entry.fault = fault
    const { items, bytes } = entry.meter.read(this.#world.clock.now(), false)
    entry.retries = items > 0 || bytes > 0 ? 1 : entry.retries + 1
    if (fault.retry === 'later' && entry.retries <= mostRetries && !signal.aborted) {
      const pause = Math.min(longestRetryPause, this.#options.retryPause * 2 ** (entry.retries - 1))
      const jitter = 0.75 + this.#world.random.fraction() / 2
      return this.#end(entry, { kind: 'ended', id: entry.id, how: 'later', notBefore: this.#world.clock.now() + pause * jitter })
    }
    this.#end(entry, { kind: 'ended', id: entry.id, how: 'failed' })
  }

  #end(entry: Entry, event: Extract<WorkEvent, { readonly kind: 'ended' }>): void {
    entry.running = undefined
    entry.controller = undefined
    entry.cutShort = 0
    entry.endedAt = this.#world.clock.now()
    this.#queue = next(this.#queue, event)
    const work = this.#queue.works.find((one) => one.id === entry.id)
    if (work !== undefined && !isOpen(work)) entry.retries = 0
    if (work !== undefined) this.#options.ended(work, entry.fault)
    this.#act()
  }

  /** For the first moment at which something is to be tried again. */
  #comeBack(now: number): void {
    this.#retryTimer?.abort()
    const moments = this.#queue.works.flatMap((work) => (work.state === 'waiting' && work.notBefore !== null ? [work.notBefore] : []))
    const later = moments.filter((moment) => moment > now)
    if (later.length === 0 || this.#timers.signal.aborted) return
    const timer = new AbortController()
    this.#retryTimer = timer
    void this.#world.clock.sleep(Math.min(...later) - now, timer.signal).then(
      () => this.#act(),
      () => undefined,
    )
  }

  #state(work: QueuedWork, entry: Entry): WorkState {
    const active = isActive(work)
    const metered = entry.meter.read(this.#world.clock.now(), active)
    const waiting = work.state !== 'waiting' ? metered.waitingFor : work.notBefore === null ? 'other-work' : 'retry'
    return {
      id: work.id,
      kind: work.kind,
      deviceId: work.deviceId,
      state: work.state,
      because: work.because,
      startedAt: entry.startedAt,
      endedAt: active ? null : entry.endedAt,
      ...metered,
      waitingFor: isOpen(work) ? waiting : null,
      fault: entry.fault === undefined ? null : faultToWire(entry.fault),
      needsLook: work.state === 'done' && entry.needsLook,
    }
  }

  #keepOrSay(): void {
    try {
      this.#keep()
    } catch (error) {
      const { code, facts } = systemFault(error)
      this.#world.log.error('works', 'works-not-kept', { ...facts, fault: code })
    }
  }

  #keep(): void {
    const works = this.#queue.works.flatMap((work): KeptWork[] => {
      const entry = this.#entries.get(work.id)
      const state = this.#keptState(work)
      return entry === undefined || state === undefined
        ? []
        : [{ id: work.id, work: entry.work, state, because: state === 'paused' ? work.because : null, cutShort: entry.cutShort }]
    })
    const kept: KeptWorks = { pausedAll: this.#queue.pausedAll, works }
    const text = JSON.stringify(kept)
    if (text === this.#keptText) return
    this.#options.keep(kept)
    this.#keptText = text
  }

  #keptState(work: QueuedWork): KeptWork['state'] | undefined {
    if (!isOpen(work)) return undefined
    if (this.#cutOff?.has(work.id) === true) return 'running'
    if (work.state === 'waiting' || work.state === 'running' || work.state === 'paused') return work.state
    return work.becomes === 'paused' || work.becomes === 'waiting' ? work.becomes : undefined
  }
}

/** Stopped by the end of the process and not by a person. */
function goesOn(work: QueuedWork): boolean {
  return work.state === 'running' || work.becomes === 'waiting'
}

function isStop(reason: unknown): boolean {
  return reason instanceof Fault && reason.code === 'stopped'
}
