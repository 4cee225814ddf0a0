/** The queue of works, whatever happens in whatever order: it never stands still for nothing, loses nothing, and keeps contradicting works apart. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { workKinds, type WorkKind } from '../../shared/domain/work.ts'
import {
  allowedWorkActions,
  emptyQueue,
  isActive,
  isOpen,
  mayBegin,
  mayRunBeside,
  mostEndedWorks,
  mostOpenWorks,
  next,
  openWork,
  shouldGiveWay,
  type WorkEvent,
  type WorkQueue,
} from '../../shared/lifecycle/workLifecycle.ts'

const ids = Array.from({ length: 12 }, (_, at) => `w${at}`)
const anId = fc.constantFrom(...ids)
const aWork = fc.record({
  kind: fc.constantFrom(...workKinds),
  deviceId: fc.constantFrom(1, 2, 3),
})
const anEvent: fc.Arbitrary<WorkEvent> = fc.oneof(
  fc.record({ kind: fc.constant('start' as const), id: anId, work: aWork.map((work) => ofDevice(work)) }),
  fc.record({
    kind: fc.constantFrom('pause' as const, 'resume' as const, 'cancel' as const, 'began' as const, 'give-way' as const),
    id: anId,
  }),
  fc.record({ kind: fc.constant('move' as const), id: anId, before: fc.option(anId) }),
  fc.record({ kind: fc.constantFrom('pause-all' as const, 'resume-all' as const, 'clear' as const) }),
  fc.record({
    kind: fc.constant('ended' as const),
    id: anId,
    how: fc.constantFrom('done' as const, 'failed' as const, 'stopped' as const),
  }),
  fc.record({
    kind: fc.constant('ended' as const),
    id: anId,
    how: fc.constant('later' as const),
    notBefore: fc.integer({ min: 0, max: 100 }),
  }),
)

function ofDevice({ kind, deviceId }: { kind: WorkKind; deviceId: number }) {
  return { kind, deviceId: kind === 'load' ? deviceId : null }
}

/** What the scheduler does after each event: begin what may begin. Began-events of its own would be against its own rule. */
function settled(queue: WorkQueue, event: WorkEvent, now = 50): WorkQueue {
  const after = event.kind === 'began' ? queue : next(queue, event)
  return mayBegin(after, now).reduce((all, id) => next(all, { kind: 'began', id }), after)
}

function run(events: readonly WorkEvent[]): WorkQueue {
  return events.reduce((queue, event) => settled(queue, event), emptyQueue)
}

function started(...works: readonly (WorkKind | [WorkKind, number])[]): WorkQueue {
  return works.reduce<WorkQueue>((queue, work, at) => {
    const [kind, deviceId] = typeof work === 'string' ? [work, null] : work
    return settled(queue, { kind: 'start', id: `w${at}`, work: { kind, deviceId } })
  }, emptyQueue)
}

const running = (queue: WorkQueue): string[] => queue.works.filter(isActive).map((work) => work.kind)

describe('whatever happens to a queue', () => {
  test('what runs beside each other may, and of a kind and device one is open at most', () => {
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 60 }), (events) => {
        const queue = run(events)
        const active = queue.works.filter(isActive)
        for (const [at, one] of active.entries()) {
          for (const other of active.slice(at + 1)) expect(mayRunBeside(one, other), `${one.kind} beside ${other.kind}`).toBe(true)
        }
        const open = queue.works.filter(isOpen).map((work) => `${work.kind} ${work.deviceId ?? ''}`)
        expect(new Set(open).size).toBe(open.length)
        expect(open.length).toBeLessThanOrEqual(mostOpenWorks)
        expect(queue.works.length - open.length).toBeLessThanOrEqual(mostEndedWorks)
      }),
    )
  })

  test('it never stands still: with nothing active and nothing paused, something begins', () => {
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 60 }), (events) => {
        let queue = next(run(events), { kind: 'resume-all' })
        for (let steps = 0; queue.works.some((work) => work.state === 'waiting' || isActive(work)); steps += 1) {
          expect(steps).toBeLessThan(mostOpenWorks * 3)
          const begun = mayBegin(queue, 1000)
          for (const id of begun) queue = next(queue, { kind: 'began', id })
          const active = queue.works.filter(isActive)
          expect(active.length).toBeGreaterThan(0)
          for (const { id } of active) queue = next(queue, { kind: 'ended', id, how: 'done' })
        }
      }),
    )
  })

  test('no open work is lost but by its end, its cancel, or the person who clears what is over', () => {
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 40 }), anEvent, (events, last) => {
        const before = run(events)
        const after = settled(before, last)
        for (const work of before.works.filter(isOpen)) {
          const now = after.works.find((one) => one.id === work.id)
          expect(now).toBeDefined()
          if (now !== undefined && !isOpen(now)) expect(['ended', 'cancel']).toContain(last.kind)
        }
      }),
    )
  })

  test('the order of what waits is kept unless a person moves something', () => {
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 40 }), anEvent, (events, last) => {
        const before = run(events)
        if (last.kind === 'move') return
        const after = settled(before, last)
        const stay = (queue: WorkQueue, other: WorkQueue): string[] =>
          queue.works.filter((work) => isOpen(work) && other.works.some((one) => one.id === work.id && isOpen(one))).map((work) => work.id)
        expect(stay(after, before)).toEqual(stay(before, after))
      }),
    )
  })

  test('a button that is not offered does nothing, and one that is offered does something', () => {
    fc.assert(
      fc.property(
        fc.array(anEvent, { maxLength: 40 }),
        fc.constantFrom('pause' as const, 'resume' as const, 'cancel' as const),
        (events, action) => {
          const queue = run(events)
          for (const work of queue.works) {
            const after = next(queue, { kind: action, id: work.id })
            const changed = after !== queue
            const offered = allowedWorkActions(work).includes(action)
            if (!offered && !(work.state === 'waiting' && work.notBefore !== null))
              expect(changed, `${action} of ${work.state}`).toBe(false)
            // A failed work cannot be tried again while the same one is open already.
            if (offered && work.state === 'paused') expect(changed).toBe(true)
            if (offered && work.state === 'running') expect(changed).toBe(true)
          }
        },
      ),
    )
  })
})

describe('beside each other', () => {
  test('devices are loaded, the share is pushed to and devices are tracked all at once', () => {
    expect(running(started(['load', 1], ['load', 2], 'push', 'link', 'track'))).toEqual(['load', 'load', 'push', 'link', 'track'])
  })

  test('at most four devices are loaded at once', () => {
    expect(running(started(['load', 1], ['load', 2], ['load', 3], ['load', 4], ['load', 5])).length).toBe(4)
  })

  test('the rule reads the same from both sides', () => {
    for (const one of workKinds) {
      for (const other of workKinds) {
        const [a, b] = [
          { kind: one, deviceId: 1 },
          { kind: other, deviceId: 2 },
        ]
        expect(mayRunBeside(a, b), `${one} and ${other}`).toBe(mayRunBeside(b, a))
      }
    }
  })

  test('verification waits for the push, and what comes later does not overtake it', () => {
    const queue = started('push', 'verify', 'link', ['load', 1])
    expect(running(queue)).toEqual(['push', 'load'])
    const after = settled(queue, { kind: 'ended', id: 'w0', how: 'done' })
    expect(running(after)).toEqual(['verify', 'load'])
  })

  test('tracking gives way to a rehearsal, which tracks by itself', () => {
    const queue = started('track', 'rehearsal')
    expect(shouldGiveWay(queue, 0)).toEqual(['w0'])
    const after = settled(next(queue, { kind: 'give-way', id: 'w0' }), { kind: 'ended', id: 'w0', how: 'stopped' })
    expect(after.works.map((work) => `${work.kind} ${work.state}`)).toEqual(['rehearsal running', 'track done'])
  })
})

describe('one work', () => {
  test('asked for twice is one', () => {
    const queue = settled(started('scan'), { kind: 'start', id: 'again', work: { kind: 'scan', deviceId: null } })
    expect(queue.works.map((work) => work.id)).toEqual(['w0'])
  })

  test('asked for again while it is being cancelled begins again when it has stopped', () => {
    let queue = settled(started('push'), { kind: 'cancel', id: 'w0' })
    queue = settled(queue, { kind: 'start', id: 'again', work: { kind: 'push', deviceId: null } })
    queue = next(queue, { kind: 'ended', id: 'w0', how: 'stopped' })
    expect(queue.works[0]).toMatchObject({ id: 'w0', state: 'waiting' })
  })

  test('that was done before its pause took effect is done', () => {
    const queue = settled(settled(started('scan'), { kind: 'pause', id: 'w0' }), { kind: 'ended', id: 'w0', how: 'done' })
    expect(queue.works[0]).toMatchObject({ state: 'done', because: null })
  })

  test('paused by a person stays paused when all are resumed; the others go on in their order', () => {
    let queue = started('push', ['load', 1], ['load', 2])
    queue = settled(queue, { kind: 'pause', id: 'w1' })
    queue = settled(queue, { kind: 'pause-all' })
    for (const id of ['w0', 'w1', 'w2']) queue = settled(queue, { kind: 'ended', id, how: 'stopped' })
    expect(queue.works.map((work) => work.because)).toEqual(['pause-all', 'person', 'pause-all'])
    queue = settled(queue, { kind: 'start', id: 'late', work: { kind: 'link', deviceId: null } })
    expect(openWork(queue, { kind: 'link', deviceId: null })).toMatchObject({ state: 'paused', because: 'pause-all' })
    queue = settled(queue, { kind: 'resume-all' })
    expect(queue.works.map((work) => `${work.id} ${work.state}`)).toEqual(['w0 running', 'w1 paused', 'w2 running', 'late running'])
  })

  test('that is tried again later waits for its moment and holds nobody up', () => {
    let queue = started('push', 'verify')
    queue = settled(queue, { kind: 'ended', id: 'w0', how: 'later', notBefore: 500 })
    expect(running(queue)).toEqual(['verify'])
    queue = settled(queue, { kind: 'ended', id: 'w1', how: 'done' })
    expect(running(queue)).toEqual([])
    expect(mayBegin(queue, 500)).toEqual(['w0'])
  })

  test('moved before another takes its turn before it', () => {
    const queue = settled(started('push', 'verify', 'evidence', 'scan'), { kind: 'move', id: 'w3', before: 'w1' })
    expect(queue.works.map((work) => work.kind)).toEqual(['push', 'scan', 'verify', 'evidence'])
    expect(running(settled(queue, { kind: 'ended', id: 'w0', how: 'done' }))).toEqual(['scan'])
  })
})
