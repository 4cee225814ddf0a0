/** Bytes, digests, durations and item paths: what must not be mixed up, and what must not be mangled. */
import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytes, formatBytes, GB, GiB, KiB, parseBytes, TB } from '../../shared/units/bytes.ts'
import { digest, digestLengths, fromBase64, fromHex, isDigestAlgorithm, sameDigest, toBase64, toHex } from '../../shared/units/digest.ts'
import { addRanges, day, formatDuration, formatDurationRange, hour, minute, range, second } from '../../shared/units/duration.ts'
import * as paths from '../../shared/units/itemPath.ts'
import { RateEstimate } from '../../shared/units/rate.ts'

const rawBytes = fc.uint8Array({ maxLength: 80 })

describe('a count of bytes', () => {
  test('is whole, not negative, and small enough to be exact', () => {
    expect(bytes(0)).toBe(0)
    for (const wrong of [-1, 0.5, Number.NaN, Infinity, 2 ** 53]) expect(() => bytes(wrong)).toThrow(RangeError)
  })
  test('is shown in decimal units with three significant digits, as devices are sold', () => {
    expect([0, 999, 1000, 1050, 99_940, 999_499, 999_500, 80 * TB, 2_500 * TB].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.00 kB',
      '1.05 kB',
      '99.9 kB',
      '999 kB',
      '1.00 MB',
      '80.0 TB',
      '2.50 PB',
    ])
  })
  test('is read with decimal and binary units, and refused otherwise', () => {
    expect(['512', '1GiB', '100 GB', ' 1.5 kib '].map(parseBytes)).toEqual([512, GiB, 100 * GB, 1.5 * KiB])
    expect(['', 'GB', '-1', '1 XB', '1e3', '9999999 TB'].map(parseBytes)).toEqual(Array(6).fill(undefined))
  })
})

describe('a digest', () => {
  test('has the length of its algorithm', () => {
    for (const [name, length] of Object.entries(digestLengths)) {
      if (!isDigestAlgorithm(name)) throw new Error(name)
      expect(digest(name, new Uint8Array(length)).algorithm).toBe(name)
      expect(() => digest(name, new Uint8Array(length + 1))).toThrow(RangeError)
    }
    expect(isDigestAlgorithm('XXHASH64')).toBe(false)
    expect(isDigestAlgorithm('toString')).toBe(false)
  })
  test('equals another only with the same algorithm and the same bytes', () => {
    const crc = (last: number) => new Uint8Array([1, 2, 3, last])
    expect(sameDigest(digest('CRC32', crc(4)), digest('CRC32', crc(4)))).toBe(true)
    expect(sameDigest(digest('CRC32', crc(4)), digest('CRC32', crc(5)))).toBe(false)
    expect(sameDigest(digest('CRC32', crc(4)), digest('CRC32C', crc(4)))).toBe(false)
  })
  test('is written in hex and base64 as Node writes them, and read back', () => {
    fc.assert(
      fc.property(rawBytes, (raw) => {
        expect(toHex(raw)).toBe(Buffer.from(raw).toString('hex'))
        expect(toBase64(raw)).toBe(Buffer.from(raw).toString('base64'))
        expect(fromHex(toHex(raw).toUpperCase())).toEqual(raw)
        expect(fromBase64(toBase64(raw))).toEqual(raw)
      }),
    )
  })
  test('is not read from text that is cut off, unpadded or has white space', () => {
    expect(['abc', 'xy', '0x12'].map(fromHex)).toEqual([undefined, undefined, undefined])
    expect(['AAA', 'A===', 'AA=A', 'AA A', 'AAA=\n', 'AA_-'].map(fromBase64)).toEqual(Array(6).fill(undefined))
  })
})

describe('a duration', () => {
  test('is shown with the unit a person would choose', () => {
    expect([0, 400, 1.5 * second, 90 * second, 3 * hour, 36 * hour, 9.4 * day].map(formatDuration)).toEqual([
      '0 s',
      '0.4 s',
      '1.5 s',
      '1.5 min',
      '3 h',
      '1.5 d',
      '9.4 d',
    ])
  })
  test('is shown as a range, with the unit once where both ends share it', () => {
    expect(formatDurationRange(range(9 * day, 11 * day))).toBe('9 to 11 d')
    expect(formatDurationRange(range(20 * hour, 2 * day))).toBe('20 h to 2 d')
    expect(formatDurationRange(range(10.1 * day, 10.2 * day))).toBe('10 d')
  })
  test('range refuses ends in the wrong order, and ranges add up end by end', () => {
    expect(() => range(2, 1)).toThrow(RangeError)
    expect(() => range(Number.NaN, 1)).toThrow(RangeError)
    expect(addRanges(range(1, 2), range(10, 20), range(minute, minute))).toEqual({ low: 11 + minute, high: 22 + minute })
  })
})

describe('a rate', () => {
  test('gives a range around the true time left when it is steady', () => {
    const rate = new RateEstimate()
    for (let at = 0; at <= 20_000; at += 250) rate.observe(at, at * 2)
    expect(rate.perSecond()).toBeCloseTo(2000)
    const left = rate.remaining(10_000)
    expect(left?.low).toBeLessThan(5_000)
    expect(left?.high).toBeGreaterThan(5_000)
  })
  test('is unknown before there are two samples, and there is no time left to tell while nothing moves', () => {
    const rate = new RateEstimate()
    expect(rate.perSecond()).toBeUndefined()
    rate.observe(0, 5)
    expect(rate.remaining(1)).toBeUndefined()
    rate.observe(5_000, 5)
    expect(rate.remaining(1)).toBeUndefined()
  })
})

describe('an item path', () => {
  const name = fc.uint8Array({ minLength: 1, maxLength: 12 }).map((raw) => raw.map((byte) => (byte === 0x2f || byte === 0 ? 0x5f : byte)))
  test('keeps the bytes of a name whatever they are: joining and splitting give them back', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (names) => {
        const path = names.reduce((folder, one) => paths.joinPath(folder, one), paths.rootPath)
        expect(paths.nameOf(path)).toEqual(names.at(-1))
        expect(paths.folderOf(path)).toEqual(names.slice(0, -1).reduce((folder, one) => paths.joinPath(folder, one), paths.rootPath))
      }),
    )
  })
  test('is text only when its bytes are UTF-8; a byte order mark is part of the name', () => {
    expect(paths.pathText(paths.pathFromText('Röntgen/1.dcm'))).toBe('Röntgen/1.dcm')
    expect(paths.pathText(paths.pathFromText('\uFEFFa'))).toBe('\uFEFFa')
    expect(paths.pathText(paths.pathFromBytes(new Uint8Array([0x52, 0xf6])))).toBeUndefined()
  })
  test('is shown with control characters and stray bytes made visible', () => {
    expect(paths.pathForDisplay(paths.pathFromBytes(new Uint8Array([0x52, 0xf6])))).toBe('R\\xf6')
    expect(paths.pathForDisplay(paths.pathFromText('a\u001b[2Jb\n'))).toBe('a\\x1b[2Jb\\x0a')
  })
  test('orders as S3 lists keys: by UTF-8 bytes, also beyond U+FFFF', () => {
    expect(['\u{1F600}', '\uFF5E', 'b', 'ab', 'a'].toSorted(paths.compareUtf8)).toEqual(['a', 'ab', 'b', '\uFF5E', '\u{1F600}'])
    fc.assert(
      fc.property(rawBytes, rawBytes, (a, b) => {
        expect(Math.sign(paths.compareBytes(a, b))).toBe(Buffer.compare(a, b))
      }),
    )
  })
  test('has its length in bytes, as key limits count it', () => {
    expect(paths.utf8Length('é€😀')).toBe(2 + 3 + 4)
  })
})
