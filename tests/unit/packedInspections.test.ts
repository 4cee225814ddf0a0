import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packInspections, unpackInspections } from '../../main/source/packedInspections.ts'
import type { Inspected } from '../../main/source/packedInspections.ts'
import { bytes } from '../../shared/units/bytes.ts'

const maybe = <Value>(some: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> => fc.option(some, { nil: undefined })
// Few different values, so that rows share texts and hashes as the files of a series do.
const text = maybe(fc.constantFrom('1.2.3', '1.2.4', 'CT', '20240101', ''))
const hash = maybe(fc.constantFrom(new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)))
const header = fc.record({
  studyUid: text,
  seriesUid: text,
  sopUid: text,
  sopClass: text,
  modality: text,
  studyDate: text,
  transferSyntax: text,
  patientHash: hash,
  accessionHash: hash,
})
const anomaly = fc.constantFrom({ code: 'empty' } as const, { code: 'name-too-long', facts: { nameBytes: 256 } } as const)
const whole = fc.record({
  kind: fc.constantFrom('file', 'special'),
  size: fc.maxSafeNat().map(bytes),
  mtimeUs: fc.maxSafeInteger(),
  inode: fc.maxSafeNat(),
  header: maybe(header),
  anomalies: fc.array(anomaly, { maxLength: 2 }),
})
const inspected: fc.Arbitrary<Inspected> = fc.oneof(
  whole as fc.Arbitrary<Inspected>,
  fc.constant({ kind: 'vanished' } as const),
  fc.record({ kind: fc.constant('unreadable' as const), errno: fc.constantFrom('EACCES', 'EIO') }),
)

test('what a reading thread saw arrives as it was, row by row, after a passage between threads', () => {
  fc.assert(
    fc.property(fc.array(inspected, { maxLength: 30 }), (rows) => {
      const packed = packInspections(rows)
      const arrived = structuredClone(packed, { transfer: [packed.stats.buffer, packed.cells.buffer] })
      expect(unpackInspections(arrived)).toEqual(rows)
    }),
  )
})

test('the texts that the files of a series share are sent once', () => {
  const row: Inspected = {
    kind: 'file',
    size: bytes(1),
    mtimeUs: 1,
    inode: 1,
    anomalies: [],
    header: {
      studyUid: '1.2',
      seriesUid: '1.2.3',
      sopUid: '1.2.3.4',
      sopClass: '1.2',
      modality: 'MR',
      studyDate: undefined,
      transferSyntax: undefined,
      patientHash: undefined,
      accessionHash: undefined,
    },
  }
  expect(packInspections([row, row, row]).texts).toEqual(['1.2', '1.2.3', '1.2.3.4', 'MR'])
})
