/** A thousand things that go wrong with objects, source and journal between sending and verifying: each is found, named, and counted for its own item alone. */
import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runningCrc64 } from '../../main/aws/crc64nvme.ts'
import { verify } from '../../main/verify/verify.ts'
import type { Source } from '../../shared/ports/source.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathFromText, pathText, rootPath } from '../../shared/units/itemPath.ts'
import { plannedLane, type PlannedLane } from '../kit/plannedLane.ts'
import { testWorld } from '../kit/world.ts'
import { never, outcomeOf } from '../unit/verifyFixture.ts'
import { sandboxS3, type SandboxS3 } from './objectStoreSandbox.ts'

const planted = 1000
const clean = 1000
const prefix = 'pacs/'
/** Few sizes, so that objects can be changed for each other without a size telling. */
const sizeOf = (at: number): number => 400 + (at % 3)
const paths = Array.from({ length: planted + clean }, (_, at) => `study ${Math.floor(at / 50)}/image ${String(at).padStart(4, '0')}.dcm`)
const bodies = paths.map((path, at) => Buffer.alloc(sizeOf(at), createHash('sha512').update(path).digest()))
/** Every second object has a SHA-256 that S3 checked, the others the CRC64NVME that S3 computes by itself. */
const bySha256 = (at: number): boolean => at % 2 === 0

/** What the source holds now, of items that changed since they were sent. */
const changedBodies = new Map<string, Buffer>()

async function digestOf(algorithm: string, body: Buffer): Promise<Uint8Array> {
  if (algorithm === 'SHA256') return createHash('sha256').update(body).digest()
  const crc = await runningCrc64()
  crc.update(body)
  return crc.digest()
}

const world = testWorld({ seed: 'a thousand faults' })
let lane: PlannedLane
let s3: SandboxS3

const put = async (at: number, body: Buffer, key = prefix + (paths[at] ?? '')): Promise<void> =>
  s3.put(key, body, bySha256(at) ? { sha256: true } : {})

beforeAll(async () => {
  s3 = await sandboxS3()
  lane = plannedLane(
    world,
    'link',
    paths.map((path, at) => ({ path, size: sizeOf(at), mtimeUs: 1 })),
    { prefix },
  )
  const sent = await Promise.all(
    bodies.map(async (body, at) => {
      await put(at, body)
      const item = lane.items.get(paths[at] ?? '')
      if (item === undefined) throw new Error('an item was not planned')
      const [sha256, crc64nvme] = await Promise.all(['SHA256', 'CRC64NVME'].map((algorithm) => digestOf(algorithm, body)))
      if (sha256 === undefined || crc64nvme === undefined) throw new Error('no digests')
      return { itemId: item.id, etag: undefined, versionId: undefined, sha256, crc64nvme }
    }),
  )
  lane.journal.intend(sent.map(({ itemId }) => itemId))
  lane.journal.sent(sent)
}, 60_000)
afterAll(async () => {
  lane.remove()
  await s3.close()
})

async function verdicts(): Promise<{ byPath: Map<string, string>; extras: number }> {
  const source: Pick<Source, 'digests'> = {
    digests: async (path, _expected, wanted) => {
      const body = changedBodies.get(pathText(path) ?? '')
      // The journal has the digests of all others, and the source is not asked for them.
      if (body === undefined) throw new Error('the source was asked for an item that has its digest')
      return { kind: 'read', digests: await Promise.all(wanted.map(({ algorithm }) => digestOf(algorithm, body))) }
    },
  }
  const { outcome } = await outcomeOf(
    verify(
      {
        archives: lane.journal.archives().map((archive) => ({ ...archive, bucket: s3.bucket })),
        store: s3.store,
        sourceOf: () => source as Source,
        journal: lane.journal,
        world,
      },
      never,
    ),
  )
  const byPath = new Map<string, string>()
  for (const { path, verdict } of lane.journal.evidence()) {
    const reason = verdict?.reason === undefined ? '' : ` ${verdict.reason}`
    byPath.set(pathText(path) ?? '', `${verdict?.verdict ?? 'none'}${reason}`)
  }
  return { byPath, extras: outcome.extras }
}

test('a clean archive has no false alarm', { timeout: 120_000 }, async () => {
  const { byPath, extras } = await verdicts()
  expect(new Set(byPath.values())).toEqual(new Set(['verified']))
  expect(byPath.size).toBe(planted + clean)
  expect(extras).toBe(0)
})

test('each of a thousand planted faults is named, and nothing else is', { timeout: 180_000 }, async () => {
  const draw = (below: number): number => Math.floor(world.random.fraction() * below)
  const flipped = (body: Buffer): Buffer => {
    const changed = Buffer.from(body)
    const at = draw(body.length)
    changed.writeUInt8(changed.readUInt8(at) ^ (1 << draw(8)), at)
    return changed
  }
  const expected = new Map(paths.map((path) => [path, 'verified']))
  let expectedExtras = 0
  const rescanned: number[] = []
  const tampered: number[] = []
  /** Each takes the item at `at`; returns what must be said of it. */
  const faults: Record<string, (at: number, body: Buffer, key: string) => Promise<string>> = {
    'a flipped bit': async (at, body) => (await put(at, flipped(body)), 'mismatch digest'),
    'cut off': async (at, body) => (await put(at, body.subarray(0, draw(body.length))), 'mismatch size'),
    'longer by a byte': async (at, body) => (await put(at, Buffer.concat([body, Buffer.of(0)])), 'mismatch size'),
    // Three apart are of the same size.
    'of another image of the same size': async (at) => (await put(at, bodies[(at + 3) % 1998] ?? Buffer.alloc(0)), 'mismatch digest'),
    'older version restored': async (at, body, key) => {
      await put(at, flipped(body))
      const older = s3.objects.head(s3.bucket, key)
      await put(at, body)
      if (older === undefined) throw new Error('no older version')
      const pieces: Buffer[] = []
      for await (const piece of s3.objects.read(older)) pieces.push(piece as Buffer)
      await put(at, Buffer.concat(pieces))
      return 'mismatch digest'
    },
    'renamed key': async (at, body, key) => {
      await put(at, body, `${key}.renamed`)
      s3.objects.delete(s3.bucket, key)
      expectedExtras += 1
      return 'missing dropped'
    },
    'delete marker': async (_at, _body, key) => (s3.objects.delete(s3.bucket, key), 'missing dropped'),
    'a source that changed since, and a scan saw it': async (at, body) => {
      rescanned.push(at)
      changedBodies.set(paths[at] ?? '', flipped(body))
      return 'mismatch digest'
    },
    'a tampered row of the journal': async (at) => (tampered.push(at), 'mismatch digest'),
  }
  const kinds = Object.keys(faults)
  const order = paths.map((_, at) => at).toSorted((a, b) => hashOf(a) - hashOf(b))
  for (const at of order.slice(0, planted)) {
    const kind = kinds[draw(kinds.length)] ?? ''
    const path = paths[at] ?? ''
    expected.set(path, (await faults[kind]?.(at, bodies[at] ?? Buffer.alloc(0), prefix + path)) ?? '')
  }
  tamper(tampered)
  rescan(rescanned)

  const { byPath, extras } = await verdicts()
  const wrong = [...expected]
    .filter(([path, said]) => byPath.get(path) !== said)
    .map(([path, said]) => `${path}: ${byPath.get(path)} and not ${said}`)
  expect(wrong).toEqual([])
  expect(extras).toBe(expectedExtras)
  expect([...expected.values()].filter((said) => said !== 'verified')).toHaveLength(planted)
})

function hashOf(at: number): number {
  return createHash('sha256').update(`order ${at}`).digest().readUInt32BE()
}

/** Somebody writes into the journal beside Firn. */
function tamper(all: readonly number[]): void {
  const database = new DatabaseSync(lane.file)
  const change = database.prepare('UPDATE items SET sha256 = ?, crc64nvme = ? WHERE id = ?')
  for (const at of all) change.run(Buffer.alloc(32, at), Buffer.alloc(8, at), lane.items.get(paths[at] ?? '')?.id ?? 0)
  database.close()
}

function rescan(all: readonly number[]): void {
  const { journal } = lane
  const scan = journal.beginScan(1, 2)
  const changed = new Set(all)
  const items = all.map((at) => ({
    path: pathFromText(paths[at] ?? ''),
    kind: 'file' as const,
    size: bytes(sizeOf(at)),
    mtimeUs: 2,
    inode: at + 1,
    header: undefined,
    anomalies: [],
  }))
  const unchanged = paths.filter((_, at) => !changed.has(at)).map(pathFromText)
  journal.recordPart(scan.id, 1, { items, unchanged, folders: [], ignored: 0 })
  journal.foldersDone(scan.id, [{ folder: rootPath, ignored: 0 }])
  journal.settle(scan.id, 1)
  journal.finishScan(scan.id, 2)
}
