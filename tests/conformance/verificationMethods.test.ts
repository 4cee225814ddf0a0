/**
 * Every way an object can come to be in S3, and what a verification makes of it: produced over HTTP against the simulated S3, and written down in
 * docs/verification-methods.md, which must be what came out. FIRN_UPDATE_DOCS=1 writes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  type ChecksumAlgorithm as SdkAlgorithm,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FaultHook } from '../../main/sandbox/http/faultHook.ts'
import type { ChecksumAlgorithm, PutOptions } from '../../main/sandbox/contract.ts'
import { verify } from '../../main/verify/verify.ts'
import type { ObjectHead, ObjectStore } from '../../shared/ports/objectStore.ts'
import type { Source } from '../../shared/ports/source.ts'
import { moved, never, outcomeOf, type Moved } from '../unit/verifyFixture.ts'
import { sandboxS3, type SandboxS3 } from './objectStoreSandbox.ts'

type Way = {
  readonly group: string
  readonly name: string
  /** Brings the bytes to S3. */
  readonly make: (key: string, body: Buffer) => Promise<unknown>
  /** Large enough for two real parts. */
  readonly large?: true
  /** What S3 says beyond what the simulated one can. */
  readonly head?: Partial<ObjectHead>
  readonly denied?: true
}

const page = resolve(import.meta.dirname, '../../docs/verification-methods.md')
const MiB = 1024 * 1024
let s3: SandboxS3
let at: Moved
const calls: { operation: string; key: string | undefined }[] = []
const sourceReads = new Set<string>()

const put = (options: PutOptions) => (key: string, body: Buffer) => s3.objects.put(s3.bucket, key, Readable.from([body]), options)
const inParts = (sizes: (length: number) => number[], options: PutOptions) => (key: string, body: Buffer) =>
  s3.objects.putInParts(s3.bucket, key, Readable.from([body]), sizes(body.length), options)
const uneven = (length: number): number[] => [1000, 1, length - 1001]
const multipart = (algorithm: SdkAlgorithm, type: 'COMPOSITE' | 'FULL_OBJECT') => async (Key: string, body: Buffer) => {
  const where = { Bucket: s3.bucket, Key }
  const { UploadId } = await s3.client.send(
    new CreateMultipartUploadCommand({ ...where, ChecksumAlgorithm: algorithm, ChecksumType: type }),
  )
  const Parts = []
  for (const [nth, Body] of [body.subarray(0, 5 * MiB), body.subarray(5 * MiB)].entries()) {
    const told = await s3.client.send(
      new UploadPartCommand({ ...where, UploadId, PartNumber: nth + 1, Body, ChecksumAlgorithm: algorithm }),
    )
    Parts.push({ PartNumber: nth + 1, ETag: told.ETag, [`Checksum${algorithm}`]: told[`Checksum${algorithm}` as keyof typeof told] })
  }
  await s3.client.send(new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts }, ChecksumType: type }))
}

const single: ChecksumAlgorithm[] = ['SHA512', 'SHA256', 'SHA1', 'MD5', 'CRC64NVME', 'CRC32C', 'CRC32']
const by = (algorithm: ChecksumAlgorithm): PutOptions => ({ checksum: { algorithm, value: undefined } })
const bare: PutOptions = { checksum: 'none' }
const youngest = ['XXHASH3', 'XXHASH64', 'XXHASH128']

const ways: readonly Way[] = [
  ...single.map((algorithm): Way => ({ group: 'PutObject', name: `checksum ${algorithm}`, make: (key, body) => put(by(algorithm))(key, body) })),
  ...youngest.map((algorithm): Way => ({
    group: 'PutObject',
    name: `checksum ${algorithm} alone, which Firn does not compute`,
    make: (key, body) => put(bare)(key, body),
    head: { checksumType: 'FULL_OBJECT', checksums: [{ algorithm, value: Buffer.alloc(16, 7).toString('base64') }] },
  })),
  { group: 'PutObject', name: 'no checksum (before December 2024), AES256', make: (key, body) => put({ ...bare, encryption: 'AES256' })(key, body) },
  { group: 'PutObject', name: 'no checksum, KMS', make: (key, body) => put({ ...bare, encryption: 'aws:kms' })(key, body) },
  { group: 'PutObject', name: 'CRC64NVME, KMS', make: (key, body) => put({ encryption: 'aws:kms' })(key, body) },
  { group: 'PutObject', name: 'no checksum, a customer’s key (SSE-C)', make: (key, body) => put(bare)(key, body), head: { customerKey: true, checksums: [], encryption: undefined } },
  { group: 'PutObject', name: 'CRC64NVME, storage class DEEP_ARCHIVE', make: (key, body) => put({ storageClass: 'DEEP_ARCHIVE' })(key, body) },
  { group: 'PutObject', name: 'no checksum, KMS, storage class GLACIER', make: (key, body) => put({ ...bare, encryption: 'aws:kms', storageClass: 'GLACIER' })(key, body) },
  ...(['SHA256', 'SHA1', 'CRC32C', 'CRC32'] as const).map((algorithm): Way => ({ group: 'Multipart, 2 parts', name: `COMPOSITE ${algorithm}`, large: true, make: (key, body) => multipart(algorithm, 'COMPOSITE')(key, body) })),
  ...(['CRC64NVME', 'CRC32C', 'CRC32'] as const).map((algorithm): Way => ({ group: 'Multipart, 2 parts', name: `FULL_OBJECT ${algorithm}`, large: true, make: (key, body) => multipart(algorithm, 'FULL_OBJECT')(key, body) })),
  { group: 'Multipart, 2 parts', name: 'no checksum, AES256', make: (key, body) => inParts((length) => [7, length - 7], bare)(key, body) },
  { group: 'Multipart, 2 parts', name: 'no checksum, KMS', make: (key, body) => inParts((length) => [7, length - 7], { ...bare, encryption: 'aws:kms' })(key, body) },
  { group: 'File gateway', name: 'uneven parts, CRC64NVME', make: (key, body) => inParts(uneven, {})(key, body) },
  { group: 'File gateway', name: 'uneven parts, no checksum', make: (key, body) => inParts(uneven, bare)(key, body) },
  { group: 'File gateway', name: 'uneven parts, no checksum, KMS', make: (key, body) => inParts(uneven, { ...bare, encryption: 'aws:kms' })(key, body) },
  { group: 'Device import', name: 'one object, or extracted from a tar', make: (key, body) => put({})(key, body) },
  { group: 'Device import', name: 'one object, imported in parts', make: (key, body) => inParts((length) => [2000, length - 2000], {})(key, body) },
  {
    group: 'CopyObject',
    name: 'from another key',
    make: async (key, body) => {
      await put(by('SHA256'))('elsewhere/original', body)
      await s3.client.send(new CopyObjectCommand({ Bucket: s3.bucket, Key: key, CopySource: `${s3.bucket}/elsewhere/original` }))
    },
  },
  { group: 'Not what was sent', name: 'one bit flipped', make: (key, body) => put({})(key, Buffer.concat([body.subarray(0, -1), Buffer.of((body.at(-1) ?? 0) ^ 1)])) },
  { group: 'Not what was sent', name: 'cut', make: (key, body) => put({})(key, body.subarray(1)) },
  {
    group: 'Not what was sent',
    name: 'replaced by something else since',
    make: async (key, body) => {
      await put({})(key, body)
      await put({})(key, Buffer.alloc(body.length, 1))
    },
  },
  {
    group: 'Not what was sent',
    name: 'deleted since',
    make: async (key, body) => {
      await put({})(key, body)
      s3.objects.delete(s3.bucket, key)
    },
  },
  { group: 'Not what was sent', name: 'never arrived', make: async () => await Promise.resolve() },
  { group: 'Not what was sent', name: 'may not be looked at', make: (key, body) => put({})(key, body), denied: true },
] // prettier-ignore

const path = (nth: number): string => `${String(nth).padStart(2, '0')}.dcm`
const bodyOf = (nth: number, large: boolean): string => `DICM ${nth} `.repeat(large ? Math.ceil((5 * MiB) / 7) + 5000 : 800)

beforeAll(async () => {
  const denied = new Set(ways.flatMap((way, nth) => (way.denied === true ? [`pacs/${path(nth)}`] : [])))
  let watching = false
  const hook: FaultHook = {
    before: ({ operation, key }) => {
      if (watching) calls.push({ operation, key })
      return Promise.resolve(operation === 'HeadObject' && denied.has(key ?? '') ? { status: 403, code: 'AccessDenied' } : 'continue')
    },
  }
  s3 = await sandboxS3({ faults: hook, versioning: 'Enabled' })
  at = await moved({ files: Object.fromEntries(ways.map((way, nth) => [path(nth), bodyOf(nth, way.large === true)])), prefix: 'pacs/' })
  for (const [nth, way] of ways.entries()) await way.make(at.key(path(nth)), Buffer.from(bodyOf(nth, way.large === true)))
  watching = true
}, 120_000)
afterAll(async () => {
  await at.close()
  await s3.close()
})

/** Verdict, method, calls for the object, and whether the source was read again, by way. */
async function judged(readBack: boolean): Promise<string[]> {
  calls.length = 0
  sourceReads.clear()
  const heads = new Map(ways.flatMap((way, nth) => (way.head === undefined ? [] : [[at.key(path(nth)), way.head] as const])))
  const store: ObjectStore = {
    list: (...args) => s3.store.list(...args),
    parts: (...args) => s3.store.parts(...args),
    read: (...args) => s3.store.read(...args),
    close: () => s3.store.close(),
    async head(bucket, key, signal) {
      const found = await s3.store.head(bucket, key, signal)
      return found === undefined ? undefined : { ...found, ...heads.get(key) }
    },
  }
  const source: Source = {
    ...at.source,
    digests: (item, ...rest) => {
      sourceReads.add(Buffer.from(item).toString())
      return at.source.digests(item, ...rest)
    },
  }
  await outcomeOf(
    verify(
      { archives: [{ ...at.archive, bucket: s3.bucket }], store, sourceOf: () => source, journal: at.journal, world: s3.world, readBack },
      never,
    ),
  )
  return ways.map((_way, nth) => {
    const { verdict, reason, method, algorithm, checksumType } = at.verdictOf(path(nth))
    const counted = new Map<string, number>()
    for (const { operation, key } of calls) if (key === at.key(path(nth))) counted.set(operation, (counted.get(operation) ?? 0) + 1)
    const asked = [...counted].map(([operation, times]) => (times === 1 ? operation : `${times} × ${operation}`)).join(', ')
    const digest = algorithm === undefined ? '' : `${algorithm}${checksumType === undefined ? '' : ` ${checksumType}`}`
    const said = reason === undefined ? `**${verdict}**` : `**${verdict}** \`${reason}\``
    return `${said} | ${method === 'none' ? '' : `\`${method}\``} | ${digest} | ${asked} | ${sourceReads.has(path(nth)) ? 'read again' : ''}`
  })
}

test('every way an object can come to be is judged as the page says', { timeout: 120_000 }, async () => {
  const [plain, back] = [await judged(false), await judged(true)]
  const rows = ways.map((way, nth) => {
    const first = `| ${way.group} | ${way.name}${way.head === undefined ? '' : ' ¹'} | ${plain[nth] ?? ''} |`
    return plain[nth] === back[nth] ? first : `${first}\n| | … with reading back | ${back[nth] ?? ''} |`
  })
  const text = `# How each object is verified

Every way in which an object can come to be in S3, and what a verification makes of it: its verdict and reason, the method, the digest that was compared, the calls that
were made for the object beside listing the bucket (one call per thousand), and whether the source was read again. What a method is, and why they are tried in this
order, stands in [verification.md](verification.md). A second line stands where reading back (\`firn verify --read-back\`) changes anything.

This page is made by a test that runs all of it over HTTP against the simulated S3, and fails when it says anything else. ¹: what S3 shows of the object is put
into its answer by the test, because the simulated S3 does not make such objects.

| came by | stored with | verdict | method | digest | calls | source |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`
  if (process.env['FIRN_UPDATE_DOCS'] === '1') writeFileSync(page, text)
  const cells = (markdown: string): string[] =>
    markdown
      .split('\n')
      .filter((line) => line.startsWith('|') && !/^\|[ -|]*$/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()).join('|')) // prettier-ignore
  // As a table: the formatter may pad its cells.
  expect(cells(readFileSync(page, 'utf8'))).toEqual(cells(text))
  expect(rows.join()).not.toContain('**unknown** `unreachable`')
})

test('no way leads to verified without a digest of the source, and none that differs to anything but mismatch or missing', async () => {
  const verdicts = new Map(
    (await judged(true)).map((line, nth) => [
      `${ways[nth]?.group ?? ''}: ${ways[nth]?.name ?? ''}`,
      line.split('|').map((one) => one.trim()),
    ]),
  )
  for (const [way, [verdict = '', , digest]] of verdicts) {
    if (verdict === '**verified**') expect(digest, way).not.toBe('')
    if (way.startsWith('Not what was sent')) expect(verdict, way).toMatch(/^\*\*(mismatch|missing|unknown)\*\* `\w/)
  }
})
