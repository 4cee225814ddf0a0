/** Names that Snowball may refuse become others that it takes, and can be turned back without a table. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nameAtSource, nameOnDevice } from '../../shared/domain/nameMapping.ts'
import { isUnsafeForSnowball } from '../../shared/domain/names.ts'

/** AWS-documented characters to avoid (Snowball Edge Developer Guide, object naming). */
const avoided = [
  '\\',
  '{',
  '}',
  '[',
  ']',
  '<',
  '>',
  '^',
  '%',
  '`',
  '"',
  "'",
  '~',
  '#',
  '|',
  '\u0000',
  '\n',
  '\u001f',
  '\u007f',
  '\u0080',
  'ü',
  'ÿ',
]

describe('a name on a device', () => {
  test.each(avoided)('has no %j', (char) => {
    const name = `CT/scan${char}1.dcm`
    expect(isUnsafeForSnowball(name)).toBe(true)
    const mapped = nameOnDevice(name)
    expect(isUnsafeForSnowball(mapped)).toBe(false)
    expect(nameAtSource(mapped)).toBe(name)
  })

  test.each(['CT/scan 1.dcm', 'a=b.dcm', 'études/日本.dcm'.normalize('NFD'), 'x&y,(z)+@!$*;:?'])(
    'that Snowball takes stays: %s',
    (name) => {
      expect(isUnsafeForSnowball(name)).toBe(false)
      expect(nameOnDevice(name)).toBe(name)
    },
  )

  test('says what became of it: each byte by its code', () => {
    expect(nameOnDevice('scan #1 {a=b}.dcm')).toBe('scan =231 =7Ba=3Db=7D.dcm')
    expect(nameOnDevice('Müller')).toBe('M=C3=BCller')
  })

  test('is safe, can be turned back, and is never that of another changed name', () => {
    const name = fc
      .string({ unit: fc.constantFrom('a', '/', '=', '2', '3', '#', '{', '~', 'ü', '日', 'C', 'B') })
      .filter(isUnsafeForSnowball)
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(isUnsafeForSnowball(nameOnDevice(one))).toBe(false)
        expect(nameAtSource(nameOnDevice(one))).toBe(one)
        expect(nameOnDevice(one) === nameOnDevice(other)).toBe(one === other)
      }),
    )
  })

  test('that is the image of none has no source', () => {
    for (const mapped of ['a=20b', 'plain', 'a=C3', 'a=23=', 'a#b'])
      expect([mapped, nameAtSource(mapped)]).toEqual([mapped, mapped === 'plain' ? 'plain' : undefined])
  })
})
