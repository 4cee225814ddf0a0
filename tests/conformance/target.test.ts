import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { cloudS3Client, deviceS3Client } from '../../main/aws/clients.ts'
import { openS3Target, type Stored } from '../../main/aws/s3Target.ts'
import { createDevice } from '../../main/sandbox/device/device.ts'
import type { FaultHook, FaultVerdict } from '../../main/sandbox/http/faultHook.ts'
import { listen } from '../../main/sandbox/http/server.ts'
import { onlyCredentials } from '../../main/sandbox/http/signature.ts'
import type { ObjectStore } from '../../main/sandbox/s3/objectStore.ts'
import type { Target } from '../../shared/ports/target.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { accessKeyId, bucket, region, secretAccessKey, startS3 } from '../kit/sandboxS3.ts'
import { testWorld } from '../kit/world.ts'
import { bodyOf, digestsOf, targetConformance, type TargetUnderTest } from './target.ts'

const credentials = { accessKeyId, secretAccessKey }
const never = new AbortController().signal
const cleanups: (() => Promise<void>)[] = []
const bugs: unknown[] = []
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup()
  expect(bugs).toEqual([])
})

/** One fault at a time, for the next call of an operation. */
function planned(): FaultHook & { next: { readonly operation: string; readonly verdict: FaultVerdict } | undefined } {
  return {
    next: undefined,
    before({ operation }) {
      const { next } = this
      if (next?.operation !== operation) return Promise.resolve('continue')
      this.next = undefined
      return Promise.resolve(next.verdict)
    },
  }
}

function underTest(target: Target, objects: ObjectStore, faults: ReturnType<typeof planned>): TargetUnderTest {
  return {
    target,
    async stored(key) {
      const object = objects.head(bucket, key)
      return object === undefined ? undefined : { body: await buffer(objects.read(object)), metadata: object.metadata }
    },
    loseAnswerOf(operation) {
      faults.next = { operation, verdict: 'reset-after' }
    },
    refuse(operation, status, code) {
      faults.next = { operation, verdict: { status, code } }
    },
  }
}

async function openCloud(stored: Stored = {}): Promise<TargetUnderTest & { readonly objects: ObjectStore }> {
  const faults = planned()
  const s3 = await startS3({ faults })
  const client = cloudS3Client({ url: s3.endpoint, region, credentials })
  cleanups.push(async () => {
    client.destroy()
    await s3.close()
    bugs.push(...s3.bugs)
  })
  const target = openS3Target({ client, bucket, dialect: 'cloud', world: testWorld(), stored })
  return { ...underTest(target, s3.objects, faults), objects: s3.objects }
}

async function openDevice(capacityBytes = 1e9): Promise<TargetUnderTest & { readonly objects: ObjectStore }> {
  const faults = planned()
  const folder = mkdtempSync(join(tmpdir(), 'firn-device-'))
  const onBug = (error: unknown): void => void bugs.push(error)
  const secretOf = onlyCredentials(accessKeyId, secretAccessKey)
  const device = createDevice({
    folder,
    jobId: 'JID-1',
    buckets: [bucket],
    capacityBytes,
    credentials: secretOf,
    clock: Date,
    faults,
    onBug,
  })
  const { port, close } = await listen({ port: 0, host: '127.0.0.1', handle: device.handle })
  const client = deviceS3Client({ url: `http://127.0.0.1:${port}`, credentials })
  cleanups.push(async () => {
    client.destroy()
    await close()
    device.objects.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const space = (): Promise<{ total: ReturnType<typeof bytes>; free: ReturnType<typeof bytes> }> => {
    const { totalBytes, freeBytes } = device.space()
    return Promise.resolve({ total: bytes(totalBytes), free: bytes(freeBytes) })
  }
  const target = openS3Target({ client, bucket, dialect: 'device', world: testWorld(), space })
  return { ...underTest(target, device.objects, faults), objects: device.objects }
}

let cloud: ReturnType<typeof openCloud> | undefined
targetConformance('S3 as the sandbox plays it', () => (cloud ??= openCloud()))
let device: ReturnType<typeof openDevice> | undefined
targetConformance('a Snowball as the sandbox plays it', () => (device ??= openDevice()))

test('S3 keeps the checksum of the whole, of a put and of an upload in parts, and refuses a wrong one', async () => {
  const { target, objects } = await openCloud()
  const parts = [bodyOf('a', 5 * 1024 ** 2), bodyOf('b', 100)]
  const whole = await digestsOf(Buffer.concat(parts))
  const uploadId = await target.beginParts('parts', {}, never)
  const sent = [
    await target.putPart('parts', uploadId, 1, parts[0] ?? Buffer.of(), never),
    await target.putPart('parts', uploadId, 2, parts[1] ?? Buffer.of(), never),
  ]
  const wrong = { ...whole, crc64nvme: new Uint8Array(8) }
  await expect(target.completeParts('parts', uploadId, sent, wrong, never)).rejects.toMatchObject({ name: 'Fault' })
  expect(await target.head('parts', never)).toBeUndefined()
  await target.completeParts('parts', uploadId, sent, whole, never)
  await target.putWhole('whole', Buffer.concat(parts), {}, whole, never)
  const checksum = { algorithm: 'CRC64NVME', type: 'FULL_OBJECT', value: Buffer.from(whole.crc64nvme).toString('base64') }
  expect(objects.head(bucket, 'parts')?.checksum).toEqual(checksum)
  expect(objects.head(bucket, 'whole')?.checksum).toEqual(checksum)
})

test('a device says how full it is, and refuses what does not fit by name', async () => {
  const { target } = await openDevice(10_000)
  await target.putWhole('a', bodyOf('a', 9_000), {}, await digestsOf(bodyOf('a', 9_000)), never)
  expect(await target.space(never)).toEqual({ total: 10_000, free: 1_000 })
  await expect(target.putWhole('b', bodyOf('b', 900), {}, await digestsOf(bodyOf('b', 900)), never)).rejects.toMatchObject({
    name: 'Fault',
  })
  expect(await target.head('b', never)).toBeUndefined()
  expect(await (await openCloud()).target.space(never)).toBeUndefined()
})

test('a bucket that is not there is not taken for an object that is not there once something is written', async () => {
  const s3 = await startS3()
  const client = cloudS3Client({ url: s3.endpoint, region, credentials })
  const target = openS3Target({ client, bucket: 'another-bucket', dialect: 'cloud', world: testWorld() })
  await expect(target.putWhole('k', bodyOf('a', 1), {}, await digestsOf(bodyOf('a', 1)), never)).rejects.toMatchObject({
    code: 'bucket-missing',
  })
  await expect(target.beginParts('k', {}, never)).rejects.toMatchObject({ code: 'bucket-missing' })
  client.destroy()
  await s3.close()
})

test('S3 is told to write only where nothing lies: what lies there stays, and is told', async () => {
  const { target, stored, loseAnswerOf } = await openCloud()
  const [ours, theirs] = [bodyOf('ours', 100), bodyOf('theirs', 100)]
  const put = async (key: string, body: Buffer) => target.putWhole(key, body, {}, await digestsOf(body), never, 'nothing')
  await put('key', theirs)
  await expect(put('key', ours)).rejects.toMatchObject({ code: 'object-conflict', retry: 'after-human' })
  expect((await stored('key'))?.body.equals(theirs)).toBe(true)
  // An answer that was lost looks the same: whoever sends has to look whose it is.
  loseAnswerOf('PutObject')
  await expect(put('lost', ours)).rejects.toMatchObject({ code: 'object-conflict' })
  expect((await stored('lost'))?.body.equals(ours)).toBe(true)
  const uploadId = await target.beginParts('key', {}, never)
  const part = await target.putPart('key', uploadId, 1, ours, never)
  await expect(target.completeParts('key', uploadId, [part], await digestsOf(ours), never, 'nothing')).rejects.toMatchObject({
    code: 'object-conflict',
  })
  expect((await stored('key'))?.body.equals(theirs)).toBe(true)
  await target.completeParts('key', uploadId, [part], await digestsOf(ours), never)
  expect((await stored('key'))?.body.equals(ours)).toBe(true)
})

test('what goes over the link is stored in the class, under the key and with the tags that were asked for, whole and in parts', async () => {
  const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/abcd1234-12ab-34cd-56ef-123456123456'
  const tags = { modality: 'CT', 'retention class': '30 years' }
  const { target, objects } = await openCloud({ storageClass: 'GLACIER_IR', kmsKeyArn, tags })
  const body = bodyOf('stored', 700)
  const digests = await digestsOf(body)
  await target.putWhole('whole', body, {}, digests, never)
  const uploadId = await target.beginParts('parts', {}, never)
  const part = await target.putPart('parts', uploadId, 1, body, never)
  await target.completeParts('parts', uploadId, [part], digests, never)
  for (const name of ['whole', 'parts']) {
    expect(objects.head(bucket, name)).toMatchObject({ storageClass: 'GLACIER_IR', encryption: 'aws:kms', kmsKeyId: kmsKeyArn, tags })
  }
})
