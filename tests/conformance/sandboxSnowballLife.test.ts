import { setTimeout as delay } from 'node:timers/promises'
import { HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { DescribeJobCommand, GetJobManifestCommand, GetJobUnlockCodeCommand, GetSnowballUsageCommand } from '@aws-sdk/client-snowball'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { presign } from '../../main/sandbox/control/presign.ts'
import { systemBucket } from '../../main/sandbox/snowball/importLog.ts'
import { bucket, openSite, tarOf, type Site } from '../kit/sandboxControl.ts'

let site: Site
beforeEach(async () => {
  site = await openSite()
})
afterEach(async () => {
  await site.end()
})

const job = async (jobId: string) => (await site.snowball.send(new DescribeJobCommand({ JobId: jobId }))).JobMetadata

test('a job lives from the order to the erased device, and what was on the device is in the bucket', async () => {
  const jobId = await site.order()
  expect(await site.snowball.send(new GetSnowballUsageCommand({}))).toMatchObject({ SnowballLimit: 1, SnowballsInUse: 1 })
  await site.until(jobId, 'WithCustomer')
  const onSite = await job(jobId)
  expect(onSite?.CreationDate?.getFullYear()).toBeGreaterThan(2025)
  expect(onSite?.ShippingDetails?.OutboundShipment).toMatchObject({
    Status: 'Delivered',
    TrackingNumber: expect.stringMatching(/^1Z[0-9A-Z]{16}$/) as string,
  })
  expect(onSite?.ShippingDetails?.InboundShipment).toBeUndefined()
  expect(onSite?.DataTransferProgress).toBeUndefined()

  const { UnlockCode } = await site.snowball.send(new GetJobUnlockCodeCommand({ JobId: jobId }))
  expect(UnlockCode).toMatch(/^([a-z0-9]{5}-){4}[a-z0-9]{5}$/)
  const { ManifestURI } = await site.snowball.send(new GetJobManifestCommand({ JobId: jobId }))
  expect((await fetch(ManifestURI ?? '')).status).toBe(200)
  expect((await fetch(`${ManifestURI ?? ''}0`)).status).toBe(403)
  const { cloud, ...access } = site.sandbox.endpoints
  const minutesAgo = (minutes: number) =>
    presign({ ...access, endpoint: cloud, now: () => Date.now() - minutes * 60_000 }, systemBucket, `${jobId}_manifest.bin`)
  expect((await fetch(minutesAgo(59))).status).toBe(200)
  expect((await fetch(minutesAgo(61))).status).toBe(403)

  const device = await site.device(jobId)
  const tar = await tarOf({ 'ct/1.dcm': 'one', 'ct/2.dcm': 'two' })
  await device.send(
    new PutObjectCommand({ Bucket: bucket, Key: 'pacs/batch.tar', Body: tar, Metadata: { 'snowball-auto-extract': 'true' } }),
  )
  await device.send(new PutObjectCommand({ Bucket: bucket, Key: 'pacs/large.dcm', Body: 'large' }))
  await site.sandbox.ship(jobId)
  expect(await site.sandbox.deviceEndpoint(jobId)).toBeUndefined()
  await site.until(jobId, 'Complete')

  const { Contents } = await site.s3.send(new ListObjectsV2Command({ Bucket: bucket }))
  expect(Contents?.map((object) => object.Key)).toEqual(['pacs/ct/1.dcm', 'pacs/ct/2.dcm', 'pacs/large.dcm'])
  const member = await site.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'pacs/ct/1.dcm', ChecksumMode: 'ENABLED' }))
  expect(member).toMatchObject({ ContentLength: 3, ChecksumType: 'FULL_OBJECT', Metadata: {} })
  expect(member.ChecksumCRC64NVME).toBeDefined()

  const done = await job(jobId)
  const read = async (link: string | undefined) => (await fetch(link ?? '')).text()
  expect(await read(done?.JobLogInfo?.JobSuccessLogURI)).toBe(
    `Bucket,Key,Size,Archive\n${bucket},pacs/ct/1.dcm,3,pacs/batch.tar\n${bucket},pacs/ct/2.dcm,3,pacs/batch.tar\n${bucket},pacs/large.dcm,5,\n`,
  )
  expect(await read(done?.JobLogInfo?.JobFailureLogURI)).toBe('Bucket,Key,Size,Archive,ErrorReason\n')
  expect(await read(done?.JobLogInfo?.JobCompletionReportURI)).toContain('Status: Completed\n')
  expect(await site.sandbox.stats()).toMatchObject({ puts: { completed: { device: 2, import: 3 }, repeated: [] }, troubles: 0 })
})

test('a device that is on site is still on site, unlocked and with its data, after a restart of the sandbox', async () => {
  const jobId = await site.order()
  await site.until(jobId, 'WithCustomer')
  const device = await site.device(jobId)
  await device.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'a' }))
  const before = site.sandbox.clock.now()
  await site.restart()
  expect(site.sandbox.clock.now()).toBeGreaterThanOrEqual(before)
  await delay(100)
  const again = await site.device(jobId)
  expect((await again.send(new HeadObjectCommand({ Bucket: bucket, Key: 'a' }))).ContentLength).toBe(1)
})

test('a device stays with the customer until the carrier has it, and is handed over only once', async () => {
  const jobId = await site.order()
  await expect(site.sandbox.ship(jobId)).rejects.toMatchObject({ code: 'device-not-here' })
  await site.until(jobId, 'WithCustomer')
  await delay(300)
  expect((await job(jobId))?.JobState).toBe('WithCustomer')
  await expect(site.sandbox.unlock(jobId, 'wrong')).rejects.toMatchObject({ code: 'bad-input' })
  const ship = (token: string) =>
    fetch(`${site.sandbox.endpoints.cloud}/__sandbox/ship`, {
      method: 'POST',
      headers: { 'x-sandbox-token': token },
      body: JSON.stringify({ jobId }),
    })
  expect((await ship('guessed')).status).toBe(403)
  expect((await ship(site.sandbox.token)).status).toBe(200)
  await site.sandbox.ship(jobId)
  await site.until(jobId, 'Complete')
})
