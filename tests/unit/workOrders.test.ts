/** A device filled by another workstation: lent by an order, loaded and inspected there, and taken back with all that was done, or not at all. */
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { recordCustody, correctCustody } from '../../main/engine/custody.ts'
import { inspectDevice } from '../../main/engine/inspectDevice.ts'
import { filesOf, type OpenMigration } from '../../main/engine/migrationFolder.ts'
import { nextStep } from '../../main/engine/nextStep.ts'
import { shipGate, tickShipCheck } from '../../main/engine/shipGate.ts'
import { loadDevice, planMigration, scanArchives, type Watch, type Work } from '../../main/engine/steps.ts'
import { takeOrder, type Taking } from '../../main/engine/takeOrder.ts'
import { lendDevice, recallDevice, takeBack } from '../../main/engine/workOrders.ts'
import type { FleetRecord, Journal } from '../../shared/ports/journal.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathFromText, rootPath } from '../../shared/units/itemPath.ts'
import { MemorySource } from '../kit/memorySource.ts'
import { MemoryTarget } from '../kit/memoryTarget.ts'
import { plannedLane, type PlannedLane } from '../kit/plannedLane.ts'
import { testWorld, type TestWorld } from '../kit/world.ts'

const never = new AbortController().signal
const mtimeUs = 1_700_000_000_000_000
const ada = 'Ada Example'
const ben = 'Ben Other'
const items = [
  { path: 'ct/1.dcm', size: 300, batch: 'pacs/one.tar' },
  { path: 'ct/2.dcm', size: 301, batch: 'pacs/one.tar' },
  { path: 'mr/1.dcm', size: 400, batch: 'pacs/two.tar' },
  { path: 'xa/large', size: 9000 },
  { path: 'xa/small', size: 500 },
]
const config = { format: 1, region: 'eu-central-1', profile: 'hospital', keptKeys: 'hospital keys' }

let place: string
let world: TestWorld
let lane: PlannedLane
let home: OpenMigration
let away: OpenMigration | undefined
let source: MemorySource
/** The one device, whoever reaches it. */
let target: MemoryTarget

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'firn-order-'))
  world = testWorld({ now: Date.now() })
  for (const { path, size } of items) put(path, size)
  lane = plannedLane(world, 'device', items.map((item) => ({ ...item, mtimeUs })), { prefix: 'pacs/', root: join(place, 'archive') }) // prettier-ignore
  lane.journal.approve(1, ada, 1)
  lane.journal.deviceOrdered(lane.device, 'JID1')
  lane.journal.deviceState(lane.device, 'WithCustomer')
  const folder = dirname(lane.file)
  const files = { ...filesOf(folder), journal: lane.file }
  writeFileSync(files.config, JSON.stringify(config))
  home = { folder, files, journal: lane.journal, world } as unknown as OpenMigration
  source = new MemorySource(items.map(({ path, size }) => [path, { body: bodyOf(path, size), mtimeUs }]))
  target = new MemoryTarget()
})
afterEach(() => {
  away?.close()
  away = undefined
  lane.remove()
  rmSync(place, { recursive: true, force: true })
})

function bodyOf(path: string, size: number): Buffer {
  return Buffer.alloc(size, createHash('sha512').update(path).digest())
}

function put(path: string, size: number): void {
  const file = join(place, 'archive', path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, bodyOf(path, size))
  utimesSync(file, mtimeUs / 1e6, mtimeUs / 1e6)
}

const watch: Watch = async (stage) => {
  for await (const event of stage) if (event.kind === 'finished') return event.outcome
  throw new Error('a stage ends with its outcome')
}

function work(migration: OpenMigration, signal = never): Work {
  return { migration, wiring: { deviceTarget: async () => () => target, sourceOf: () => source }, watch, signal } as unknown as Work
}

function deviceIn({ journal }: Pick<OpenMigration, 'journal'>): FleetRecord {
  const [device] = journal.fleet()
  if (device === undefined) throw new Error('there is one device')
  return device
}

const order = (): string => join(place, 'device.order')
const lend = () => lendDevice(home, deviceIn(home), ada, order())
const taking = (more: Partial<Taking> = {}): Taking => ({
  order: order(),
  folder: join(place, 'away'),
  person: ben,
  roots: new Map([[1, join(place, 'archive')]]),
  ...more,
})
function take(): OpenMigration {
  away = takeOrder(taking(), {}).migration
  return away
}
const load = (migration: OpenMigration) => loadDevice(work(migration), deviceIn(migration), undefined)
const inspect = (migration: OpenMigration) => inspectDevice(work(migration), deviceIn(migration), undefined, { person: ben })
/** The folder is closed and carried home. */
function back(person = ada) {
  away?.close()
  away = undefined
  return takeBack(home, join(place, 'away'), person, never)
}

function states({ journal }: { journal: Journal }): Record<string, unknown> {
  const all = [...journal.onDevice(lane.device)].map(({ key, sha256, size, offset }) => [
    key,
    [size, Buffer.from(sha256 ?? []).toString('hex'), offset],
  ])
  return { loaded: Object.fromEntries(all) as unknown, waiting: [...journal.waiting({ route: 'device', deviceId: lane.device })].length }
}

/** A scan at home finds these with another size. */
function changeAtHome(paths: readonly string[], size: number): void {
  const scan = lane.journal.beginScan(1, world.clock.now())
  const found = paths.map((path) => ({ path: pathFromText(path), kind: 'file' as const, size: bytes(size), mtimeUs, inode: 1, header: undefined, anomalies: [] })) // prettier-ignore
  const unchanged = items.filter(({ path }) => !paths.includes(path)).map(({ path }) => pathFromText(path))
  lane.journal.recordPart(scan.id, 1, { items: found, unchanged, folders: [], ignored: 0 })
  lane.journal.foldersDone(scan.id, [{ folder: rootPath, ignored: 0 }])
  lane.journal.settle(scan.id, 1)
  lane.journal.finishScan(scan.id, world.clock.now())
}

describe('A device that is lent', () => {
  test('is loaded and inspected on the other workstation, and ships from home after its folder came back', async () => {
    recordCustody(home, deviceIn(home), { step: 'received', person: ada, place: 'Dock', note: '', from: 'carrier', to: '' })
    lend()
    const there = take()
    const photo = join(place, 'seal.pdf')
    writeFileSync(photo, '%PDF-1.7 seal')
    await load(there)
    const inspection = await inspect(there)
    const wrong = recordCustody(there, deviceIn(there), { step: 'unlocked', person: ben, place: 'Bay 2', note: '', from: '', to: '' })
    correctCustody(there, deviceIn(there), { number: wrong.number, person: ben, reason: 'Bay 3' })
    tickShipCheck(there, deviceIn(there), { code: 'powered-off', person: ben, done: true })
    const expected = states(there)

    const returned = await back()
    expect(returned).toEqual({ sent: 5, leftBehind: 0, waiting: 0, changedSince: 0 })
    expect(states(home)).toEqual(expected)
    expect(home.journal.inspection(lane.device)).toEqual(inspection)
    expect(home.journal.custody(lane.device).map(({ step, person }) => `${step} ${person}`)).toEqual([
      `received ${ada}`,
      'loading Firn',
      'loaded Firn',
      `inspected ${ben}`,
      `unlocked ${ben}`,
      `correction ${ben}`,
    ])
    expect(home.journal.custody(lane.device).at(-1)?.corrects).toBe(5)
    expect(home.journal.custodyChain(lane.device)).toMatchObject({ whole: true, entries: 6 })
    expect(home.journal.checkChain().whole).toBe(true)
    expect(readdirSync(join(home.files.devices, 'device-1')).filter((name) => name.startsWith('manifest-'))).toHaveLength(1)
    const open = shipGate(home.journal, deviceIn(home), { planned: 5, sent: 5 }, false).filter(({ done }) => !done)
    expect(open.map(({ code }) => code)).not.toContain('inspected')
    expect(open.map(({ code }) => code)).not.toContain('powered-off')
    const log = [...home.journal.events()].map(({ kind, body }) => `${kind} ${body}`).join('\n')
    expect(log).toMatch(/device-lent .*\n(?:.*\n)*work-order-returned /)
    expect(log).not.toContain('.dcm')
    expect(readdirSync(home.folder).filter((name) => name.startsWith('returning-'))).toEqual([])
    await expect(takeBack(home, join(place, 'away'), ada, never)).rejects.toMatchObject({ code: 'work-order-unfit' })
  })

  test('is nobody else’s meanwhile: here it is neither loaded, inspected, shipped nor entered in custody', async () => {
    lend()
    await expect(load(home)).rejects.toMatchObject({ code: 'device-lent' })
    await expect(inspect(home)).rejects.toMatchObject({ code: 'device-lent' })
    const told = { step: 'locked', person: ada, place: '', note: '', from: '', to: '' } as const
    expect(() => recordCustody(home, deviceIn(home), told)).toThrow(expect.objectContaining({ code: 'device-lent' }) as Error)
    expect(() => lendDevice(home, deviceIn(home), ada, join(place, 'second'))).toThrow(
      expect.objectContaining({ code: 'device-lent' }) as Error,
    )
    expect(existsSync(join(place, 'second'))).toBe(false)
  })

  test('leaves the rest of the migration to home: there, nothing is scanned or planned', async () => {
    lend()
    const there = take()
    await expect(scanArchives(work(there))).rejects.toMatchObject({ code: 'only-a-work-order' })
    await expect(planMigration(work(there), {} as never)).rejects.toMatchObject({ code: 'only-a-work-order' })
  })

  test('comes home half loaded and is loaded on here, without anything being sent twice', async () => {
    lend()
    const there = take()
    const stop = new AbortController()
    target.after = ({ name, key }) => {
      if (name === 'complete' && key === 'pacs/one.tar') stop.abort(new Error('enough for today'))
    }
    await expect(loadDevice(work(there, stop.signal), deviceIn(there), undefined)).rejects.toThrow()
    target.after = () => undefined
    await back()
    const before = [...target.objects.keys()]
    target.calls.length = 0
    await load(home)
    expect(home.journal.laneTotals({ route: 'device', deviceId: lane.device })).toMatchObject({ items: 5, doneItems: 5 })
    const again = target.calls.filter(({ name, key }) => name === 'put' && before.includes(key))
    expect(again).toEqual([])
    expect((await inspect(home)).differing).toBe(0)
  })

  test.each(['pacs/one.tar', 'pacs/xa/large'])(
    'of what changes here while it is away, %s keeps the bytes that were sent on record',
    async (key) => {
      lend()
      const there = take()
      await load(there)
      await inspect(there)
      const expected = states(there)
      const changed = key === 'pacs/one.tar' ? 'ct/2.dcm' : 'xa/large'
      changeAtHome([changed], 77)
      expect(home.journal.laneCounts()).toMatchObject([{ route: 'device', items: 5 }])
      expect(await back()).toMatchObject({ sent: 5, changedSince: 1 })
      expect(states(home)).toEqual(expected)
      expect([...home.journal.onDevice(lane.device)].filter(({ changedSince }) => changedSince).map(({ key: one }) => one)).toEqual([
        `pacs/${changed}`,
      ])
      expect((await inspect(home)).differing).toBe(0)
    },
  )

  test('of what changed before it was sent, nothing is on the device, and it waits for a new plan', async () => {
    lend()
    const there = take()
    source.items.set('xa/small', { body: bodyOf('other', 77), mtimeUs })
    changeAtHome(['xa/small'], 77)
    await load(there)
    expect(await back()).toMatchObject({ sent: 4, leftBehind: 0, waiting: 0 })
    expect([...home.journal.studies(bytes(1))].map(({ items: count, bytes: size }) => [count, size])).toEqual([[1, 77]])
  })

  test('tells home what it left behind, and why', async () => {
    lend()
    const there = take()
    source.items.delete('xa/small')
    await load(there)
    expect(await back()).toMatchObject({ sent: 4, leftBehind: 1, waiting: 0 })
    expect([...home.journal.leftBehindOf(lane.device)].map(({ key, reason }) => [key, reason])).toEqual([['pacs/xa/small', 'vanished']])
    expect(home.journal.anomalyCounts()).toMatchObject([{ code: 'vanished', items: 1 }])
  })
})

describe('An order', () => {
  test('is readable by its owner alone, knows the device alone, and nothing of patients or of keys in this machine’s store', () => {
    const database = new DatabaseSync(lane.file)
    database.exec(`UPDATE items SET patient_hash = x'0011', accession_hash = x'0022'`)
    database.close()
    const other = lane.journal.addDevice(1, { ordinal: 2, wave: 1, snowballType: 'V3_5S', capacity: 'T240', usable: bytes(1e12) })
    lend()
    expect(statSync(order()).mode & 0o777).toBe(0o600)
    expect(readdirSync(place).filter((name) => name.startsWith('device.order'))).toEqual(['device.order'])
    const there = take()
    expect(there.journal.fleet().map(({ id }) => id)).toEqual([lane.device])
    expect(other).toBe(2)
    const copy = new DatabaseSync(there.files.journal, { readOnly: true })
    expect(copy.prepare('SELECT count(*) AS known FROM items WHERE patient_hash IS NOT NULL OR accession_hash IS NOT NULL').get()).toEqual({
      known: 0,
    })
    copy.close()
    expect(there.config).toMatchObject({ region: 'eu-central-1', profile: 'hospital' })
    expect(there.config.keptKeys).toBeUndefined()
  })

  test('is not taken for another archive, for none, or when it is no order; nothing is left behind', () => {
    lend()
    mkdirSync(join(place, 'other'))
    for (const [more, problem] of [
      [{ roots: new Map([[1, join(place, 'other')]]) }, 'none of the first 5 files of archive 1'],
      [{ roots: new Map() }, 'say where archive 1 is here'],
      [{ folder: join(place, 'archive', 'inside') }, 'inside an archive'],
      [{ rehearsalOf: place }, 'is for the order of a rehearsal'],
    ] as const)
      expect(() => takeOrder(taking(more), {})).toThrow(
        expect.objectContaining({
          facts: expect.objectContaining({ problem: expect.stringContaining(problem) as unknown }) as unknown,
        }) as Error,
      )
    writeFileSync(join(place, 'rubbish'), 'not a database at all, whatever its name says')
    for (const file of [join(place, 'rubbish'), lane.file])
      expect(() => takeOrder(taking({ order: file }), {})).toThrow(expect.objectContaining({ code: 'work-order-unfit' }) as Error)
    expect(existsSync(join(place, 'away'))).toBe(false)
  })

  test('that could not be written leaves the device lent, to be recalled, and no half a file', () => {
    rmSync(home.files.config)
    expect(() => lend()).toThrow()
    expect(readdirSync(place).filter((name) => name.startsWith('device.order'))).toEqual([])
    expect(home.journal.lent(lane.device)).toBeDefined()
    recallDevice(home, deviceIn(home), ada)
    expect(home.journal.lent(lane.device)).toBeUndefined()
  })
})

describe('What comes back is refused whole', () => {
  test.each<[string, (away: string) => void, string]>([
    ['when the order was recalled', () => void recallDevice(home, deviceIn(home), ada), 'recalled'],
    ['when its bill of materials is missing', (folder) => rmSync(join(folder, 'devices'), { recursive: true }), 'bill of materials'],
    [
      'when its bill of materials was edited',
      (folder) => {
        const bills = join(folder, 'devices', 'device-1')
        for (const name of readdirSync(bills)) appendFileSync(join(bills, name), 'images,pacs/more,1\n')
      },
      'bill of materials',
    ],
    [
      'when its event log was edited',
      (folder) => sql(folder, `DROP TRIGGER events_are_never_changed; UPDATE events SET body = '{}' WHERE sequence = 2`),
      'event log',
    ],
    [
      'when its custody was edited',
      (folder) => sql(folder, `DROP TRIGGER custody_is_never_changed; UPDATE custody SET person = 'Eve' WHERE number = 1`),
      'custody',
    ],
    ['when an item in it is another', (folder) => sql(folder, `UPDATE items SET path = x'41' WHERE id = 1`), 'not those that were lent'],
    [
      'when an item in it is of another device',
      (folder) => sql(folder, `UPDATE transfers SET device_id = 7 WHERE item_id = 1`),
      'not those that were lent',
    ],
  ])('%s', async (_what, spoil, problem) => {
    lend()
    const there = take()
    await load(there)
    await inspect(there)
    there.close()
    away = undefined
    spoil(join(place, 'away'))
    const before = [states(home), home.journal.custody(lane.device).length]
    await expect(back()).rejects.toMatchObject({
      code: 'work-order-unfit',
      facts: { problem: expect.stringContaining(problem) as unknown },
    })
    expect([states(home), home.journal.custody(lane.device).length]).toEqual(before)
    expect(readdirSync(home.folder).filter((name) => name.startsWith('returning-'))).toEqual([])
  })

  test('while somebody works in it, and when it is of another migration or no folder of one', async () => {
    lend()
    take()
    await expect(takeBack(home, join(place, 'away'), ada, never)).rejects.toMatchObject({ code: 'journal-held' })
    await expect(takeBack(home, place, ada, never)).rejects.toMatchObject({ code: 'not-a-migration' })
    away?.close()
    away = undefined
    cpSync(join(place, 'away'), join(place, 'stranger'), { recursive: true })
    sql(join(place, 'stranger'), `UPDATE work_orders SET id = 'another'`)
    await expect(takeBack(home, join(place, 'stranger'), ada, never)).rejects.toMatchObject({ code: 'work-order-unfit' })
    expect((await back()).waiting).toBe(5)
  })

  function sql(folder: string, statements: string): void {
    const database = new DatabaseSync(filesOf(folder).journal)
    database.exec(statements)
    database.close()
  }
})

test('a folder that was killed in the middle comes back with what it had recorded', async () => {
  lend()
  const there = take()
  await load(there)
  // As a power cut leaves it: what was committed stands in SQLite's log alone, and the claim still names the process.
  cpSync(join(place, 'away'), join(place, 'killed'), { recursive: true })
  expect(existsSync(join(place, 'killed', 'journal.db-wal'))).toBe(true)
  there.close()
  away = undefined
  world.advance(61_000)
  expect(await takeBack(home, join(place, 'killed'), ada, never)).toMatchObject({ sent: 5, waiting: 0 })
})

test('the next step is told on both sides', async () => {
  expect(nextStep(home.journal)).toBe('load')
  lend()
  expect(nextStep(home.journal)).toBe('wait-for-work-order')
  const there = take()
  expect(nextStep(there.journal)).toBe('load')
  await load(there)
  expect(nextStep(there.journal)).toBe('inspect')
  await inspect(there)
  expect(nextStep(there.journal)).toBe('bring-back')
  await back()
  expect(nextStep(home.journal)).toBe('ship')
})
