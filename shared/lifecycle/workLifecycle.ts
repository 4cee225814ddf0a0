/** The life of works: which may run beside each other, which begins next, and what each state allows. Pure; the engine's scheduler acts on it. */
import type { WorkCondition, WorkKind, WorkReason } from '../domain/work.ts'

export type QueuedWork = {
  readonly id: string
  readonly kind: WorkKind
  readonly deviceId: number | null
  readonly state: WorkCondition
  readonly because: WorkReason | null
  /** Of a stopping work: what it becomes once it has stopped. */
  readonly becomes: 'paused' | 'cancelled' | 'waiting' | 'done' | null
  /** Of a waiting work: the moment before which it does not begin (it is tried again after a pause). */
  readonly notBefore: number | null
}

/** In order: open works as they take their turn, then those that are over, the newest last. */
export type WorkQueue = { readonly works: readonly QueuedWork[]; readonly pausedAll: boolean }

export const emptyQueue: WorkQueue = { works: [], pausedAll: false }
export const mostOpenWorks = 60
export const mostEndedWorks = 30
/** Each load holds buffers of its own and reads the same source. */
const mostLoadsAtOnce = 4

export type WorkEvent =
  | { readonly kind: 'start'; readonly id: string; readonly work: Pick<QueuedWork, 'kind' | 'deviceId'> }
  | { readonly kind: 'pause' | 'resume' | 'cancel' | 'began'; readonly id: string }
  /** A person's work needs the place of one that Firn runs by itself: it ends, and comes back later by itself. */
  | { readonly kind: 'give-way'; readonly id: string }
  | { readonly kind: 'move'; readonly id: string; readonly before: string | null }
  | { readonly kind: 'pause-all' | 'resume-all' | 'clear' }
  /** stopped: because it was told to. later: a fault that passes by itself; `notBefore`: when it is tried again. */
  | { readonly kind: 'ended'; readonly id: string; readonly how: 'done' | 'failed' | 'stopped' }
  | { readonly kind: 'ended'; readonly id: string; readonly how: 'later'; readonly notBefore: number }

/**
 * What a kind may run beside. Scan, plan, verification and evidence each judge or change what the others rely on; landing waits for an end of what push
 * begins; loading a device changes nothing that is in S3. Tracking contradicts only what tracks by itself.
 */
const beside: Readonly<Record<WorkKind, readonly WorkKind[]>> = {
  prepare: [],
  rehearsal: [],
  scan: ['track', 'land'],
  plan: ['track', 'land'],
  load: ['load', 'inspect', 'link', 'push', 'track', 'land', 'verify'],
  inspect: ['load', 'inspect', 'link', 'push', 'track', 'land', 'verify'],
  link: ['load', 'inspect', 'push', 'track', 'land'],
  push: ['load', 'inspect', 'link', 'track'],
  land: ['scan', 'plan', 'load', 'inspect', 'link', 'track', 'evidence'],
  verify: ['load', 'inspect', 'track'],
  evidence: ['track', 'land'],
  track: ['scan', 'plan', 'load', 'inspect', 'link', 'push', 'land', 'verify', 'evidence'],
}

export function mayRunBeside(one: Pick<QueuedWork, 'kind' | 'deviceId'>, other: Pick<QueuedWork, 'kind' | 'deviceId'>): boolean {
  // A device is either loaded or looked at.
  const sameDevice = one.deviceId !== null && one.deviceId === other.deviceId
  return !isSame(one, other) && !sameDevice && beside[one.kind].includes(other.kind)
}

export function isSame(one: Pick<QueuedWork, 'kind' | 'deviceId'>, other: Pick<QueuedWork, 'kind' | 'deviceId'>): boolean {
  return one.kind === other.kind && one.deviceId === other.deviceId
}

export function isOpen({ state }: Pick<QueuedWork, 'state'>): boolean {
  return state === 'waiting' || state === 'running' || state === 'stopping' || state === 'paused'
}

export function isActive({ state }: Pick<QueuedWork, 'state'>): boolean {
  return state === 'running' || state === 'stopping'
}

/** The open work of this kind and device: there is at most one. */
export function openWork(queue: WorkQueue, work: Pick<QueuedWork, 'kind' | 'deviceId'>): QueuedWork | undefined {
  return queue.works.find((one) => isOpen(one) && isSame(one, work))
}

export const workActions = ['pause', 'resume', 'cancel', 'move'] as const
export type WorkAction = (typeof workActions)[number]

/** The buttons of a work. */
export function allowedWorkActions(work: Pick<QueuedWork, 'state' | 'because'>): readonly WorkAction[] {
  switch (work.state) {
    case 'waiting':
      return ['pause', 'cancel', 'move']
    case 'running':
      return ['pause', 'cancel']
    case 'stopping':
      return ['resume', 'cancel']
    case 'paused':
      return work.because === 'pause-all' ? ['cancel', 'move'] : ['resume', 'cancel', 'move']
    case 'failed':
      return ['resume']
    case 'done':
    case 'cancelled':
      return []
  }
}

/** Works that begin now, in order. A later work never overtakes an earlier one that it contradicts. */
export function mayBegin(queue: WorkQueue, now: number): readonly string[] {
  if (queue.pausedAll) return []
  const active = queue.works.filter(isActive)
  const passedOver: QueuedWork[] = []
  const begin: string[] = []
  for (const work of queue.works) {
    if (!isReady(work, now)) continue
    const loads = active.filter((one) => one.kind === 'load').length
    const room = work.kind !== 'load' || loads < mostLoadsAtOnce
    if (room && [...active, ...passedOver].every((other) => mayRunBeside(work, other))) {
      active.push(work)
      begin.push(work.id)
    } else if (room) {
      passedOver.push(work)
    }
  }
  return begin
}

/** Tracking that runs and stands in the way of what waits. */
export function shouldGiveWay(queue: WorkQueue, now: number): readonly string[] {
  if (queue.pausedAll) return []
  const ready = queue.works.filter((work) => isReady(work, now))
  return queue.works
    .filter((work) => work.kind === 'track' && work.state === 'running' && ready.some((other) => !mayRunBeside(other, work)))
    .map((work) => work.id)
}

function isReady(work: QueuedWork, now: number): boolean {
  return work.state === 'waiting' && (work.notBefore === null || work.notBefore <= now)
}

/** What does not fit the state of things changes nothing: the same queue comes back. */
export function next(queue: WorkQueue, event: WorkEvent): WorkQueue {
  switch (event.kind) {
    case 'start':
      return start(queue, event.id, event.work)
    case 'move':
      return move(queue, event.id, event.before)
    case 'pause-all': {
      const paused = { ...queue, pausedAll: true }
      return paused.works.reduce((all, work) => change(all, work.id, (one) => pause(one, 'pause-all')), paused)
    }
    case 'resume-all': {
      const resumed = { ...queue, pausedAll: false }
      return resumed.works.reduce(
        (all, work) => change(all, work.id, (one) => (one.because === 'pause-all' ? resume(one, false) : one)),
        resumed,
      )
    }
    case 'clear':
      return queue.works.every(isOpen) ? queue : { ...queue, works: queue.works.filter(isOpen) }
    case 'pause':
      return change(queue, event.id, (work) => pause(work, 'person'))
    case 'resume':
      return change(queue, event.id, (work) =>
        work.state === 'failed' && (openWork(queue, work) !== undefined || isFull(queue)) ? work : resume(work, queue.pausedAll),
      )
    case 'cancel':
      return change(queue, event.id, cancel)
    case 'began':
      return change(queue, event.id, (work) => (work.state === 'waiting' ? { ...work, ...still, state: 'running' } : work))
    case 'give-way':
      return change(queue, event.id, (work) => (work.state === 'running' ? { ...work, state: 'stopping', becomes: 'done' } : work))
    case 'ended':
      return change(queue, event.id, (work) => ended(work, event))
  }
}

export function isFull(queue: WorkQueue): boolean {
  return queue.works.filter(isOpen).length >= mostOpenWorks
}

const still = { because: null, becomes: null, notBefore: null } as const

function start(queue: WorkQueue, id: string, work: Pick<QueuedWork, 'kind' | 'deviceId'>): WorkQueue {
  const there = openWork(queue, work)
  if (there !== undefined) return change(queue, there.id, (one) => resume(one, queue.pausedAll))
  if (isFull(queue) || queue.works.some((one) => one.id === id)) return queue
  const fresh: QueuedWork = { id, kind: work.kind, deviceId: work.deviceId, state: 'waiting', ...still }
  return inOrder(queue, [...queue.works, queue.pausedAll ? pause(fresh, 'pause-all') : fresh])
}

function pause(work: QueuedWork, because: 'person' | 'pause-all'): QueuedWork {
  switch (work.state) {
    case 'waiting':
      return { ...work, ...still, state: 'paused', because }
    case 'running':
      return { ...work, state: 'stopping', becomes: 'paused', because }
    case 'stopping':
      return work.becomes === 'waiting' ? { ...work, becomes: 'paused', because } : work
    case 'paused':
    case 'done':
    case 'failed':
    case 'cancelled':
      return work
  }
}

function resume(work: QueuedWork, pausedAll: boolean): QueuedWork {
  switch (work.state) {
    case 'paused':
    case 'failed':
      return pausedAll ? { ...work, ...still, state: 'paused', because: 'pause-all' } : { ...work, ...still, state: 'waiting' }
    case 'stopping':
      return pausedAll ? { ...work, becomes: 'paused', because: 'pause-all' } : { ...work, becomes: 'waiting', because: null }
    case 'waiting':
      return { ...work, notBefore: null }
    case 'running':
    case 'done':
    case 'cancelled':
      return work
  }
}

function cancel(work: QueuedWork): QueuedWork {
  if (work.state === 'waiting' || work.state === 'paused') return { ...work, ...still, state: 'cancelled' }
  return isActive(work) ? { ...work, state: 'stopping', becomes: 'cancelled', because: 'person' } : work
}

function ended(work: QueuedWork, event: Extract<WorkEvent, { kind: 'ended' }>): QueuedWork {
  if (!isActive(work)) return work
  if (event.how === 'done') return { ...work, ...still, state: 'done' }
  if (work.becomes === 'cancelled' || work.becomes === 'done') return { ...work, ...still, state: work.becomes }
  if (event.how === 'failed') return { ...work, ...still, state: 'failed' }
  if (work.becomes === 'paused') return { ...work, ...still, state: 'paused', because: work.because }
  return { ...work, ...still, state: 'waiting', notBefore: event.how === 'later' ? event.notBefore : null }
}

function change(queue: WorkQueue, id: string, to: (work: QueuedWork) => QueuedWork): WorkQueue {
  const at = queue.works.findIndex((work) => work.id === id)
  const before = queue.works[at]
  if (before === undefined) return queue
  const after = to(before)
  if (isEqual(before, after)) return queue
  // What is over, and what is tried again after it was over, goes to the end of its part of the list.
  const works =
    isOpen(before) === isOpen(after) ? queue.works.with(at, after) : [...queue.works.slice(0, at), ...queue.works.slice(at + 1), after]
  return inOrder(queue, works)
}

function isEqual(one: QueuedWork, other: QueuedWork): boolean {
  const { state, because, becomes, notBefore } = other
  return one.state === state && one.because === because && one.becomes === becomes && one.notBefore === notBefore
}

function move(queue: WorkQueue, id: string, before: string | null): WorkQueue {
  const work = queue.works.find((one) => one.id === id)
  if (work === undefined || !allowedWorkActions(work).includes('move') || before === id) return queue
  const others = queue.works.filter((one) => one !== work)
  const at = before === null ? others.filter(isOpen).length : others.findIndex((one) => one.id === before && isOpen(one))
  return at < 0 ? queue : { ...queue, works: others.toSpliced(at, 0, work) }
}

/** Open works first; of those that are over the newest only. */
function inOrder(queue: WorkQueue, works: readonly QueuedWork[]): WorkQueue {
  return { ...queue, works: [...works.filter(isOpen), ...works.filter((work) => !isOpen(work)).slice(-mostEndedWorks)] }
}
