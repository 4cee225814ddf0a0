import { hostname } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createJournal, openJournal, readJournal } from '../../main/journal/openJournal.ts'
import { isFault, type Fault } from '../../shared/faults/fault.ts'
import { rollUp } from '../../shared/domain/verification.ts'
import type { VerdictByGroup } from '../../shared/ports/journal.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathFromText, pathText } from '../../shared/units/itemPath.ts'
import { folderPart, foundItem, journalKit, scanned, type JournalKit } from '../kit/journal.ts'
import { testWorld } from '../kit/world.ts'

let kit: JournalKit
beforeEach(() => {
  kit = journalKit()
})
afterEach(() => kit.remove())

function faultOf(work: () => unknown): Fault {
  try {
    work()
  } catch (error) {
    if (isFault(error)) return error
    throw error
  }
  throw new Error('no fault was thrown')
}

const digests = { sha256: new Uint8Array(32).fill(7), crc64nvme: new Uint8Array(8).fill(9) }

function planEverything(): { plan: number; device: number; batch: number } {
  const { journal } = kit
  const plan = journal.beginPlan('{}', '{}', 1)
  const device = journal.addDevice(plan, { ordinal: 1, wave: 1, snowballType: 'V3_5S', capacity: 'T240', usable: bytes(1000) })
  const batch = journal.addBatch(plan, device, `p/firn-batch-${plan}-1.tar`)
  for (const study of journal.studies(bytes(100))) {
    const placements = [...journal.itemsOf(study.id)].map((item) => ({
      item,
      route: 'device' as const,
      key: `p/${pathText(item.path) ?? ''}`,
      deviceId: device,
      batchId: item.size < 100 ? batch : undefined,
    }))
    journal.place(plan, placements)
  }
  journal.finishPlan(plan)
  return { plan, device, batch }
}

test('a second Firn on the same migration is refused and told who holds it', () => {
  const fault = faultOf(() => openJournal(kit.file, testWorld({ seed: 'other' })))
  expect(fault.code).toBe('journal-held')
  expect(fault.facts).toMatchObject({ pid: process.pid })
})

test('a journal that was closed can be opened again, and a reader may look beside a writer', () => {
  const reader = readJournal(kit.file, testWorld())
  expect(reader.migration().name).toBe('Test')
  expect(faultOf(() => reader.append('x', {})).code).toBe('journal-not-writable')
  reader.close()
  kit.journal.close()
  openJournal(kit.file, testWorld()).close()
})

test('the claim of a process that has died is taken over at once', () => {
  kit.journal.close()
  const database = new DatabaseSync(kit.file)
  database
    .prepare(`INSERT INTO lease (one, owner, host, pid, started, expires_at) VALUES (1, 'dead', ?, 4194000, '1', ?)`)
    .run(hostname(), kit.world.clock.now() + 50_000)
  database.close()
  openJournal(kit.file, kit.world).close()
})

test("another machine's claim holds until it ends", () => {
  kit.journal.close()
  const database = new DatabaseSync(kit.file)
  database
    .prepare(`INSERT INTO lease (one, owner, host, pid, started, expires_at) VALUES (1, 'far', 'another-machine', 1, '1', ?)`)
    .run(kit.world.clock.now() + 50_000)
  database.close()
  expect(faultOf(() => openJournal(kit.file, kit.world)).code).toBe('journal-held')
  kit.world.advance(51_000)
  openJournal(kit.file, kit.world).close()
})

test('a Firn whose claim was taken writes nothing more', () => {
  const database = new DatabaseSync(kit.file)
  database.exec(`UPDATE lease SET owner = 'somebody else'`)
  database.close()
  kit.world.advance(20_000)
  expect(faultOf(() => kit.journal.append('late', {})).code).toBe('journal-lost-lease')
  expect([...kit.journal.events()].map((event) => event.kind)).not.toContain('late')
})

test('a file that is no journal is not touched', () => {
  expect(faultOf(() => openJournal('/etc/hostname', testWorld())).code).toMatch(/journal-/)
  expect(faultOf(() => createJournal(kit.file, testWorld(), { name: 'x', kind: 'real' })).code).toBe('migration-exists')
  expect(faultOf(() => openJournal(`${kit.file}.missing`, testWorld())).code).toBe('not-a-migration')
})

test('a journal of a newer Firn is left alone', () => {
  kit.journal.close()
  const database = new DatabaseSync(kit.file)
  database.exec('PRAGMA user_version = 9999')
  database.close()
  expect(faultOf(() => openJournal(kit.file, testWorld())).code).toBe('journal-newer')
})

test('events form a chain that shows what was changed, and the database refuses changes itself', () => {
  kit.journal.append('one', { b: 2, a: 'x' })
  kit.journal.append('two', {})
  expect([...kit.journal.events()].map(({ kind, body }) => `${kind} ${body}`).slice(1)).toEqual(['one {"a":"x","b":2}', 'two {}'])
  expect(kit.journal.checkChain()).toEqual({ whole: true, entries: 3 })
  const database = new DatabaseSync(kit.file)
  expect(() => database.exec(`UPDATE events SET body = '{}' WHERE sequence = 2`)).toThrow(/append-only/)
  expect(() => database.exec('DELETE FROM events')).toThrow(/append-only/)
  database.exec(`DROP TRIGGER events_are_never_changed; UPDATE events SET body = '{"a":"y","b":2}' WHERE sequence = 2`)
  database.close()
  expect(kit.journal.checkChain()).toMatchObject({ whole: false, brokenAt: 2 })
})

test('a second scan tells new, changed, unchanged and vanished items apart', () => {
  expect(scanned(kit.journal, [foundItem('a', 1), foundItem('b', 2), foundItem('c', 3)])).toMatchObject({
    added: 3,
    changed: 0,
    unchanged: 0,
    vanished: 0,
  })
  expect(scanned(kit.journal, [foundItem('b', 22), foundItem('d', 4)], ['a'])).toMatchObject({
    added: 1,
    changed: 1,
    unchanged: 1,
    vanished: 1,
  })
  expect(kit.journal.anomalyCounts()).toEqual([{ code: 'vanished', items: 1, bytes: 3 }])
  expect(scanned(kit.journal, [foundItem('c', 3)], ['a', 'b', 'd'])).toMatchObject({ vanished: 0 })
  expect(kit.journal.anomalyCounts()).toEqual([])
})

test('a scan that was cut off goes on with the folders it had not read whole, and counts nothing twice', () => {
  const { journal } = kit
  const first = journal.beginScan(1, 1)
  journal.recordPart(first.id, 1, folderPart({ items: [foundItem('a', 1)], folders: [pathFromText('sub')] }))
  const again = journal.beginScan(1, 1)
  expect(again).toEqual({ id: first.id, resumed: true })
  expect(journal.pendingFolders(first.id, 10).map(pathText)).toEqual(['sub', ''])
  journal.recordPart(first.id, 1, folderPart({ unchanged: [pathFromText('a')], folders: [pathFromText('sub')] }))
  journal.foldersDone(first.id, [
    { folder: pathFromText(''), ignored: 2 },
    { folder: pathFromText('sub'), ignored: 1 },
  ])
  journal.settle(first.id, 1)
  expect(journal.finishScan(first.id, 2)).toEqual({ added: 1, changed: 0, unchanged: 0, vanished: 0, ignored: 3 })
})

test('what lies below a folder that cannot be read is not called vanished', () => {
  scanned(kit.journal, [foundItem('closed/a', 1), foundItem('open/b', 1)])
  const closed = { ...foundItem('closed', 0, { anomalies: [{ code: 'not-readable' }] }), kind: 'folder' as const }
  expect(scanned(kit.journal, [closed], ['open/b'])).toMatchObject({ vanished: 0 })
  expect(scanned(kit.journal, [], ['closed/a', 'open/b'])).toMatchObject({ vanished: 0 })
  expect(kit.journal.anomalyCounts()).toEqual([])
})

test('names that differ by case or Unicode form collide, others do not', () => {
  scanned(kit.journal, [
    foundItem('x/IM1', 1),
    foundItem('x/im1', 1),
    foundItem('caf\u00e9', 1),
    foundItem('cafe\u0301', 1),
    foundItem('other', 1),
  ])
  expect(kit.journal.anomalyCounts()).toEqual([{ code: 'name-collision', items: 4, bytes: 4 }])
})

test('items that no lane takes are not planned, and a bar on one lane shows on the study', () => {
  scanned(kit.journal, [
    foundItem('a', 10, { study: '1.1' }),
    foundItem('b', 20, { study: '1.1', anomalies: [{ code: 'name-unsafe-for-snowball' }] }),
    foundItem('c', 30, { study: '1.1', anomalies: [{ code: 'key-too-long' }] }),
    foundItem('d', 500, { study: '1.2', date: '20150102' }),
  ])
  expect([...kit.journal.studies(bytes(100))]).toMatchObject([
    { items: 2, bytes: 30, smallItems: 2, smallBytes: 30, barredFromDevice: true, barredFromShare: false },
    { items: 1, bytes: 500, smallItems: 0, studyDate: '20150102', barredFromDevice: false },
  ])
})

test('a new plan replaces what was merely planned and keeps what is under way', () => {
  scanned(kit.journal, [foundItem('a', 10), foundItem('big', 500)])
  const { device } = planEverything()
  const [alone] = [...kit.journal.waiting({ route: 'device', deviceId: device })]
  if (alone === undefined) throw new Error('one item travels alone')
  kit.journal.intend([alone.itemId])
  const next = kit.journal.beginPlan('{}', '{}', 2)
  expect([...kit.journal.studies(bytes(100))]).toMatchObject([{ items: 1, bytes: 10 }])
  expect([...kit.journal.toVerify(1)]).toMatchObject([{ itemId: alone.itemId, state: 'sending' }])
  expect(kit.journal.currentPlan()?.id).not.toBe(next)
})

test('planning again, or after a plan that was cut off, finds everything that has not begun to travel', () => {
  scanned(kit.journal, [foundItem('a', 10), foundItem('big', 500)])
  planEverything()
  expect([...kit.journal.studies(bytes(100))]).toMatchObject([{ items: 2 }])
  expect(planEverything().batch).toBeGreaterThan(0)
  expect(kit.journal.devices()).toHaveLength(1)
})

test('what is meant for a device that has been ordered stays with it', () => {
  scanned(kit.journal, [foundItem('a', 10)])
  const { device } = planEverything()
  kit.journal.deviceState(device, 'ordering')
  kit.journal.beginPlan('{}', '{}', 2)
  expect([...kit.journal.studies(bytes(100))]).toEqual([])
  expect(kit.journal.laneTotals({ route: 'device', deviceId: device })).toMatchObject({ items: 1, doneItems: 0 })
})

test('a batch and its members are sent together, with their digests', () => {
  scanned(kit.journal, [foundItem('a', 10), foundItem('b', 20)])
  const { device, batch } = planEverything()
  expect([...kit.journal.waitingBatches(device)]).toMatchObject([{ id: batch, state: 'planned', members: 2, bytes: 30 }])
  kit.journal.intendBatch(batch)
  const members = kit.journal.members(batch)
  kit.journal.packed(
    batch,
    members.map((member, at) => ({ itemId: member.itemId, offset: at * 1024, ...digests })),
  )
  expect(kit.journal.members(batch).map((member) => member.offset)).toEqual([0, 1024])
  kit.journal.batchSent(batch, { bytes: bytes(3072), etag: 'x' })
  expect([...kit.journal.waitingBatches(device)]).toEqual([])
  expect(kit.journal.laneTotals({ route: 'device', deviceId: device })).toEqual({ items: 2, bytes: 30, doneItems: 2, doneBytes: 30 })
})

test('an item that changed on the way is left behind with its reason and can be planned again after a scan', () => {
  scanned(kit.journal, [foundItem('a', 10)])
  const { batch } = planEverything()
  const [member] = kit.journal.members(batch)
  if (member === undefined) throw new Error('the batch has a member')
  kit.journal.leaveBehindAs(member.itemId, 'changed-while-read')
  expect(kit.journal.members(batch)).toEqual([])
  expect([...kit.journal.studies(bytes(100))]).toEqual([])
  expect(kit.journal.known(1, [pathFromText('a')])).toEqual([undefined])
  scanned(kit.journal, [foundItem('a', 11, { mtimeUs: 2 })])
  expect([...kit.journal.studies(bytes(100))]).toMatchObject([{ items: 1, bytes: 11 }])
})

test('a sent item that changes at the source must be sent again', () => {
  scanned(kit.journal, [foundItem('big', 500)])
  const { device } = planEverything()
  const [item] = [...kit.journal.waiting({ route: 'device', deviceId: device })]
  if (item === undefined) throw new Error('one item travels alone')
  kit.journal.intend([item.itemId])
  kit.journal.sent([{ itemId: item.itemId, etag: 'e', versionId: 'v', ...digests }])
  expect([...kit.journal.studies(bytes(100))]).toEqual([])
  kit.journal.deviceState(device, 'Complete')
  scanned(kit.journal, [foundItem('big', 501, { mtimeUs: 2 })])
  expect([...kit.journal.studies(bytes(100))]).toMatchObject([{ items: 1 }])
})

test('items are verified in the byte order in which S3 lists them', () => {
  const names = ['b', 'a', 'Z', '\u{1F600}', '\uFFFD', 'a/b', 'a-b']
  scanned(
    kit.journal,
    names.map((name) => foundItem(name, 500)),
  )
  planEverything()
  const order = [...kit.journal.toVerify(1)].map((item) => item.key)
  const expected = names.map((name) => `p/${name}`).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  expect(order).toEqual(expected)
})

test('a verification that was cut off leaves no verdicts', () => {
  scanned(kit.journal, [foundItem('big', 500)])
  planEverything()
  const [item] = [...kit.journal.toVerify(1)]
  if (item === undefined) throw new Error('one item is to be verified')
  const verdict = {
    itemId: item.itemId,
    verdict: 'mismatch' as const,
    method: 'head-full-object' as const,
    reason: 'digest',
    bucket: 'bucket',
    key: item.key,
    versionId: 'v',
    size: bytes(500),
    algorithm: 'CRC64NVME',
    checksumType: 'FULL_OBJECT',
    expected: 'a',
    actual: 'b',
    storageClass: 'STANDARD',
    at: 5,
  }
  const cutOff = kit.journal.beginVerification(3)
  kit.journal.recordVerdicts(cutOff, [verdict])
  const whole = kit.journal.beginVerification(4)
  kit.journal.recordVerdicts(whole, [{ ...verdict, verdict: 'verified', reason: undefined }])
  kit.journal.recordExtra(whole, { archiveId: 1, key: 'p/surplus', size: 3 })
  expect(kit.journal.finishVerification(whole, 5)).toMatchObject({ verified: 1, mismatch: 0, extra: 1 })
  expect([...kit.journal.evidence()].map((one) => one.verdict?.verdict)).toEqual(['verified'])
  expect([...kit.journal.extras()]).toEqual([{ key: 'p/surplus', size: 3 }])
  expect([...kit.journal.verdictsByStudy()]).toMatchObject([{ items: 1, counts: { verified: 1 } }])
})

test('verdicts roll up to series and studies, and an item without a verdict is never lost in the sum', () => {
  const inSeries = (path: string, series: string) => {
    const item = foundItem(path, 500, { study: '1.1', sop: `1.1.${path}` })
    return { ...item, header: item.header === undefined ? undefined : { ...item.header, seriesUid: series } }
  }
  scanned(kit.journal, [inSeries('a', '1.1.1'), inSeries('b', '1.1.1'), inSeries('c', '1.1.2'), foundItem('gone', 1)])
  scanned(kit.journal, [foundItem('note', 7)], ['a', 'b', 'c'])
  planEverything()
  const run = kit.journal.beginVerification(1)
  const judged = [...kit.journal.toVerify(1)].filter((item) => item.key !== 'p/b')
  kit.journal.recordVerdicts(
    run,
    judged.map(({ itemId, key }) => ({
      itemId,
      key,
      verdict: 'verified',
      method: 'head-full-object',
      reason: undefined,
      bucket: 'bucket',
      versionId: 'v',
      size: bytes(500),
      algorithm: 'SHA256',
      checksumType: 'FULL_OBJECT',
      expected: 'a',
      actual: 'a',
      storageClass: undefined,
      at: 1,
    })),
  )
  kit.journal.finishVerification(run, 2)
  const rolled = (groups: Iterable<VerdictByGroup>): string[] =>
    [...groups].map((one) => `${one.group} ${one.items} ${rollUp(one.counts, one.items)}`)
  expect(rolled(kit.journal.verdictsBySeries())).toEqual(['1/1 2 unknown', '1/2 1 verified', '2/1 2 unknown'])
  expect(rolled(kit.journal.verdictsByStudy())).toEqual(['1 3 unknown', '2 2 unknown'])
})

test('custody entries are kept in order and can never be changed', () => {
  scanned(kit.journal, [foundItem('a', 10)])
  const { device } = planEverything()
  kit.journal.addCustody({ deviceId: device, at: 1, step: 'ordered', person: 'Ann', place: '', note: '' })
  kit.journal.addCustody({ deviceId: device, at: 2, step: 'handed-over', person: 'Bo', place: 'Dock', note: 'seal 7' })
  expect(kit.journal.custody(device).map((entry) => `${entry.step} ${entry.person}`)).toEqual(['ordered Ann', 'handed-over Bo'])
  const database = new DatabaseSync(kit.file)
  expect(() => database.exec('DELETE FROM custody')).toThrow(/append-only/)
  database.close()
})

test('no verdict of the old bytes speaks for an item that has changed since, nor for one that is to be sent again', () => {
  scanned(kit.journal, [foundItem('a', 500), foundItem('b', 500)])
  planEverything()
  verifyEverything('verified')
  expect(kit.journal.unverified()).toEqual({ items: 0, bytes: 0 })
  scanned(kit.journal, [foundItem('a', 501, { mtimeUs: 2 })], ['b'])
  expect([...kit.journal.evidence()].map((item) => item.verdict?.verdict)).toEqual([undefined, 'verified'])
  expect(kit.journal.lastVerification()?.counts.verified).toBe(1)
  expect(kit.journal.unverified()).toEqual({ items: 1, bytes: 501 })
})

test('what was found missing or wrong can be planned and sent again, and what was found right cannot', () => {
  scanned(kit.journal, [foundItem('a', 500)])
  planEverything()
  verifyEverything('missing')
  expect([...kit.journal.studies(bytes(100))]).toMatchObject([{ items: 1 }])
  planEverything()
  expect([...kit.journal.evidence()].map((item) => item.verdict)).toEqual([undefined])
  verifyEverything('verified')
  expect([...kit.journal.studies(bytes(100))]).toEqual([])
})

test('an item that changed waits while a device on its way still carries the old bytes', () => {
  scanned(kit.journal, [foundItem('a', 500)])
  const { device } = planEverything()
  sendEverything()
  kit.journal.deviceState(device, 'InTransitToAWS')
  scanned(kit.journal, [foundItem('a', 501, { mtimeUs: 2 })])
  expect([...kit.journal.studies(bytes(100))]).toEqual([])
  expect(kit.journal.unverified().items).toBe(1)
  kit.journal.deviceState(device, 'Complete')
  expect([...kit.journal.studies(bytes(100))]).toMatchObject([{ items: 1, bytes: 501 }])
})

test('what was missing while its device was still on its way is not sent again once it is imported', () => {
  scanned(kit.journal, [foundItem('a', 500)])
  const { device } = planEverything()
  verifyEverything('missing')
  kit.journal.addCustody({ deviceId: device, at: 50, step: 'imported', person: 'Firn', place: 'AWS', note: '' })
  expect([...kit.journal.studies(bytes(100))]).toEqual([])
})

test('a touched item whose bytes a verification found right is not sent again', () => {
  scanned(kit.journal, [foundItem('a', 500)])
  planEverything()
  sendEverything()
  scanned(kit.journal, [foundItem('a', 500, { mtimeUs: 2 })])
  judgeEverything('verified')
  expect([...kit.journal.studies(bytes(100))]).toEqual([])
  expect(kit.journal.unverified().items).toBe(0)
})

test('a plan that was cut off does not stand in the way for ever when nothing is left to place', () => {
  scanned(kit.journal, [foundItem('a', 10)])
  kit.journal.approve(planEverything().plan, 'Ann', 1)
  kit.journal.beginPlan('{}', '{}', 2)
  kit.journal.dropUnfinishedPlan()
  expect(kit.journal.currentPlan()?.approvedBy).toBe('Ann')
})

test('what a cancelled device should have carried can be planned again', () => {
  scanned(kit.journal, [foundItem('a', 500), foundItem('b', 500)])
  const { device } = planEverything()
  kit.journal.deviceState(device, 'Cancelled')
  expect([...kit.journal.studies(bytes(100))]).toMatchObject([{ items: 2 }])
})

test('a tar that holds the old bytes of a changed item is packed anew, without it', () => {
  scanned(kit.journal, [foundItem('a', 10), foundItem('b', 20)])
  const { batch } = planEverything()
  kit.journal.intendBatch(batch)
  kit.journal.packed(
    batch,
    kit.journal.members(batch).map((member, at) => ({ itemId: member.itemId, offset: at * 1024, ...digests })),
  )
  scanned(kit.journal, [foundItem('a', 11, { mtimeUs: 2 })], ['b'])
  expect(kit.journal.members(batch)).toMatchObject([{ size: 20, state: 'planned', offset: undefined }])
})

test('a plan that was cut off takes the approval of the one before with it', () => {
  scanned(kit.journal, [foundItem('a', 10)])
  kit.journal.approve(planEverything().plan, 'Ann', 1)
  expect(kit.journal.currentPlan()?.approvedBy).toBe('Ann')
  kit.journal.beginPlan('{}', '{}', 2)
  expect(kit.journal.currentPlan()).toBeUndefined()
})

test('an item that comes back as it was is as it was', () => {
  scanned(kit.journal, [foundItem('a', 500)])
  planEverything()
  sendEverything()
  scanned(kit.journal, [])
  expect(kit.journal.anomalyCounts()).toMatchObject([{ code: 'vanished' }])
  expect(scanned(kit.journal, [], ['a'])).toMatchObject({ changed: 0, unchanged: 1, vanished: 0 })
  expect(kit.journal.anomalyCounts()).toEqual([])
  expect([...kit.journal.toVerify(1)]).toMatchObject([{ state: 'sent', sha256: digests.sha256 }])
})

test('what Firn sent of an item before it changed is remembered, and nothing else may be replaced', () => {
  scanned(kit.journal, [foundItem('a', 500)])
  planEverything()
  sendEverything()
  scanned(kit.journal, [foundItem('a', 501, { mtimeUs: 2 })])
  expect([...kit.journal.toVerify(1)]).toMatchObject([{ sha256: undefined, replaces: digests.sha256 }])
})

test('of several records made together none is left when one fails', () => {
  expect(() =>
    kit.journal.together(() => {
      kit.journal.append('half', {})
      throw new Error('power cut')
    }),
  ).toThrow('power cut')
  expect([...kit.journal.events()].map((event) => event.kind)).not.toContain('half')
})

function sendEverything(): void {
  const { journal } = kit
  const items = [...journal.toVerify(1)].map(({ itemId }) => itemId)
  journal.intend(items)
  journal.sent(items.map((itemId) => ({ itemId, etag: 'e', versionId: 'v', ...digests })))
}

function verifyEverything(verdict: 'verified' | 'missing'): void {
  sendEverything()
  judgeEverything(verdict)
}

function judgeEverything(verdict: 'verified' | 'missing'): void {
  const { journal } = kit
  for (const device of journal.devices()) journal.deviceState(device.id, 'Complete')
  const run = journal.beginVerification(1)
  const facts = {
    method: 'head-full-object',
    reason: undefined,
    bucket: 'bucket',
    versionId: 'v',
    size: bytes(500),
    algorithm: 'SHA256',
  } as const
  const compared = { checksumType: 'FULL_OBJECT', expected: 'a', actual: 'a', storageClass: undefined, at: 1 } as const
  journal.recordVerdicts(
    run,
    [...journal.toVerify(1)].map(({ itemId, key }) => ({ itemId, key, verdict, ...facts, ...compared })),
  )
  journal.finishVerification(run, 2)
}
