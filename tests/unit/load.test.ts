import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { extract } from 'tar-stream'
import { afterEach, describe, expect, test } from 'vitest'
import { load, type LoadLimits, type LoadOutcome } from '../../main/load/load.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { StageEvent } from '../../shared/flow/stage.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { MemorySource, type MemoryItem } from '../kit/memorySource.ts'
import { MemoryTarget, type Call } from '../kit/memoryTarget.ts'
import { plannedLane, type PlannedLane } from '../kit/plannedLane.ts'
import '../kit/setup.ts'
import { testWorld, type TestWorld } from '../kit/world.ts'

const mtimeUs = 1_700_000_000_123_456
const batchKey = 'pacs/batch-0001.tar'
const part = 1000

type Scene = {
  readonly world: TestWorld
  readonly lane: PlannedLane
  readonly source: MemorySource
  readonly target: MemoryTarget
  run(signal?: AbortSignal, limits?: Partial<LoadLimits>): Promise<{ outcome: LoadOutcome; events: StageEvent<LoadOutcome>[] }>
}

const open: PlannedLane[] = []
afterEach(() => {
  for (const lane of open.splice(0)) lane.remove()
})

/** So many items at once, whatever is seen of them. */
function exactly(width: number): LoadLimits['width'] {
  return { start: width, least: width, most: width }
}

function bodyOf(name: string, size: number): Buffer {
  const out: Buffer[] = []
  for (let at = 0; at * 32 < size; at += 1) out.push(createHash('sha256').update(`${name}:${at}`).digest())
  return Buffer.concat(out).subarray(0, size)
}

function scene(items: readonly { path: string; size: number; batch?: string }[], target = new MemoryTarget()): Scene {
  const world = testWorld()
  const lane = plannedLane(
    world,
    'device',
    items.map((item) => ({ ...item, mtimeUs })),
    { prefix: 'pacs/' },
  )
  open.push(lane)
  const source = new MemorySource(items.map(({ path, size }) => [path, { body: bodyOf(path, size), mtimeUs }]))
  return {
    world,
    lane,
    source,
    target,
    async run(signal = new AbortController().signal, limits = {}) {
      const events: StageEvent<LoadOutcome>[] = []
      const input = {
        lane: { route: 'device' as const, deviceId: lane.device },
        source: () => source,
        target: () => target,
        journal: lane.journal,
        world,
        limits: { partSize: bytes(part), ...limits },
      }
      for await (const event of load(input, signal)) events.push(event)
      const last = events.at(-1)
      if (last?.kind !== 'finished') throw new Error('load did not finish')
      return { outcome: last.outcome, events }
    },
  }
}

async function membersOf(tar: Buffer): Promise<Map<string, Buffer>> {
  const members = new Map<string, Buffer>()
  const reading = extract()
  reading.end(tar)
  for await (const entry of reading) {
    const chunks: Buffer[] = []
    for await (const chunk of entry) chunks.push(chunk as Buffer)
    expect(entry.header.type).toBe('file')
    members.set(entry.header.name, Buffer.concat(chunks))
  }
  return members
}

function transfers(
  lane: PlannedLane,
): Map<number, { state: string | undefined; reason: string | undefined; sha256: Uint8Array | undefined }> {
  return new Map(
    [...lane.journal.evidence()].map((one) => [
      one.id as number,
      { state: one.transferState, reason: one.leftBehindFor, sha256: one.sha256 },
    ]),
  )
}

function stateOf(lane: PlannedLane, path: string): string | undefined {
  const item = lane.items.get(path)
  return item === undefined ? undefined : transfers(lane).get(item.id)?.state
}

const batched = (sizes: readonly number[]) =>
  sizes.map((size, at) => ({ path: `study/${String(at).padStart(4, '0')}.dcm`, size, batch: batchKey }))

describe('a batch', () => {
  test('is a tar that GNU tar lists without complaint, with members that have the bytes of the source', async () => {
    const long = `study/${'long-folder-name/'.repeat(12)}image.dcm`
    const items = [
      ...batched([0, 1, 511, 512, 513, 5000]),
      { path: long, size: 77, batch: batchKey },
      { path: 'study/Größe-日本.dcm', size: 600, batch: batchKey },
    ]
    const it = scene(items)
    const { outcome } = await it.run()
    expect(outcome).toMatchObject({ items: 8, batches: 1, leftBehind: 0, bytesResent: 0 })
    const stored = it.target.objects.get(batchKey)
    expect(stored?.metadata).toMatchObject({ 'snowball-auto-extract': 'true' })
    const folder = mkdtempSync(join(tmpdir(), 'firn-tar-'))
    try {
      writeFileSync(join(folder, 'batch.tar'), stored?.body ?? '')
      const listing = execFileSync('tar', ['-tvf', join(folder, 'batch.tar')], {
        encoding: 'utf8',
        env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
      })
      expect(listing.trim().split('\n')).toHaveLength(8)
      expect(listing).toMatch(/^-rw-r--r-- 0\/0 +513 2023-11-14 22:13 study\/0004\.dcm$/m)
      expect(listing).not.toMatch(/ \.\//)
      execFileSync('tar', ['-xf', join(folder, 'batch.tar'), '-C', folder])
      for (const { path } of items) {
        expect(readFileSync(join(folder, path)).equals(it.source.items.get(path)?.body ?? Buffer.from('?'))).toBe(true)
        const sum = execFileSync('sha256sum', [join(folder, path)], { encoding: 'utf8' })
          .replace(/^\\/, '')
          .slice(0, 64)
        expect(Buffer.from(transfers(it.lane).get(it.lane.items.get(path)?.id ?? 0)?.sha256 ?? []).toString('hex')).toBe(sum)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('holds each member once, at the offset the journal says, whatever the sizes of members and parts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 6000 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 100, max: 9000 }),
        async (sizes, partSize) => {
          const it = scene(batched(sizes))
          await it.run(undefined, { partSize: bytes(partSize) })
          const tar = it.target.objects.get(batchKey)?.body ?? Buffer.alloc(0)
          const members = await membersOf(tar)
          expect([...members.keys()]).toEqual([...it.source.items.keys()])
          for (const [name, body] of members) expect(body.equals(it.source.items.get(name)?.body ?? Buffer.from('?'))).toBe(true)
          expect(tar.length % 512).toBe(0)
          expect(tar.subarray(-1024).every((byte) => byte === 0)).toBe(true)
          expect(it.target.bytesSent()).toBe(tar.length)
          for (const batch of it.lane.batches.values()) {
            for (const member of it.lane.journal.members(batch)) {
              expect(member.state).toBe('sent')
              const header = tar.subarray(member.offset ?? -1, (member.offset ?? -1) + 100).toString()
              expect(header.replaceAll('\0', '')).toBe(member.key.slice('pacs/'.length))
            }
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  test('leaves behind what changed, vanished or cannot be read, before its header is written', async () => {
    const it = scene(batched([100, 200, 300, 400]))
    change(it.source, 'study/0000.dcm', (item) => (item.body = Buffer.alloc(99)))
    it.source.items.delete('study/0001.dcm')
    change(it.source, 'study/0002.dcm', (item) => (item.errno = 'EACCES'))
    const { outcome, events } = await it.run()
    expect(outcome).toMatchObject({ items: 1, leftBehind: 3, batches: 1 })
    expect([...(await membersOf(it.target.objects.get(batchKey)?.body ?? Buffer.alloc(0))).keys()]).toEqual(['study/0003.dcm'])
    const reasons = [...transfers(it.lane).values()].map(({ reason }) => reason)
    expect(reasons).toEqual(['changed-while-read', 'vanished', 'not-readable', undefined])
    expect(events.filter((event) => event.kind === 'trouble')).toHaveLength(3)
  })

  test('in which nothing is left is ended without sending anything', async () => {
    const it = scene(batched([100, 200]))
    it.source.items.set('other', { body: Buffer.alloc(1), mtimeUs })
    it.source.items.delete('study/0000.dcm')
    it.source.items.delete('study/0001.dcm')
    expect((await it.run()).outcome).toMatchObject({ items: 0, leftBehind: 2 })
    expect(it.target.calls).toEqual([])
    expect([...it.lane.journal.waitingBatches(it.lane.device)]).toEqual([])
  })
})

/** Runs until a call of this number, counted over put, part, begin and complete, stops the world; then runs again to the end. */
async function cutOffThenResume(
  it: Scene,
  at: number,
  when: 'before' | 'after',
  limits: Partial<LoadLimits> = {},
): Promise<{ reached: boolean; outcome: LoadOutcome }> {
  const stop = new AbortController()
  let seen = 0
  const trip = (call: Call): void => {
    if (call.name === 'head' || call.name === 'abort') return
    seen += 1
    if (seen === at) stop.abort(new Fault('stopped'))
  }
  it.target[when] = trip
  let reached = false
  await it.run(stop.signal, limits).catch((error: unknown) => {
    if (!(error instanceof Fault) || error.code !== 'stopped') throw error
    reached = true
  })
  const callsWhenStopped = it.target.calls.length
  it.target.before = () => undefined
  it.target.after = () => undefined
  expect(it.target.calls.length).toBe(callsWhenStopped)
  const { outcome } = await it.run(undefined, limits)
  return { reached, outcome }
}

describe('after a stop', () => {
  test.each(['before', 'after'] as const)('a batch goes on at the part it stopped at, %s every call', async (when) => {
    for (let at = 1; ; at += 1) {
      const it = scene(batched([0, 2500, 100, 488, 512, 1000, 3000, 10, 900]))
      const { reached, outcome } = await cutOffThenResume(it, at, when)
      const tar = it.target.objects.get(batchKey)?.body ?? Buffer.alloc(0)
      const members = await membersOf(tar)
      expect(members.size).toBe(9)
      for (const [name, body] of members) expect(body.equals(it.source.items.get(name)?.body ?? Buffer.from('?'))).toBe(true)
      expect(it.target.bytesSent()).toBeLessThanOrEqual(tar.length + part)
      expect(outcome.bytesResent).toBeLessThanOrEqual(part)
      expect(it.target.uploads.size).toBe(0)
      expect([...transfers(it.lane).values()].every(({ state }) => state === 'sent')).toBe(true)
      if (!reached) break
    }
  })

  test('members that lie whole in confirmed parts are not read again', async () => {
    const it = scene(batched(Array.from({ length: 40 }, () => 800)))
    await cutOffThenResume(it, 12, 'before')
    // Ten parts of 1000 bytes are confirmed: six members of 1,536 bytes lie whole within them.
    for (let at = 0; at < 6; at += 1) expect(it.source.reads.get(`study/${String(at).padStart(4, '0')}.dcm`)).toBe(1)
  })

  test('a batch whose member at the seam has changed is packed anew without it', async () => {
    const it = scene(batched([800, 800, 800, 800]))
    const stop = new AbortController()
    it.target.after = (call) => {
      if (call.name === 'part' && call.partNumber === 2) stop.abort(new Fault('stopped'))
    }
    await expect(it.run(stop.signal)).rejects.toMatchObject({ code: 'stopped' })
    it.target.after = () => undefined
    change(it.source, 'study/0001.dcm', (item) => (item.body = Buffer.alloc(5)))
    const { outcome } = await it.run()
    expect([...(await membersOf(it.target.objects.get(batchKey)?.body ?? Buffer.alloc(0))).keys()]).toEqual([
      'study/0000.dcm',
      'study/0002.dcm',
      'study/0003.dcm',
    ])
    expect(outcome).toMatchObject({ leftBehind: 1, items: 3, bytesResent: 2 * part })
    expect(it.target.uploads.size).toBe(0)
  })

  test.each(['before', 'after'] as const)('large and small items go on where they stopped, %s every call', async (when) => {
    const items = [
      { path: 'a/large-1.dcm', size: 5300 },
      { path: 'a/large-2.dcm', size: 4000 },
      { path: 'b/empty.dcm', size: 0 },
      { path: 'b/small-1.dcm', size: 999 },
      { path: 'b/small-2.dcm', size: 1000 },
    ]
    const total = items.reduce((sum, item) => sum + item.size, 0)
    for (let at = 1; ; at += 1) {
      const it = scene(items)
      const width = 2
      const { reached, outcome } = await cutOffThenResume(it, at, when, { width: exactly(width) })
      for (const { path } of items) {
        const stored = it.target.objects.get(`pacs/${path}`)
        expect(stored?.body.equals(it.source.items.get(path)?.body ?? Buffer.from('?'))).toBe(true)
      }
      expect(it.target.bytesSent()).toBeLessThanOrEqual(total + width * part)
      expect(outcome.bytesResent).toBeLessThanOrEqual(width * part)
      for (const { path } of items) {
        const completions = it.target.calls.filter(
          (call) => call.key === `pacs/${path}` && (call.name === 'complete' || call.name === 'put'),
        )
        expect(completions).toHaveLength(1)
      }
      expect(it.target.uploads.size).toBe(0)
      if (!reached) break
    }
  })

  test('any stop at any call, twice over, loses nothing and sends no more than one part again for each item in flight', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 3500 }), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(
        sizes,
        sizes,
        fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 2 }),
        fc.integer({ min: 300, max: 2500 }),
        async (members, singles, stops, partSize) => {
          const items = [...batched(members), ...singles.map((size, at) => ({ path: `single/${at}`, size }))]
          const it = scene(items)
          const limits = { partSize: bytes(partSize), width: exactly(2) }
          for (const [turn, at] of stops.entries()) {
            const stop = new AbortController()
            let seen = 0
            it.target[turn % 2 === 0 ? 'before' : 'after'] = () => {
              seen += 1
              if (seen === at) stop.abort(new Fault('stopped'))
            }
            await it.run(stop.signal, limits).catch((error: unknown) => expect(error).toMatchObject({ code: 'stopped' }))
            it.target.before = () => undefined
            it.target.after = () => undefined
          }
          await it.run(undefined, limits)
          const tar = it.target.objects.get(batchKey)?.body ?? Buffer.alloc(0)
          const kept = await membersOf(tar)
          expect(kept.size).toBe(members.length)
          for (const { path } of items) {
            const body = kept.get(path) ?? it.target.objects.get(`pacs/${path}`)?.body
            expect(body?.equals(it.source.items.get(path)?.body ?? Buffer.from('?'))).toBe(true)
          }
          const once = tar.length + singles.reduce((sum, size) => sum + size, 0)
          expect(it.target.bytesSent()).toBeLessThanOrEqual(once + stops.length * 2 * partSize)
          expect([...transfers(it.lane).values()].every(({ state }) => state === 'sent')).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('a large item', () => {
  test('that changes while it is read is not completed, and its upload is removed', async () => {
    const it = scene([{ path: 'large', size: 5000 }])
    it.target.before = (call) => {
      if (call.partNumber === 3) change(it.source, 'large', (item) => (item.mtimeUs += 1))
    }
    expect((await it.run()).outcome).toMatchObject({ items: 0, leftBehind: 1, bytes: 0 })
    expect(it.target.objects.size).toBe(0)
    expect(it.target.uploads.size).toBe(0)
    expect(stateOf(it.lane, 'large')).toBe('left-behind')
  })

  test('gets parts so large that it needs no more than the target takes', async () => {
    const it = scene([{ path: 'large', size: 3 * 1024 * 1024 }], new MemoryTarget({ mostParts: 2 }))
    await it.run()
    expect(it.target.calls.filter((call) => call.name === 'part').map((call) => call.size)).toEqual([2 * 1024 * 1024, 1024 * 1024])
  })

  test('larger than the target takes is left behind and named', async () => {
    const it = scene([{ path: 'large', size: 5000 }], new MemoryTarget({ largestItem: bytes(4999) }))
    const { events } = await it.run()
    expect(events.find((event) => event.kind === 'trouble')).toMatchObject({
      fault: { code: 'item-too-large' },
      item: it.lane.items.get('large')?.id,
    })
    expect([...transfers(it.lane).values()][0]?.reason).toBe('item-too-large')
  })
})

describe('the lane', () => {
  test('stops before a device is too full, and what it confirmed stays confirmed', async () => {
    const it = scene(Array.from({ length: 10 }, (_, at) => ({ path: `item-${at}`, size: 1000 })))
    it.target.capacity = { total: 10_000, usedBefore: 5_000 }
    await expect(it.run(undefined, { width: exactly(1) })).rejects.toMatchObject({ code: 'device-full', retry: 'after-human' })
    expect(it.target.objects.size).toBe(4)
    const states = [...transfers(it.lane).values()].map(({ state }) => state)
    expect(states.filter((state) => state === 'sent')).toHaveLength(4)
    expect(states.filter((state) => state === 'left-behind')).toHaveLength(0)
  })

  test('does not believe that items vanished when the archive itself is gone', async () => {
    const it = scene(Array.from({ length: 50 }, (_, at) => ({ path: `item-${at}`, size: 10 })))
    it.target.before = (call) => {
      if (call.key === 'pacs/item-20') it.source.rootGone = true
    }
    await expect(it.run(undefined, { width: exactly(2) })).rejects.toMatchObject({ code: 'archive-missing' })
    expect([...transfers(it.lane).values()].filter(({ state }) => state === 'left-behind')).toEqual([])
  })

  test('goes on after a fault of one item, says so, and sends that item in the next run', async () => {
    const it = scene([
      { path: 'a', size: 10 },
      { path: 'b', size: 10 },
      { path: 'c', size: 10 },
    ])
    it.target.before = (call) => {
      if (call.key === 'pacs/b') throw new Fault('aws-bad-digest')
    }
    const first = await it.run()
    expect(first.outcome.items).toBe(2)
    expect(first.events.find((event) => event.kind === 'trouble')).toMatchObject({
      fault: { code: 'aws-bad-digest' },
      item: it.lane.items.get('b')?.id,
    })
    expect(stateOf(it.lane, 'b')).toBe('sending')
    it.target.before = () => undefined
    expect((await it.run()).outcome.items).toBe(1)
    expect(stateOf(it.lane, 'b')).toBe('sent')
  })

  test('stops at a wrong secret instead of failing item by item', async () => {
    const it = scene(Array.from({ length: 50 }, (_, at) => ({ path: `item-${at}`, size: 10 })))
    let tries = 0
    it.target.before = () => {
      tries += 1
      throw new Fault('aws-wrong-secret')
    }
    await expect(it.run(undefined, { width: exactly(4) })).rejects.toMatchObject({ code: 'aws-wrong-secret' })
    expect(tries).toBeLessThanOrEqual(4)
  })

  test('writes nothing after it was stopped', async () => {
    const it = scene(Array.from({ length: 100 }, (_, at) => ({ path: `item-${at}`, size: 10 })))
    const stop = new AbortController()
    it.target.after = () => {
      if (it.target.calls.length === 30) stop.abort(new Fault('stopped'))
    }
    await expect(it.run(stop.signal)).rejects.toMatchObject({ code: 'stopped' })
    const calls = it.target.calls.length
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(it.target.calls.length).toBe(calls)
    expect(calls).toBeLessThanOrEqual(33)
  })

  test('does not send again what a run that was cut off had sent but not recorded', async () => {
    const it = scene([{ path: 'a', size: 500 }])
    const id = it.lane.items.get('a')?.id
    if (id === undefined) throw new Error('not planned')
    it.lane.journal.intend([id])
    const body = it.source.items.get('a')?.body ?? Buffer.alloc(0)
    it.target.objects.set('pacs/a', { body, etag: 'x', metadata: { 'firn-sha256': createHash('sha256').update(body).digest('hex') } })
    expect((await it.run()).outcome).toMatchObject({ adopted: 1, items: 1 })
    expect(it.target.bytesSent()).toBe(0)
    expect(stateOf(it.lane, 'a')).toBe('sent')
  })
})

function change(source: MemorySource, path: string, by: (item: MemoryItem) => unknown): void {
  const item = source.items.get(path)
  if (item === undefined) throw new Error(`no such item: ${path}`)
  by(item)
}

describe('straight to S3, where something lies under the name of an item', () => {
  const conditional = () => new MemoryTarget({ conditional: true })
  const foreign = (size: number) => ({ body: bodyOf('somebody else', size), etag: 'theirs', metadata: {} })
  const items = [
    { path: 'small', size: 400 },
    { path: 'large', size: 5 * part },
    { path: 'other', size: 300 },
  ]

  test('what is another’s stays as it is, the item waits, and the rest goes', async () => {
    const it = scene(items, conditional())
    it.target.objects.set('pacs/small', foreign(400)).set('pacs/large', foreign(5 * part))
    const { outcome, events } = await it.run()
    expect(outcome.items).toBe(1)
    expect(events.flatMap((event) => (event.kind === 'trouble' ? [event.fault.code] : []))).toEqual(['object-conflict', 'object-conflict'])
    expect(it.target.objects.get('pacs/small')?.etag).toBe('theirs')
    expect(it.target.objects.get('pacs/large')?.etag).toBe('theirs')
    expect(it.target.uploads.size).toBe(0)
    it.target.objects.delete('pacs/small')
    it.target.objects.delete('pacs/large')
    expect((await it.run()).outcome.items).toBe(2)
  })

  test('what an earlier try sent, whose answer was lost, is known again and not sent twice', async () => {
    const it = scene(items, conditional())
    let lost = 0
    it.target.after = ({ name }) => {
      if ((name !== 'put' && name !== 'complete') || lost >= 3) return
      lost += 1
      throw new Fault('aws-refused', { code: 'InternalError' })
    }
    await it.run()
    const { outcome, events } = await it.run()
    expect(events.filter(({ kind }) => kind === 'trouble')).toEqual([])
    expect(outcome).toMatchObject({ items: 3, adopted: 3 })
  })
})
