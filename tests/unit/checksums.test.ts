import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compositeOf,
  crc32,
  crc32c,
  formatChecksum,
  formatEtag,
  parseChecksum,
  parseEtag,
  rangesOf,
} from '../../shared/domain/checksums.ts'
import { fromBase64, toBase64, toHex, type DigestAlgorithm } from '../../shared/units/digest.ts'
import { hashOf } from '../../main/verify/hashing.ts'

const text = (of: string): Uint8Array => new TextEncoder().encode(of)
const base64 = (of: string): Uint8Array => fromBase64(of) ?? new Uint8Array()
const composite = (algorithm: DigestAlgorithm, parts: readonly Uint8Array[]): string =>
  formatChecksum(compositeOf(algorithm, parts, hashOf))
const partsOf = (algorithm: DigestAlgorithm, parts: readonly Uint8Array[]): readonly Uint8Array[] =>
  parts.map((part) => hashOf(algorithm, part))

/** 11 MiB of byte 7 in parts of 6 MiB. */
const sevens = [new Uint8Array(6 * 1024 ** 2).fill(7), new Uint8Array(5 * 1024 ** 2).fill(7)]

describe('checksums as S3 writes them', () => {
  test.each([
    ['CRC32', 'NhCmhg=='],
    ['CRC32C', 'mnG7TA=='],
    ['SHA256', 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ='],
    ['MD5', 'XUFAKrxLKna5cZ2REBfFkg=='],
  ] as const)('%s of "hello" is %s', (algorithm, expected) => {
    expect(toBase64(hashOf(algorithm, text('hello')))).toBe(expected)
  })

  test('SHA-512 of "abc" is that of FIPS 180-4', () => {
    expect(toBase64(hashOf('SHA512', text('abc')))).toBe(
      '3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==',
    )
  })

  test('CRC-32C of the check string and CRC-32 of nothing are those of the standards', () => {
    expect(toHex(crc32c(text('123456789')))).toBe('e3069283')
    expect(toHex(crc32(text('123456789')))).toBe('cbf43926')
    expect(toBase64(crc32(new Uint8Array()))).toBe('AAAAAA==')
  })

  test.each([
    ['CRC32', ['vUKbMg==', 'JJDgYg=='], 'eIQGKA==-2'],
    [
      'SHA256',
      ['xDqhePOj1oLpRcEqcCF/RGsSDrx+OwHZgnh85Bd80F4=', '4pJf3RfIPHfppPlX/RcLKnK0isVZaJQ9z5YvK4U8iKk='],
      '8WrNR/H80eXzCkVzYuQ4412/Wp+nxyVXJh0o6sI4JUU=-2',
    ],
  ] as const)('the composite %s of 11 MiB in two parts follows from the part digests', (algorithm, parts, expected) => {
    expect(partsOf(algorithm, sevens).map(toBase64)).toEqual(parts)
    expect(composite(algorithm, parts.map(base64))).toBe(expected)
  })

  test.each([
    ['SHA1', 'Pwsw/RGnQhj26DVENgu4n3CUkvs=-2'],
    ['MD5', 'ES07xYvpJHcS9eArOt/KSg==-2'],
  ] as const)('the composite %s of 11 MiB in two parts is %s', (algorithm, expected) => {
    expect(composite(algorithm, partsOf(algorithm, sevens))).toBe(expected)
  })

  test('a multipart ETag is the composite MD5 in hex', () => {
    const made = compositeOf('MD5', partsOf('MD5', sevens), hashOf)
    expect(formatEtag(made.bytes, made.parts)).toBe('112d3bc58be9247712f5e02b3adfca4a-2')
    const tiny = compositeOf('MD5', partsOf('MD5', [text('hello'), text('world')]), hashOf)
    expect(formatEtag(tiny.bytes, tiny.parts)).toBe('065947336a2f2a95ba8899f3675c3be6-2')
    expect(composite('SHA256', partsOf('SHA256', [text('hello'), text('world')]))).toBe('cwXbmyq8zXBsJW2z2X5f9I1nfP5NOlkEr7faDjlQ4eI=-2')
  })

  test('a composite of CRC64NVME is refused: S3 makes none', () => {
    expect(() => hashOf('CRC64NVME', text('hello'))).toThrow(RangeError)
  })
})

describe('reading checksums and ETags', () => {
  test('a checksum is read with and without its count of parts, and written back the same', () => {
    expect(parseChecksum('eIQGKA==-2')).toEqual({ bytes: base64('eIQGKA=='), parts: 2 })
    expect(parseChecksum('eIQGKA==')).toEqual({ bytes: base64('eIQGKA=='), parts: undefined })
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        fc.option(fc.integer({ min: 1, max: 10_000 }), { nil: undefined }),
        (raw, parts) => {
          const read = parseChecksum(formatChecksum({ bytes: raw, parts }))
          expect(read).toEqual({ bytes: raw, parts })
        },
      ),
      { seed: 7 },
    )
  })

  test.each(['', '-2', 'eIQGKA', 'eIQGKA==-0', 'eIQGKA==-x', 'not base64!'])('%j is no checksum', (of) => {
    expect(parseChecksum(of)).toBeUndefined()
  })

  test('an ETag is told by its form, with or without quotes', () => {
    const md5 = new Uint8Array(createHash('md5').update('hello').digest())
    expect(parseEtag(toHex(md5))).toEqual({ kind: 'single', bytes: md5 })
    expect(parseEtag(`"${toHex(md5)}"`)).toEqual({ kind: 'single', bytes: md5 })
    expect(parseEtag(`"${toHex(md5)}-17"`)).toEqual({ kind: 'multipart', bytes: md5, parts: 17 })
    for (const other of [undefined, '', 'abc', `${toHex(md5)}00`, `${toHex(md5)}-0`]) expect(parseEtag(other)).toEqual({ kind: 'opaque' })
  })
})

describe('part ranges', () => {
  test('uneven parts lie end to end', () => {
    expect(rangesOf([6, 1, 4], 11)).toEqual([
      { from: 0, to: 6 },
      { from: 6, to: 7 },
      { from: 7, to: 11 },
    ])
  })
  test('parts that do not add up to the object give no ranges', () => {
    expect(rangesOf([6, 4], 11)).toBeUndefined()
    expect(rangesOf([6, 6], 11)).toBeUndefined()
  })
  test('any cutting of any bytes gives the composite of its slices', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(fc.nat(400), { maxLength: 6 }), (body, cuts) => {
        const edges = [0, ...cuts.filter((cut) => cut <= body.length).sort((a, b) => a - b), body.length]
        const sizes = edges.slice(1).map((edge, at) => edge - (edges[at] ?? 0))
        const ranges = rangesOf(sizes, body.length) ?? []
        const joined = createHash('sha256')
        for (const { from, to } of ranges) joined.update(createHash('sha256').update(body.subarray(from, to)).digest())
        const made = compositeOf(
          'SHA256',
          ranges.map(({ from, to }) => hashOf('SHA256', body.subarray(from, to))),
          hashOf,
        )
        expect(toHex(made.bytes)).toBe(joined.digest('hex'))
        expect(made.parts).toBe(sizes.length)
      }),
      { seed: 11 },
    )
  })
})
