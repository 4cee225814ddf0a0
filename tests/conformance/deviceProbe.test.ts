/** What the S3 adapter of a device takes is tried out once, and its certificate is pinned: who answers under another one gets nothing. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deviceS3Client, type DeviceEndpoint } from '../../main/aws/clients.ts'
import { probeDevice } from '../../main/aws/deviceProbe.ts'
import { openS3Target } from '../../main/aws/s3Target.ts'
import { fingerprintOf, pinnedEndpoint } from '../../main/engine/deviceReach.ts'
import { createDevice } from '../../main/sandbox/device/device.ts'
import type { FaultVerdict } from '../../main/sandbox/http/faultHook.ts'
import { onlyCredentials } from '../../main/sandbox/http/signature.ts'
import type { Target } from '../../shared/ports/target.ts'
import { accessKeyId, bucket, secretAccessKey } from '../kit/sandboxS3.ts'
import { plannedLane, type PlannedLane } from '../kit/plannedLane.ts'
import { testWorld, type TestWorld } from '../kit/world.ts'

const never = new AbortController().signal
const credentials = { accessKeyId, secretAccessKey }
let folder: string
let world: TestWorld
const closing: (() => void)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firn-probe-'))
  world = testWorld({ now: Date.now() })
})
afterEach(() => {
  for (const close of closing.splice(0).toReversed()) close()
  rmSync(folder, { recursive: true, force: true })
})

function certificate(name: string): { readonly key: string; readonly cert: string } {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)]
  const request =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=device -addext subjectAltName=IP:127.0.0.1'
  execFileSync('openssl', [...request.split(' '), '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
}

/** A device behind TLS. `refuse`: operations that it answers so, always. */
async function device(refuse: Readonly<Record<string, FaultVerdict>> = {}) {
  const own = certificate('device')
  const bugs: unknown[] = []
  const made = createDevice({
    folder: join(folder, 'device'),
    jobId: 'JID00000000-0000-4000-8000-000000000000',
    buckets: [bucket],
    capacityBytes: 1_000_000_000,
    credentials: onlyCredentials(accessKeyId, secretAccessKey),
    clock: Date,
    faults: { before: ({ operation }) => Promise.resolve(refuse[operation] ?? 'continue') },
    onBug: (error) => bugs.push(error),
  })
  const asked: string[] = []
  const server = createServer(own, (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    void made.handle(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
    made.objects.close()
    expect(bugs).toEqual([])
  })
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, certificate: own.cert, objects: made.objects, asked }
}

function probe(at: DeviceEndpoint, change: (target: Target) => Partial<Target> = () => ({}), bucketName = bucket) {
  const client = deviceS3Client(at)
  closing.push(() => client.destroy())
  const policy = { atOnce: 0, afterPause: 0, firstPause: 1, longestPause: 1, totalTime: 1 }
  const target = openS3Target({ client, bucket: bucketName, dialect: 'device', world, policy })
  return probeDevice({ client, target: { ...target, ...change(target) }, bucket: bucketName, prefix: 'pacs/', world }, never)
}

describe('A device that is tried out', () => {
  test('shows what it takes, keeps nothing of it, and is asked without what only the SDK needs', async () => {
    const { url, certificate: pem, objects, asked } = await device()
    expect(await probe({ url, credentials, certificate: pem })).toEqual({ saysSnowball: true, partBytes: 5 * 1024 * 1024, listsParts: true, removes: true }) // prettier-ignore
    expect([...objects.list(bucket, '')]).toEqual([])
    expect(asked.length).toBeGreaterThan(6)
    expect(asked.filter((one) => one.includes('x-id'))).toEqual([])
  })

  test('that lists no parts loads all the same: what was begun is given up and sent from its beginning', async () => {
    const at = await device({ ListParts: { status: 501, code: 'NotImplemented' } })
    expect(await probe({ url: at.url, credentials, certificate: at.certificate })).toMatchObject({ listsParts: false })
    const client = deviceS3Client({ url: at.url, credentials, certificate: at.certificate })
    closing.push(() => client.destroy())
    const target = openS3Target({ client, bucket, dialect: 'device', world })
    const upload = await target.beginParts('study', {}, never)
    await target.putPart('study', upload, 1, new Uint8Array(5 * 1024 * 1024), never)
    expect(await target.listParts('study', upload, never)).toBeUndefined()
    expect(await target.openUploads('', never)).toEqual([])
  })

  test('that does not remove says so, and what was written is known by its name', async () => {
    const at = await device({ DeleteObject: { status: 403, code: 'AccessDenied' } })
    expect(await probe({ url: at.url, credentials, certificate: at.certificate })).toMatchObject({ removes: false })
  })

  test('with another bucket than the job’s is refused', async () => {
    const at = await device()
    await expect(probe({ url: at.url, credentials, certificate: at.certificate }, undefined, 'another-bucket')).rejects.toMatchObject({
      code: 'device-bucket-missing',
    })
  })

  test.each<[string, (target: Target) => Partial<Target>]>([
    ['gives back other bytes', () => ({ read: async function* () { yield new Uint8Array(64 * 1024) } })], // prettier-ignore
    ['gives back nothing', () => ({ read: async function* () {} })],
    ['forgets metadata', () => ({ head: async () => ({ size: 64 * 1024, etag: undefined, metadata: {} }) })],
    ['forgets parts', () => ({ listParts: async () => [] })],
  ])('and %s is refused, and nothing of the trial stays', async (_what, change) => {
    const at = await device()
    await expect(probe({ url: at.url, credentials, certificate: at.certificate }, change)).rejects.toMatchObject({ code: 'device-unfit' })
    expect([...at.objects.list(bucket, '')]).toEqual([])
  })

  test('with wrong keys is told so', async () => {
    const at = await device()
    await expect(probe({ url: at.url, credentials: { accessKeyId, secretAccessKey: 'wrong' }, certificate: at.certificate })).rejects.toMatchObject({ code: 'aws-wrong-secret' }) // prettier-ignore
  })
})

describe('The certificate of a device', () => {
  let lane: PlannedLane
  beforeEach(() => {
    lane = plannedLane(world, 'device', [{ path: 'a', size: 1, mtimeUs: 1 }])
  })
  afterEach(() => lane.remove())
  const pin = (certificatePem: string | undefined, more: object = {}, endpoint = 'https://127.0.0.1:8443') => {
    const [one] = lane.journal.fleet()
    if (one === undefined) throw new Error('there is a device')
    const access = {
      endpoint,
      accessKeyId,
      secretAccessKey,
      ...(certificatePem === undefined ? {} : { certificate: certificatePem }),
      ...more,
    }
    return pinnedEndpoint({ journal: lane.journal, world }, one, access)
  }

  test('is pinned at first use; another one is refused until a named person accepts it', () => {
    const [first, second] = [certificate('one').cert, certificate('two').cert]
    expect(pin(first)).toMatchObject({ certificate: first })
    pin(first)
    expect(() => pin(second)).toThrow(expect.objectContaining({ code: 'device-certificate-changed' }) as Error)
    pin(second, { acceptCertificate: 'Ada Example' })
    expect(() => pin(first)).toThrow(expect.objectContaining({ code: 'device-certificate-changed' }) as Error)
    expect(lane.journal.pinnedCertificate(lane.device)).toBe(fingerprintOf(second))
    const told = [...lane.journal.events()]
      .filter(({ kind }) => kind === 'device-certificate-pinned')
      .map(({ body }) => JSON.parse(body) as object)
    expect(told).toMatchObject([{ fingerprint: fingerprintOf(first) }, { instead: fingerprintOf(first), person: 'Ada Example' }])
  })

  test('is asked for where TLS is named, must be one, and the address must be one', () => {
    expect(() => pin(undefined)).toThrow(expect.objectContaining({ code: 'device-certificate-missing' }) as Error)
    expect(() => pin('nonsense')).toThrow(expect.objectContaining({ code: 'bad-input' }) as Error)
    for (const endpoint of ['10.0.0.5', 'ftp://10.0.0.5', 'https://10.0.0.5/bucket', 'https://10.0.0.5/?x=1'])
      expect(() => pin(certificate('one').cert, {}, endpoint), endpoint).toThrow(expect.objectContaining({ code: 'bad-input' }) as Error)
    expect(pin(undefined, {}, 'http://10.0.0.5:8080')).not.toHaveProperty('certificate')
  })

  test('of somebody else who answers at the address keeps everything from being sent', async () => {
    const at = await device()
    const theirs = certificate('another').cert
    await expect(probe({ url: at.url, credentials, certificate: theirs })).rejects.toMatchObject({ code: 'aws-unreachable', retry: 'after-human' }) // prettier-ignore
    expect(at.asked).toEqual([])
  })
})
