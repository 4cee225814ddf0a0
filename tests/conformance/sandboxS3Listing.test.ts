/** Listing in the simulated S3: byte order of UTF-8, paging, prefixes, versions. */
import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bucket as Bucket, refusal, startS3, type RunningS3 } from '../kit/sandboxS3.ts'

let s3: RunningS3
let client: S3Client
beforeAll(async () => {
  s3 = await startS3()
  client = s3.client()
})
afterAll(async () => {
  expect(s3.bugs).toEqual([])
  await s3.close()
})
beforeEach(() => {
  for (const { key } of s3.objects.list(Bucket, '', undefined, -1)) s3.objects.delete(Bucket, key)
})

const fill = async (keys: readonly string[]) => {
  for (const key of keys) await s3.objects.put(Bucket, key, Readable.from([]))
}
const byteOrder = (keys: Iterable<string>) => [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))

/** Pages through with the delimiter, following continuation tokens by hand. */
async function pages(delimiter: string | undefined, MaxKeys: number, Prefix = '') {
  const keys: string[] = []
  const prefixes: string[] = []
  let ContinuationToken: string | undefined
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket, Delimiter: delimiter, MaxKeys, Prefix, ContinuationToken, EncodingType: undefined }),
    )
    expect(page.KeyCount ?? 0).toBeLessThanOrEqual(MaxKeys)
    keys.push(...(page.Contents ?? []).map((object) => object.Key ?? ''))
    prefixes.push(...(page.CommonPrefixes ?? []).map((common) => common.Prefix ?? ''))
    ContinuationToken = page.NextContinuationToken
    expect(page.IsTruncated).toBe(ContinuationToken !== undefined)
  } while (ContinuationToken !== undefined)
  return { keys, prefixes }
}

test('a listing comes in byte order of UTF-8, also beyond U+FFFF where UTF-16 orders otherwise', async () => {
  const keys = [
    'a',
    'Z',
    'é',
    '\uffee',
    '\u{1f9ca}',
    '\ue000',
    'z/1',
    'z',
    'ä',
    '\u{10ffff}',
    'a&b <c>',
    'a+b',
    'a b',
    '100%',
    'a//b',
    'a/../b',
  ]
  await fill(keys)
  expect((await pages(undefined, 3)).keys).toEqual(byteOrder(keys))
})

test('2,500 objects come in three pages of at most 1,000', async () => {
  const keys = Array.from({ length: 2_500 }, (_, at) => `k${String(at).padStart(5, '0')}`)
  await fill(keys)
  const seen: (string | undefined)[] = []
  let count = 0
  for await (const page of paginateListObjectsV2({ client }, { Bucket })) {
    count += 1
    seen.push(...(page.Contents ?? []).map((object) => object.Key))
  }
  expect(count).toBe(3)
  expect(seen).toEqual(keys)
})

describe('with a delimiter', () => {
  test('folders are named once and stepped over whole', async () => {
    await fill([...Array.from({ length: 300 }, (_, at) => `big/${at}`), 'a', 'big', 'small/1', 'z'])
    expect(await pages('/', 1_000)).toEqual({ keys: ['a', 'big', 'z'], prefixes: ['big/', 'small/'] })
    expect(await pages('/', 1)).toEqual({ keys: ['a', 'big', 'z'], prefixes: ['big/', 'small/'] })
    expect((await pages('/', 1_000, 'small/')).keys).toEqual(['small/1'])
  })

  test('whatever the keys, pages of any size give the same as the definition', async () => {
    const piece = fc.constantFrom('a', 'b', '/', '\u{1f9ca}', '\uffee', '\ud7ff', '\u{10ffff}', '~')
    const key = fc.array(piece, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 25 }),
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom('', 'a', 'a/', '\u{10ffff}'),
        async (keys, most, prefix) => {
          for (const { key: old } of s3.objects.list(Bucket, '', undefined, -1)) s3.objects.delete(Bucket, old)
          await fill(keys)
          const within = byteOrder(keys.filter((one) => one.startsWith(prefix)))
          const cut = (one: string) => one.indexOf('/', prefix.length)
          expect(await pages('/', most, prefix)).toEqual({
            keys: within.filter((one) => cut(one) < 0),
            prefixes: [...new Set(within.filter((one) => cut(one) >= 0).map((one) => one.slice(0, cut(one) + 1)))],
          })
        },
      ),
      { seed: 20261124, numRuns: 60 },
    )
  })
})

test('start-after, marker and prefix leave out what they should', async () => {
  await fill(['a', 'b/1', 'b/2', 'c'])
  const v2 = await client.send(new ListObjectsV2Command({ Bucket, StartAfter: 'b/1' }))
  expect(v2.Contents?.map((object) => object.Key)).toEqual(['b/2', 'c'])
  const v1 = await client.send(new ListObjectsCommand({ Bucket, Marker: 'b/', Delimiter: '/' }))
  expect(v1.Contents?.map((object) => object.Key)).toEqual(['c'])
  expect(v1.CommonPrefixes).toBeUndefined()
  const first = await client.send(new ListObjectsCommand({ Bucket, MaxKeys: 2, Delimiter: '/' }))
  expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'b/' })
})

test('asked to encode names, S3 does, and control characters survive', async () => {
  await fill(['with space', 'tab\there', 'ü+&'])
  const answer = await client.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }))
  expect(answer.Contents?.map((object) => object.Key)).toEqual(['tab%09here', 'with+space', '%C3%BC%2B%26'])
  expect((await pages(undefined, 10)).keys).toEqual(['tab\there', 'with space', 'ü+&'])
})

test('a made-up continuation token is refused', async () => {
  expect(await refusal(client.send(new ListObjectsV2Command({ Bucket, ContinuationToken: 'nonsense!' })))).toBe('InvalidArgument')
})

test('versions and delete markers are listed newest first, page by page', async () => {
  s3.objects.createBucket('versioned')
  const at = { Bucket: 'versioned' }
  await client.send(new PutObjectCommand({ ...at, Key: 'a', Body: '0' }))
  await client.send(new PutBucketVersioningCommand({ ...at, VersioningConfiguration: { Status: 'Enabled' } }))
  const made: (string | undefined)[] = []
  for (const Body of ['1', '22', '333']) made.unshift((await client.send(new PutObjectCommand({ ...at, Key: 'a', Body }))).VersionId)
  const { VersionId: marker, DeleteMarker } = await client.send(new DeleteObjectCommand({ ...at, Key: 'a' }))
  expect(DeleteMarker).toBe(true)
  await client.send(new PutObjectCommand({ ...at, Key: 'b', Body: 'b' }))
  const seen: unknown[] = []
  let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {}
  for (let page = 0; page < 10; page += 1) {
    const answer = await client.send(new ListObjectVersionsCommand({ ...at, MaxKeys: 2, ...markers }))
    seen.push(...(answer.DeleteMarkers ?? []).map((one) => one.VersionId), ...(answer.Versions ?? []).map((one) => one.VersionId))
    if (answer.IsTruncated !== true) break
    markers = { KeyMarker: answer.NextKeyMarker, VersionIdMarker: answer.NextVersionIdMarker }
  }
  expect(seen).toEqual([marker, ...made, 'null', expect.any(String)])
  expect((await client.send(new ListObjectsV2Command(at))).Contents?.map((object) => object.Key)).toEqual(['b'])
})
