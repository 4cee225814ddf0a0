/** Loading a device over real HTTP, stopped and killed in the middle of parts, ends with the same tars and sends next to nothing twice. */
import { execFileSync, spawn } from 'node:child_process'
import { createHash, randomInt } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { deviceS3Client } from '../../main/aws/clients.ts'
import { openS3Target } from '../../main/aws/s3Target.ts'
import { realWorld } from '../../main/engine/world.ts'
import { openJournal, readJournal } from '../../main/journal/openJournal.ts'
import { load } from '../../main/load/load.ts'
import { createDevice, type Device } from '../../main/sandbox/device/device.ts'
import { noFaults } from '../../main/sandbox/http/faultHook.ts'
import { listen } from '../../main/sandbox/http/server.ts'
import { onlyCredentials } from '../../main/sandbox/http/signature.ts'
import { openFolderSource } from '../../main/source/folderSource.ts'
import { MiB } from '../../shared/units/bytes.ts'
import { plannedLane, type PlannedItem } from '../kit/plannedLane.ts'
import { accessKeyId, bucket, secretAccessKey } from '../kit/sandboxS3.ts'

const world = realWorld({ info: () => undefined, warn: () => undefined, error: () => undefined })
const partSize = 8 * MiB
/** Two batches or four items at once, one part of each in flight. */
const partsInFlight = 4
const mtime = 1_600_000_000.25

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

type Site = {
  readonly journalFile: string
  readonly archive: string
  readonly url: string
  readonly device: Device
  readonly items: readonly PlannedItem[]
  /** What came over the wire: bytes of parts and of whole puts, and how often each key became an object. */
  readonly sent: { bytes: number; requests: number }
  readonly made: Map<string, number>
  /** Waits until the device has ended what it was asked: a request that was cut off when all of it had arrived is still done. */
  quiet(): Promise<void>
  /** Called when the request of a part has begun to arrive. */
  onPart: () => void
}

function nameOf(at: number): string {
  if (at % 100 === 1) return `study-${at % 20}/${'a-long-folder-name-of-a-vendor/'.repeat(4)}image-${at}.dcm`
  if (at % 100 === 2) return `study-${at % 20}/Größe-日本-${'ü'.repeat(60)}-${at}.dcm`
  return `study-${at % 20}/series ${at % 7}/${at}.dcm`
}

function bodyOf(name: string, size: number): Buffer {
  const block = Buffer.concat(Array.from({ length: 33 }, (_, at) => createHash('sha512').update(`${name}:${at}`).digest())).subarray(
    0,
    2083,
  )
  return Buffer.alloc(size, block)
}

/** 3,000 small items in two batches, some that travel alone, and three of 20 to 60 MB. */
async function openSite(): Promise<Site> {
  const place = mkdtempSync(join(tmpdir(), 'firn-load-'))
  const archive = join(place, 'archive')
  const items: PlannedItem[] = []
  const add = (path: string, size: number, batch?: string): void => {
    const file = join(archive, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bodyOf(path, size))
    utimesSync(file, mtime, mtime)
    items.push({ path, size, mtimeUs: mtime * 1e6, ...(batch === undefined ? {} : { batch }) })
  }
  for (let at = 0; at < 3000; at += 1) {
    const size = at % 50 === 0 ? 0 : (at * 7919) % 65_536
    add(nameOf(at), size, `batch-${at % 20 < 10 ? 1 : 2}.tar`)
  }
  for (let at = 0; at < 40; at += 1) add(`alone/${at}.dcm`, at * 40_000)
  for (const [at, size] of [20e6, 33_000_001, 60e6].entries()) add(`large/${at}.dcm`, size)
  const lane = plannedLane(world, 'device', items, { root: archive })
  lane.journal.close()

  const device = createDevice({
    folder: join(place, 'device'),
    jobId: 'JID-1',
    buckets: [bucket],
    capacityBytes: 1e12,
    credentials: onlyCredentials(accessKeyId, secretAccessKey),
    clock: Date,
    faults: noFaults,
  })
  const made = new Map<string, number>()
  const commit = device.objects.commit.bind(device.objects)
  device.objects.commit = (in_, key, ...rest) => {
    made.set(key, (made.get(key) ?? 0) + 1)
    return commit(in_, key, ...rest)
  }
  const sent = { bytes: 0, requests: 0 }
  let busy = 0
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === 'PUT') {
      sent.bytes += Number(request.headers['content-length'] ?? 0)
      sent.requests += 1
      if (request.url?.includes('partNumber=') === true) site.onPart()
    }
    busy += 1
    await device.handle(request, response).finally(() => (busy -= 1))
  }
  const quiet = async (): Promise<void> => {
    for (let calm = 0; calm < 3; calm = busy === 0 ? calm + 1 : 0) await delay(10)
  }
  const listening = await listen({ port: 0, host: '127.0.0.1', handle })
  const url = `http://127.0.0.1:${listening.port}`
  const site: Site = { journalFile: lane.file, archive, url, device, items, sent, made, onPart: () => undefined, quiet }
  cleanups.push(async () => {
    await listening.close()
    device.objects.close()
    lane.remove()
    rmSync(place, { recursive: true, force: true })
  })
  return site
}

function sha256Of(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex')
}

/** Everything on the device is whole, sent once, and recorded. @param cuts how often the work was cut off @returns bytes that were sent again */
function expectLoaded(site: Site, cuts: number, how: string): number {
  const { device, items } = site
  const listed = new Map<string, string>()
  let once = 0
  for (const key of ['batch-1.tar', 'batch-2.tar']) {
    const tar = device.objects.head(bucket, key)
    if (tar === undefined) throw new Error(`${key} is not on the device; ${how}`)
    expect(tar.metadata).toMatchObject({ 'snowball-auto-extract': 'true' })
    once += tar.size
    const folder = mkdtempSync(join(tmpdir(), 'firn-tar-'))
    try {
      const file = device.objects.fileOf(tar)
      const listing = execFileSync('tar', ['-tvf', file], { encoding: 'utf8', maxBuffer: 1e8, env: { ...process.env, LC_ALL: 'C.UTF-8' } })
      expect(listing.trim().split('\n')).toHaveLength(1500)
      execFileSync('tar', ['-xf', file, '-C', folder])
      for (const { path, batch } of items) if (batch === key) listed.set(path, sha256Of(readFileSync(join(folder, path))))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  for (const { path, size, batch } of items) {
    if (batch !== undefined) continue
    const object = device.objects.head(bucket, path)
    listed.set(path, object === undefined ? 'missing' : sha256Of(readFileSync(device.objects.fileOf(object))))
    once += size
  }
  for (const { path } of items) {
    const wanted = sha256Of(readFileSync(join(site.archive, path)))
    if (listed.get(path) !== wanted) throw new Error(`${path} is ${listed.get(path)} on the device; ${how}`)
  }
  expect(new Set(site.made.values()), how).toEqual(new Set([1]))
  expect(site.made.size, how).toBe(2 + 40 + 3)
  expect(site.sent.bytes - once, how).toBeLessThanOrEqual(cuts * partsInFlight * partSize)
  const journal = readJournal(site.journalFile, world)
  let recorded = 0
  for (const one of journal.evidence()) {
    expect(one.transferState).toBe('sent')
    recorded += 1
  }
  journal.close()
  expect(recorded).toBe(items.length)
  return site.sent.bytes - once
}

test('stopped at the begin of parts and in the middle of them, a load goes on where it was', async () => {
  const site = await openSite()
  const stops: string[] = []
  for (let stop = 1; ; stop += 1) {
    const controller = new AbortController()
    const after = randomInt(1, 9)
    const wait = stop % 2 === 0 ? 0 : randomInt(0, 20)
    let seen = 0
    site.onPart = () => {
      seen += 1
      if (stop > 8 || seen !== after) return
      stops.push(`part ${after} + ${wait} ms`)
      if (wait === 0) controller.abort(new Error('asked to stop'))
      else void delay(wait).then(() => controller.abort(new Error('asked to stop')))
    }
    const ended = await loadOnce(site, controller.signal)
    const { requests } = site.sent
    if (ended === 'finished') break
    await site.quiet()
    expect(site.sent.requests).toBe(requests)
  }
  expect(stops.length).toBeGreaterThanOrEqual(4)
  expectLoaded(site, stops.length, stops.join(', '))
}, 120_000)

async function loadOnce(site: Site, signal: AbortSignal): Promise<'finished' | 'stopped'> {
  const journal = openJournal(site.journalFile, world)
  const client = deviceS3Client({ url: site.url, credentials: { accessKeyId, secretAccessKey } })
  const target = openS3Target({ client, bucket, dialect: 'device', world })
  const source = openFolderSource(site.archive, { patientKey: Buffer.from('key'), prefix: '', workers: 2 })
  try {
    const deviceId = journal.devices()[0]?.id ?? 0
    const input = { lane: { route: 'device', deviceId } as const, source: () => source, target: () => target, journal, world }
    for await (const event of load(input, signal)) {
      if (event.kind === 'trouble') throw event.fault
      if (event.kind === 'finished') expect(event.outcome.bytesResent).toBeLessThanOrEqual(partsInFlight * partSize)
    }
    return 'finished'
  } catch (error) {
    if (!signal.aborted) throw error
    expect(error).toMatchObject({ message: 'asked to stop' })
    return 'stopped'
  } finally {
    await source.close()
    client.destroy()
    journal.close()
  }
}

/** With FIRN_KILLS=50, as often as that over as many loads as it takes; what was sent again is told. */
const killsWanted = Number(process.env['FIRN_KILLS'] ?? 6)
const killsPerLoad = 6

test(
  `killed ${killsWanted} times, a load goes on where it was`,
  async () => {
    let killed = 0
    let resent = 0
    while (killed < killsWanted) {
      const site = await openSite()
      const kills = await killedLoad(site, Math.min(killsPerLoad, killsWanted - killed))
      resent += expectLoaded(site, kills.length, kills.join(', '))
      killed += kills.length
    }
    if (process.env['FIRN_KILLS'] !== undefined) process.stdout.write(`${killed} kills, ${resent} bytes sent again\n`)
  },
  Math.max(120_000, killsWanted * 20_000),
)

/** @returns when each kill came */
async function killedLoad(site: Site, most: number): Promise<string[]> {
  const entry = resolve(import.meta.dirname, '../kit/loadUntilKilled.ts')
  const kills: string[] = []
  for (;;) {
    const child = spawn(process.execPath, [entry, site.journalFile, site.archive, site.url, accessKeyId, secretAccessKey], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
    const ended = new Promise<number | null>((done) => child.once('close', done))
    // Killed when so many parts have begun to arrive, some milliseconds later: within a part, between two, or at a completion.
    const after = randomInt(1, 9)
    let seen = 0
    site.onPart = () => {
      seen += 1
      if (kills.length >= most || seen !== after) return
      const wait = randomInt(0, 40)
      kills.push(`part ${after} + ${wait} ms`)
      void delay(wait).then(() => child.kill('SIGKILL'))
    }
    const exitCode = await ended
    if (exitCode === 0) return kills
    expect(exitCode, errors).toBeNull()
    await site.quiet()
  }
}
