/** Where a rehearsal divides an archive. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitDate } from '../../main/engine/splitDate.ts'
import type { StudyLoad } from '../../shared/domain/study.ts'

const study = (studyDate: string | undefined, bytes: number): StudyLoad => ({ studyDate, bytes }) as unknown as StudyLoad

test('about the wanted part of the dated bytes lies before the day, never none when there are two days', () => {
  expect(splitDate([study('20100101', 60), study('20120101', 20), study('20140101', 20)], 0.6)).toBe('20120101')
  expect(splitDate([study('20100101', 99), study('20140101', 1)], 0.1)).toBe('20140101')
})

test('without dates everything counts as older', () => {
  expect(splitDate([], 0.6)).toBe('99991231')
  expect(splitDate([study(undefined, 5)], 0.6)).toBe('99991231')
})

test('the order of the studies does not matter, and the day is one of theirs or after all of them', () => {
  const days = fc.array(
    fc.record({ day: fc.integer({ min: 20_000_101, max: 20_251_231 }).map(String), size: fc.integer({ min: 0, max: 1000 }) }),
  )
  fc.assert(
    fc.property(days, fc.double({ min: 0.05, max: 1, noNaN: true }), (all, part) => {
      const studies = all.map(({ day, size }) => study(day, size))
      const day = splitDate(studies, part)
      expect(splitDate(studies.toReversed(), part)).toBe(day)
      expect([...all.map((one) => one.day), '99991231']).toContain(day)
    }),
  )
})
