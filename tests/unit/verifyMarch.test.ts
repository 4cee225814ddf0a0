import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isFault } from '../../shared/faults/fault.ts'
import { compareUtf8 } from '../../shared/units/itemPath.ts'
import { march, mergeOrdered } from '../../main/verify/march.ts'

const itself = (key: string): string => key
const sides = (left: readonly string[], right: readonly string[]) =>
  march({ values: left, key: itself, name: 'journal' }, { values: arriving(right), key: itself, name: 'listing' })

async function* arriving(keys: readonly string[]): AsyncGenerator<string, void> {
  for (const key of keys) {
    await Promise.resolve()
    yield key
  }
}

async function paired(left: readonly string[], right: readonly string[]): Promise<string[]> {
  const seen: string[] = []
  for await (const pair of sides(left, right)) {
    if (pair.kind === 'both') expect(pair.left).toBe(pair.right)
    seen.push(`${pair.kind} ${pair.kind === 'right-only' ? pair.right : pair.left}`)
  }
  return seen
}

const keys = fc.uniqueArray(
  fc.oneof(fc.string({ unit: 'grapheme', maxLength: 4 }), fc.constantFrom('\uffff', '\u{10000}', 'a', 'a/', 'a/b', 'a-')),
  {
    maxLength: 40,
  },
)
const ordered = keys.map((some) => some.toSorted(compareUtf8))

describe('the march of journal and listing', () => {
  test('pairs what both have and names what only one has', async () => {
    expect(await paired(['a', 'b', 'd'], ['b', 'c', 'd', 'e'])).toEqual(['left-only a', 'both b', 'right-only c', 'both d', 'right-only e'])
  })

  test("finds exactly the two sides' difference, for any keys", async () => {
    await fc.assert(
      fc.asyncProperty(ordered, ordered, async (left, right) => {
        const seen = await paired(left, right)
        const expected = [...new Set([...left, ...right])]
          .sort(compareUtf8)
          .map((key) => `${left.includes(key) ? (right.includes(key) ? 'both' : 'left-only') : 'right-only'} ${key}`)
        expect(seen).toEqual(expected)
      }),
      { seed: 3 },
    )
  })

  test('goes by UTF-8 bytes, where S3 and JavaScript disagree', async () => {
    // U+FFFF is EF BF BF and U+10000 is F0 90 80 80; as UTF-16 the second begins with D800 and would come first.
    expect(await paired(['\uffff', '\u{10000}'], ['\uffff', '\u{10000}'])).toEqual(['both \uffff', 'both \u{10000}'])
  })

  test('two items of one key are both paired with the one object', async () => {
    expect(await paired(['a', 'b', 'b', 'c'], ['b', 'c'])).toEqual(['left-only a', 'both b', 'both b', 'both c'])
  })

  test.each([
    ['journal', ['b', 'a'], ['a', 'b']],
    ['listing', ['a', 'b'], ['b', 'a']],
    ['listing', ['a'], ['\u{10000}', '\uffff']],
    ['listing', ['a'], ['a', 'a']],
  ])('stops when the %s is out of order', async (side, left, right) => {
    const walk = paired(left, right)
    await expect(walk).rejects.toSatisfy((error: unknown) => isFault(error, 'listing-disordered') && error.facts['side'] === side)
  })

  test('closes both sides when whoever walks stops early', async () => {
    const closed: string[] = []
    function* open(name: string): Generator<string, void> {
      try {
        yield 'a'
        yield 'b'
      } finally {
        closed.push(name)
      }
    }
    for await (const pair of march({ values: open('left'), key: itself, name: 'l' }, { values: open('right'), key: itself, name: 'r' })) {
      if (pair.kind === 'both') break
    }
    expect(closed).toEqual(['left', 'right'])
  })
})

test('ordered streams merge into one ordered stream that holds all of them', () => {
  fc.assert(
    fc.property(fc.array(ordered, { maxLength: 4 }), (streams) => {
      expect([...mergeOrdered(streams, itself)]).toEqual(streams.flat().sort(compareUtf8))
    }),
    { seed: 5 },
  )
})
