import { rmSync, symlinkSync, writeFileSync, renameSync, mkdirSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { Fault } from '../../shared/faults/fault.ts'
import { bodyOf, items, PushScene, type Ran } from './pushKit.ts'

const open: PushScene[] = []
afterEach(async () => {
  for (const scene of open.splice(0)) await scene.remove()
})

function scene(of: ConstructorParameters<typeof PushScene>[0]): PushScene {
  const one = new PushScene(of)
  open.push(one)
  return one
}

function troubles({ events }: Ran): readonly Fault[] {
  return events.flatMap((event) => (event.kind === 'trouble' ? [event.fault] : []))
}

describe('pushing a lane', () => {
  test('brings every item into the share under its key, once, and records its digests', async () => {
    const all = [...items(70), { path: 'empty', body: Buffer.alloc(0) }, { path: 'Größe/日本 1.dcm', body: bodyOf('x', 3_000_000) }]
    const it = scene(all)
    const { outcome } = await it.run()
    expect(outcome).toEqual({ items: 72, bytes: 3_007_000, leftBehind: 0, found: 0 })
    for (const { path, body } of all) {
      expect(it.inShare(path)?.equals(body)).toBe(true)
      expect(it.sha256Of(path)).toBe(createHash('sha256').update(body).digest('hex'))
    }
    expect(new Set(Object.values(it.states()))).toEqual(new Set(['sent']))
    expect((await it.run()).outcome).toEqual({ items: 0, bytes: 0, leftBehind: 0, found: 0 })
    expect(it.written).toBe(3_007_000)
  })

  test('leaves behind what changed or vanished, and says which and why', async () => {
    const it = scene(items(4))
    it.put(it.archive, 'study/0001.dcm', Buffer.from('other'))
    rmSync(join(it.archive, 'study/0002.dcm'))
    rmSync(join(it.archive, 'study/0003.dcm'))
    symlinkSync('0000.dcm', join(it.archive, 'study/0003.dcm'))
    const ran = await it.run()
    expect(ran.outcome).toMatchObject({ items: 1, leftBehind: 3 })
    expect(['0001', '0002', '0003'].map((name) => it.reasonOf(`study/${name}.dcm`))).toEqual([
      'changed-while-read',
      'vanished',
      'changed-while-read',
    ])
    expect(troubles(ran).map(({ code }) => code)).toEqual(['source-changed', 'source-changed', 'source-changed'])
    for (const name of ['0001', '0002', '0003']) expect(it.inShare(`study/${name}.dcm`)).toBeUndefined()
  })

  test('does not believe that items vanished when the archive itself is gone', async () => {
    const it = scene(items(50))
    it.beforeCopy = (key) => {
      if (key === 'study/0020.dcm') renameSync(it.archive, `${it.archive}-away`)
    }
    await expect(it.run({ width: 2 })).rejects.toMatchObject({ code: 'archive-missing' })
    expect(Object.values(it.states()).filter((state) => state === 'left-behind')).toEqual([])
    renameSync(`${it.archive}-away`, it.archive)
    it.beforeCopy = () => undefined
    await it.run()
    expect(new Set(Object.values(it.states()))).toEqual(new Set(['sent']))
  })

  test('goes on past an item whose name is taken by a different file; that file stays, the item stays planned, and goes when a person has decided', async () => {
    const it = scene(items(40))
    it.put(it.folder, 'study/0005.dcm', Buffer.from('another patient'))
    it.put(it.folder, 'study/0006.dcm', bodyOf('study/0006.dcm', 100))
    const ran = await it.run()
    expect(ran.outcome).toMatchObject({ items: 39, found: 1 })
    expect(troubles(ran).map(({ code }) => code)).toEqual(['share-conflict'])
    expect(it.inShare('study/0005.dcm')?.toString()).toBe('another patient')
    expect(it.states()['study/0005.dcm']).toBe('planned')
    rmSync(join(it.folder, 'study/0005.dcm'))
    expect((await it.run()).outcome).toMatchObject({ items: 1, found: 0 })
    expect(it.inShare('study/0005.dcm')?.equals(bodyOf('study/0005.dcm', 100))).toBe(true)
  })

  test('goes on past a whole study that is taken by different files', async () => {
    const it = scene(items(60))
    for (let at = 5; at < 35; at += 1) it.put(it.folder, `study/${String(at).padStart(4, '0')}.dcm`, Buffer.from('another patient'))
    const ran = await it.run()
    expect(ran.outcome.items).toBe(30)
    expect(troubles(ran)).toHaveLength(30)
    expect(Object.values(it.states()).filter((state) => state === 'planned')).toHaveLength(30)
  })

  test('tells a share that is missing before anything is intended', async () => {
    const it = scene(items(3))
    rmSync(it.folder, { recursive: true })
    await expect(it.run()).rejects.toMatchObject({ code: 'share-missing' })
    expect(new Set(Object.values(it.states()))).toEqual(new Set(['planned']))
    writeFileSync(it.folder, '')
    await expect(it.run()).rejects.toMatchObject({ code: 'share-missing' })
    rmSync(it.folder)
    mkdirSync(it.folder)
    await it.restart()
    expect((await it.run()).outcome.items).toBe(3)
  })

  test('stops when told to, and after that nothing is written', async () => {
    const it = scene(items(100))
    const stop = new AbortController()
    let copies = 0
    it.beforeCopy = () => {
      copies += 1
      if (copies === 30) stop.abort(new Fault('stopped'))
    }
    await expect(it.run({ signal: stop.signal })).rejects.toMatchObject({ code: 'stopped' })
    const at = copies
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(copies).toBe(at)
    expect(at).toBeLessThanOrEqual(33)
    const sent = Object.values(it.states()).filter((state) => state === 'sent')
    expect(sent.length).toBeGreaterThanOrEqual(26)
    it.beforeCopy = () => undefined
    await it.run()
    // What was cut off may have been written to its last byte already, so bytes written are no measure: what lies in the share is.
    expect(Object.values(it.states())).toEqual(Array(100).fill('sent'))
    for (const { path, body } of items(100)) expect(it.inShare(path), path).toEqual(body)
  })
})

describe('after a crash', () => {
  test('between the copy and its record, nothing is sent twice', async () => {
    const it = scene(items(60, 5000))
    let recorded = 0
    const { journal } = it.lane
    const crashing = {
      sent: (group: Parameters<typeof journal.sent>[0]) => {
        if (recorded > 0) throw new Error('the power went out')
        recorded += group.length
        journal.sent(group.slice(0, 1))
      },
    }
    await expect(it.run({ journal: crashing }))
      .rejects.toMatchObject({ code: 'unforeseen' })
      .catch(() => undefined)
    const before = it.written
    expect(Object.values(it.states()).filter((state) => state === 'sent')).toHaveLength(1)
    const { outcome } = await it.run()
    expect(it.written).toBe(60 * 5000)
    expect(outcome.items).toBe(59)
    expect(outcome.found * 5000).toBe(before - 5000)
    expect(new Set(Object.values(it.states()))).toEqual(new Set(['sent']))
  })

  test('a file that came to lie under the name of an intended item is not touched, however often Firn is started', async () => {
    const it = scene(items(10))
    it.lane.journal.intend([...it.lane.items.values()].map((one) => one.id))
    it.put(it.folder, 'study/0003.dcm', Buffer.from('another patient'))
    rmSync(join(it.archive, 'study/0004.dcm'))
    it.put(it.folder, 'study/0004.dcm', Buffer.from('the only copy'))
    for (let start = 0; start < 3; start += 1) {
      const ran = await it.run()
      expect(troubles(ran).map(({ code }) => code)).toEqual(['share-conflict', 'share-conflict'])
      expect(it.inShare('study/0003.dcm')?.toString()).toBe('another patient')
      expect(it.inShare('study/0004.dcm')?.toString()).toBe('the only copy')
    }
    expect(it.states()).toMatchObject({ 'study/0003.dcm': 'sending', 'study/0004.dcm': 'sending', 'study/0005.dcm': 'sent' })
  })
})

describe('the cache of the gateway', () => {
  const drain = { interval: 1000, patience: 60_000 }

  test('below 80 % dirty lets several items go at once, from 80 % on one at a time', async () => {
    for (const [dirty, expected] of [
      [79, 4],
      [80, 1],
      [89, 1],
    ] as const) {
      const it = scene(items(30))
      it.monitor.looks = [dirty]
      let at = 0
      let most = 0
      it.beforeCopy = async () => {
        at += 1
        most = Math.max(most, at)
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
      it.afterCopy = () => {
        at -= 1
      }
      await it.run({ drain, width: 4 })
      expect(most).toBe(expected)
    }
  })

  test('at 90 % stops the push until it is below 70 %, and the wait is told', async () => {
    const it = scene(items(5))
    it.monitor.looks = [90, 85, 71, 70, 69, 0]
    const firstCopyAt: number[] = []
    it.beforeCopy = () => {
      firstCopyAt.push(it.monitor.looks.length)
    }
    const { events } = await it.run({ drain })
    expect(Math.max(...firstCopyAt)).toBe(1)
    expect(it.monitor.asked).toBeGreaterThanOrEqual(5)
    expect(events.some((event) => event.kind === 'progress' && event.progress.waiting === 'cache-dirty')).toBe(true)
    expect(events.at(-1)).toMatchObject({ kind: 'finished', progress: { waiting: undefined } })
  })

  test('that does not drain for as long as patience lasts ends the push, and once', async () => {
    const it = scene(items(5))
    it.monitor.looks = [95]
    const from = it.world.clock.now()
    await expect(it.run({ drain })).rejects.toMatchObject({ code: 'share-refused', facts: { dirtyPercent: 95 } })
    // The stage's own ticker moves this clock as well.
    expect(it.monitor.asked).toBeLessThanOrEqual(64)
    expect(it.world.clock.now() - from).toBeGreaterThan(60_000)
    expect(it.inShare('study/0000.dcm')).toBeUndefined()
  })

  test('that drains slowly is waited for as long as it drains', async () => {
    const it = scene(items(3))
    it.monitor.looks = [99, ...Array.from({ length: 29 }, (_, at) => [98 - at, 98 - at]).flat(), 0]
    expect((await it.run({ drain: { interval: 30_000, patience: 60_000 } })).outcome.items).toBe(3)
  })

  test('that refuses an item is waited for, and the item goes then; one that it refuses always ends the push', async () => {
    const it = scene(items(20))
    let refusals = 0
    it.admit = () => Promise.resolve((refusals += 1) % 4 !== 0)
    expect((await it.run({ drain })).outcome.items).toBe(20)
    const never = scene(items(20))
    never.admit = () => Promise.resolve(false)
    await expect(never.run({ drain })).rejects.toMatchObject({ code: 'share-refused' })
    expect(Object.values(never.states()).filter((state) => state === 'sent')).toEqual([])
  })

  test('a file that comes while the push waits for the cache is not overwritten', async () => {
    const it = scene(items(3))
    it.admit = () => {
      it.put(it.folder, 'study/0001.dcm', Buffer.from('another patient'))
      it.admit = () => Promise.resolve(true)
      return Promise.resolve(false)
    }
    const ran = await it.run({ drain, width: 1 })
    expect(it.inShare('study/0001.dcm')?.toString()).toBe('another patient')
    expect(troubles(ran).map(({ code }) => code)).toEqual(['share-conflict'])
    expect(ran.outcome.items).toBe(2)
  })

  test('goes on by the fill of the cache where CloudWatch may not be asked, and says so once', async () => {
    const it = scene(items(5))
    it.monitor.looks = [90, 75, 60, 0]
    it.monitor.metrics = () => Promise.reject(new Fault('aws-denied', { permission: 'cloudwatch:GetMetricData' }))
    it.beforeCopy = () => it.world.advance(1001)
    const ran = await it.run({ drain, width: 1 })
    expect(ran.outcome.items).toBe(5)
    expect(troubles(ran).map(({ code, facts }) => [code, facts['permission']])).toEqual([
      ['gateway-metrics-denied', 'cloudwatch:GetMetricData'],
    ])
    expect(ran.events.some((event) => event.kind === 'progress' && event.progress.waiting === 'cache-dirty')).toBe(true)
  })

  test('files that the gateway cannot upload are told once, and again only when there are more', async () => {
    const it = scene(items(40))
    it.monitor.failing = [undefined, 3, 3, undefined, 3, 5, 5, undefined, 5]
    it.beforeCopy = () => it.world.advance(1001)
    const told = troubles(await it.run({ drain, width: 1 }))
    expect(told.map(({ code }) => code)).toEqual(Array(told.length).fill('gateway-upload-failing'))
    expect(told.map(({ facts }) => facts['files'])).toEqual([3, 5])
  })
})
