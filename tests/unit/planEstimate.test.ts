import { describe, expect, it } from 'vitest'
import { estimate, type LoadByRoute } from '../../main/plan/estimate.ts'
import { devicesFor } from '../../main/plan/estimateDevice.ts'
import { itemDays, onlineDays } from '../../main/plan/terms.ts'
import { parsePlanAnswers, type PlanAnswersInput } from '../../shared/contract/planAnswers.ts'
import { planEstimate, type PlanLoad, type RouteEstimate } from '../../shared/domain/plan.ts'
import { TB } from '../../shared/units/bytes.ts'

const today = '2026-11-24'

function load(items: number, bytes: number, small = false): LoadByRoute {
  const all: PlanLoad = { studies: 100, items, bytes, smallItems: small ? items : 0, smallBytes: small ? bytes : 0 }
  return { all, device: all, share: all, link: all }
}

function estimated(of: LoadByRoute, answers: Partial<PlanAnswersInput> = {}) {
  const made = planEstimate.parse(estimate(of, parsePlanAnswers({ today, ...answers })))
  const route = (name: RouteEstimate['route']): RouteEstimate => {
    const found = made.routes.find((one) => one.route === name)
    if (found === undefined) throw new Error(`no estimate for ${name}`)
    return found
  }
  return { ...made, route, codes: (name: RouteEstimate['route']) => route(name).notPossible.map((note) => note.code) }
}

describe('The arithmetic', () => {
  it('agrees with the known figures for links', () => {
    expect(onlineDays(100 * TB, 1000, 0.8)).toBeCloseTo(11.57, 2)
    expect(onlineDays(10 * TB, 100, 0.8)).toBeCloseTo(11.57, 2)
    expect(onlineDays(50 * TB, 500, 0.7)).toBeCloseTo(13.2, 1)
    expect(onlineDays(100 * TB, 1000, 0.8, 12)).toBeCloseTo(23.15, 2)
  })

  it('agrees with the known figures for small files and for devices', () => {
    expect(itemDays(10e6, 16)).toBeCloseTo(7.2, 1)
    expect(devicesFor(300 * TB, 80 * TB, 0.95)).toBe(4)
    expect(devicesFor(200 * TB, 210 * TB, 0.95)).toBe(2)
    expect(devicesFor(189 * TB, 210 * TB, 0.9)).toBe(1)
  })
})

describe('The estimate', () => {
  it('says that bytes rule large files and the number of items rules small ones', () => {
    expect(estimated(load(2000, 100 * TB)).route('link')).toMatchObject({
      bottleneck: 'bytes',
      terms: { bytes: { low: 11.57407, high: 11.57407 } },
    })
    const share = estimated(load(10e6, 5 * TB)).route('share')
    expect(share.bottleneck).toBe('items')
    expect(share.days.low).toBeGreaterThan(7.2)
  })

  it('orders one device after the other unless the account may have more at once', () => {
    const of = load(1e6, 300 * TB)
    expect(estimated(of, { snowball: 'yes', snowballEnds: null }).route('device')).toMatchObject({ devices: 2, waves: 2 })
    const both = estimated(of, { snowball: 'yes', snowballEnds: null, device: { atOnce: 2 } }).route('device')
    expect(both).toMatchObject({ devices: 2, waves: 1 })
    expect(both.onSiteDays?.low).toBeGreaterThan(1)
  })

  it('says why a route cannot be taken', () => {
    const of = load(1000, TB)
    expect(estimated(of, { snowball: 'no' }).codes('device')).toContain('snowball-closed')
    expect(estimated(of, { snowball: 'yes', snowballEnds: '2026-11-20' }).codes('device')).toContain('snowball-ended')
    expect(estimated(of, { snowball: 'yes', snowballEnds: '2026-11-27' }).codes('device')).toContain('snowball-ends-before')
    expect(estimated(of, { gateway: { size: 'none' } }).codes('share')).toContain('no-gateway')
    expect(estimated(load(1000, 100 * TB), { deadline: '2026-12-01' }).codes('link')).toContain('deadline-missed')
    expect(estimated({ ...of, device: { ...of.all, items: 0, bytes: 0 } }).codes('device')).toContain('takes-nothing')
  })

  it('warns when the end of Snowball may come first, and shows the dated notices with the days left', () => {
    const device = estimated(load(1000, TB), { snowball: 'yes', snowballEnds: '2026-12-10' }).route('device')
    expect(device.notPossible).toEqual([])
    expect(device.warnings.map((note) => note.code)).toContain('snowball-may-end-before')
    expect(device.notices.find((notice) => notice.id === 'snowball-commercial-sunset')?.daysLeft).toBe(37)
    expect(device.notices.find((notice) => notice.id === 'snowball-existing-customers-only')?.daysLeft).toBeLessThan(0)
  })

  it('recommends the route that ends soonest and says so in words', () => {
    expect(estimated(load(1000, TB)).recommended).toBe('link')
    const far = { link: { megabitsPerSecond: 100 } }
    const sure = estimated(load(1000, 100 * TB), { ...far, snowball: 'yes', snowballEnds: null })
    expect(sure.recommended).toBe('device')
    expect(sure.why).toContain('device lane (AWS Snowball) takes')
    expect(estimated(load(1000, 100 * TB), { ...far, snowball: 'unknown', snowballEnds: null }).why).toContain('First make sure')
    expect(estimated(load(1000, 100 * TB), { ...far, snowball: 'no' }).recommended).toBe('link')
  })

  it('recommends nothing when every route is closed, and says why', () => {
    const none = estimated(load(1000, 100 * TB), { snowball: 'no', deadline: '2026-11-26' })
    expect(none.recommended).toBeNull()
    expect(none.why).toContain('deadline')
  })

  it('lists what it assumes with unit, source and date, and costs only when prices were given', () => {
    const prices = {
      currency: 'USD',
      asOf: '2026-10-01',
      source: 'price page',
      devicePerJob: 1800,
      devicePerExtraDay: 250,
      sharePerGigabyte: 0.01,
      shareMonthlyCeiling: 125,
      linkPerGigabyte: 0,
    }
    const without = estimated(load(1000, TB))
    expect(without.routes.every((one) => one.cost === null)).toBe(true)
    expect(without.assumptions.every((one) => one.source !== '' && /^\d{4}-\d\d-\d\d$/.test(one.checked))).toBe(true)
    const faster = estimated(load(1000, TB), { device: { megabytesPerSecond: 1500 } }).assumptions.find((one) => one.id === 'device-rate')
    expect(faster).toMatchObject({ value: 1500, source: 'your answer', checked: today })
    const priced = estimated(load(1000, TB), { prices })
    expect(priced.route('device').cost).toMatchObject({ low: 1800, indicative: true, asOf: '2026-10-01' })
    expect(priced.route('share').cost?.low).toBe(10)
  })
})
