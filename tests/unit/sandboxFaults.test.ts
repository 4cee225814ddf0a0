import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isFault } from '../../shared/faults/fault.ts'
import { openState, type ControlState } from '../../main/sandbox/control/state.ts'
import { openFaults, parseFaultPlan } from '../../main/sandbox/faultPlan.ts'

let folder: string
let state: ControlState
const waited: number[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firn-faults-'))
  state = openState(join(folder, 'control.db'))
  waited.length = 0
})
afterEach(() => {
  state.close()
  rmSync(folder, { recursive: true, force: true })
})

const open = (plan: unknown) => openFaults(state, parseFaultPlan(plan), (ms) => Promise.resolve(void waited.push(ms)))
const reset = { kind: 'reset' }
const ask = async (faults: ReturnType<typeof open>, times: number, key = 'a.dcm', operation = 'PutObject') => {
  const verdicts = []
  for (let at = 0; at < times; at += 1) verdicts.push(await faults.before({ service: 's3', operation, key }))
  return verdicts
}

test('the nth matching call fails, the others do not count', async () => {
  const faults = open({ calls: [{ service: 's3', operation: 'PutObject', keyMatches: '\\.dcm$', nth: 2, effect: reset }] })
  await ask(faults, 5, 'a.tar')
  await ask(faults, 5, 'a.dcm', 'HeadObject')
  expect(await ask(faults, 4)).toEqual(['continue', 'reset', 'continue', 'continue'])
})

test('with times, the nth call begins a burst', async () => {
  const effect = { kind: 'status', status: 503, code: 'SlowDown' }
  const faults = open({ calls: [{ service: 's3', operation: '*', nth: 2, times: 2, effect }] })
  const slowDown = { status: 503, code: 'SlowDown' }
  expect(await ask(faults, 4)).toEqual(['continue', slowDown, slowDown, 'continue'])
})

test('every third call fails, at most twice', async () => {
  const faults = open({ calls: [{ service: 's3', operation: '*', every: 3, times: 2, effect: { kind: 'reset-after' } }] })
  const verdicts = await ask(faults, 12)
  expect(verdicts.map((verdict, at) => (verdict === 'continue' ? 0 : at + 1)).filter(Boolean)).toEqual([3, 6])
})

test('a rate draws the same calls whether or not the sandbox was restarted in between', async () => {
  const plan = { seed: 7, calls: [{ service: 's3', operation: '*', rate: 0.3, effect: reset }] }
  const whole = await ask(open(plan), 60)
  state.run('DELETE FROM fault_rules')
  const parts = [...(await ask(open(plan), 25)), ...(await ask(open(plan), 35))]
  expect(parts).toEqual(whole)
  const hits = whole.filter((verdict) => verdict === 'reset').length
  expect(hits).toBeGreaterThan(8)
  expect(hits).toBeLessThan(30)
})

test('a slow call is slow and goes on; a skewed one says so', async () => {
  const faults = open({
    calls: [
      { service: 's3', operation: '*', nth: 1, effect: { kind: 'slow', milliseconds: 250 } },
      { service: 's3', operation: '*', nth: 2, effect: { kind: 'skew' } },
    ],
  })
  expect(await ask(faults, 2)).toEqual(['continue', { status: 403, code: 'RequestTimeTooSkewed' }])
  expect(waited).toEqual([250])
})

test('a rule about data has one victim for ever: the first key that fits', () => {
  const plan = { rest: [{ kind: 'rot-byte', key: { endsWith: '.dcm' } }] }
  const faults = open(plan)
  expect([faults.strikes('rot-byte', 'a.tar'), faults.strikes('drop-object', 'a.dcm'), faults.strikes('rot-byte', 'a.dcm')]).toEqual([
    false,
    false,
    true,
  ])
  const again = open(plan)
  expect([again.strikes('rot-byte', 'b.dcm'), again.strikes('rot-byte', 'a.dcm')]).toEqual([false, true])
  expect(again.planted()).toEqual([{ kind: 'rot-byte', key: 'a.dcm' }])
})

test('an ordinal counts the sorted keys from one, and chooses once', () => {
  const faults = open({ rest: [{ kind: 'drop-object', key: { ordinal: 2 } }] })
  const keys = ['a', 'b', 'c']
  expect(faults.choosesByOrdinal('drop-object')).toBe(true)
  faults.choose('drop-object', (ordinal) => keys[ordinal - 1])
  faults.choose('drop-object', () => 'later')
  expect(keys.map((key) => faults.strikes('drop-object', key))).toEqual([false, true, false])
  expect(faults.choosesByOrdinal('drop-object')).toBe(false)
})

test('another plan starts with counters of its own', async () => {
  const rule = { service: 's3', operation: '*', nth: 1, effect: reset }
  expect(await ask(open({ calls: [rule] }), 1)).toEqual(['reset'])
  expect(await ask(open({ calls: [rule] }), 1)).toEqual(['continue'])
  expect(await ask(open({ seed: 2, calls: [rule] }), 1)).toEqual(['reset'])
})

test.each([
  ['a service nobody has', { calls: [{ service: 'ec2', operation: '*', nth: 1, effect: reset }] }, /calls\.0\.service/],
  [
    'neither nth nor every nor rate',
    { calls: [{ service: 's3', operation: '*', effect: reset }] },
    /calls\.0: exactly one of nth, every and rate/,
  ],
  [
    'a broken pattern',
    { calls: [{ service: 's3', operation: '*', nth: 1, keyMatches: '(', effect: reset }] },
    /keyMatches: a regular expression/,
  ],
  ['ordinal 0', { rest: [{ kind: 'rot-byte', key: { ordinal: 0 } }] }, /rest\.0\.key/],
  ['a word too much', { seed: 1, chaos: true }, /chaos/],
])('a plan with %s is refused, and the place named', (_what, plan, words) => {
  let fault: unknown
  try {
    parseFaultPlan(plan)
  } catch (error) {
    fault = error
  }
  expect(isFault(fault, 'bad-input') && String(fault.facts['problem'])).toMatch(words)
})
