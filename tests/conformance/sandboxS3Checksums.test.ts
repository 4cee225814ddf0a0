/** Checksums of the simulated S3 against vectors computed outside it, through the SDK a hospital would use. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  type ChecksumAlgorithm,
  type CompletedPart,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bucket as Bucket, refusal, startS3, type RunningS3 } from '../kit/sandboxS3.ts'

let s3: RunningS3
beforeAll(async () => {
  s3 = await startS3()
})
afterAll(async () => {
  expect(s3.bugs).toEqual([])
  await s3.close()
})

const hello = { CRC32: 'NhCmhg==', CRC32C: 'mnG7TA==', CRC64NVME: 'M3eFcAZSQlc=', SHA1: 'qvTGHdzF6KLavt4PO0gs2a6pQ00=', SHA256: 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=', MD5: 'XUFAKrxLKna5cZ2REBfFkg==' } as const // prettier-ignore
type Algorithm = keyof typeof hello
const algorithms = Object.keys(hello) as Algorithm[]
const field = (algorithm: Algorithm) => `Checksum${algorithm}` as const

const MiB = 1024 * 1024
const eleven = Buffer.alloc(11 * MiB, 7)
const pieces = [eleven.subarray(0, 6 * MiB), eleven.subarray(6 * MiB)]
const vectors = {
  CRC32: { parts: ['vUKbMg==', 'JJDgYg=='], composite: 'eIQGKA==', full: '/HTB2Q==' },
  SHA256: {
    parts: ['xDqhePOj1oLpRcEqcCF/RGsSDrx+OwHZgnh85Bd80F4=', '4pJf3RfIPHfppPlX/RcLKnK0isVZaJQ9z5YvK4U8iKk='],
    composite: '8WrNR/H80eXzCkVzYuQ4412/Wp+nxyVXJh0o6sI4JUU=',
  },
  SHA1: { composite: 'Pwsw/RGnQhj26DVENgu4n3CUkvs=' },
  MD5: { composite: 'ES07xYvpJHcS9eArOt/KSg==' },
}
const elevenEtag = '"112d3bc58be9247712f5e02b3adfca4a-2"'

const client = () => s3.client({ requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' })

describe('a file put in one piece', () => {
  test.each(algorithms)('keeps and tells the %s the writer sent', async (algorithm) => {
    const at = { Bucket, Key: `single/${algorithm}` }
    const put = await client().send(new PutObjectCommand({ ...at, Body: 'hello', [field(algorithm)]: hello[algorithm] }))
    expect(put).toMatchObject({
      [field(algorithm)]: hello[algorithm],
      ChecksumType: 'FULL_OBJECT',
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
    })
    const told = await client().send(new HeadObjectCommand({ ...at, ChecksumMode: 'ENABLED' }))
    expect(told).toMatchObject({ [field(algorithm)]: hello[algorithm], ChecksumType: 'FULL_OBJECT' })
    const silent = await client().send(new HeadObjectCommand(at))
    expect(silent[field(algorithm)]).toBeUndefined()
    expect(silent.ChecksumType).toBeUndefined()
  })

  test.each(algorithms)('is refused when its %s is of other bytes', async (algorithm) => {
    const at = { Bucket, Key: `wrong/${algorithm}` }
    const input: PutObjectCommandInput = { ...at, Body: 'hellO', [field(algorithm)]: hello[algorithm] }
    expect(await refusal(client().send(new PutObjectCommand(input)))).toBe('BadDigest')
    expect(s3.objects.head(Bucket, at.Key)).toBeUndefined()
  })

  test('is refused when a digest has the wrong length', async () => {
    expect(await refusal(client().send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'hello', ChecksumCRC32: 'NhCm' })))).toBe(
      'InvalidRequest',
    )
    expect(await refusal(client().send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'hello', ContentMD5: 'NhCm' })))).toBe(
      'InvalidDigest',
    )
  })

  test('is refused when the old Content-MD5 is of other bytes', async () => {
    expect(await refusal(client().send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'hellO', ContentMD5: hello.MD5 })))).toBe('BadDigest')
  })

  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)('streams with its %s in a trailer', async (algorithm) => {
    const at = { Bucket, Key: `streamed/${algorithm}` }
    const Body = Readable.from([Buffer.from('hello')])
    const put = await s3.client().send(new PutObjectCommand({ ...at, Body, ContentLength: 5, ChecksumAlgorithm: algorithm }))
    expect(put[field(algorithm)]).toBe(hello[algorithm])
    expect((await s3.client().send(new GetObjectCommand(at))).ContentEncoding).toBeUndefined()
  })

  test('has a CRC64NVME of the whole when the writer sent none', async () => {
    await client().send(new PutObjectCommand({ Bucket, Key: 'default', Body: 'hello' }))
    const told = await client().send(new HeadObjectCommand({ Bucket, Key: 'default', ChecksumMode: 'ENABLED' }))
    expect(told).toMatchObject({ ChecksumCRC64NVME: hello.CRC64NVME, ChecksumType: 'FULL_OBJECT' })
  })

  test('may be empty', async () => {
    const put = await client().send(new PutObjectCommand({ Bucket, Key: 'empty', Body: '', ChecksumCRC32: 'AAAAAA==' }))
    expect(put.ETag).toBe('"d41d8cd98f00b204e9800998ecf8427e"')
  })
})

describe('a file put in parts', () => {
  test.each(['CRC32', 'SHA256', 'SHA1', 'MD5'] as const)('has the composite %s of its parts', async (algorithm) => {
    const Key = `parts/${algorithm}`
    const done = await upload(Key, algorithm, 'COMPOSITE')
    const { composite } = vectors[algorithm]
    expect(done).toMatchObject({ ETag: elevenEtag, [field(algorithm)]: `${composite}-2`, ChecksumType: 'COMPOSITE' })
    const told = await client().send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
    expect(told[field(algorithm)]).toBe(`${composite}-2`)
    const attributes = await client().send(
      new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ['Checksum', 'ETag', 'ObjectParts', 'ObjectSize'] }),
    )
    expect(attributes.Checksum).toEqual({ [field(algorithm)]: composite, ChecksumType: 'COMPOSITE' })
    expect(attributes.ETag).toBe(elevenEtag.replaceAll('"', ''))
    expect(attributes.ObjectParts?.TotalPartsCount).toBe(2)
    expect(attributes.ObjectParts?.Parts?.map((part) => part.Size)).toEqual([6 * MiB, 5 * MiB])
    if ('parts' in vectors[algorithm])
      expect(attributes.ObjectParts?.Parts?.map((part) => part[field(algorithm)])).toEqual(vectors[algorithm].parts)
    expect(attributes.ObjectSize).toBe(11 * MiB)
  })

  test('has the full CRC32 of its bytes when the writer asks for that', async () => {
    const done = await upload('parts/full', 'CRC32', 'FULL_OBJECT', { ChecksumCRC32: vectors.CRC32.full })
    expect(done).toMatchObject({ ChecksumCRC32: vectors.CRC32.full, ChecksumType: 'FULL_OBJECT' })
  })

  test('has a CRC64NVME of the whole, and tells no parts, when the writer sent no checksum', async () => {
    const Key = 'parts/default'
    await upload(Key, undefined, undefined)
    const attributes = await client().send(new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ['Checksum', 'ObjectParts'] }))
    const { checksum } = await s3.objects.put(Bucket, 'same-bytes', Readable.from([eleven]))
    expect(attributes.Checksum).toEqual({ ChecksumCRC64NVME: checksum?.value, ChecksumType: 'FULL_OBJECT' })
    expect(attributes.ObjectParts?.TotalPartsCount).toBe(2)
    expect(attributes.ObjectParts?.Parts).toBeUndefined()
  })

  test('is refused at the end when the checksum of the whole is of other bytes, and can be completed rightly after', async () => {
    const Key = 'parts/wrong'
    const { UploadId } = await client().send(
      new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' }),
    )
    const Parts = await sendParts(Key, UploadId, undefined)
    const complete = (ChecksumCRC32: string) =>
      client().send(
        new CompleteMultipartUploadCommand({
          Bucket,
          Key,
          UploadId,
          MultipartUpload: { Parts },
          ChecksumCRC32,
          ChecksumType: 'FULL_OBJECT',
        }),
      )
    expect(await refusal(complete('AAAAAA=='))).toBe('BadDigest')
    expect(s3.objects.head(Bucket, Key)).toBeUndefined()
    expect(await refusal(complete(vectors.CRC32.full))).toBe('none')
  })

  test('is refused when the composite sent at the end is another', async () => {
    expect(await refusal(upload('parts/wrong-composite', 'SHA256', 'COMPOSITE', { ChecksumSHA256: `${hello.SHA256}-2` }))).toBe('BadDigest')
  })

  test('is refused when a part arrives with another checksum than its bytes have', async () => {
    const Key = 'parts/wrong-part'
    const { UploadId } = await client().send(new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'CRC32' }))
    const part = { Bucket, Key, UploadId, PartNumber: 1, Body: 'hellO', ChecksumCRC32: hello.CRC32 }
    expect(await refusal(client().send(new UploadPartCommand(part)))).toBe('BadDigest')
  })

  test('must bring the checksum of every part when it is composite', async () => {
    const Key = 'parts/missing'
    const { UploadId } = await client().send(new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'SHA256' }))
    expect(await refusal(client().send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: 'hello' })))).toBe(
      'InvalidRequest',
    )
    const Parts = (await sendParts(Key, UploadId, 'SHA256')).map(({ ETag, PartNumber }) => ({ ETag, PartNumber }))
    const complete = new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } })
    expect(await refusal(client().send(complete))).toBe('InvalidRequest')
  })

  test.each([
    ['CRC64NVME', 'COMPOSITE'],
    ['SHA1', 'FULL_OBJECT'],
    ['SHA256', 'FULL_OBJECT'],
    ['MD5', 'FULL_OBJECT'],
  ] as const)('cannot have a %s that is %s', async (ChecksumAlgorithm, ChecksumType) => {
    expect(await refusal(client().send(new CreateMultipartUploadCommand({ Bucket, Key: 'no', ChecksumAlgorithm, ChecksumType })))).toBe(
      'InvalidRequest',
    )
  })

  test('tells by HEAD how large each part is', async () => {
    const Key = 'parts/CRC32'
    for (const [at, size] of [6 * MiB, 5 * MiB].entries()) {
      const told = await client().send(new HeadObjectCommand({ Bucket, Key, PartNumber: at + 1, ChecksumMode: 'ENABLED' }))
      expect(told).toMatchObject({
        PartsCount: 2,
        ContentLength: size,
        ChecksumCRC32: vectors.CRC32.parts[at],
        $metadata: { httpStatusCode: 206 },
      })
    }
    expect(await refusal(client().send(new HeadObjectCommand({ Bucket, Key, PartNumber: 3 })))).not.toBe('none')
  })
})

test('an object stored in tiny parts, as a gateway may, has the known composite digest and ETag', async () => {
  const options = { checksum: { algorithm: 'SHA256', value: undefined } } as const
  const object = await s3.objects.putInParts(Bucket, 'tiny', Readable.from([Buffer.from('hellow'), Buffer.from('orld')]), [5, 5], options)
  expect(object.checksum).toEqual({ algorithm: 'SHA256', type: 'COMPOSITE', value: 'cwXbmyq8zXBsJW2z2X5f9I1nfP5NOlkEr7faDjlQ4eI=' })
  expect(object.etag).toBe('065947336a2f2a95ba8899f3675c3be6-2')
  const plain = await s3.objects.putInParts(Bucket, 'tiny', Readable.from([Buffer.from('helloworld')]), [5, 5])
  expect(plain.checksum).toEqual({ algorithm: 'CRC64NVME', type: 'FULL_OBJECT', value: 'dlX6YCbD8/M=' })
})

async function sendParts(Key: string, UploadId: string | undefined, algorithm: Algorithm | undefined): Promise<CompletedPart[]> {
  const done: CompletedPart[] = []
  for (const [at, Body] of pieces.entries()) {
    const value = algorithm === undefined ? {} : { [field(algorithm)]: digestOf(algorithm, Body) }
    const part = await client().send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: at + 1, Body, ...value }))
    done.push({ PartNumber: at + 1, ETag: part.ETag, ...value })
  }
  return done
}

async function upload(Key: string, algorithm: Algorithm | undefined, type: 'COMPOSITE' | 'FULL_OBJECT' | undefined, atTheEnd: object = {}) {
  const ChecksumAlgorithm = algorithm as ChecksumAlgorithm | undefined
  const { UploadId } = await client().send(new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm, ChecksumType: type }))
  const Parts = await sendParts(Key, UploadId, type === 'COMPOSITE' ? algorithm : undefined)
  return client().send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...atTheEnd }))
}

function digestOf(algorithm: Algorithm, bytes: Uint8Array): string {
  if (algorithm === 'CRC32') {
    const raw = Buffer.alloc(4)
    raw.writeUInt32BE(crc32(bytes))
    return raw.toString('base64')
  }
  return createHash(algorithm.toLowerCase()).update(bytes).digest('base64')
}
