/** The engine's process is kept alive: restarted when it ends, given up when that has no sense, and every end is shown. */
import { describe, expect, test } from 'vitest'
import { afterEnd, endsWithin, mostEnds, noEnds } from '../../main/hosting/restartPolicy.ts'
import { supervise } from '../../main/hosting/supervise.ts'
import { fromEngine, toEngine, type ToEngine } from '../../shared/contract/engineWire.ts'
import type { EngineState } from '../../shared/contract/hostState.ts'
import { heldClock, settle } from '../kit/heldClock.ts'
import { standInChildren, usual, type StandInChild } from '../kit/standInChild.ts'

describe('when to restart', () => {
  const ended = (every: number, ranFor: number, times: number) => {
    let ends = noEnds
    return Array.from({ length: times }, (_, nth) => {
      const next = afterEnd(ends, nth * every, ranFor)
      ends = next.ends
      return next.restartAfter
    })
  }

  test('at once, then after 1, 2, 4 … and never more than 30 seconds', () => {
    expect(ended(60_000, 5000, 9)).toEqual([0, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  })

  test('a run of ten minutes is forgiven: the next end restarts at once', () => {
    expect(ended(700_000, 600_000, 3)).toEqual([0, 0, 0])
  })

  test('five ends within two minutes, and it is given up', () => {
    expect(ended(1000, 500, mostEnds)).toEqual([0, 1000, 2000, 4000, undefined])
    expect(ended(endsWithin / (mostEnds - 1), 500, mostEnds).at(-1)).not.toBeUndefined()
    expect(ended(endsWithin / (mostEnds - 1) - 1, 500, mostEnds).at(-1)).toBeUndefined()
  })
})

describe('a supervised engine', () => {
  const supervised = (answer?: (message: ToEngine, child: StandInChild) => void) => {
    const clock = heldClock()
    const children = standInChildren(answer)
    const states: EngineState['state'][] = []
    const ends: string[] = []
    const engine = supervise({
      clock,
      start: () => children.start('engine'),
      greet: (post) => post(toEngine.parse({ kind: 'begin', home: '/home', open: null })),
      farewell: (post) => post({ kind: 'end' }),
      hear: (message) => fromEngine.parse(message).kind === 'ready',
      ended: (how, state) => void ends.push(`${how}: ${state}`),
      changed: ({ state }) => void states.push(state),
    })
    return { clock, children, states, ends, engine }
  }

  test('is starting until it says that it is ready', async () => {
    const { engine, states } = supervised()
    engine.start()
    expect(engine.state().state).toBe('starting')
    await settle()
    expect(states).toEqual(['starting', 'running'])
  })

  test('comes back by itself when it is killed, and says how often and how it ended', async () => {
    const { clock, children, engine, states, ends } = supervised()
    engine.start()
    await settle()
    children.last().end('SIGKILL')
    await clock.advance(0)
    expect(states).toEqual(['starting', 'running', 'restarting', 'restarting', 'running'])
    expect(engine.state()).toMatchObject({ state: 'running', restarts: 1, lastEnd: { how: 'SIGKILL', at: clock.now() } })
    expect(ends).toEqual(['SIGKILL: restarting'])
  })

  test('that ends again and again is given up; a person can start it again', async () => {
    let broken = true
    const { clock, children, engine, ends } = supervised((message, child) => {
      if (message.kind === 'begin' && broken) child.end('exit 1, TypeError')
      else usual(message, child)
    })
    engine.start()
    await clock.advance(60_000)
    expect(children.started).toHaveLength(5)
    expect(engine.state()).toMatchObject({ state: 'gave-up', restarts: 4, lastEnd: { how: 'exit 1, TypeError' } })
    expect(ends.at(-1)).toBe('exit 1, TypeError: gave-up')
    await clock.advance(24 * 3_600_000)
    expect(children.started).toHaveLength(5)
    broken = false
    engine.start()
    await settle()
    expect(engine.state().state).toBe('running')
  })

  test('that never gets ready is ended after a minute, and that counts as an end', async () => {
    const { clock, children, engine, ends } = supervised(() => undefined)
    engine.start()
    await clock.advance(59_999)
    expect(ends).toEqual([])
    await clock.advance(1)
    expect(children.started[0]?.killed()).toBe(true)
    expect(ends).toEqual(['SIGKILL: restarting'])
  })

  test('is stopped cleanly, and stays stopped', async () => {
    const { clock, children, engine, ends } = supervised()
    engine.start()
    await settle()
    await engine.stop()
    expect(children.last().heard.map(({ kind }) => kind)).toEqual(['begin', 'end'])
    expect(children.last().killed()).toBe(false)
    await clock.advance(60_000)
    expect(engine.state().state).toBe('stopped')
    expect(children.started).toHaveLength(1)
    expect(ends).toEqual([])
  })

  test('that does not end when asked is ended after a minute', async () => {
    const { clock, children, engine } = supervised((message, child) => {
      if (message.kind === 'begin') usual(message, child)
    })
    engine.start()
    await settle()
    const stopped = engine.stop()
    await clock.advance(59_999)
    expect(children.last().killed()).toBe(false)
    await clock.advance(1)
    await stopped
    expect(children.last().killed()).toBe(true)
    expect(engine.state().state).toBe('stopped')
  })

  test('stopped in the pause before a restart is not started any more', async () => {
    const { clock, children, engine } = supervised((message, child) => {
      if (message.kind === 'begin') child.end('exit 1')
    })
    engine.start()
    await clock.advance(500)
    expect(engine.state().state).toBe('restarting')
    await engine.stop()
    const before = children.started.length
    await clock.advance(60_000)
    expect(children.started).toHaveLength(before)
  })
})
