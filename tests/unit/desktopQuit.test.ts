/** Closing, quitting, sleeping: nothing in flight is lost by a slip of the hand. */
import { describe, expect, test } from 'vitest'
import { keepAwake, pauseWhileAsleep } from '../../main/app/power.ts'
import { answerOf, openQuitGate, quitQuestion, whenClosed, type QuitAnswer, type QuitParts } from '../../main/app/quit.ts'
import { wordsIn } from '../../main/app/words.ts'
import type { Host } from '../../main/hosting/abilities.ts'
import { aSnapshotOf, aWork } from '../kit/works.ts'

describe('closing the window', () => {
  const base = { quitting: false, busy: false, onClose: 'go-on', platform: 'win32' } as const
  test.each([
    ['while work runs and it shall go on', { busy: true }, 'hide'],
    ['while work runs and it shall stop', { busy: true, onClose: 'stop' }, 'quit'],
    ['while nothing runs', {}, 'quit'],
    ['on macOS, while nothing runs', { platform: 'darwin' }, 'hide'],
    ['on macOS, when all shall stop', { platform: 'darwin', onClose: 'stop' }, 'quit'],
    ['after the last word', { quitting: true, busy: true }, 'close'],
  ] as const)('%s', (_when, more, what) => expect(whenClosed({ ...base, ...more })).toBe(what))
})

describe('the question before quitting', () => {
  const works = [
    aWork(),
    aWork({ id: 'w-2', kind: 'verify', deviceId: null, state: 'paused', itemsTotal: null }),
    aWork({ id: 'w-3', state: 'done' }),
    aWork({ id: 'w-4', state: 'waiting' }),
  ]
  test('says in English what is in flight, from the last snapshot', () => {
    const { detail, buttons } = quitQuestion(aSnapshotOf(works), wordsIn('en'), 'en')
    expect(detail).toContain('• loading a device 3: 250 of 1,000 items\n• verifying (paused): 250 of … (counting) items\n\n')
    expect(detail).toContain('nothing is lost')
    expect(buttons).toEqual(['Keep working', 'Go on in the background', 'Stop and quit'])
  })
  test('says it in German', () => {
    const { detail, buttons } = quitQuestion(aSnapshotOf(works), wordsIn('de'), 'de')
    expect(detail).toContain('• Gerät wird beladen 3: 250 von 1.000 Objekten')
    expect(buttons).toEqual(['Weiterarbeiten', 'Im Hintergrund weiter', 'Anhalten und beenden'])
  })
  test('keeps working on Return, on Escape and on whatever is no button', () => {
    const { defaultId, cancelId } = quitQuestion(undefined, wordsIn('en'), 'en')
    expect([defaultId, cancelId].map((id) => answerOf(id ?? -1))).toEqual(['stay', 'stay'])
    expect([0, 1, 2, 3, -1].map(answerOf)).toEqual(['stay', 'go-on', 'stop', 'stay', 'stay'])
  })
})

describe('the quit gate', () => {
  function gateThat(answer: QuitAnswer, busy = true, end: QuitParts['end'] = () => Promise.resolve()) {
    const done: string[] = []
    const gate = openQuitGate({
      busy: () => busy,
      ask: () => {
        done.push('asked')
        return Promise.resolve(answer)
      },
      goOn: () => done.push('hidden'),
      end: () => {
        done.push('stopped')
        return end()
      },
      quit: () => done.push(`quit, ${gate.quitting() ? 'for good' : 'too early'}`),
    })
    return { gate, done }
  }
  test('asks while work is in flight, and goes when told to stop it', async () => {
    const { gate, done } = gateThat('stop')
    await gate.request()
    expect(done).toEqual(['asked', 'stopped', 'quit, for good'])
  })
  test('goes without a question when nothing is in flight', async () => {
    const { gate, done } = gateThat('stay', false)
    await gate.request()
    expect(done).toEqual(['stopped', 'quit, for good'])
  })
  test('stays when told to, and asks again the next time', async () => {
    const { gate, done } = gateThat('stay')
    await gate.request()
    await gate.request()
    expect([done, gate.quitting()]).toEqual([['asked', 'asked'], false])
  })
  test('goes on in the background when told to', async () => {
    const { gate, done } = gateThat('go-on')
    await gate.request()
    expect([done, gate.quitting()]).toEqual([['asked', 'hidden'], false])
  })
  test('asks once, however often quitting is requested meanwhile', async () => {
    const { gate, done } = gateThat('stop')
    await Promise.all([gate.request(), gate.request(), gate.request()])
    expect(done).toEqual(['asked', 'stopped', 'quit, for good'])
  })
  test('does not ask when the system shuts down', async () => {
    const { gate, done } = gateThat('stay')
    await gate.now()
    expect(done).toEqual(['stopped', 'quit, for good'])
  })
  test('lets the person out even if stopping failed', async () => {
    const { gate, done } = gateThat('stop', true, () => Promise.reject(new Error('the engine is stuck')))
    await gate.request()
    expect(done).toEqual(['asked', 'stopped', 'quit, for good'])
  })
  test('leaves ending to the installer of an update', async () => {
    const { gate, done } = gateThat('stop')
    await gate.prepare()
    expect([done, gate.quitting()]).toEqual([['stopped'], true])
  })
})

describe('sleep', () => {
  test('is kept off while work runs, with one block at a time', () => {
    const held = new Set<number>()
    let last = 0
    const awake = keepAwake({ start: () => (held.add((last += 1)), last), stop: (id) => held.delete(id) })
    const seen = [true, true, false, false, true].map((busy) => (awake(busy), held.size))
    expect([seen, last]).toEqual([[1, 1, 0, 0, 1], 2])
  })

  function hostThat(busy: boolean, ok = true) {
    const calls: string[] = []
    const call: Host['call'] = (name) => {
      calls.push(name)
      return Promise.resolve(ok ? { ok, value: {} } : { ok, fault: { code: 'engine-gone', retry: 'later', facts: {} } })
    }
    return { calls, sleep: pauseWhileAsleep({ busy: () => busy, call }) }
  }
  test('that comes all the same pauses the work, and waking resumes it', async () => {
    const { calls, sleep } = hostThat(true)
    await sleep.suspend()
    await sleep.resume()
    await sleep.resume()
    expect(calls).toEqual(['works.pauseAll', 'works.resumeAll'])
  })
  test('leaves alone what a person paused', async () => {
    const { calls, sleep } = hostThat(false)
    await sleep.suspend()
    await sleep.resume()
    expect(calls).toEqual([])
  })
  test('resumes nothing when pausing did not succeed', async () => {
    const { calls, sleep } = hostThat(true, false)
    await sleep.suspend()
    await sleep.resume()
    expect(calls).toEqual(['works.pauseAll'])
  })
})
