/** Planning anew what a device did not take: what moves, what stays, and what happens when the move itself is cut off. */
import { afterEach, expect, test } from 'vitest'
import { replanDevice, type ReplanDecision, type ReplanOutcome } from '../../main/engine/replan.ts'
import type { Work } from '../../main/engine/steps.ts'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import type { Target } from '../../shared/ports/target.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { plannedLane, type PlannedLane } from '../kit/plannedLane.ts'
import { testWorld } from '../kit/world.ts'

const mtimeUs = 1_700_000_000_000_000
const person = 'Ada Lovelace'
let lane: PlannedLane
afterEach(() => lane.remove())

function threeItems(): PlannedLane {
  lane = plannedLane(testWorld(), 'device', [
    { path: 'study/a', size: 1000, mtimeUs, batch: 'one.tar' },
    { path: 'study/b', size: 2000, mtimeUs, batch: 'two.tar' },
    { path: 'study/c', size: 4000, mtimeUs },
  ])
  lane.journal.approve(1, person, 1)
  lane.journal.deviceOrdered(lane.device, 'JID1')
  lane.journal.deviceState(lane.device, 'WithCustomer')
  return lane
}

/** `holding`: keys that the device holds whole. */
async function replan(decision: Omit<ReplanDecision, 'person'>, holding: readonly string[] = []): Promise<ReplanOutcome> {
  const { journal } = lane
  const target: Pick<Target, 'head' | 'openUploads'> = {
    head: async (key) => (holding.includes(key) ? { size: 1, etag: undefined, metadata: {} } : undefined),
    openUploads: async () => [],
  }
  const work = {
    migration: { journal, world: testWorld() },
    wiring: { deviceTarget: async () => () => target },
    signal: new AbortController().signal,
  } as unknown as Work
  const [device] = journal.fleet()
  if (device === undefined) throw new Error('there is a device')
  return replanDevice(work, device, { ...decision, person })
}

const waiting = (route: 'link'): string[] => [...lane.journal.waiting({ route })].map(({ key }) => key)

test('what went to a dead device goes over the link one by one, also what it had confirmed', async () => {
  const { journal, device, batches } = threeItems()
  journal.intendBatch(batches.get('one.tar') ?? 0)
  journal.packed(batches.get('one.tar') ?? 0, [
    { itemId: lane.items.get('study/a')?.id ?? (0 as never), offset: 0, sha256: new Uint8Array(32), crc64nvme: new Uint8Array(8) },
  ])
  journal.batchSent(batches.get('one.tar') ?? 0, { bytes: bytes(4096), etag: undefined })
  const { replan: done } = await replan({ cause: 'dead', to: 'link' })
  expect(done).toMatchObject({ items: 3, bytes: 7000, finished: true })
  expect(waiting('link')).toEqual(['study/a', 'study/b', 'study/c'])
  expect([...journal.waitingBatches(device)]).toEqual([])
  expect(journal.fleet()[0]?.givenUp).toBe(true)
})

test('a move that was cut off goes on with what was decided then, whatever is asked now', async () => {
  const { journal, device, batches } = threeItems()
  const begun = journal.beginReplan({ deviceId: device, cause: 'dead', to: { route: 'link' }, person: 'Grace Hopper', at: 5 })
  journal.moveBatch(begun, { id: batches.get('one.tar') ?? 0, key: 'one.tar' }, { route: 'link' })
  const { replan: done } = await replan({ cause: 'full', to: 'replacement' })
  expect(done).toMatchObject({
    id: begun,
    cause: 'dead',
    to: { route: 'link' },
    person: 'Grace Hopper',
    items: 3,
    bytes: 7000,
    finished: true,
  })
  expect(journal.replans()).toHaveLength(1)
  expect(waiting('link')).toHaveLength(3)
})

test('what a full device holds whole, though the journal has not heard of it, stays there: it would arrive twice', async () => {
  const { journal, device, batches } = threeItems()
  for (const batch of batches.values()) journal.intendBatch(batch)
  journal.intend([lane.items.get('study/c')?.id ?? (0 as never)])
  const { replan: done, kept } = await replan({ cause: 'full', to: 'link' }, ['two.tar', 'study/c'])
  expect([done.items, kept]).toEqual([1, 2])
  expect(waiting('link')).toEqual(['study/a'])
  expect([...journal.waitingBatches(device)].map(({ key }) => key)).toEqual(['two.tar'])
})

test('a replacement takes the whole batches under their own names and is ordered as any device is', async () => {
  const { journal } = threeItems()
  const { replan: done } = await replan({ cause: 'dead', to: undefined })
  expect(done.to).toEqual({ route: 'device', deviceId: 2 })
  expect(journal.fleet()[1]).toMatchObject({ id: 2, ordinal: 2, wave: 1, state: 'planned', jobId: undefined, givenUp: false })
  expect([...journal.waitingBatches(2)].map(({ key, members }) => [key, members])).toEqual([
    ['one.tar', 1],
    ['two.tar', 1],
  ])
})

test('a device without room, or on its way to AWS, is refused and nothing moves', async () => {
  const { journal, device } = threeItems()
  const small = { ordinal: 2, wave: 1, snowballType: 'V3_5S', capacity: 'T240', usable: bytes(5000) }
  const tooSmall = journal.addDevice(1, small)
  const gone = journal.addDevice(1, { ...small, ordinal: 3, usable: bytes(1e9) })
  journal.deviceState(gone, 'InTransitToAWS')
  for (const to of [tooSmall, gone, device, 99]) {
    const refused = await replan({ cause: 'full', to }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Fault)
    expect(isFault(refused) && refused.code).toBe('bad-input')
  }
  expect(journal.replans()).toEqual([])
  expect([...journal.waitingBatches(device)]).toHaveLength(2)
})

test('of a study that a full device keeps a part of, the rest goes over the link: it is never split over two devices', async () => {
  lane = plannedLane(testWorld(), 'device', [
    { path: 'begun/a', size: 1000, mtimeUs, batch: 'one.tar' },
    { path: 'begun/b', size: 2000, mtimeUs, batch: 'two.tar' },
    { path: 'begun/large', size: 4000, mtimeUs },
    { path: 'whole/c', size: 500, mtimeUs, batch: 'three.tar' },
    { path: 'whole/large', size: 600, mtimeUs },
  ])
  const { journal, device, batches, items } = lane
  journal.approve(1, person, 1)
  journal.deviceOrdered(device, 'JID1')
  journal.deviceState(device, 'WithCustomer')
  const one = batches.get('one.tar') ?? 0
  const first = items.get('begun/a')?.id ?? (0 as never)
  journal.intendBatch(one)
  journal.packed(one, [{ itemId: first, offset: 0, sha256: new Uint8Array(32), crc64nvme: new Uint8Array(8) }])
  journal.batchSent(one, { bytes: bytes(4096), etag: undefined })
  const { replan: done, byLink } = await replan({ cause: 'full', to: 'replacement' })
  expect([done.items, byLink]).toEqual([4, 2])
  expect(waiting('link')).toEqual(['begun/b', 'begun/large'])
  expect([...journal.waitingBatches(2)].map(({ key }) => key)).toEqual(['three.tar'])
  expect([...journal.waiting({ route: 'device', deviceId: 2 })].map(({ key }) => key)).toEqual(['whole/large'])
})
