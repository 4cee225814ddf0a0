import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openState } from '../../main/sandbox/control/state.ts'
import { openJobs } from '../../main/sandbox/snowball/jobs.ts'
import { jobStates } from '../../shared/domain/device.ts'
import {
  allowedActions,
  allows,
  importPath,
  isFinal,
  jobActions,
  jobEvents,
  mayHaveBecome,
  next,
} from '../../shared/lifecycle/deviceLifecycle.ts'
import { day, hour } from '../../shared/units/duration.ts'

const state = fc.constantFrom(...jobStates)
const event = fc.constantFrom(...jobEvents)

test('a job moves one step along its way or is cancelled while new; no event does anything else', () => {
  fc.assert(
    fc.property(state, event, (from, what) => {
      const to = next(from, what)
      if (to === undefined) return
      if (to === 'Cancelled') expect(from).toBe('New')
      else expect(importPath.indexOf(to as (typeof importPath)[number])).toBe(importPath.indexOf(from as (typeof importPath)[number]) + 1)
    }),
  )
})

test('whatever happens in whatever order, a job never goes back and ends at most once', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let now: (typeof jobStates)[number] = 'New'
      for (const what of events) {
        const to = next(now, what)
        if (to === undefined) continue
        expect(isFinal(now)).toBe(false)
        expect(mayHaveBecome(now, to)).toBe(true)
        expect(mayHaveBecome(to, now)).toBe(false)
        now = to
      }
    }),
  )
})

test('every state on the way has exactly one event that leads on, until the job is complete', () => {
  for (const from of importPath) {
    const onwards = jobEvents.filter((what) => what !== 'cancelled' && next(from, what) !== undefined)
    expect(onwards).toHaveLength(from === 'Complete' ? 0 : 1)
  }
})

test('the unlock code, loading and the handover belong to the time with the customer alone; cancelling to a new job', () => {
  for (const at of jobStates) {
    for (const action of ['get-manifest', 'get-unlock-code', 'unlock', 'load', 'hand-over'] as const)
      expect(allows(at, action)).toBe(at === 'WithCustomer')
    for (const action of ['cancel', 'update'] as const) expect(allows(at, action)).toBe(at === 'New')
  }
  expect(jobActions.every((action) => jobStates.some((at) => allows(at, action)))).toBe(true)
})

test('between two looks a job may have passed states unseen, but not backwards and not out of a final one', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), fc.nat(), fc.nat(), (events, one, other) => {
      const seen: (typeof jobStates)[number][] = ['New']
      for (const what of events) {
        const to = next(seen.at(-1) ?? 'New', what)
        if (to !== undefined) seen.push(to)
      }
      const [early, late] = [one % seen.length, other % seen.length].sort((a, b) => a - b)
      expect(mayHaveBecome(seen[early ?? 0] ?? 'New', seen[late ?? 0] ?? 'New')).toBe(true)
    }),
  )
})

test('a state that AWS adds one day allows nothing and is not called impossible', () => {
  expect(next('BeingDusted', 'delivered')).toBeUndefined()
  expect(allowedActions('BeingDusted')).toEqual([])
  expect(mayHaveBecome('WithAWS', 'BeingDusted')).toBeUndefined()
  expect(isFinal('BeingDusted')).toBe(false)
})

test.each([
  [0, 4],
  [2, 6],
])('a device that is %i days late is with the customer after %i days and two hours, and waits there', (daysLate, days) => {
  const folder = mkdtempSync(join(tmpdir(), 'firn-jobs-'))
  const kept = openState(join(folder, 'control.db'))
  try {
    let now = 1_000_000
    const clock = { speed: 1, now: () => now, keep: () => undefined }
    const jobs = openJobs(kept, clock, daysLate)
    const id = jobs.create({ ShippingOption: 'SECOND_DAY' })
    const stateAt = (at: number) => {
      now = 1_000_000 + at
      return jobs.get(id)?.state
    }
    expect(stateAt(2 * hour - 1)).toBe('New')
    expect(stateAt(2 * hour)).toBe('PreparingAppliance')
    expect(stateAt(days * day + 2 * hour - 1)).toBe('InTransitToCustomer')
    expect(stateAt(days * day + 2 * hour)).toBe('WithCustomer')
    expect(stateAt(300 * day)).toBe('WithCustomer')
    expect(jobs.apply(id, 'import-began')).toBe(false)
    expect(jobs.apply(id, 'handed-over')).toBe(true)
    // Steps that passed unseen are taken at the times they fell due, not when somebody looked.
    expect(stateAt(300 * day + 4.25 * day)).toBe('InProgress')
    expect(jobs.get(id)?.enteredAt).toBe(1_000_000 + 304.25 * day)
  } finally {
    kept.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
