/** Who is let in to the simulated S3: signatures in headers, in presigned URLs and in chunks. */
import { createHash, createHmac } from 'node:crypto'
import { request } from 'node:http'
import { HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { SignatureV4 } from '@smithy/signature-v4'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessKeyId, bucket as Bucket, refusal, region, secretAccessKey, startS3, type RunningS3 } from '../kit/sandboxS3.ts'

let s3: RunningS3
beforeAll(async () => {
  s3 = await startS3()
  await s3.client().send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'hello' }))
})
afterAll(async () => {
  expect(s3.bugs).toEqual([])
  await s3.close()
})

const list = (client: S3Client) => refusal(client.send(new ListObjectsV2Command({ Bucket })))

describe('a signed request', () => {
  test('is let in', async () => {
    expect(await list(s3.client())).toBe('none')
  })
  test('with the wrong secret is refused', async () => {
    expect(await list(s3.client({ credentials: { accessKeyId, secretAccessKey: 'wrong' } }))).toBe('SignatureDoesNotMatch')
  })
  test('with an unknown access key is refused', async () => {
    expect(await list(s3.client({ credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey } }))).toBe('InvalidAccessKeyId')
  })
  test('for another Region is refused', async () => {
    expect(await list(s3.client({ region: 'us-west-2' }))).toBe('AuthorizationHeaderMalformed')
  })
  test.each([-16, 16])('by a clock %i minutes off is refused', async (minutes) => {
    const client = s3.client({ systemClockOffset: minutes * 60_000 })
    // The SDK corrects its clock and tries again; one attempt shows what the service said.
    expect(await list(client)).toBe('RequestTimeTooSkewed')
  })
  test('by a clock 14 minutes off is let in', async () => {
    expect(await list(s3.client({ systemClockOffset: 14 * 60_000 }))).toBe('none')
  })
  test('with temporary credentials nobody issued is refused', async () => {
    expect(await list(s3.client({ credentials: { accessKeyId, secretAccessKey, sessionToken: 'made up' } }))).toBe('InvalidToken')
  })
  test('with a header added on the way is refused', async () => {
    const client = s3.client()
    client.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: Record<string, string> }
        headers['x-amz-meta-slipped-in'] = 'yes'
        return next(args)
      },
      { step: 'finalizeRequest', priority: 'low' },
    )
    expect(await list(client)).toBe('AccessDenied')
  })
  test('whose body is not the one signed is refused and nothing is stored', async () => {
    const hash = createHash('sha256').update('what was signed').digest('hex')
    const answer = await sendSigned('PUT', `/${Bucket}/swapped`, { 'x-amz-content-sha256': hash }, Buffer.from('what was sent!!'))
    expect(answer).toMatchObject({ status: 400, code: 'XAmzContentSHA256Mismatch' })
    expect(s3.objects.head(Bucket, 'swapped')).toBeUndefined()
  })
  test('is asked for: without one nothing is told', async () => {
    expect(await plain('GET', `/${Bucket}/kept`)).toMatchObject({ status: 403, code: 'AccessDenied' })
  })
})

describe('a presigned URL', () => {
  const presign = async (expiresIn: number, signingDate = new Date()) => {
    const signed = await signer().presign(facts('GET', `/${Bucket}/kept`, { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }), {
      expiresIn,
      signingDate,
    })
    return `${signed.path}?${new URLSearchParams(signed.query as Record<string, string>).toString().replaceAll('+', '%20')}`
  }
  test('opens what it was made for', async () => {
    expect(await plain('GET', await presign(60))).toMatchObject({ status: 200, body: 'hello' })
  })
  test('opens nothing else', async () => {
    expect(await plain('GET', (await presign(60)).replace('kept', 'other'))).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' })
    expect(await plain('DELETE', await presign(60))).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' })
    expect(await plain('GET', (await presign(60)).replace('X-Amz-Expires=60', 'X-Amz-Expires=600'))).toMatchObject({
      code: 'SignatureDoesNotMatch',
    })
  })
  test('expires', async () => {
    expect(await plain('GET', await presign(60, new Date(Date.now() - 61_000)))).toMatchObject({ status: 403, code: 'AccessDenied' })
  })
  test('is refused when half of it is missing', async () => {
    const url = (await presign(60)).replace(/X-Amz-Expires=60&?/, '')
    expect(await plain('GET', url)).toMatchObject({ status: 400, code: 'AuthorizationQueryParametersError' })
  })
})

describe('a body in signed chunks', () => {
  test('is stored when every chunk is signed', async () => {
    expect(await sendChunks('whole', (text) => text)).toMatchObject({ status: 200 })
    expect(s3.objects.head(Bucket, 'whole')?.size).toBe(20_000)
  })
  test('is refused when a byte of a chunk was changed', async () => {
    expect(await sendChunks('bent', (text) => text.replace('xx', 'xy'))).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' })
    expect(s3.objects.head(Bucket, 'bent')).toBeUndefined()
  })
  test('is refused when the last chunk is missing', async () => {
    expect(await sendChunks('short', (text) => text.slice(0, text.lastIndexOf('0;')))).toMatchObject({
      status: 400,
      code: 'IncompleteBody',
    })
  })
})

describe('a body in unsigned chunks', () => {
  const send = (body: string, more: Record<string, string> = {}) =>
    sendSigned(
      'PUT',
      `/${Bucket}/trailer`,
      {
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'x-amz-decoded-content-length': '5',
        'x-amz-trailer': 'x-amz-checksum-crc32',
        'content-encoding': 'aws-chunked',
        ...more,
      },
      Buffer.from(body),
    )
  test('is stored when its trailer holds', async () => {
    expect(await send('5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n')).toMatchObject({ status: 200 })
  })
  test.each([
    ['the trailer is of other bytes', '5\r\nhellO\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n', 'BadDigest'],
    ['the announced trailer does not come', '5\r\nhello\r\n0\r\n\r\n', 'MalformedTrailerError'],
    ['another trailer comes', '5\r\nhello\r\n0\r\nx-amz-checksum-sha1:NhCmhg==\r\n\r\n', 'MalformedTrailerError'],
    ['the length is not the announced one', '4\r\nhell\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n', 'IncompleteBody'],
    ['a chunk in the middle is tiny', '2\r\nhe\r\n3\r\nllo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n', 'InvalidChunkSizeError'],
    ['it is not chunked at all', 'hello', 'IncompleteBody'],
  ])('is refused when %s', async (_, body, code) => {
    expect(await send(body)).toMatchObject({ code })
  })
})

test('HEAD answers an error by status alone', async () => {
  expect(await refusal(s3.client().send(new HeadObjectCommand({ Bucket, Key: 'nothing' })))).toBe('NotFound')
})

function signer() {
  return new SignatureV4({ service: 's3', region, credentials: { accessKeyId, secretAccessKey }, sha256: NodeSha256, uriEscapePath: false })
}

function facts(method: string, path: string, headers: Record<string, string> = {}) {
  const { host, hostname, port } = new URL(s3.endpoint)
  return { method, protocol: 'http:', hostname, port: Number(port), path, query: {}, headers: { host, ...headers } }
}

async function sendSigned(method: string, path: string, headers: Record<string, string>, body: Buffer) {
  const signed = await signer().sign(facts(method, path, { ...headers, 'content-length': String(body.length) }))
  return plain(method, path, signed.headers, body)
}

async function sendChunks(key: string, bend: (body: string) => string) {
  const chunks = ['x'.repeat(16_384), 'x'.repeat(20_000 - 16_384), '']
  const headers = {
    'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'x-amz-decoded-content-length': '20000',
    'content-encoding': 'aws-chunked',
  }
  const signed = await signer().sign(facts('PUT', `/${Bucket}/${key}`, headers))
  const longDate = signed.headers['x-amz-date'] ?? ''
  const day = longDate.slice(0, 8)
  const mac = (secret: string | Buffer, text: string): Buffer => createHmac('sha256', secret).update(text).digest()
  const signingKey = mac(mac(mac(mac(`AWS4${secretAccessKey}`, day), region), 's3'), 'aws4_request')
  const sha = (text: string) => createHash('sha256').update(text).digest('hex')
  let signature = /Signature=([0-9a-f]+)/.exec(signed.headers['authorization'] ?? '')?.[1] ?? ''
  let body = ''
  for (const chunk of chunks) {
    const text = ['AWS4-HMAC-SHA256-PAYLOAD', longDate, `${day}/${region}/s3/aws4_request`, signature, sha(''), sha(chunk)].join('\n')
    signature = mac(signingKey, text).toString('hex')
    body += `${chunk.length.toString(16)};chunk-signature=${signature}\r\n${chunk}\r\n`
  }
  const sent = bend(body)
  return plain('PUT', `/${Bucket}/${key}`, { ...signed.headers, 'content-length': String(sent.length) }, Buffer.from(sent))
}

/** One raw request; what it got back. */
function plain(method: string, path: string, headers: Record<string, string> = {}, body: Uint8Array = new Uint8Array()) {
  return new Promise<{ status: number; code: string | undefined; body: string }>((resolve, reject) => {
    const sent = request(`${s3.endpoint}${path}`, { method, headers, agent: false }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () => {
        const text = Buffer.concat(pieces).toString()
        resolve({ status: response.statusCode ?? 0, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1], body: text })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

class NodeSha256 {
  readonly #hash
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string)
  }
  update(bytes: Uint8Array) {
    this.#hash.update(bytes)
  }
  digest() {
    return Promise.resolve(new Uint8Array(this.#hash.digest()))
  }
  reset() {
    throw new Error('not used')
  }
}
