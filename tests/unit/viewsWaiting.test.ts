/** What waits, what a device holds, what is tried again, the ship checklist, and the log. */
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answers } from '../../main/engine/views/answers.ts'
import type { ItemEvidence } from '../../shared/ports/journal.ts'
import { readJournal } from '../../main/journal/openJournal.ts'
import { everyStudy, studyRule } from '../../shared/domain/studyRule.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { plant, plantedItem, scan, verdictOf, viewsKit, type PlantedItem, type ViewsKit } from './viewsKit.ts'

const plain: PlantedItem = {
  archive: 1,
  folder: 'a',
  study: 1,
  series: 1,
  modality: 'CT',
  studyDate: '20200101',
  size: 100,
  mtimeUs: 0,
  anomaly: undefined,
  fate: 'planned',
  route: 'device',
  verdict: undefined,
  vanishes: false,
  changes: false,
}

async function withHistory(items: readonly PlantedItem[], work: (kit: ViewsKit) => Promise<void> | void): Promise<void> {
  const kit = viewsKit()
  try {
    plant(kit, items)
    await work(kit)
  } finally {
    kit.remove()
  }
}

function waits({ transferState }: ItemEvidence): boolean {
  return transferState === 'planned' || transferState === 'sending'
}

test('what waits on a lane is paged whole, with what is left of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(plantedItem, { minLength: 1, maxLength: 40 }),
      fc.constantFrom('device' as const, 'share' as const, 'link' as const),
      fc.integer({ min: 1, max: 5 }),
      async (items, route, limit) => {
        await withHistory(items, async (kit) => {
          const expected = kit.all().filter((item) => item.route === route && waits(item))
          const found: number[] = []
          for (let after: string | null = null; ;) {
            const page = await answers['transfers.waiting'](kit.look(), { route, after, limit })
            expect(page.left).toEqual({ items: expected.length, bytes: expected.reduce((sum, { size }) => sum + size, 0) })
            expect(page.next ?? '').not.toMatch(/i-/)
            found.push(...page.rows.map(({ itemId }) => itemId))
            if (page.next === null) break
            after = page.next
          }
          expect(new Set(found).size).toBe(found.length)
          expect(found.toSorted((a, b) => a - b)).toEqual(expected.map(({ id }): number => id).toSorted((a, b) => a - b))
        })
      },
    ),
    { numRuns: 15 },
  )
})

test('a list of what waits goes on where it was although its last item was sent meanwhile', async () => {
  await withHistory(
    Array.from({ length: 9 }, () => ({ ...plain, route: 'share' as const })),
    async (kit) => {
      const first = await answers['transfers.waiting'](kit.look(), { route: 'share', after: null, limit: 4 })
      const digests = { sha256: new Uint8Array(32), crc64nvme: new Uint8Array(8) }
      const last = kit.all().find(({ id }) => id === first.rows.at(-1)?.itemId)
      if (last === undefined) throw new Error('a page has a last row')
      kit.journal.sent([{ itemId: last.id, etag: undefined, versionId: undefined, ...digests }])
      const rest = await answers['transfers.waiting'](kit.look(), { route: 'share', after: first.next, limit: 10 })
      expect([...first.rows, ...rest.rows].map(({ itemId }) => itemId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    },
  )
})

test('a device tells how far each of its batches is, and what travels alone on it', async () => {
  await withHistory([...Array.from({ length: 6 }, () => plain), { ...plain, size: 5000 }], async (kit) => {
    const { journal } = kit
    expect(await answers.deviceLetters(kit.look(), { deviceId: 1 })).toEqual({
      letters: 'w',
      perLetter: 1,
      count: 1,
      done: 0,
      alone: { items: 1, bytes: 5000, doneItems: 0, doneBytes: 0 },
    })
    const letters = async (): Promise<string> => (await answers.deviceLetters(kit.look(), { deviceId: 1 })).letters
    const [batch] = journal.waitingBatches(1)
    if (batch === undefined) throw new Error('the device has a batch')
    journal.intendBatch(batch.id)
    expect(await letters()).toBe('s')
    const digests = { sha256: new Uint8Array(32), crc64nvme: new Uint8Array(8) }
    const members = journal.members(batch.id)
    journal.packed(
      batch.id,
      members.map(({ itemId }, at) => ({ itemId, offset: at * 1024, ...digests })),
    )
    journal.batchSent(batch.id, { bytes: bytes(7000), etag: undefined })
    expect(await letters()).toBe('d')
    const run = journal.beginVerification(70)
    journal.recordVerdicts(
      run,
      members.map((member) => verdictOf({ id: member.itemId, size: member.size }, 'verified')),
    )
    journal.finishVerification(run, 71)
    expect(await letters()).toBe('p')
    const again = journal.beginVerification(72)
    journal.recordVerdicts(
      again,
      members.map((member, at) => verdictOf({ id: member.itemId, size: member.size }, at === 0 ? 'missing' : 'verified')),
    )
    journal.finishVerification(again, 73)
    expect(await letters()).toBe('d')
  })
})

test('what could not be read is tried again on its lane once a person has put it right; what is too large or has changed is not', async () => {
  const items = Array.from({ length: 4 }, () => ({ ...plain, route: 'share' as const }))
  await withHistory(items, async (kit) => {
    const { journal } = kit
    const [first, second, third, fourth] = kit.all()
    if (first === undefined || second === undefined || third === undefined || fourth === undefined) throw new Error('there are four items')
    journal.leaveBehindAs(first.id, 'not-readable')
    journal.leaveBehindAs(second.id, 'changed-while-read')
    journal.leaveBehind(third.id, 'item-too-large')
    journal.leaveBehindAs(fourth.id, 'vanished')
    const { failures } = await answers['failures.list'](kit.look(), {})
    expect(Object.fromEntries(failures.map(({ code, canRetry }) => [code, canRetry]))).toEqual({
      'not-readable': true,
      'changed-while-read': false,
      'item-too-large': false,
      vanished: true,
    })
    expect(journal.retryLeftBehind(['item-too-large', 'changed-while-read'])).toBe(0)
    expect(journal.retryLeftBehind(['not-readable'])).toBe(1)
    expect([...journal.waiting({ route: 'share' })].map(({ itemId }) => itemId)).toEqual([first.id])
    expect(journal.retryLeftBehind(null)).toBe(1)
    expect([...journal.waiting({ route: 'share' })].map(({ itemId }) => itemId)).toEqual([first.id, fourth.id])
    expect(kit.all().map(({ anomalies }) => anomalies)).toEqual([[], ['changed-while-read'], [], []])
    expect(journal.retryLeftBehind(null)).toBe(0)
  })
})

test('what was left behind of a device that has gone waits for the next plan, and in a batch under way travels alone', async () => {
  await withHistory([plain, plain, { ...plain, size: 5000 }], async (kit) => {
    const { journal } = kit
    const [first, second, third] = kit.all()
    if (first === undefined || second === undefined || third === undefined) throw new Error('there are three items')
    const [batch] = journal.waitingBatches(1)
    journal.intendBatch(batch?.id ?? 0)
    journal.leaveBehindAs(first.id, 'not-readable')
    expect(journal.retryLeftBehind(null)).toBe(1)
    expect([...journal.waiting({ route: 'device', deviceId: 1 })].map(({ itemId }) => itemId)).toEqual([first.id, third.id])
    journal.leaveBehindAs(third.id, 'not-readable')
    journal.addCustody({ deviceId: 1, at: 80, step: 'handed-over', person: 'Ann', place: '', note: '' })
    journal.deviceState(1, 'WithCustomer')
    expect(journal.retryLeftBehind(null)).toBe(1)
    expect([...journal.waiting({ route: 'device', deviceId: 1 })].map(({ itemId }) => itemId)).toEqual([first.id])
    expect([...journal.studies(bytes(100))]).toMatchObject([{ items: 1, bytes: 5000 }])
  })
})

test('what a later scan says has gone is not tried again', async () => {
  await withHistory([plain, { ...plain, folder: 'b' }], (kit) => {
    const [first] = kit.all()
    if (first === undefined) throw new Error('there is an item')
    kit.journal.leaveBehindAs(first.id, 'vanished')
    scan(kit.journal, 1, [plain, { ...plain, folder: 'b' }], ({ folder }) => folder === 'b')
    expect(kit.journal.retryLeftBehind(null)).toBe(0)
  })
})

test('the ship checklist keeps who ticked what, and forgets no tick that was taken back', async () => {
  await withHistory([plain], (kit) => {
    const { journal } = kit
    expect(journal.checklist(1)).toEqual([])
    journal.tick(1, 'powered-off', 'Ann', true, 90)
    journal.tick(1, 'label-shows', 'Bob', true, 91)
    journal.tick(1, 'powered-off', 'Bob', false, 92)
    journal.tick(2, 'powered-off', 'Ann', true, 93)
    expect(journal.checklist(1)).toEqual([
      { code: 'label-shows', done: true, person: 'Bob', at: 91 },
      { code: 'powered-off', done: false, person: 'Bob', at: 92 },
    ])
    const database = new DatabaseSync(kit.file)
    expect(() => database.exec('UPDATE checklist SET done = 1')).toThrow('append-only')
    expect(() => database.exec('DELETE FROM checklist')).toThrow('append-only')
    database.close()
  })
})

test('a plan keeps the rule it was made by and who approved it when; of a journal from before rules it took everything', async () => {
  await withHistory([plain], (kit) => {
    const { journal } = kit
    const rule = studyRule.parse({ modalities: ['CT', null], coldYears: 7 })
    const plan = journal.beginPlan('{}', '{}', 100, rule)
    journal.finishPlan(plan, '{"kind":"planned"}')
    journal.approve(plan, 'Ann', 101)
    const kept = { id: plan, rule, begunAt: 100, approvedBy: 'Ann', approvedAt: 101, summary: '{"kind":"planned"}' }
    expect(journal.currentPlan()).toMatchObject(kept)
    const database = new DatabaseSync(kit.file)
    database.exec('ALTER TABLE plans DROP COLUMN rule; ALTER TABLE plans DROP COLUMN summary')
    database.close()
    const reader = readJournal(kit.file, kit.world)
    expect(reader.currentPlan()).toMatchObject({ ...kept, rule: everyStudy, summary: undefined })
    reader.close()
  })
})

test('the log is paged newest first, by kind and time, and its chain is followed', async () => {
  await withHistory([], async (kit) => {
    const { journal, world } = kit
    for (let at = 0; at < 7; at += 1) {
      world.advance(1000)
      journal.append(at % 2 === 0 ? 'even' : 'odd', { at })
    }
    const input = { after: null, limit: 3, kinds: null, from: null, to: null }
    const first = answers['events.page'](kit.look(), input) as { rows: { facts: object; sequence: number }[]; next: string | null }
    expect(first.rows.map(({ facts }) => facts)).toEqual([{ at: 6 }, { at: 5 }, { at: 4 }])
    const second = await answers['events.page'](kit.look(), { ...input, after: first.next, kinds: ['even'] })
    expect(second.rows.map(({ facts }) => facts)).toEqual([{ at: 2 }, { at: 0 }])
    expect(second.next).toBeNull()
    const since = await answers['events.page'](kit.look(), { ...input, from: world.clock.now() - 1000, to: world.clock.now() - 1000 })
    expect(since.rows.map(({ facts }) => facts)).toEqual([{ at: 5 }])
    expect(answers['events.kinds'](kit.look(), {})).toMatchObject({ kinds: expect.arrayContaining(['even', 'odd']) as unknown })
    expect(await answers['events.check'](kit.look(), {})).toEqual({ whole: true, entries: 8, brokenAt: null })
  })
})

test('a log that was tampered with is found out', async () => {
  await withHistory([], async (kit) => {
    kit.journal.append('a', {})
    kit.journal.append('b', {})
    const database = new DatabaseSync(kit.file)
    database.exec(`DROP TRIGGER events_are_never_changed; UPDATE events SET kind = 'x' WHERE sequence = 2`)
    database.close()
    expect(await answers['events.check'](kit.look(), {})).toEqual({ whole: false, entries: 2, brokenAt: 2 })
  })
})

test('scans, plans and verifications so far are told newest first', async () => {
  await withHistory([plain], async (kit) => {
    const { runs } = await answers['history.runs'](kit.look(), {})
    expect(runs.map(({ kind, id, finishedAt, note }) => [kind, id, finishedAt, note])).toEqual([
      ['verification', 1, 30, ''],
      ['plan', 1, null, ''],
      ['scan', 2, 2, '2'],
      ['scan', 1, 2, '1'],
    ])
  })
})
