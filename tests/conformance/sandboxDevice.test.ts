/** The simulated Snowball takes what a real one takes and refuses, one by one, what a real one refuses. */
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bucket as Bucket, refusal, startDevice } from '../kit/sandboxS3.ts'

let running: Awaited<ReturnType<typeof startDevice>>
let client: S3Client
beforeAll(async () => {
  running = await startDevice()
  client = running.client()
})
afterAll(async () => {
  expect(running.bugs).toEqual([])
  await running.close()
})

const MiB = 1024 * 1024

describe('a device takes', () => {
  test('an object with its metadata, and gives both back', async () => {
    const Metadata = { 'snowball-auto-extract': 'true' }
    const put = await client.send(new PutObjectCommand({ Bucket, Key: 'batch.tar', Body: 'hello', Metadata }))
    expect(put.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"')
    expect(put.ChecksumCRC64NVME).toBeUndefined()
    expect(await client.send(new HeadObjectCommand({ Bucket, Key: 'batch.tar' }))).toMatchObject({ Metadata, ContentLength: 5 })
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'batch.tar' }))
    expect(await got.Body?.transformToString()).toBe('hello')
  })
  test('a stream of known length without chunks', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'stream', Body: Readable.from([Buffer.alloc(MiB)]), ContentLength: MiB }))
    expect(running.device.objects.head(Bucket, 'stream')?.size).toBe(MiB)
  })
  test('an upload in parts, which can be resumed by what is listed', async () => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }))
    const at = { Bucket, Key: 'parts', UploadId }
    for (const PartNumber of [1, 2])
      await client.send(new UploadPartCommand({ ...at, PartNumber, Body: Buffer.alloc(5 * MiB, PartNumber) }))
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads?.map((upload) => upload.UploadId)).toEqual([UploadId])
    const Parts = (await client.send(new ListPartsCommand(at))).Parts?.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }))
    const done = await client.send(new CompleteMultipartUploadCommand({ ...at, MultipartUpload: { Parts } }))
    expect(done.ETag).toMatch(/-2"$/)
    expect(running.device.objects.head(Bucket, 'parts')?.checksum).toBeUndefined()
  })
  test('digest headers without heeding them', async () => {
    const put = await client.send(new PutObjectCommand({ Bucket, Key: 'ignored', Body: 'hello', ChecksumCRC32: 'AAAAAA==' }))
    expect(put.ChecksumCRC32).toBeUndefined()
  })
  test('only buckets of its job', async () => {
    expect((await client.send(new ListBucketsCommand({}))).Buckets?.map((one) => one.Name)).toEqual([Bucket])
    expect(await refusal(client.send(new HeadBucketCommand({ Bucket })))).toBe('none')
    expect(await refusal(client.send(new PutObjectCommand({ Bucket: 'another', Key: 'k', Body: 'x' })))).toBe('NoSuchBucket')
  })
  test('deletion, and an abort', async () => {
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'ignored' }))
    expect(running.device.objects.head(Bucket, 'ignored')).toBeUndefined()
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'aborted' }))
    expect(await refusal(client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'aborted', UploadId })))).toBe('none')
  })
})

describe('a device refuses', () => {
  const at = { Bucket, Key: 'batch.tar' }
  test.each([
    ['ListObjectsV2', (on: S3Client) => on.send(new ListObjectsV2Command({ Bucket }))],
    ['CopyObject', (on: S3Client) => on.send(new CopyObjectCommand({ ...at, CopySource: `${Bucket}/stream` }))],
    ['GetObjectAttributes', (on: S3Client) => on.send(new GetObjectAttributesCommand({ ...at, ObjectAttributes: ['ETag'] }))],
    ['tagging', (on: S3Client) => on.send(new GetObjectTaggingCommand(at))],
    ['tags on a new object', (on: S3Client) => on.send(new PutObjectCommand({ ...at, Key: 'n', Body: 'x', Tagging: 'a=b' }))],
    ['versioning', (on: S3Client) => on.send(new GetBucketVersioningCommand({ Bucket }))],
    ['a version', (on: S3Client) => on.send(new GetObjectCommand({ ...at, VersionId: 'null' }))],
    ['a new bucket', (on: S3Client) => on.send(new CreateBucketCommand({ Bucket: 'another' }))],
    ['deleting many at once', (on: S3Client) => on.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [at] } }))],
    ['a marker', (on: S3Client) => on.send(new ListObjectsCommand({ Bucket, Marker: 'a' }))],
    ['a delimiter', (on: S3Client) => on.send(new ListObjectsCommand({ Bucket, Delimiter: '/' }))],
    ['a conditional write', (on: S3Client) => on.send(new PutObjectCommand({ ...at, Key: 'n', Body: 'x', IfNoneMatch: '*' }))],
  ])('%s', async (_, call) => {
    expect(await refusal(call(client))).toBe('NotImplemented')
  })
  test('chunked bodies with trailers, which the SDK sends unless told not to', async () => {
    const careless = running.client({ requestChecksumCalculation: 'WHEN_SUPPORTED' })
    const call = careless.send(new PutObjectCommand({ Bucket, Key: 'n', Body: Readable.from([Buffer.from('hello')]), ContentLength: 5 }))
    expect(await refusal(call)).toBe('NotImplemented')
    expect(running.device.objects.head(Bucket, 'n')).toBeUndefined()
  })
  test('a caller who signs for a Region of the cloud', async () => {
    expect(await refusal(running.client({ region: 'eu-central-1' }).send(new HeadBucketCommand({ Bucket })))).not.toBe('none')
  })
})

test('a listing ends at 1,000 objects and is in no order', async () => {
  for (let at = 0; at < 1_100; at += 1) await running.device.objects.put(Bucket, `many/${String(at).padStart(4, '0')}`, Readable.from([]))
  const page = await client.send(new ListObjectsCommand({ Bucket, Prefix: 'many/' }))
  const keys = page.Contents?.map((object) => object.Key) ?? []
  expect(page.IsTruncated).toBe(true)
  expect(keys.length).toBe(1_000)
  expect(keys).not.toEqual(keys.toSorted())
})

test('starting a new upload of a key deletes what the key held', async () => {
  await client.send(new PutObjectCommand({ Bucket, Key: 'replaced', Body: 'old' }))
  await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'replaced' }))
  expect(await refusal(client.send(new HeadObjectCommand({ Bucket, Key: 'replaced' })))).toBe('NotFound')
})

test('a device stops at 95 % of its capacity, counting parts that wait, and goes on when room is made', async () => {
  const small = await startDevice(1_000)
  try {
    const on = small.client()
    const put = (Key: string, size: number) => refusal(on.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(size) })))
    expect(await put('a', 500)).toBe('none')
    const { UploadId } = await on.send(new CreateMultipartUploadCommand({ Bucket, Key: 'b' }))
    await on.send(new UploadPartCommand({ Bucket, Key: 'b', UploadId, PartNumber: 1, Body: Buffer.alloc(400) }))
    expect(small.device.space()).toEqual({ totalBytes: 1_000, freeBytes: 100 })
    expect(await put('c', 51)).toBe('InsufficientCapacity')
    expect(await put('c', 50)).toBe('none')
    await on.send(new AbortMultipartUploadCommand({ Bucket, Key: 'b', UploadId }))
    expect(await put('d', 400)).toBe('none')
    expect(small.bugs).toEqual([])
  } finally {
    await small.close()
  }
})

test('every answer says it comes from a Snowball', async () => {
  const answer = await fetch(`${running.endpoint}/${Bucket}`)
  expect([answer.status, answer.headers.get('server')]).toEqual([403, 'AWSSnowball'])
})
