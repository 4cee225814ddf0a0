/** What every ObjectStore promises (shared/ports/objectStore.ts). Run against S3 through the real SDK client, the simulated one and, where named, AWS itself. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { isFault } from '../../shared/faults/fault.ts'
import type { ListedObject, ObjectStore } from '../../shared/ports/objectStore.ts'
import { compareUtf8 } from '../../shared/units/itemPath.ts'

export type Writing = {
  readonly sha256?: boolean
  readonly encryption?: 'aws:kms'
  readonly storageClass?: string
  readonly checksum?: 'none'
  readonly metadata?: Readonly<Record<string, string>>
}

/** A store over a bucket that somebody else writes to. */
export type StoreWithWriter = {
  readonly store: ObjectStore
  readonly bucket: string
  readonly put: (key: string, body: Buffer, how?: Writing) => Promise<void>
  /** A multipart object with a COMPOSITE SHA-256. */
  readonly putComposite: (key: string, parts: readonly Buffer[]) => Promise<void>
  /** As a gateway leaves it: part sizes of any kind, checksum of the whole, no digests of parts. */
  readonly putUneven: (key: string, body: Buffer, partSizes: readonly number[]) => Promise<void>
  readonly remove: (key: string) => Promise<void>
}

const never = new AbortController().signal

export async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const found: Value[] = []
  for await (const value of values) found.push(value)
  return found
}

export function objectStoreConformance(name: string, open: () => Promise<StoreWithWriter>): void {
  describe(`${name} keeps the promises of an object store`, () => {
    const keysOf = (found: readonly ListedObject[]): readonly string[] => found.map((one) => one.key)

    test('lists every key under a prefix, page after page, in UTF-8 byte order', async () => {
      const { store, bucket, put } = await open()
      const many = Array.from({ length: 1003 }, (_, at) => `many/${String(at).padStart(5, '0')}`)
      const odd = ['many/a b+c%2Fd', 'many/\uffff', 'many/\u{10000}', 'many/ä', 'many/Z', 'many/a/', 'many/a&<>"']
      await Promise.all([...many, ...odd, 'manyfold', 'm'].map((key) => put(key, Buffer.from('x'))))
      const found = await all(store.list(bucket, 'many/', never))
      expect(keysOf(found)).toEqual([...many, ...odd].sort(compareUtf8))
      expect(found.every((one) => one.size === 1)).toBe(true)
      const after = many[1000] ?? ''
      expect(keysOf(await all(store.list(bucket, 'many/', never, after)))).toEqual(
        keysOf(found).filter((key) => compareUtf8(key, after) > 0),
      )
    })

    test('lists characters that XML cannot hold', async () => {
      const { store, bucket, put } = await open()
      await put('odd/line\u0001break', Buffer.from('x'))
      expect(keysOf(await all(store.list(bucket, 'odd/', never)))).toEqual(['odd/line\u0001break'])
    })

    test('lists nothing where nothing is, and tells a bucket that is not there', async () => {
      const { store, bucket } = await open()
      expect(await all(store.list(bucket, 'nothing/', never))).toEqual([])
      await expect(all(store.list('no-such-bucket-anywhere', '', never))).rejects.toSatisfy((error: unknown) =>
        isFault(error, 'bucket-missing'),
      )
    })

    test('says nothing of an object that is not there', async () => {
      const { store, bucket } = await open()
      expect(await store.head(bucket, 'not/there', never)).toBeUndefined()
    })

    test('tells size, version, ETag and the checksum of the whole of a single-part object', async () => {
      const { store, bucket, put } = await open()
      await put('one', Buffer.from('hello'), { sha256: true, metadata: { owner: 'radiology' } })
      const head = await store.head(bucket, 'one', never)
      expect(head).toMatchObject({
        size: 5,
        etag: '5d41402abc4b2a76b9719d911017c592',
        checksumType: 'FULL_OBJECT',
        checksums: [{ algorithm: 'SHA256', value: 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=' }],
        encryption: 'AES256',
        customerKey: false,
        metadata: { owner: 'radiology' },
      })
      expect(head?.versionId).toMatch(/^.+$/)
      expect(await store.parts(bucket, 'one', head?.versionId, never)).toBeUndefined()
    })

    test('tells that an object has no checksum, or is encrypted by KMS, or archived', async () => {
      const { store, bucket, put } = await open()
      await put('old', Buffer.from('hello'), { checksum: 'none' })
      await put('kms', Buffer.from('hello'), { encryption: 'aws:kms' })
      await put('cold', Buffer.from('hello'), { storageClass: 'DEEP_ARCHIVE' })
      expect(await store.head(bucket, 'old', never)).toMatchObject({ checksums: [], checksumType: undefined })
      const kms = await store.head(bucket, 'kms', never)
      expect(kms).toMatchObject({ encryption: 'aws:kms', checksumType: 'FULL_OBJECT' })
      expect(kms?.etag).not.toBe('5d41402abc4b2a76b9719d911017c592')
      expect(await store.head(bucket, 'cold', never)).toMatchObject({ storageClass: 'DEEP_ARCHIVE', checksumType: 'FULL_OBJECT' })
      await expect(all(store.read(bucket, 'cold', undefined, never))).rejects.toSatisfy(
        (error: unknown) => isFault(error) && error.facts['code'] === 'InvalidObjectState',
      )
    })

    test('tells the parts of a composite object with their sizes and checksums', async () => {
      const { store, bucket, putComposite } = await open()
      const parts = [Buffer.alloc(5 * 1024 ** 2, 7), Buffer.from('the rest')]
      await putComposite('composite', parts)
      const head = await store.head(bucket, 'composite', never)
      expect(head).toMatchObject({ checksumType: 'COMPOSITE', size: 5 * 1024 ** 2 + 8 })
      expect(head?.etag).toMatch(/^[0-9a-f]{32}-2$/)
      const told = await store.parts(bucket, 'composite', head?.versionId, never)
      expect(told?.map((part) => [part.partNumber, part.size])).toEqual([
        [1, 5 * 1024 ** 2],
        [2, 8],
      ])
      expect(told?.[1]?.checksums).toEqual([{ algorithm: 'SHA256', value: createHash('sha256').update('the rest').digest('base64') }])
    })

    test('finds out uneven parts where S3 does not list them', async () => {
      const { store, bucket, putUneven } = await open()
      const sizes = [3, 1, 40, 2, 5, 5, 5, 5, 5, 5, 24]
      await putUneven('uneven', Buffer.alloc(100, 1), sizes)
      const head = await store.head(bucket, 'uneven', never)
      const told = await store.parts(bucket, 'uneven', head?.versionId, never)
      expect(told?.map((part) => part.size)).toEqual(sizes)
    })

    test('reads the bytes of the version asked for, of any size, also after it was replaced', async () => {
      const { store, bucket, put } = await open()
      const large = Buffer.from(Array.from({ length: 9_000_001 }, (_, at) => (at * 31) & 255))
      await put('large', large)
      const before = await store.head(bucket, 'large', never)
      await put('large', Buffer.from('another'))
      const read = Buffer.concat(await all(store.read(bucket, 'large', before?.versionId, never)))
      expect(read.equals(large)).toBe(true)
      expect(Buffer.concat(await all(store.read(bucket, 'large', undefined, never))).toString()).toBe('another')
      await put('empty', Buffer.alloc(0))
      expect(await all(store.read(bucket, 'empty', undefined, never))).toEqual([])
    })

    test('does nothing more once stopped', async () => {
      const { store, bucket, put } = await open()
      await put('one', Buffer.from('hello'))
      const controller = new AbortController()
      controller.abort(new Error('asked to stop'))
      await expect(store.head(bucket, 'one', controller.signal)).rejects.toThrow('asked to stop')
      await expect(all(store.list(bucket, '', controller.signal))).rejects.toThrow('asked to stop')
    })
  })
}
