import { createServer, type Server } from 'node:http'
import { afterAll, describe, expect, test } from 'vitest'
import { isFault } from '../../shared/faults/fault.ts'
import type { ObjectStore } from '../../shared/ports/objectStore.ts'
import { cloudS3Client } from '../../main/aws/clients.ts'
import { openS3Store } from '../../main/aws/s3Store.ts'
import type { FaultHook } from '../../main/sandbox/http/faultHook.ts'
import { testWorld } from '../kit/world.ts'
import { all, objectStoreConformance } from './objectStore.ts'
import { sandboxS3, type SandboxS3 } from './objectStoreSandbox.ts'

const opened: SandboxS3[] = []
const servers: Server[] = []
const never = new AbortController().signal

async function open(options?: Parameters<typeof sandboxS3>[0]): Promise<SandboxS3> {
  const s3 = await sandboxS3(options)
  opened.push(s3)
  return s3
}

afterAll(async () => {
  for (const s3 of opened) await s3.close()
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

let shared: Promise<SandboxS3> | undefined
objectStoreConformance('S3 as the sandbox plays it', () => (shared ??= open()))

describe('when the connection or the service misbehaves', () => {
  test('a wrong secret is told as such, for a listing and for a HEAD', async () => {
    const { store, bucket } = await open({ secret: 'not-the-secret' })
    await expect(all(store.list(bucket, '', never))).rejects.toSatisfy((error: unknown) => isFault(error, 'aws-wrong-secret'))
  })

  test('a permission that is missing is named', async () => {
    const faults: FaultHook = {
      before: ({ operation }) =>
        Promise.resolve(operation === 'HeadObject' || operation === 'ListObjectsV2' ? { status: 403, code: 'AccessDenied' } : 'continue'),
    }
    const { store, bucket, put } = await open({ faults })
    await put('one', Buffer.from('hello'))
    const names = (permission: string) => (error: unknown) => isFault(error, 'aws-denied') && error.facts['permission'] === permission
    await expect(store.head(bucket, 'one', never)).rejects.toSatisfy(names('s3:GetObject'))
    await expect(all(store.list(bucket, '', never))).rejects.toSatisfy(names('s3:ListBucket'))
  })

  test('part sizes are asked for by HEAD where GetObjectAttributes is not permitted', async () => {
    const faults: FaultHook = {
      before: ({ operation }) => Promise.resolve(operation === 'GetObjectAttributes' ? { status: 403, code: 'AccessDenied' } : 'continue'),
    }
    const { store, bucket, putComposite } = await open({ faults })
    await putComposite('composite', [Buffer.alloc(5 * 1024 ** 2, 7), Buffer.from('rest')])
    const told = await store.parts(bucket, 'composite', undefined, never)
    expect(told?.map((part) => part.size)).toEqual([5 * 1024 ** 2, 4])
  })

  test('connections that break and answers of 503 are asked again, and a listing still has each key once', async () => {
    let calls = 0
    const faults: FaultHook = {
      before: () => {
        calls += 1
        return Promise.resolve(calls % 3 === 1 ? 'reset' : calls % 3 === 2 ? { status: 503, code: 'SlowDown' } : 'continue')
      },
    }
    const { store, bucket, put } = await open({ faults })
    await Promise.all(Array.from({ length: 1100 }, (_, at) => put(`k/${at}`, Buffer.from('x'))))
    const keys = (await all(store.list(bucket, 'k/', never))).map((one) => one.key)
    expect(new Set(keys).size).toBe(1100)
    expect(keys).toHaveLength(1100)
    const body = Buffer.alloc(5_000_000, 3)
    await put('large', body)
    expect(Buffer.concat(await all(store.read(bucket, 'large', undefined, never))).equals(body)).toBe(true)
  })

  test('an object that is replaced while it is read is refused, never mixed', async () => {
    const { store, bucket, put } = await open({})
    await put('large', Buffer.alloc(5_000_000, 1))
    const read = async (): Promise<void> => {
      for await (const chunk of store.read(bucket, 'large', undefined, never)) {
        expect(chunk.every((byte) => byte === 1)).toBe(true)
        await put('large', Buffer.alloc(5_000_000, 2))
      }
    }
    await expect(read()).rejects.toSatisfy((error: unknown) => isFault(error) && error.facts['status'] === 412)
  })
})

describe('answers that only the real service gives', () => {
  /** A bucket that answers from a script: path and method → status and XML. */
  async function answering(answer: (method: string, url: string) => { status: number; body: string }): Promise<ObjectStore> {
    const server = createServer((request, response) => {
      const { status, body } = answer(request.method ?? '', request.url ?? '')
      response.writeHead(status, { 'content-type': 'application/xml' }).end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    const client = cloudS3Client({
      url: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    })
    servers.push(server)
    return openS3Store({ client, world: testWorld() })
  }

  test("an object under a customer's key answers HEAD with a bare 400; the reason is found out by asking otherwise", async () => {
    const said =
      'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.'
    const sseC = await answering(() => ({ status: 400, body: `<Error><Code>InvalidRequest</Code><Message>${said}</Message></Error>` }))
    await expect(sseC.head('b', 'k', never)).rejects.toSatisfy(
      (error: unknown) => isFault(error, 'aws-refused') && error.facts['reason'] === 'customer-key',
    )
    const other = await answering(() => ({ status: 400, body: '<Error><Code>InvalidArgument</Code><Message>no</Message></Error>' }))
    await expect(other.head('b', 'k', never)).rejects.toSatisfy(
      (error: unknown) => isFault(error, 'aws-refused') && error.facts['reason'] === undefined,
    )
  })

  test('a directory bucket, which lists without order, is refused instead of being compared wrongly', async () => {
    const entry = (key: string): string => `<Contents><Key>${key}</Key><Size>1</Size><ETag>&quot;x&quot;</ETag></Contents>`
    const store = await answering(() => ({
      status: 200,
      body: `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>${entry('b')}${entry('a')}</ListBucketResult>`,
    }))
    await expect(all(store.list('b', '', never))).rejects.toSatisfy((error: unknown) => isFault(error, 'listing-disordered'))
  })
})
