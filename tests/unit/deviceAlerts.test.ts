/** Days that cost money or data are told before they are over. */
import { describe, expect, test } from 'vitest'
import { alertText, deviceAlertCodes, deviceAlerts, type DeviceSituation } from '../../shared/domain/deviceAlerts.ts'
import { day, hour } from '../../shared/units/duration.ts'

const now = Date.UTC(2026, 10, 26)
const ago = (days: number): number => now - days * day

function told(change: Partial<DeviceSituation>): string[] {
  const situation = { state: 'WithCustomer', givenUp: false, reached: new Map(), handedOverAt: undefined, onSite: null, askedAt: now, now }
  return deviceAlerts({ ...situation, ...change }).map(({ code, days }) => `${code} ${days}`)
}
const onSite = (days: number) => ({ onSite: { days, included: 15 } })

describe('a device on site', () => {
  test('is nobody’s worry for eleven days, and then says what is left', () => {
    expect(told(onSite(3))).toEqual([])
    expect(told(onSite(11))).toEqual([])
    expect(told(onSite(11.9))).toEqual(['on-site-ending 3'])
    expect(told(onSite(12.1))).toEqual(['on-site-ending 2'])
    expect(told(onSite(15))).toEqual(['on-site-ending 0'])
    expect(told(onSite(15.2))).toEqual(['on-site-over 1'])
  })

  test('costs no further day once it is handed over, but must be collected', () => {
    expect(told({ ...onSite(20), handedOverAt: ago(1) })).toEqual([])
    expect(told({ ...onSite(20), handedOverAt: ago(4) })).toEqual(['not-collected 4'])
  })
})

describe('a job', () => {
  test('ends 360 days after the order, and says so a month before', () => {
    expect(told({ reached: new Map([['New', ago(329)]]) })).toEqual([])
    expect(told({ reached: new Map([['New', ago(335)]]) })).toEqual(['job-ending 25'])
    expect(told({ reached: new Map([['New', ago(365)]]) })).toEqual(['job-over 5'])
    expect(told({ state: 'Complete', reached: new Map([['New', ago(365)]]) })).toEqual([])
    // Handed over or on its way back, nobody has to send it.
    expect(told({ handedOverAt: ago(1), reached: new Map([['New', ago(365)]]) })).toEqual([])
    for (const state of ['InTransitToAWS', 'WithAWS', 'InProgress', 'Listing'] as const)
      expect(told({ state, reached: new Map([['New', ago(365)]]) })).toEqual([])
  })
})

describe('a device that does not move', () => {
  const stuck = { state: 'InTransitToAWS', reached: new Map([['InTransitToAWS', ago(12)]]) }
  test('is told when it is longer on its way than a carrier needs', () => {
    expect(told(stuck)).toEqual(['not-moved 12'])
    expect(told({ ...stuck, reached: new Map([['InTransitToAWS', ago(9)]]) })).toEqual([])
  })

  test('is not guessed at from old news, nor in a state that this version does not know', () => {
    expect(told({ ...stuck, askedAt: now - 25 * hour })).toEqual([])
    expect(told({ ...stuck, askedAt: undefined })).toEqual([])
    expect(told({ state: 'WithAWSRegionalHub', reached: new Map([['WithAWSRegionalHub', ago(40)]]) })).toEqual([])
  })
})

test('every alert has a sentence', () => {
  const sentences = deviceAlertCodes.map((code) => alertText({ code, days: 7 }))
  expect(new Set(sentences).size).toBe(deviceAlertCodes.length)
  for (const sentence of sentences) expect(sentence).toContain('7')
})
