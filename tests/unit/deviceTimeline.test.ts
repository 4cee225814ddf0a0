/** The line of stops of a device: what was reached, where it is, and when the rest is expected. */
import { describe, expect, test } from 'vitest'
import { timelineOf } from '../../main/engine/handlers/deviceTimeline.ts'
import { day } from '../../shared/units/duration.ts'

const ordered = Date.UTC(2026, 10, 2)
const ways = { onSiteDays: undefined, speed: 1 }
const stop = (stops: ReturnType<typeof timelineOf>, state: string) => stops.find((one) => one.state === state)

describe('the line of stops of a device', () => {
  test('expects nothing before it is ordered', () => {
    const stops = timelineOf({ state: 'planned', reached: new Map(), ...ways })
    expect(stops).toEqual([{ state: 'planned', at: null, expected: null, current: true }])
  })

  test('adds up the calendar from the last thing that is known', () => {
    const stops = timelineOf({ state: 'New', reached: new Map([['New', ordered]]), ...ways })
    expect(stop(stops, 'New')).toMatchObject({ at: ordered, current: true, expected: null })
    expect(stop(stops, 'PreparingAppliance')?.expected).toBeNull()
    expect(stop(stops, 'InTransitToCustomer')?.expected).toEqual({ low: ordered + day, high: ordered + 2 * day })
    expect(stop(stops, 'WithCustomer')?.expected).toEqual({ low: ordered + 2 * day, high: ordered + 9 * day })
    expect(stop(stops, 'Complete')?.expected).toEqual({ low: ordered + 6 * day, high: ordered + 26 * day })
  })

  test('counts from the delivery once it is there, with the days on site that the plan says', () => {
    const delivered = ordered + 5 * day
    const reached = new Map([
      ['New', ordered],
      ['WithCustomer', delivered],
    ])
    const stops = timelineOf({ state: 'WithCustomer', reached, onSiteDays: { low: 4, high: 6 }, speed: 1 })
    expect(stop(stops, 'InTransitToAWS')?.expected).toEqual({ low: delivered + 4 * day, high: delivered + 6 * day })
  })

  test('shows what passed unseen without a time, and expects none of it', () => {
    const reached = new Map([
      ['New', ordered],
      ['WithCustomer', ordered + 5 * day],
    ])
    const stops = timelineOf({ state: 'WithCustomer', reached, ...ways })
    expect(stop(stops, 'InTransitToCustomer')).toEqual({ state: 'InTransitToCustomer', at: null, expected: null, current: false })
  })

  test('lets days pass as fast as a rehearsal does', () => {
    const stops = timelineOf({ state: 'New', reached: new Map([['New', ordered]]), onSiteDays: undefined, speed: 600_000 })
    expect(stop(stops, 'InTransitToCustomer')?.expected).toEqual({ low: ordered + 144, high: ordered + 288 })
  })

  test('shows a state that AWS has added since by its own name', () => {
    const reached = new Map([
      ['New', ordered],
      ['AwaitingCustoms', ordered + day],
    ])
    expect(timelineOf({ state: 'AwaitingCustoms', reached, ...ways }).at(-1)).toEqual({
      state: 'AwaitingCustoms',
      at: ordered + day,
      expected: null,
      current: true,
    })
  })
})
