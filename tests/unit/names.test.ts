import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anomalies } from '../../shared/domain/anomaly.ts'
import { foldedName, nameAnomalies, sizeAnomalies } from '../../shared/domain/names.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathFromBytes, pathFromText } from '../../shared/units/itemPath.ts'

const codes = (path: string | Uint8Array, prefix = ''): string[] =>
  nameAnomalies(typeof path === 'string' ? pathFromText(path) : pathFromBytes(path), prefix).map(({ code }) => code)

describe('what a name tells', () => {
  test.each(['2020/01/IM0001', 'a b (copy).dcm', 'Ακτινογραφία', '胸部/IM1', 'x&y=z;+,!@$_-.*()'])('%s may take every lane', (path) => {
    expect(nameAnomalies(pathFromText(path), '').filter(({ code }) => anomalies[code].blocks !== 'nothing')).toEqual([])
  })

  test.each([...'\\{}[]<>^%`"\'~#|'.split(''), '\u0007', '\u007f', '\u0085', 'ü', 'ÿ'])('%j is not safe for a Snowball', (char) => {
    expect(codes(`study/a${char}b`).filter((code) => code !== 'name-not-for-windows')).toEqual(['name-unsafe-for-snowball'])
  })

  test.each(['aux', 'study/NUL.dcm', 'Com1/x', 'lpt9.tar.gz', 'study./x', 'x ', 'a:b', 'what?', '*', 'a<b'])(
    '%j cannot be restored to Windows',
    (path) => {
      expect(codes(path)).toContain('name-not-for-windows')
    },
  )

  test.each(['auxiliary', 'console/x', 'com10', 'a.b/c d', '.hidden', 'x.aux'])('%j can be restored to Windows', (path) => {
    expect(codes(path)).toEqual([])
  })

  test('a name in Latin-1 is not UTF-8, and not also called unsafe', () => {
    expect(codes(Buffer.from('Befund-\xfc', 'latin1'))).toEqual(['name-not-utf8'])
  })

  test('the key may have 1,024 bytes in S3, one fewer on a Snowball', () => {
    const path = (length: number): string => `${'a/'.repeat(length / 2)}${'b'.repeat(length % 2)}`
    expect(codes(path(1023))).toEqual([])
    expect(codes(path(1024))).toEqual(['name-unsafe-for-snowball'])
    expect(codes(path(1025))).toEqual(['key-too-long'])
    expect(codes(path(1020), 'pre/')).toEqual(['name-unsafe-for-snowball'])
    expect(codes(path(1020), 'prä/')).toEqual(['key-too-long'])
  })

  test('a part of a path longer than 255 bytes does not fit a file share', () => {
    expect(codes(`a/${'b'.repeat(255)}/c`)).toEqual([])
    expect(codes(`a/${'b'.repeat(256)}/c`)).toEqual(['name-too-long'])
    expect(codes(`a/${'胸'.repeat(86)}`)).toEqual(['name-too-long'])
  })

  test('facts never hold a name', () => {
    for (const { facts } of nameAnomalies(pathFromText(`secret/${'x'.repeat(1100)}`), '')) {
      for (const fact of Object.values(facts ?? {})) expect(fact).toBeTypeOf('number')
    }
  })
})

test('sizes: nothing at all, and more than 5 TB', () => {
  const of = (size: number): string[] => sizeAnomalies(bytes(size)).map(({ code }) => code)
  expect([of(0), of(1), of(5e12), of(5e12 + 1)]).toEqual([['empty'], [], [], ['too-large']])
})

describe('names that collide', () => {
  const folded = (text: string): string | undefined => foldedName(pathFromText(text))

  test('by case and by Unicode form', () => {
    expect(folded('Study/IM1')).toBe(folded('STUDY/im1'))
    expect(folded('ά'.normalize('NFC'))).toBe(folded('Ά'.normalize('NFD')))
    expect(folded('a/b')).not.toBe(folded('a/c'))
  })

  test('folding twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = folded(text.toWellFormed())
        expect(once === undefined ? undefined : folded(once)).toBe(once)
      }),
      { seed: 20261124, numRuns: 2000 },
    )
  })

  test('a name that is not UTF-8 collides with nothing', () => {
    expect(foldedName(pathFromBytes(Uint8Array.of(0xff)))).toBeUndefined()
  })
})
