/** Objects of the simulated S3 over their life: write, read in pieces, copy, tag, version, archive, delete; and its refusals. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FaultVerdict } from '../../main/sandbox/http/faultHook.ts'
import { bucket as Bucket, refusal, region, startS3, type RunningS3 } from '../kit/sandboxS3.ts'

let s3: RunningS3
let client: S3Client
const planned: FaultVerdict[] = []
beforeAll(async () => {
  s3 = await startS3({ faults: { before: () => Promise.resolve(planned.shift() ?? 'continue') } })
  client = s3.client()
})
afterAll(async () => {
  expect(s3.bugs).toEqual([])
  await s3.close()
})

const MiB = 1024 * 1024
const put = (Key: string, Body: string | Uint8Array = 'hello', more: object = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))
const get = async (Key: string, more: object = {}) => {
  const answer = await client.send(new GetObjectCommand({ Bucket, Key, ...more }))
  return { ...answer, text: await answer.Body?.transformToString() }
}

describe('reading', () => {
  test('gives back bytes, type and metadata as they were written', async () => {
    await put('a b/ü+&.dcm', 'hello', { Metadata: { 'snowball-auto-extract': 'true' }, ContentType: 'application/dicom' })
    expect(await get('a b/ü+&.dcm')).toMatchObject({
      text: 'hello',
      ContentType: 'application/dicom',
      Metadata: { 'snowball-auto-extract': 'true' },
    })
  })
  test.each([
    ['bytes=1-3', 'ell', 'bytes 1-3/5'],
    ['bytes=3-', 'lo', 'bytes 3-4/5'],
    ['bytes=-2', 'lo', 'bytes 3-4/5'],
    ['bytes=0-99', 'hello', 'bytes 0-4/5'],
  ])('of the range %s gives %s', async (Range, text, ContentRange) => {
    await put('range')
    expect(await get('range', { Range })).toMatchObject({ text, ContentRange, $metadata: { httpStatusCode: 206 } })
  })
  test('beyond the end is refused', async () => {
    expect(await refusal(get('range', { Range: 'bytes=5-' }))).toBe('InvalidRange')
  })
  test('of a large object streams all of it, and any range', async () => {
    const bytes = Buffer.alloc(3 * MiB, 'abcdefg')
    await put('large', bytes)
    const whole = await client.send(new GetObjectCommand({ Bucket, Key: 'large' }))
    expect(Buffer.from((await whole.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true)
    expect((await get('large', { Range: 'bytes=2000000-2000006' })).text).toBe(bytes.toString('latin1', 2_000_000, 2_000_007))
  })
  test('follows If-None-Match and If-Match', async () => {
    const { ETag } = await put('conditional')
    expect(await refusal(get('conditional', { IfMatch: ETag }))).toBe('none')
    expect(await refusal(get('conditional', { IfMatch: '"other"' }))).toBe('PreconditionFailed')
    const error: unknown = await get('conditional', { IfNoneMatch: ETag }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ $metadata: { httpStatusCode: 304 } })
  })
  test.each(['GLACIER', 'DEEP_ARCHIVE'] as const)('of an object in %s is refused, but its facts can be read', async (StorageClass) => {
    await put('cold', 'hello', { StorageClass })
    expect(await refusal(get('cold'))).toBe('InvalidObjectState')
    expect(await client.send(new HeadObjectCommand({ Bucket, Key: 'cold' }))).toMatchObject({ StorageClass, ContentLength: 5 })
  })
})

describe('writing', () => {
  test('only if nothing is there succeeds once', async () => {
    expect(await refusal(put('once', 'first', { IfNoneMatch: '*' }))).toBe('none')
    expect(await refusal(put('once', 'second', { IfNoneMatch: '*' }))).toBe('PreconditionFailed')
    expect((await get('once')).text).toBe('first')
  })
  test('only over a known object refuses any other', async () => {
    const { ETag } = await put('known')
    expect(await refusal(put('known', 'x', { IfMatch: '"other"' }))).toBe('PreconditionFailed')
    expect(await refusal(put('known', 'x', { IfMatch: ETag }))).toBe('none')
    expect(await refusal(put('unknown', 'x', { IfMatch: ETag }))).toBe('NoSuchKey')
  })
  test('under KMS gives an ETag that is no MD5', async () => {
    const one = await put('kms', 'hello', { ServerSideEncryption: 'aws:kms' })
    expect(one.ServerSideEncryption).toBe('aws:kms')
    expect(one.ETag).toMatch(/^"[0-9a-f]{32}"$/)
    expect(one.ETag).not.toBe('"5d41402abc4b2a76b9719d911017c592"')
  })
  test.each([
    ['a key over 1,024 bytes', { Key: 'ü'.repeat(513) }, 'KeyTooLongError'],
    ['a bucket that is not there', { Bucket: 'no-such-bucket' }, 'NoSuchBucket'],
    ['a storage class that does not exist', { StorageClass: 'FRIDGE' }, 'InvalidStorageClass'],
    ['too much metadata', { Metadata: { note: 'x'.repeat(2_100) } }, 'MetadataTooLarge'],
    ['a header the sandbox does not act on', { CacheControl: 'no-store' }, 'NotImplemented'],
  ])('to %s is refused', async (_, more, code) => {
    expect(await refusal(put('refused', 'x', more))).toBe(code)
  })
})

test('a refused body does not spoil the connection for the next request', async () => {
  const narrow = s3.client({ requestHandler: { httpAgent: { maxSockets: 1, keepAlive: true }, requestTimeout: 5_000 } })
  const body = Buffer.alloc(3 * MiB)
  const refused = [
    { StorageClass: 'FRIDGE' as 'STANDARD' },
    { ChecksumCRC32: 'AAAAAA==', ChecksumAlgorithm: undefined },
    { ContentMD5: 'NhCm' },
  ]
  for (const more of refused)
    expect(await refusal(narrow.send(new PutObjectCommand({ Bucket, Key: 'spoilt', Body: body, ...more })))).not.toBe('none')
  expect(await refusal(narrow.send(new PutObjectCommand({ Bucket, Key: 'spoilt', Body: body })))).toBe('none')
})

test('a caller who hangs up in the middle of a body leaves nothing behind', async () => {
  const abort = new AbortController()
  const slow = Readable.from(
    (async function* () {
      yield Buffer.alloc(MiB)
      await new Promise((resolve) => setTimeout(resolve, 50))
      abort.abort()
      yield Buffer.alloc(MiB)
    })(),
  )
  const call = client.send(new PutObjectCommand({ Bucket, Key: 'hung-up', Body: slow, ContentLength: 2 * MiB }), {
    abortSignal: abort.signal,
  })
  expect(await refusal(call)).not.toBe('none')
  await expect.poll(() => readdirSync(join(s3.folder, 'incoming'))).toEqual([])
  expect(s3.objects.head(Bucket, 'hung-up')).toBeUndefined()
})

describe('copying', () => {
  test('keeps bytes and metadata, and makes one piece of many', async () => {
    await put('source', 'hello', { Metadata: { a: '1' } })
    const copied = await client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/source` }))
    expect(copied.CopyObjectResult?.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"')
    expect(await get('copy')).toMatchObject({ text: 'hello', Metadata: { a: '1' } })
  })
  test('can compute another checksum on the way', async () => {
    const copied = await client.send(
      new CopyObjectCommand({ Bucket, Key: 'copy2', CopySource: `${Bucket}/source`, ChecksumAlgorithm: 'SHA256' }),
    )
    expect(copied.CopyObjectResult?.ChecksumSHA256).toBe('LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=')
  })
  test('onto itself without a change is refused', async () => {
    expect(await refusal(client.send(new CopyObjectCommand({ Bucket, Key: 'source', CopySource: `${Bucket}/source` })))).toBe(
      'InvalidRequest',
    )
  })
  test('a part of another object makes a part', async () => {
    await put('whole', Buffer.alloc(6 * MiB, 'x'))
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'from-parts' }))
    const at = { Bucket, Key: 'from-parts', UploadId }
    const first = await client.send(
      new UploadPartCopyCommand({ ...at, PartNumber: 1, CopySource: `${Bucket}/whole`, CopySourceRange: `bytes=0-${5 * MiB - 1}` }),
    )
    const Parts = [{ PartNumber: 1, ETag: first.CopyPartResult?.ETag, ChecksumCRC32: first.CopyPartResult?.ChecksumCRC32 }]
    await client.send(new CompleteMultipartUploadCommand({ ...at, MultipartUpload: { Parts } }))
    expect((await client.send(new HeadObjectCommand({ Bucket, Key: 'from-parts' }))).ContentLength).toBe(5 * MiB)
  })
})

describe('an upload in parts', () => {
  test('is listed while it lasts, part by part, and gone when aborted', async () => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'listed', ChecksumAlgorithm: 'CRC32' }))
    const at = { Bucket, Key: 'listed', UploadId }
    for (const PartNumber of [1, 2, 5]) await client.send(new UploadPartCommand({ ...at, PartNumber, Body: `part ${PartNumber}` }))
    const first = await client.send(new ListPartsCommand({ ...at, MaxParts: 2 }))
    expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2' })
    const rest = await client.send(new ListPartsCommand({ ...at, PartNumberMarker: first.NextPartNumberMarker }))
    expect(rest.Parts?.map((part) => part.PartNumber)).toEqual([5])
    const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'listed' }))
    expect(uploads.Uploads?.map((upload) => upload.UploadId)).toEqual([UploadId])
    await client.send(new AbortMultipartUploadCommand(at))
    expect(await refusal(client.send(new ListPartsCommand(at)))).toBe('NoSuchUpload')
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'listed' }))).Uploads).toBeUndefined()
  })
  test('is listed page by page among many', async () => {
    const ids = new Set<string>()
    for (const Key of ['u/1', 'u/1', 'u/2', 'u/3'])
      ids.add((await client.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId ?? '')
    const seen: (string | undefined)[] = []
    let marker: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {}
    for (;;) {
      const page = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'u/', MaxUploads: 1, ...marker }))
      seen.push(...(page.Uploads ?? []).map((upload) => upload.UploadId))
      if (page.IsTruncated !== true) break
      marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
    }
    expect(seen.length).toBe(4)
    expect(new Set(seen)).toEqual(ids)
  })
  test('refuses wrong order, a wrong ETag, a small part in the middle, and a wrong size', async () => {
    const plain = s3.client({ requestChecksumCalculation: 'WHEN_REQUIRED' })
    const { UploadId } = await plain.send(new CreateMultipartUploadCommand({ Bucket, Key: 'judged' }))
    const at = { Bucket, Key: 'judged', UploadId }
    const etags: (string | undefined)[] = []
    for (const PartNumber of [1, 2]) etags.push((await plain.send(new UploadPartCommand({ ...at, PartNumber, Body: 'tiny' }))).ETag)
    const [one, two] = etags.map((ETag, index) => ({ PartNumber: index + 1, ETag }))
    const complete = (Parts: unknown[], more: object = {}) =>
      refusal(
        plain.send(
          new CompleteMultipartUploadCommand({
            ...at,
            MultipartUpload: { Parts: Parts as { PartNumber: number; ETag: string }[] },
            ...more,
          }),
        ),
      )
    expect(await complete([two, one])).toBe('InvalidPartOrder')
    expect(await complete([{ ...one, ETag: '"00000000000000000000000000000000"' }])).toBe('InvalidPart')
    expect(await complete([one, { PartNumber: 3, ETag: one?.ETag }])).toBe('InvalidPart')
    expect(await complete([one, two])).toBe('EntityTooSmall')
    expect(await complete([])).toBe('MalformedXML')
    expect(await complete([one], { MpuObjectSize: 5 })).toBe('InvalidRequest')
    expect(await complete([one], { MpuObjectSize: 4 })).toBe('none')
    expect(await complete([one])).toBe('NoSuchUpload')
  })
})

describe('in a versioned bucket', () => {
  test('nothing is lost by overwriting or deleting, until a version is deleted by its id', async () => {
    await client.send(new CreateBucketCommand({ Bucket: 'kept-versions', CreateBucketConfiguration: { LocationConstraint: region } }))
    await client.send(new PutBucketVersioningCommand({ Bucket: 'kept-versions', VersioningConfiguration: { Status: 'Enabled' } }))
    const at = { Bucket: 'kept-versions', Key: 'a' }
    const one = await client.send(new PutObjectCommand({ ...at, Body: '1' }))
    const two = await client.send(new PutObjectCommand({ ...at, Body: '2' }))
    const read = async (VersionId?: string) => (await client.send(new GetObjectCommand({ ...at, VersionId }))).Body?.transformToString()
    expect([await read(), await read(one.VersionId)]).toEqual(['2', '1'])
    const gone = await client.send(new DeleteObjectCommand(at))
    expect(await refusal(read())).toBe('NoSuchKey')
    expect(await refusal(read(gone.VersionId))).toBe('MethodNotAllowed')
    await client.send(new DeleteObjectCommand({ ...at, VersionId: gone.VersionId }))
    await client.send(new DeleteObjectCommand({ ...at, VersionId: two.VersionId }))
    expect(await read()).toBe('1')
    expect(await refusal(read(two.VersionId))).toBe('NoSuchVersion')
  })
})

test('many objects are deleted with one call, and missing ones count as deleted', async () => {
  await put('d/1')
  await put('d/2')
  const answer = await client.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'd/1' }, { Key: 'd/2' }, { Key: 'd/3' }] } }),
  )
  expect(answer.Deleted?.map((one) => one.Key)).toEqual(['d/1', 'd/2', 'd/3'])
  expect(s3.objects.list(Bucket, 'd/')).toEqual([])
})

test('tags are kept, replaced and removed', async () => {
  await put('tagged', 'x', { Tagging: 'study=7%2F8&kind=ct' })
  const tags = async () => (await client.send(new GetObjectTaggingCommand({ Bucket, Key: 'tagged' }))).TagSet
  expect(await tags()).toEqual([{ Key: 'study', Value: '7/8' }, { Key: 'kind', Value: 'ct' }]) // prettier-ignore
  await client.send(new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging: { TagSet: [{ Key: 'a', Value: '<&>' }] } }))
  expect(await tags()).toEqual([{ Key: 'a', Value: '<&>' }])
  await client.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'tagged' }))
  expect(await tags()).toEqual([])
})

test('a bucket has an owner, a Region and a default encryption', async () => {
  expect(await refusal(client.send(new CreateBucketCommand({ Bucket })))).toBe('BucketAlreadyOwnedByYou')
  expect(await refusal(client.send(new CreateBucketCommand({ Bucket: 'Bad_Name' })))).toBe('InvalidBucketName')
  expect((await client.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe(region)
  s3.objects.createBucket('encrypted')
  const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const } }
  await client.send(new PutBucketEncryptionCommand({ Bucket: 'encrypted', ServerSideEncryptionConfiguration: { Rules: [rule] } }))
  const told = await client.send(new GetBucketEncryptionCommand({ Bucket: 'encrypted' }))
  expect(told.ServerSideEncryptionConfiguration?.Rules?.[0]).toMatchObject(rule)
  expect((await client.send(new PutObjectCommand({ Bucket: 'encrypted', Key: 'k', Body: 'x' }))).ServerSideEncryption).toBe('aws:kms')
})

test('what the sandbox does not know it says it does not know', async () => {
  expect(await refusal(client.send(new GetBucketAclCommand({ Bucket })))).toBe('NotImplemented')
})

describe('when the fault plan says so', () => {
  test('an error is answered instead of the work', async () => {
    planned.push({ status: 503, code: 'SlowDown' })
    expect(await refusal(put('planned'))).toBe('SlowDown')
    expect(s3.objects.head(Bucket, 'planned')).toBeUndefined()
  })
  test('a connection breaks before anything is done', async () => {
    planned.push('reset')
    expect(await refusal(put('planned'))).not.toBe('none')
    expect(s3.objects.head(Bucket, 'planned')).toBeUndefined()
  })
  test('a connection breaks after the work is done', async () => {
    planned.push('reset-after')
    expect(await refusal(put('planned'))).not.toBe('none')
    expect(s3.objects.head(Bucket, 'planned')?.size).toBe(5)
  })
})
