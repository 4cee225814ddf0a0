/** Before a device leaves: what is on it is written down, and a sample is read back from it. */
import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { openJournal } from '../../main/journal/openJournal.ts'
import { inspect, type ManifestSink } from '../../main/load/inspect.ts'
import { load } from '../../main/load/load.ts'
import { drawOf, Sample } from '../../main/load/sample.ts'
import type { Inspection, SampleSize } from '../../shared/domain/inspection.ts'
import type { ItemId } from '../../shared/domain/item.ts'
import type { StageEvent } from '../../shared/flow/stage.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathFromText, rootPath } from '../../shared/units/itemPath.ts'
import { asOfVersion } from '../kit/journal.ts'
import { MemorySource } from '../kit/memorySource.ts'
import { MemoryTarget } from '../kit/memoryTarget.ts'
import { plannedLane, type PlannedLane } from '../kit/plannedLane.ts'
import { testWorld } from '../kit/world.ts'

const never = new AbortController().signal
const mtimeUs = 1_700_000_000_123_456
const batchKey = 'pacs/batch-0001.tar'
const open: PlannedLane[] = []
afterEach(() => {
  for (const lane of open.splice(0)) lane.remove()
})

const items = [
  ...Array.from({ length: 12 }, (_, at) => ({ path: `ct/${at}.dcm`, size: 300 + at, batch: batchKey })),
  { path: 'ct/empty.dcm', size: 0, batch: batchKey },
  { path: `ct/${'long/'.repeat(30)}name.dcm`, size: 700, batch: batchKey },
  { path: 'alone/small', size: 400 },
  { path: 'alone/empty', size: 0 },
  { path: 'alone/large', size: 7000 },
]
const all = items.reduce((sum, { size }) => sum + size, 0)

function bodyOf(path: string, size: number): Buffer {
  return Buffer.alloc(size, createHash('sha512').update(path).digest())
}

function scene() {
  const world = testWorld()
  const lane = plannedLane(
    world,
    'device',
    items.map((item) => ({ ...item, mtimeUs })),
    { prefix: 'pacs/' },
  )
  open.push(lane)
  const source = new MemorySource(items.map(({ path, size }) => [path, { body: bodyOf(path, size), mtimeUs }]))
  const target = new MemoryTarget()
  const { journal, device: deviceId } = lane
  const written: string[] = []
  const left: string[] = []
  const recorded: Inspection[] = []
  const sinkInto = (closed: string[]): ManifestSink => {
    const parts: string[] = []
    return {
      write: async (text) => void parts.push(text),
      async close() {
        closed.push(parts.join(''))
        return { sha256: createHash('sha256').update(parts.join('')).digest('hex') }
      },
      abandon: async () => undefined,
    }
  }
  return {
    journal,
    file: lane.file,
    deviceId,
    items: lane.items,
    target,
    written,
    left,
    recorded,
    async load() {
      const input = {
        lane: { route: 'device' as const, deviceId },
        source: () => source,
        target: () => target,
        journal,
        world,
        limits: { partSize: bytes(1000) },
      }
      for await (const _event of load(input, never));
    },
    async inspect(sample?: SampleSize, seed = 'winter') {
      const events: StageEvent<Inspection>[] = []
      const input = {
        deviceId,
        person: 'Ada Example',
        seed,
        archives: journal.archives(),
        target: () => target,
        manifest: async () => sinkInto(written),
        leftBehind: async () => sinkInto(left),
        recorded: (inspection: Inspection) => void recorded.push(inspection),
        journal,
        world,
      }
      for await (const event of inspect(sample === undefined ? input : { ...input, sample }, never)) events.push(event)
      const last = events.at(-1)
      if (last?.kind !== 'finished') throw new Error('inspect did not finish')
      return { outcome: last.outcome, troubles: events.flatMap((event) => (event.kind === 'trouble' ? [event] : [])) }
    },
    /** The source has other files under these paths now, and a scan has seen them. */
    rescan(paths: readonly string[], size: number) {
      const scan = journal.beginScan(1, world.clock.now())
      const of = (path: string) => ({
        path: pathFromText(path),
        kind: 'file' as const,
        size: bytes(size),
        mtimeUs,
        inode: 1,
        header: undefined,
      })
      const unchanged = items.filter(({ path }) => !paths.includes(path)).map(({ path }) => pathFromText(path))
      const found = paths.map((path) => ({ ...of(path), anomalies: [] }))
      journal.recordPart(scan.id, 1, { items: found, unchanged, folders: [], ignored: 0 })
      journal.foldersDone(scan.id, [{ folder: rootPath, ignored: 0 }])
      journal.settle(scan.id, 1)
      journal.finishScan(scan.id, world.clock.now())
    },
    /** One byte of the object changes where it lies. */
    rot(key: string, at: number) {
      target.objects.get(key)?.body.writeUInt8((target.objects.get(key)?.body.readUInt8(at) ?? 0) ^ 1, at)
    },
  }
}

describe('an inspection', () => {
  test('lists every item with its digests, reads all of a small device back, and is kept', async () => {
    const it = scene()
    await it.load()
    const { outcome, troubles } = await it.inspect()
    expect(troubles).toEqual([])
    expect(outcome).toMatchObject({
      items: items.length,
      bytes: all,
      batches: 1,
      sampledItems: items.length,
      sampledBytes: all,
      differing: 0,
    })
    const lines = (it.written[0] ?? '').trim().split('\n')
    expect(lines[0]).toBe('bucket,key,size,sha256_hex,crc64nvme_base64,batch_key,item,source_changed_since')
    expect(lines).toHaveLength(items.length + 1)
    for (const { path, size, ...one } of items) {
      const sha256 = createHash('sha256').update(bodyOf(path, size)).digest('hex')
      expect(
        lines.filter((line) => line.includes(`pacs/${path},${size},${sha256},`) && line.includes('batch' in one ? batchKey : ',,')),
      ).toHaveLength(1)
    }
    expect(it.journal.inspection(it.deviceId)).toEqual(outcome)
    expect(it.recorded).toEqual([outcome])
    expect([...it.journal.events()].at(-1)).toMatchObject({ kind: 'device-inspected' })
  })

  test('holds until something is to be loaded after it', async () => {
    const it = scene()
    await it.load()
    await it.inspect()
    it.journal.voidInspections(it.deviceId)
    expect(it.journal.inspection(it.deviceId)).toBeUndefined()
    const { outcome } = await it.inspect()
    expect(it.journal.inspection(it.deviceId)).toEqual(outcome)
  })

  test('of what changed at the source since, lists and reads back the bytes that the device holds', async () => {
    const it = scene()
    await it.load()
    const changed = ['ct/3.dcm', 'ct/empty.dcm', 'alone/small', 'alone/large']
    it.rescan(changed, 99)
    it.rescan(changed.slice(0, 1), 98)
    const { outcome, troubles } = await it.inspect()
    expect(troubles).toEqual([])
    expect(outcome).toMatchObject({ items: items.length, bytes: all, sampledItems: items.length, sampledBytes: all, differing: 0 })
    const lines = (it.written[0] ?? '').trim().split('\n')
    for (const { path, size } of items) {
      const sha256 = createHash('sha256').update(bodyOf(path, size)).digest('hex')
      const line = lines.find((one) => one.includes(`pacs/${path},${size},${sha256},`))
      expect(line?.endsWith(',yes'), path).toBe(changed.includes(path))
    }
  })

  test('of what changed at the source since, lists what was sent even after the new bytes were read to compare duplicates', async () => {
    const it = scene()
    await it.load()
    const { id } = it.items.get('alone/small') ?? {}
    if (id === undefined) throw new Error('the item was planned')
    it.rescan(['alone/small'], 99)
    it.journal.recordDigests(id, { sha256: new Uint8Array(32).fill(7), crc64nvme: new Uint8Array(8).fill(7) })
    it.rescan(['alone/small'], 98)
    const { outcome } = await it.inspect()
    expect(outcome).toMatchObject({ items: items.length, bytes: all, differing: 0 })
    const sha256 = createHash('sha256').update(bodyOf('alone/small', 400)).digest('hex')
    expect(it.written[0]).toMatch(new RegExp(`pacs/alone/small,\\d+,${sha256},.*,yes\n`))
  })

  test('of what changed at the source since, still notices when the device does not hold what was sent', async () => {
    const it = scene()
    await it.load()
    it.rescan(['alone/large'], 99)
    it.rot('pacs/alone/large', 6999)
    const { outcome } = await it.inspect()
    expect(outcome.differing).toBe(1)
  })

  test('loads again what an older journal no longer knows the bytes of, unless the device has left', async () => {
    for (const left of [false, true]) {
      const it = scene()
      await it.load()
      if (left) it.journal.addCustody({ deviceId: it.deviceId, at: 1, step: 'handed-over', person: 'Ada Example' })
      it.journal.close()
      const database = new DatabaseSync(it.file)
      asOfVersion(database, 80)
      database.exec(`
UPDATE devices SET state = 'WithCustomer';
UPDATE items SET sha256 = NULL, crc64nvme = NULL WHERE id IN (${it.items.get('ct/3.dcm')?.id}, ${it.items.get('alone/small')?.id});`)
      database.close()
      const journal = openJournal(it.file, testWorld())
      const waiting = [...journal.waiting({ route: 'device', deviceId: it.deviceId })].map(({ key }) => key)
      const batches = [...journal.waitingBatches(it.deviceId)].map(({ key }) => key)
      journal.close()
      expect([waiting, batches]).toEqual(left ? [[], []] : [['pacs/alone/small'], [batchKey]])
    }
  })

  test('lists what was left behind with its reason, beside the bill', async () => {
    const it = scene()
    const gone = it.items.get('ct/3.dcm')
    if (gone === undefined) throw new Error('the item was planned')
    it.journal.leaveBehind(gone.id, 'vanished')
    await it.load()
    const { outcome } = await it.inspect()
    expect(outcome).toMatchObject({ items: items.length - 1, leftBehindItems: 1, leftBehindBytes: 303 })
    expect(it.left).toEqual([`bucket,key,size,reason,item\nimages,pacs/ct/3.dcm,303,vanished,${gone.id}\n`])
    expect(it.written[0]).not.toContain('ct/3.dcm')
  })

  test('finds an altered item, and a load that was cut off before sending it again does not take it for sent', async () => {
    const it = scene()
    await it.load()
    it.rot('pacs/alone/large', 0)
    it.rot('pacs/alone/small', 0)
    expect((await it.inspect()).outcome).toMatchObject({ differing: 2 })
    const small = it.items.get('alone/small')
    if (small === undefined) throw new Error('the item was planned')
    // Killed after the intent, before the bytes.
    it.journal.intend([small.id])
    await it.load()
    expect(it.target.objects.get('pacs/alone/small')?.body).toEqual(bodyOf('alone/small', 400))
    expect((await it.inspect('all')).outcome).toMatchObject({ differing: 0 })
  })

  test('takes back what a person ticked before it: the device was switched on again for it', async () => {
    const it = scene()
    await it.load()
    it.journal.tick(it.deviceId, 'powered-off', 'Bob Example', true, 1)
    it.journal.tick(it.deviceId, 'doors-latched', 'Bob Example', false, 2)
    const { outcome } = await it.inspect()
    expect(it.journal.checklist(it.deviceId)).toEqual([
      { code: 'doors-latched', done: false, person: 'Bob Example', at: 2 },
      { code: 'powered-off', done: false, person: 'Ada Example', at: outcome.at },
    ])
  })

  test('is refused while something planned is not on the device, or an upload is open', async () => {
    const it = scene()
    await expect(it.inspect()).rejects.toMatchObject({ code: 'wrong-order', facts: { notLoaded: items.length } })
    await it.load()
    await it.target.beginParts('somebody/elses', {}, never)
    await expect(it.inspect()).rejects.toMatchObject({ code: 'uploads-open', facts: { uploads: 1 } })
    expect(it.journal.inspection(it.deviceId)).toBeUndefined()
  })
})

describe('what does not come back as it was sent is found, and goes again', () => {
  const tarAt = (it: ReturnType<typeof scene>, path: string): number => {
    const found = [...it.journal.onDevice(it.deviceId)].find(({ key }) => key === `pacs/${path}`)
    if (found?.offset === undefined) throw new Error('not in the batch')
    return found.offset
  }
  const cases: readonly (readonly [string, (it: ReturnType<typeof scene>) => void, string, number])[] = [
    ['a byte of an item alone', (it) => it.rot('pacs/alone/small', 17), 'bytes', 1],
    ['a byte of a large item', (it) => it.rot('pacs/alone/large', 6999), 'bytes', 1],
    ['an item that is gone', (it) => void it.target.objects.delete('pacs/alone/small'), 'not there', 1],
    ['an empty item that is gone', (it) => void it.target.objects.delete('pacs/alone/empty'), 'not there', 1],
    [
      'an item that was cut',
      (it) => it.target.objects.set('pacs/alone/large', { body: bodyOf('alone/large', 6000), etag: '', metadata: {} }),
      'length',
      1,
    ],
    ['a byte of a batch member', (it) => it.rot(batchKey, tarAt(it, 'ct/3.dcm') + 512 + 5), 'bytes', 1],
    ['a name in a batch', (it) => it.rot(batchKey, tarAt(it, 'ct/3.dcm') + 1), 'header of the batch member', 1],
  ]
  test.each(cases)('%s', async (_name, harm, why, count) => {
    const it = scene()
    await it.load()
    harm(it)
    const { outcome, troubles } = await it.inspect('all')
    expect(outcome.differing).toBe(count)
    expect(troubles.map(({ fault }) => fault)).toMatchObject([{ code: 'device-differs', facts: { why } }])
    const { items: planned, doneItems } = it.journal.laneTotals({ route: 'device', deviceId: it.deviceId })
    expect(doneItems).toBeLessThan(planned)
    await it.load()
    expect((await it.inspect('all')).outcome).toMatchObject({ differing: 0, sampledItems: items.length })
    expect(it.target.uploads.size).toBe(0)
  })
})

describe('the sample', () => {
  test('is the same for the same seed, whatever the order, and holds the lowest draws', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 1e6 }), { maxLength: 200 }),
        fc.string(),
        fc.integer({ min: 1, max: 40 }),
        (ids, seed, most) => {
          const drawn = (order: readonly number[]): number[] => {
            const sample = new Sample(seed, most)
            for (const id of order) sample.show({ itemId: id as ItemId, size: 1 })
            return sample.drawn(Number.POSITIVE_INFINITY).map(({ itemId }) => itemId)
          }
          const expected = ids.toSorted((a, b) => drawOf(seed, a as ItemId) - drawOf(seed, b as ItemId)).slice(0, most)
          expect(drawn(ids)).toEqual(expected)
          expect(drawn(ids.toReversed())).toEqual(expected)
        },
      ),
    )
  })

  test('ends with the item that brings it to the bytes asked for', () => {
    const sample = new Sample('s', 500)
    for (let id = 1; id <= 1000; id += 1) sample.show({ itemId: id as ItemId, size: 100 })
    expect(sample.drawn(1000)).toHaveLength(10)
    expect(sample.drawn(1001)).toHaveLength(11)
    expect(sample.drawn(1e9)).toHaveLength(500)
  })

  test('draws every item about equally often', () => {
    const times = new Map<number, number>()
    for (let seed = 0; seed < 400; seed += 1) {
      const sample = new Sample(String(seed), 10)
      for (let id = 1; id <= 100; id += 1) sample.show({ itemId: id as ItemId, size: 1 })
      for (const { itemId } of sample.drawn(100)) times.set(itemId, (times.get(itemId) ?? 0) + 1)
    }
    const counts = Array.from({ length: 100 }, (_, at) => times.get(at + 1) ?? 0)
    expect(Math.min(...counts)).toBeGreaterThan(15)
    expect(Math.max(...counts)).toBeLessThan(80)
  })
})
