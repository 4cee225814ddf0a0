import { describe, expect, it } from 'vitest'
import { parsePlanAnswers, usableHours } from '../../shared/contract/planAnswers.ts'
import { isFault } from '../../shared/faults/fault.ts'
import { GB } from '../../shared/units/bytes.ts'

const today = '2026-11-24'

function refusedField(input: object): unknown {
  try {
    parsePlanAnswers({ today, ...input })
  } catch (error) {
    return isFault(error, 'bad-input') ? error.facts['field'] : error
  }
  return 'accepted'
}

describe('The answers a plan is made from', () => {
  it('have a default for everything but the day', () => {
    expect(parsePlanAnswers({ today })).toMatchObject({
      snowball: 'unknown',
      snowballEnds: '2026-12-31',
      division: { kind: 'recommended' },
      device: { snowballType: 'V3_5S', fill: 0.9, atOnce: 1, usableBytes: 210e12 },
      gateway: { size: 'Medium', filesPerSecond: 16 },
      batch: { members: 10_000, tarBytes: 1024 ** 3, smallBelow: 1024 ** 2 },
    })
  })

  it.each([
    ['batch.tarBytes', { batch: { tarBytes: 100 * GB + 1 } }],
    ['batch.tarBytes', { batch: { tarBytes: 1024 } }],
    ['batch.members', { batch: { members: 0 } }],
    ['device.fill', { device: { fill: 0.96 } }],
    ['link.share', { link: { share: 1.2 } }],
    ['link.megabitsPerSecond', { link: { megabitsPerSecond: 0 } }],
    ['link.windows.0.to', { link: { windows: [{ from: '19:00', to: '25:00' }] } }],
    ['division.deviceBefore', { division: { kind: 'by-study-date', deviceBefore: '2019-01-01' } }],
    ['deadline', { deadline: '2026-11-01' }],
    ['deadline', { deadline: 'soon' }],
    ['gateway.colour', { gateway: { colour: 'blue' } }],
    ['verifyItemsPerSecond', { verifyItemsPerSecond: { low: 5, high: 1 } }],
  ])('name the field that cannot be used: %s', (field, input) => {
    expect(refusedField(input)).toBe(field)
  })

  it('take a batch of exactly 100 GB', () => {
    expect(refusedField({ batch: { tarBytes: 100 * GB } })).toBe('accepted')
  })

  it('count windows over midnight, and overlapping ones once', () => {
    const link = (windows: { from: string; to: string }[]): number => usableHours(parsePlanAnswers({ today, link: { windows } }).link)
    expect(link([{ from: '19:00', to: '06:00' }])).toBe(11)
    expect(
      link([
        { from: '00:00', to: '06:00' },
        { from: '05:00', to: '07:30' },
      ]),
    ).toBe(7.5)
    expect(link([{ from: '00:00', to: '24:00' }])).toBe(24)
  })
})
