/** What every Source promises about reading items (shared/ports/source.ts). One list for all implementations. */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import type { DigestRequest, Expected, ItemReader, Source } from '../../shared/ports/source.ts'
import { toHex, type DigestAlgorithm } from '../../shared/units/digest.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathFromText } from '../../shared/units/itemPath.ts'

export type SourceUnderTest = {
  readonly source: Source
  /** Puts an item there, or replaces it (with another modification time), and says what a scan would have found. */
  put(name: string, body: Uint8Array): Expected
  remove(name: string): void
}

const never = new AbortController().signal
const sha256 = (of: Uint8Array): string => createHash('sha256').update(of).digest('hex')

/** 3 MiB and a bit: more than one read of any sensible size. */
const large = Buffer.alloc(3 * 1024 * 1024 + 77, 'not all the same ')

export function sourceConformance(start: () => Promise<SourceUnderTest>): void {
  test('a whole item comes with digests of the very bytes', async () => {
    const { source, put } = await start()
    const body = Buffer.from('123456789')
    const outcome = await source.readWhole(pathFromText('item'), put('item', body), never)
    if (outcome.kind !== 'read') throw new Error(outcome.kind)
    expect(Buffer.from(outcome.body)).toEqual(body)
    expect(toHex(outcome.sha256)).toBe(sha256(body))
    // The check value of CRC-64/NVME.
    expect(toHex(outcome.crc64nvme)).toBe('ae8b14860a799888')
  })

  test('an empty item is read as empty, whole and in order', async () => {
    const { source, put } = await start()
    const expected = put('empty', Buffer.alloc(0))
    expect(await source.readWhole(pathFromText('empty'), expected, never)).toMatchObject({ kind: 'read', body: new Uint8Array(0) })
    const reader = await opened(source, 'empty', expected)
    expect(await reader.next(100, never)).toBeUndefined()
    expect(await reader.finish()).toMatchObject({ kind: 'read', crc64nvme: new Uint8Array(8) })
    await reader.close()
  })

  test('a large item comes in order, in the lengths asked for, and two at a time do not mix', async () => {
    const { source, put } = await start()
    const [one, two] = [large, Buffer.from(large).reverse()]
    const readers = [await opened(source, 'one', put('one', one)), await opened(source, 'two', put('two', two))]
    const parts: Buffer[][] = [[], []]
    for (let more = true; more;) {
      more = false
      for (const [at, reader] of readers.entries()) {
        const part = await reader.next(1_000_000, never)
        if (part === undefined) continue
        parts[at]?.push(Buffer.from(part))
        more = true
      }
    }
    expect(parts.map((all) => all.map(({ length }) => length))).toEqual([
      [1e6, 1e6, 1e6, 145_805],
      [1e6, 1e6, 1e6, 145_805],
    ])
    for (const [at, reader] of readers.entries()) {
      const whole = Buffer.concat(parts[at] ?? [])
      expect(whole.equals(at === 0 ? one : two)).toBe(true)
      const finished = await reader.finish()
      expect(finished.kind === 'read' && toHex(finished.sha256)).toBe(sha256(whole))
      await reader.close()
    }
  })

  test('an item that is not what was expected is changed, in size or in time', async () => {
    const { source, put } = await start()
    const expected = put('item', Buffer.from('as planned'))
    put('item', Buffer.from('as PLANNED'))
    expect(await source.readWhole(pathFromText('item'), expected, never)).toEqual({ kind: 'changed' })
    expect(await source.open(pathFromText('item'), expected, never)).toEqual({ kind: 'changed' })
    const longer = put('item', Buffer.from('as planned, and more'))
    expect(await source.readWhole(pathFromText('item'), { ...longer, size: bytes(longer.size - 1) }, never)).toEqual({ kind: 'changed' })
    expect(await source.digests(pathFromText('item'), expected, [], never)).toEqual({ kind: 'changed' })
  })

  test('an item that changes while it is read is found out at the end', async () => {
    const { source, put } = await start()
    const reader = await opened(source, 'item', put('item', large))
    await reader.next(1_000_000, never)
    put('item', Buffer.concat([large, large]))
    while ((await reader.next(1_000_000, never)) !== undefined);
    expect(await reader.finish()).toEqual({ kind: 'changed' })
    await reader.close()
  })

  test('an item that is gone has vanished', async () => {
    const { source, put, remove } = await start()
    const expected = put('item', Buffer.from('x'))
    remove('item')
    expect(await source.readWhole(pathFromText('item'), expected, never)).toEqual({ kind: 'vanished' })
    expect(await source.open(pathFromText('item'), expected, never)).toEqual({ kind: 'vanished' })
    expect(await source.digests(pathFromText('item'), expected, [], never)).toEqual({ kind: 'vanished' })
  })

  test('digests of the whole and of parts, from one pass, in the order asked for', async () => {
    const { source, put } = await start()
    const expected = put('item', large)
    const size = large.length
    const ranges = [
      [0, size],
      [2_000_000, size],
      [0, 1_000_000],
      [1_000_000, 2_000_000],
      [5, 5],
      [1_500_000, 1_500_007],
    ] as const
    const algorithms = ['SHA256', 'SHA1', 'MD5', 'CRC32', 'CRC32C', 'CRC64NVME'] as const satisfies DigestAlgorithm[]
    const wanted: DigestRequest[] = algorithms.flatMap((algorithm) => ranges.map(([from, to]) => ({ algorithm, from, to })))
    const outcome = await source.digests(pathFromText('item'), expected, wanted, never)
    if (outcome.kind !== 'read') throw new Error(outcome.kind)
    const found = outcome.digests.map(toHex)
    expect(found).toHaveLength(36)
    for (const [at, [from, to]] of ranges.entries()) {
      const part = large.subarray(from, to)
      expect(found[at]).toBe(sha256(part))
      expect(found[6 + at]).toBe(createHash('sha1').update(part).digest('hex'))
      expect(found[12 + at]).toBe(createHash('md5').update(part).digest('hex'))
      expect(found[18 + at]).toBe(crc32(part).toString(16).padStart(8, '0'))
    }
  })

  test('the check values of the CRCs', async () => {
    const { source, put } = await start()
    const wanted = (['CRC32', 'CRC32C', 'CRC64NVME'] as const).map((algorithm) => ({ algorithm, from: 0, to: 9 }))
    const outcome = await source.digests(pathFromText('item'), put('item', Buffer.from('123456789')), wanted, never)
    expect(outcome.kind === 'read' && outcome.digests.map(toHex)).toEqual(['cbf43926', 'e3069283', 'ae8b14860a799888'])
  })

  test('an aborted call rejects with the reason', async () => {
    const { source, put } = await start()
    const expected = put('item', large)
    const reason = new Error('stopped by the operator')
    await expect(source.readWhole(pathFromText('item'), expected, AbortSignal.abort(reason))).rejects.toBe(reason)
    const reader = await opened(source, 'item', expected)
    await expect(reader.next(10, AbortSignal.abort(reason))).rejects.toBe(reason)
    await reader.close()
    await reader.close()
  })
}

async function opened(source: Source, name: string, expected: Expected): Promise<ItemReader> {
  const reader = await source.open(pathFromText(name), expected, never)
  if ('kind' in reader) throw new Error(reader.kind)
  return reader
}
