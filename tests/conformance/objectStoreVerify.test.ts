import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { CopyObjectCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isFault } from '../../shared/faults/fault.ts'
import type { ObjectStore } from '../../shared/ports/objectStore.ts'
import type { FaultHook } from '../../main/sandbox/http/faultHook.ts'
import { verify } from '../../main/verify/verify.ts'
import { moved, never, outcomeOf, type Moved } from '../unit/verifyFixture.ts'
import { sandboxS3, type SandboxS3 } from './objectStoreSandbox.ts'

/** Twelve items of a study in equal sizes, one per kind of damage and some to stay whole. */
const names = [
  'whole',
  'flipped',
  'cut',
  'swapped-a',
  'swapped-b',
  'older',
  'renamed',
  'deleted',
  'overwritten',
  'composite',
  'uneven',
  'kms',
]
const path = (name: string): string => `study 1/${name}.dcm`
const bodyOf = (name: string): string => `DICM ${name.padEnd(12)} ${'pixel data '.repeat(400)}`
const files = Object.fromEntries(names.map((name) => [path(name), bodyOf(name)]))

let at: Moved
const opened: SandboxS3[] = []

beforeAll(async () => {
  at = await moved({ files, prefix: 'pacs/' })
})
afterAll(async () => {
  await at.close()
  for (const s3 of opened) await s3.close()
})

/** S3 after a clean migration, by every way an object can come to be. */
async function s3AfterMigration(options?: Parameters<typeof sandboxS3>[0]): Promise<SandboxS3> {
  const s3 = await sandboxS3(options)
  opened.push(s3)
  for (const name of names) {
    const body = Buffer.from(bodyOf(name))
    const key = at.key(path(name))
    if (name === 'composite') await s3.putComposite(key, [body])
    else if (name === 'uneven') await s3.putUneven(key, body, [1000, 1, body.length - 1001])
    else await s3.put(key, body, name === 'kms' ? { encryption: 'aws:kms' } : name === 'whole' ? { sha256: true } : {})
  }
  return s3
}

const run = (s3: SandboxS3, readBack = false) =>
  outcomeOf(
    verify(
      {
        archives: [{ ...at.archive, bucket: s3.bucket }],
        store: s3.store,
        sourceOf: () => at.source,
        journal: at.journal,
        world: s3.world,
        readBack,
      },
      never,
    ),
  )

const bound = (store: ObjectStore): ObjectStore => ({
  list: (...args) => store.list(...args),
  head: (...args) => store.head(...args),
  parts: (...args) => store.parts(...args),
  read: (...args) => store.read(...args),
  close: () => store.close(),
})

const verdicts = (): Record<string, string> =>
  Object.fromEntries(
    names.map((name) => {
      const { verdict, reason } = at.verdictOf(path(name))
      return [name, reason === undefined ? verdict : `${verdict} ${reason}`]
    }),
  )
const allVerified = Object.fromEntries(names.map((name) => [name, 'verified']))

describe('verification against S3', () => {
  test('raises no alarm over a clean migration, whatever way the objects came', async () => {
    const s3 = await s3AfterMigration()
    const { outcome, troubles } = await run(s3)
    expect(verdicts()).toEqual(allVerified)
    expect(outcome).toMatchObject({ items: 12, extras: 0, allVerified: true })
    expect(troubles).toEqual([])
    expect(at.verdictOf(path('composite'))).toMatchObject({ method: 'parts-composite', algorithm: 'SHA256', checksumType: 'COMPOSITE' })
    expect(at.verdictOf(path('uneven'))).toMatchObject({ method: 'head-full-object', algorithm: 'CRC64NVME' })
    expect(at.verdictOf(path('whole'))).toMatchObject({ method: 'head-full-object', algorithm: 'SHA256' })
    for (const name of names) expect(at.verdictOf(path(name)).versionId).toMatch(/^.+$/)
  })

  test('finds and names each damage, and nothing else', async () => {
    const s3 = await s3AfterMigration()
    const key = (name: string): string => at.key(path(name))
    const flipped = Buffer.from(bodyOf('flipped'))
    flipped[100] = (flipped[100] ?? 0) ^ 1
    await s3.put(key('flipped'), flipped)
    await s3.put(key('cut'), Buffer.from(bodyOf('cut')).subarray(0, -1))
    await s3.put(key('swapped-a'), Buffer.from(bodyOf('swapped-b')))
    await s3.put(key('swapped-b'), Buffer.from(bodyOf('swapped-a')))
    await s3.put(key('older'), Buffer.from(bodyOf('older').replace('older', 'OLDER')))
    await s3.client.send(
      new CopyObjectCommand({
        Bucket: s3.bucket,
        Key: 'pacs/study 1/renamed (1).dcm',
        CopySource: `${s3.bucket}/${encodeURIComponent(key('renamed'))}`,
      }),
    )
    await s3.remove(key('renamed'))
    await s3.remove(key('deleted'))
    await s3.put(key('overwritten'), Buffer.from('something else altogether'))
    const { outcome } = await run(s3)
    expect(verdicts()).toEqual({
      ...allVerified,
      flipped: 'mismatch digest',
      cut: 'mismatch size',
      'swapped-a': 'mismatch digest',
      'swapped-b': 'mismatch digest',
      older: 'mismatch digest',
      renamed: 'missing dropped',
      deleted: 'missing dropped',
      overwritten: 'mismatch size',
    })
    expect([...at.journal.extras()].map((extra) => extra.key)).toEqual(['pacs/study 1/renamed (1).dcm'])
    expect(outcome.counts).toEqual({ verified: 4, consistent: 0, present: 0, mismatch: 6, missing: 2, extra: 1, unknown: 0 })
    expect(outcome.allVerified).toBe(false)
    expect(at.verdictOf(path('flipped')).actual).not.toBe(at.verdictOf(path('flipped')).expected)
  })

  test("an older version that was made current again is verified only while its bytes are the item's", async () => {
    const s3 = await s3AfterMigration()
    const key = at.key(path('older'))
    await s3.put(key, Buffer.from(bodyOf('older').replace('older', 'OLDER')))
    const versions = s3.objects.versions(s3.bucket, key)
    const newest = versions.find((one) => one.isLatest)
    s3.objects.delete(s3.bucket, key, newest?.versionId)
    await run(s3)
    expect(at.verdictOf(path('older')).verdict).toBe('verified')
    expect(at.verdictOf(path('older')).versionId).not.toBe(newest?.versionId)
  })

  test('objects without any checksum: an MD5 ETag verifies, parts are consistent, KMS is present until it is read back', async () => {
    const s3 = await s3AfterMigration()
    const parts = Buffer.from(bodyOf('uneven'))
    await s3.put(at.key(path('whole')), Buffer.from(bodyOf('whole')), { checksum: 'none' })
    await s3.put(at.key(path('kms')), Buffer.from(bodyOf('kms')), { checksum: 'none', encryption: 'aws:kms' })
    await s3.objects.putInParts(s3.bucket, at.key(path('uneven')), Readable.from([parts]), [7, parts.length - 7], { checksum: 'none' })
    await run(s3)
    expect(at.verdictOf(path('whole'))).toMatchObject({ verdict: 'verified', method: 'etag-md5' })
    expect(at.verdictOf(path('uneven'))).toMatchObject({ verdict: 'consistent', method: 'etag-multipart' })
    expect(at.verdictOf(path('kms'))).toMatchObject({ verdict: 'present', reason: 'no-comparable-digest' })
    const { outcome } = await run(s3, true)
    expect(outcome.allVerified).toBe(true)
    expect(at.verdictOf(path('kms'))).toMatchObject({
      method: 'read-back',
      actual: createHash('sha256').update(bodyOf('kms')).digest('base64'),
    })
  })

  test('a bucket without versions, or with versions suspended, never leads to verified', async () => {
    const s3 = await s3AfterMigration({})
    const { outcome } = await run(s3)
    expect(verdicts()).toEqual(Object.fromEntries(names.map((name) => [name, 'consistent no-version'])))
    expect(outcome).toMatchObject({ allVerified: false, counts: { verified: 0, consistent: names.length } })
    await s3.client.send(new PutBucketVersioningCommand({ Bucket: s3.bucket, VersioningConfiguration: { Status: 'Suspended' } }))
    await s3.put(at.key(path('whole')), Buffer.from(bodyOf('whole')), { sha256: true })
    await run(s3)
    expect(at.verdictOf(path('whole'))).toMatchObject({ verdict: 'consistent', reason: 'no-version', versionId: 'null' })
    await s3.client.send(new PutBucketVersioningCommand({ Bucket: s3.bucket, VersioningConfiguration: { Status: 'Enabled' } }))
    await s3.put(at.key(path('whole')), Buffer.from(bodyOf('whole')), { sha256: true })
    await run(s3)
    expect(at.verdictOf(path('whole')).verdict).toBe('verified')
  })

  test.each([
    ['uneven', 'consistent', 'etag-multipart'],
    ['composite', 'verified', 'parts-composite'],
    ['kms', 'verified', 'read-back'],
  ])('an object (%s) replaced right after the first look is judged by the version of that look alone', async (name, verdict, method) => {
    const s3 = await s3AfterMigration()
    const key = at.key(path(name))
    const body = Buffer.from(bodyOf(name))
    const inParts = (of: Buffer, first: number): Promise<unknown> =>
      s3.objects.putInParts(s3.bucket, key, Readable.from([of]), [first, of.length - first], { checksum: 'none' })
    const bare = { checksum: 'none', encryption: 'aws:kms' } as const
    if (name === 'uneven') await inParts(body, 7)
    if (name === 'kms') await s3.put(key, body, bare)
    const other = Buffer.from('something else altogether')
    let seen: string | undefined
    const head: ObjectStore['head'] = async (bucket, looked, signal) => {
      const found = await s3.store.head(bucket, looked, signal)
      if (looked !== key) return found
      seen = found?.versionId
      if (name === 'uneven') await inParts(other, 1)
      else if (name === 'kms') await s3.put(key, other, bare)
      else await s3.putComposite(key, [other])
      return found
    }
    await run({ ...s3, store: { ...bound(s3.store), head } }, name === 'kms')
    expect(at.verdictOf(path(name))).toMatchObject({ verdict, method, versionId: seen })
    expect(s3.objects.head(s3.bucket, key)?.versionId).not.toBe(seen)
  })

  test('a byte that rots at rest below its checksum is seen by reading back, and cannot be seen otherwise', async () => {
    const s3 = await s3AfterMigration()
    await s3.put(at.key(path('kms')), Buffer.from(bodyOf('kms')), { checksum: 'none', encryption: 'aws:kms' })
    const kept = s3.objects.head(s3.bucket, at.key(path('kms')))
    if (kept === undefined) throw new Error('not stored')
    const file = s3.objects.fileOf(kept)
    const rotten = readFileSync(file)
    const handle = openSync(file, 'r+')
    writeSync(handle, Buffer.from([(rotten[50] ?? 0) ^ 1]), 0, 1, 50)
    closeSync(handle)
    await run(s3, true)
    expect(verdicts()).toEqual({ ...allVerified, kms: 'mismatch digest' })
  })

  test('a denied object is unknown; where all are denied the run fails and names the permission', async () => {
    const deny = (one?: string): FaultHook => ({
      before: ({ operation, key }) =>
        Promise.resolve(
          operation === 'HeadObject' && (one === undefined || key === one) ? { status: 403, code: 'AccessDenied' } : 'continue',
        ),
    })
    const s3 = await s3AfterMigration({ faults: deny(at.key(path('whole'))), versioning: 'Enabled' })
    await run(s3)
    expect(verdicts()).toEqual({ ...allVerified, whole: 'unknown denied' })
    const closed = await s3AfterMigration({ faults: deny(), versioning: 'Enabled' })
    await expect(run(closed)).rejects.toSatisfy(
      (error: unknown) => isFault(error, 'aws-denied') && error.facts['permission'] === 's3:GetObject',
    )
  })

  test('throttling and broken connections on the way change no verdict', async () => {
    let calls = 0
    const faults: FaultHook = {
      before: ({ operation }) => {
        calls += operation === 'HeadObject' || operation === 'ListObjectsV2' ? 1 : 0
        return Promise.resolve(calls % 4 === 1 ? 'reset' : calls % 4 === 2 ? { status: 503, code: 'SlowDown' } : 'continue')
      },
    }
    const s3 = await sandboxS3({ faults, versioning: 'Enabled' })
    opened.push(s3)
    for (const name of names) await s3.put(at.key(path(name)), Buffer.from(bodyOf(name)))
    const { outcome } = await run(s3)
    expect(outcome.allVerified).toBe(true)
  })

  test('an empty bucket is twelve missing items, and the source was only read', async () => {
    const before = names.map((name) =>
      createHash('sha256')
        .update(readFileSync(join(at.root, path(name))))
        .digest('hex'),
    )
    const s3 = await sandboxS3()
    opened.push(s3)
    const { outcome } = await run(s3)
    expect(outcome.counts).toMatchObject({ missing: 12, verified: 0 })
    expect(
      names.map((name) =>
        createHash('sha256')
          .update(readFileSync(join(at.root, path(name))))
          .digest('hex'),
      ),
    ).toEqual(before)
  })
})
