import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { DescribeJobCommand } from '@aws-sdk/client-snowball'
import { afterEach, expect, test } from 'vitest'
import type { SandboxOptions } from '../../main/sandbox/start.ts'
import { openObjects } from '../../main/sandbox/s3/objectStore.ts'
import { bucket, openSite, tarOf, type Site } from '../kit/sandboxControl.ts'

let site: Site | undefined
afterEach(async () => {
  await site?.end()
  site = undefined
})

const marked = { 'snowball-auto-extract': 'true' }
const put = (device: S3Client, Key: string, Body: string | Buffer, Metadata: Record<string, string> = {}) =>
  device.send(new PutObjectCommand({ Bucket: bucket, Key, Body, Metadata }))

async function imported(options: Partial<SandboxOptions>, load: (device: S3Client) => Promise<void>) {
  const here = (site = await openSite(options))
  const JobId = await here.order()
  await here.until(JobId, 'WithCustomer')
  await load(await here.device(JobId))
  await here.sandbox.ship(JobId)
  await here.until(JobId, 'Complete')
  const keys = (await here.s3.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents?.map((object) => object.Key ?? '') ?? []
  const logs = (await here.snowball.send(new DescribeJobCommand({ JobId }))).JobMetadata?.JobLogInfo
  const failures = (await (await fetch(logs?.JobFailureLogURI ?? '')).text()).trim().split('\n').slice(1)
  const text = async (Key: string) => (await here.s3.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString()
  return { keys, failures, text, planted: (await here.sandbox.stats()).planted }
}

test('only whole tars that carry the mark are extracted; the others arrive as they are, and the damaged one is in the failure log', async () => {
  const good = await tarOf({ '1.dcm': 'one' })
  const { keys, failures } = await imported({}, async (device) => {
    await put(device, 'a/good.tar', good, marked)
    await put(device, 'b/unmarked.tar', good)
    await put(device, 'c/cut.tar', (await tarOf({ '1.dcm': 'one', '2.dcm': Buffer.alloc(5000) })).subarray(0, 3000), marked)
    await put(device, 'd/text.tar', 'not a tar at all', marked)
    const bent = Buffer.from(good)
    bent[10] = 88
    await put(device, 'e/bent.tar', bent, marked)
  })
  expect(keys).toEqual(['a/1.dcm', 'b/unmarked.tar', 'c/cut.tar', 'd/text.tar', 'e/bent.tar'])
  expect(failures).toEqual(
    ['c/cut.tar', 'd/text.tar', 'e/bent.tar'].map((key) => expect.stringContaining(`${key},ArchiveDamaged`) as string),
  )
})

test('members whose names cannot be extracted are left out and named in the failure log', async () => {
  const { keys, failures } = await imported({}, async (device) => {
    await put(device, 'x/batch.tar', await tarOf({ './dot.dcm': '1', '../up.dcm': '2', 'fine/ok.dcm': '3', 'empty.dcm': '' }), marked)
  })
  expect(keys).toEqual(['x/empty.dcm', 'x/fine/ok.dcm'])
  expect(failures).toHaveLength(2)
  expect(failures.every((line) => line.endsWith('InvalidMemberName'))).toBe(true)
})

test('an archive is kept beside its members where the sandbox is told so', async () => {
  const { keys } = await imported({ keepArchives: true }, async (device) => {
    await put(device, 'x/batch.tar', await tarOf({ '1.dcm': '1' }), marked)
  })
  expect(keys).toEqual(['x/1.dcm', 'x/batch.tar'])
})

test('a large object arrives in the parts it had on the device', async () => {
  const first = Buffer.alloc(6 * 1024 * 1024, 7)
  const second = Buffer.alloc(1234, 8)
  await imported({}, async (device) => {
    const at = { Bucket: bucket, Key: 'large' }
    const { UploadId } = await device.send(new CreateMultipartUploadCommand(at))
    const one = await device.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: first }))
    const two = await device.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 2, Body: second }))
    const Parts = [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ]
    await device.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }))
  })
  const head = await site?.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'large', PartNumber: 2 }))
  const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest()
  const etag = createHash('md5')
    .update(Buffer.concat([md5(first), md5(second)]))
    .digest('hex')
  expect(head).toMatchObject({ PartsCount: 2, ContentLength: second.length, ETag: `"${etag}-2"` })
})

test('what the fault plan names is rotten, missing or left unextracted, and nothing else is', async () => {
  const rest = [
    { kind: 'rot-byte', key: { endsWith: '2.dcm' } },
    { kind: 'drop-object', key: { ordinal: 3 } },
    { kind: 'leave-tar-unextracted', key: { ordinal: 2 } },
  ]
  const { keys, text, planted } = await imported({ faultPlan: { rest } }, async (device) => {
    await put(device, 'a.tar', await tarOf({ 'a/1.dcm': 'first', 'a/2.dcm': 'second', 'a/3.dcm': 'third', 'a/4.dcm': 'fourth' }), marked)
    await put(device, 'b.tar', await tarOf({ 'b/1.dcm': 'first' }), marked)
  })
  expect(keys).toEqual(['a/1.dcm', 'a/2.dcm', 'a/4.dcm', 'b.tar'])
  expect(await text('a/1.dcm')).toBe('first')
  expect(await text('a/2.dcm')).toBe('secnnd')
  expect(planted).toEqual([
    { kind: 'rot-byte', key: 'a/2.dcm' },
    { kind: 'drop-object', key: 'a/3.dcm' },
    { kind: 'leave-tar-unextracted', key: 'b.tar' },
  ])
  // The rotten object is at peace with itself: S3's checksum is that of the bytes it got.
  const head = await site?.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'a/2.dcm' }))
  expect(head?.ETag).toBe(`"${createHash('md5').update('secnnd').digest('hex')}"`)
})

test('an import that is killed again and again brings every object once, with one version', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'firn-import-'))
  try {
    const script = new URL('../kit/importUntilKilled.ts', import.meta.url).pathname
    const run = (killAfter: number | undefined) =>
      new Promise<number | null>((resolve) => {
        const child = spawn(process.execPath, [script, folder], { stdio: 'ignore' })
        const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter)
        child.once('exit', (code) => {
          clearTimeout(timer)
          resolve(code)
        })
      })
    const ends: (number | null)[] = []
    for (const killAfter of [350, 450, 550, 400, 500, 300]) ends.push(await run(killAfter))
    expect(ends).toContain(null)
    expect(await run(undefined)).toBe(0)
    const cloud = openObjects(join(folder, 'cloud'), { clock: { now: () => 0 } })
    const versions = cloud.versions(bucket, '')
    cloud.close()
    expect(new Set(versions.map((version) => version.key)).size).toBe(3003)
    expect(versions).toHaveLength(3003)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('versions pile up only where the same key is imported again by another device', async () => {
  await imported({ account: { deviceLimit: 2 } }, async (device) => {
    await put(device, 'same', 'first')
  })
  const here = site as Site
  const JobId = await here.order()
  await here.until(JobId, 'WithCustomer')
  await put(await here.device(JobId), 'same', 'second')
  await here.sandbox.ship(JobId)
  await here.until(JobId, 'Complete')
  const { Versions } = await here.s3.send(new ListObjectVersionsCommand({ Bucket: bucket }))
  expect(Versions?.map((version) => version.IsLatest)).toEqual([true, false])
})
