/** Threads that answer reading calls: cancelled, crowded, crashed and closed, none of which may leave a question without an answer. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { answers } from '../../main/engine/views/answers.ts'
import { openViews, viewNames } from '../../main/engine/views/views.ts'
import { ViewThread } from '../../main/engine/views/viewThread.ts'
import { Kept } from '../../main/journal/views/kept.ts'
import { Sets } from '../../main/journal/views/sets.ts'
import { JournalDatabase } from '../../main/journal/database.ts'
import { calls } from '../../shared/contract/bridge.ts'
import { plant, viewsKit, type PlantedItem } from './viewsKit.ts'

const item: PlantedItem = {
  archive: 1,
  folder: 'a',
  study: 1,
  series: 1,
  modality: 'CT',
  studyDate: '20200101',
  size: 100,
  mtimeUs: 0,
  anomaly: undefined,
  fate: 'sent',
  route: 'share',
  verdict: 'verified',
  vanishes: false,
  changes: false,
}
const nobody = { journal: '/nowhere' }
/** A thread that answers `echo`, dies of `die` and `exit`, and never answers anything else. */
const strange = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads'
    parentPort.on('message', ({ kind, id, name, input }) => {
      if (kind === 'close') parentPort.close()
      if (name === 'echo') parentPort.postMessage({ id, ok: true, value: input })
      if (name === 'die') throw new Error('out of order')
      if (name === 'exit') process.exit(3)
    })`)}`,
)

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

function strangeThread(): ViewThread {
  const thread = new ViewThread('strange', nobody, strange)
  open.push(thread)
  return thread
}

test('every reading call of the contract has its view', () => {
  for (const name of viewNames) {
    expect(Object.hasOwn(calls, name), name).toBe(true)
    expect(Object.hasOwn(answers, name), name).toBe(true)
  }
})

test('threads answer what the journal says, also of what was written after they were opened', async () => {
  const kit = viewsKit()
  try {
    plant(kit, [item, item])
    const views = await openViews(kit.folder)
    open.push(views)
    expect((await views.figures()).totals.verified).toEqual({ items: 2, bytes: 200 })
    expect(await views.ask('explorer.count', calls['explorer.count'].input.parse({ modality: 'CT' }))).toEqual({
      studies: 1,
      items: 2,
      bytes: 200,
    })
    expect((await views.deviceLetters(1)).count).toBe(1)
    kit.journal.append('something-else', {})
    expect((await views.ask('events.page', calls['events.page'].input.parse({ limit: 1 }))).rows).toMatchObject([
      { kind: 'something-else' },
    ])
    plant(kit, [item, item, { ...item, size: 5 }])
    expect((await views.figures()).totals.inventory).toEqual({ items: 3, bytes: 205 })
    await expect(views.ask('explorer.item', { itemId: 77 })).rejects.toMatchObject({ code: 'bad-input', facts: { field: 'itemId' } })
  } finally {
    await Promise.all(open.splice(0).map((one) => one.close()))
    kit.remove()
  }
})

test('a folder without a journal is refused when it is opened', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'firn-views-'))
  await expect(openViews(folder)).rejects.toMatchObject({ code: 'not-a-migration' })
  rmSync(folder, { recursive: true })
})

test('a call that is cancelled ends at once, and the thread answers the others', async () => {
  const thread = strangeThread()
  const stop = new AbortController()
  const never = thread.ask('nothing', {}, stop.signal)
  stop.abort(new Error('a person looked elsewhere'))
  await expect(never).rejects.toThrow('a person looked elsewhere')
  await expect(thread.ask('echo', 1, stop.signal)).rejects.toThrow('a person looked elsewhere')
  expect(await thread.ask('echo', { still: 'here' })).toEqual({ still: 'here' })
})

test('more calls than a thread may hold are refused, and places come free again', async () => {
  const thread = strangeThread()
  const stop = new AbortController()
  const waiting = Array.from({ length: 64 }, () => thread.ask('nothing', {}, stop.signal).catch(() => 'cancelled'))
  await expect(thread.ask('echo', 1)).rejects.toMatchObject({ code: 'too-many-calls' })
  stop.abort()
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['cancelled']))
  expect(await thread.ask('echo', 2)).toBe(2)
})

test.each(['die', 'exit'])('when a thread dies (%s) whoever waits is told, and the next call gets a new thread', async (how) => {
  const thread = strangeThread()
  const waiting = thread.ask('nothing', {})
  const dying = thread.ask(how, {})
  await expect(waiting).rejects.toMatchObject({ code: 'engine-gone', retry: 'later' })
  await expect(dying).rejects.toMatchObject({ code: 'engine-gone' })
  expect(await thread.ask('echo', 'again')).toBe('again')
})

test('a closed thread answers nothing any more, and leaves no call open', async () => {
  const thread = strangeThread()
  const waiting = thread.ask('nothing', {})
  const closed = thread.close()
  await expect(waiting).rejects.toMatchObject({ code: 'stopped' })
  await closed
  await expect(thread.ask('echo', 1)).rejects.toMatchObject({ code: 'stopped' })
  await thread.close()
})

test('long work in a thread of the application is cut off when nobody waits for it any more', async () => {
  const kit = viewsKit()
  try {
    plant(kit, [item])
    const stop = new AbortController()
    const look = kit.look(stop.signal)
    const counting = answers['explorer.count'](look, calls['explorer.count'].input.parse({ verdict: 'verified' }))
    stop.abort(new Error('nobody waits'))
    await expect(counting).rejects.toThrow('nobody waits')
    expect(await answers['explorer.count'](kit.look(), calls['explorer.count'].input.parse({ verdict: 'verified' }))).toMatchObject({
      items: 1,
    })
  } finally {
    kit.remove()
  }
})

test('a kept result is made once for all who wait, again when the journal has changed, and a dear one less often', async () => {
  let now = 0
  let made = 0
  const kept = new Kept(() => now)
  const never = new AbortController().signal
  const make = (took: number) => async (): Promise<number> => {
    await Promise.resolve()
    now += took
    return (made += 1)
  }
  expect(await Promise.all([kept.get('a', '1', never, make(5)), kept.get('a', '1', never, make(5))])).toEqual([1, 1])
  expect(await kept.get('a', '1', never, make(5))).toBe(1)
  expect(await kept.get('a', '2', never, make(2000))).toBe(2)
  now += 17_000
  expect(await kept.get('a', '3', never, make(5))).toBe(2)
  expect(await kept.get('b', '3', never, make(2000))).toBe(3)
  expect(await kept.get('b', '4', never, make(5), true)).toBe(4)
  now += 2000
  expect(await kept.get('a', '3', never, make(5))).toBe(5)
})

test('the making of a kept result stops with the last who waits for it, and not before', async () => {
  const kept = new Kept(() => 0)
  const [one, other] = [new AbortController(), new AbortController()]
  let stopped: AbortSignal | undefined
  const make = (signal: AbortSignal): Promise<string> =>
    new Promise((_resolve, reject) => {
      stopped = signal
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  const first = kept.get('a', '1', one.signal, make)
  const second = kept.get('a', '1', other.signal, make)
  one.abort(new Error('first went'))
  await expect(first).rejects.toThrow('first went')
  expect(stopped?.aborted).toBe(false)
  other.abort(new Error('second went'))
  await expect(second).rejects.toThrow('second went')
  expect(stopped?.aborted).toBe(true)
})

test('of sets of studies only a few are kept, and none that is in use goes', async () => {
  const kit = viewsKit()
  const database = new JournalDatabase(kit.file, 'read')
  const sets = new Sets(database)
  const make = (): Promise<number> =>
    sets.make('below', async (set) => {
      database.run('INSERT INTO temp.below VALUES (?, 1)', set)
      await Promise.resolve()
    })
  const first = await make()
  await sets.use(first, async () => {
    for (let at = 0; at < 20; at += 1) await make()
    expect(sets.has(first)).toBe(true)
  })
  const left = database.get('SELECT count(*) AS sets FROM temp.below')
  expect(left?.['sets']).toBeLessThanOrEqual(9)
  await expect(
    sets.make('below', async (set) => {
      database.run('INSERT INTO temp.below VALUES (?, 1)', set)
      await Promise.reject(new Error('cut off'))
    }),
  ).rejects.toThrow('cut off')
  expect(database.get('SELECT count(*) AS sets FROM temp.below')).toEqual(left)
  database.close()
  kit.remove()
})
