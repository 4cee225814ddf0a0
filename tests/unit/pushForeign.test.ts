import { createHash } from 'node:crypto'
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import { bodyOf, mtime, PushScene } from './pushKit.ts'
import '../kit/setup.ts'

/**
 * What happens around the copy of one item, in any order, over any number of starts: somebody else puts a file under its name, or takes one away;
 * the share refuses; Firn is killed before, in the middle of, or after the copy; the source changes or goes.
 */
type Happening = {
  readonly run: number
  readonly item: number
  readonly when: 'between runs' | 'before the copy' | 'after the copy'
  readonly what:
    | 'foreign'
    | 'foreign-same-size'
    | 'foreign-blank'
    | 'foreign-empty'
    | 'foreign-beginning'
    | 'foreign-identical'
    | 'foreign-replaces'
    | 'removed'
    | 'refused'
    | 'killed'
    | 'killed-halfway'
    | 'source-changed'
    | 'source-gone'
    | 'journal-lost'
}

const runs = 3
const itemCount = 4
const happening: fc.Arbitrary<Happening> = fc.record({
  run: fc.integer({ min: 0, max: runs - 1 }),
  item: fc.integer({ min: 0, max: itemCount - 1 }),
  when: fc.constantFrom('between runs', 'before the copy', 'after the copy'),
  what: fc.constantFrom(
    'foreign',
    'foreign-same-size',
    'foreign-blank',
    'foreign-empty',
    'foreign-beginning',
    'foreign-identical',
    'foreign-replaces',
    'removed',
    'refused',
    'killed',
    'killed-halfway',
    'source-changed',
    'source-gone',
    'journal-lost',
  ),
})

const killed = new Error('killed')
const pathOf = (at: number): string => `study/${at}.dcm`
const sizes = [0, 100, 5000, 70_000]

class Watched {
  readonly scene: PushScene
  /** Of every file that somebody else put into the share and nobody else has removed: its identity, times and bytes. */
  readonly foreign = new Map<string, unknown>()
  readonly whole = new Map<string, string>()
  #happenings: Happening[]
  #run = 0
  #lost = false

  constructor(happenings: readonly Happening[]) {
    this.#happenings = [...happenings]
    const all = sizes.map((size, at) => ({ path: pathOf(at), body: bodyOf(`item ${at}`, size) }))
    // Keeps the archive from being empty, whatever happens to the items.
    this.scene = new PushScene([...all, { path: 'zz/last.dcm', body: Buffer.from('last') }], { threads: false })
    for (const { path, body } of all) this.whole.set(path, hash(body))
  }

  async run(): Promise<void> {
    this.#lost = false
    this.#happen('between runs', undefined)
    this.scene.beforeCopy = (key) => this.#happen('before the copy', key)
    this.scene.afterCopy = (key) => this.#happen('after the copy', key)
    const { journal } = this.scene.lane
    const sent: typeof journal.sent = (group) => {
      if (this.#lost) throw killed
      for (const { itemId } of group) this.#isWhole(itemId)
      journal.sent(group)
    }
    await this.scene.run({ width: 2, drain: { interval: 1 }, journal: { sent } }).catch((error: unknown) => {
      if (error === killed || (isFault(error) && (error.cause === killed || ofTheLane.has(error.code)))) return
      throw error
    })
    this.#run += 1
  }

  /** What is recorded as sent has, at that moment, just the bytes that were planned, unless somebody else has just put another in its place. */
  #isWhole(itemId: number): void {
    const path = [...this.scene.lane.items].find(([, item]) => item.id === itemId)?.[0] ?? ''
    const wanted = this.whole.get(path)
    if (wanted === undefined || this.#touchedAfterCopy.has(path)) return
    expect(hash(readFileSync(join(this.scene.folder, path)))).toBe(wanted)
  }
  readonly #touchedAfterCopy = new Set<string>()

  #happen(when: Happening['when'], key: string | undefined): void {
    const now = this.#happenings.filter(
      (one) => one.run === this.#run && one.when === when && (key === undefined || pathOf(one.item) === key),
    )
    this.#happenings = this.#happenings.filter((one) => !now.includes(one))
    for (const one of now) this.#do(one)
  }

  #do({ what, item, when }: Happening): void {
    const path = pathOf(item)
    const source = bodyOf(`item ${item}`, sizes[item] ?? 0)
    const file = join(this.scene.folder, path)
    const archived = join(this.scene.archive, path)
    const put = (body: Buffer): void => {
      // Another program does as most do: it does not overwrite what is there.
      if (existsSync(file)) return
      this.#foreign(path, body)
      if (when === 'after the copy') this.#touchedAfterCopy.add(path)
    }
    switch (what) {
      case 'foreign':
        return put(Buffer.from('the report of another patient'))
      case 'foreign-same-size':
        return put(Buffer.from(bodyOf('another', source.length)))
      case 'foreign-blank':
        return put(Buffer.alloc(source.length))
      case 'foreign-empty':
        return put(Buffer.alloc(0))
      case 'foreign-beginning':
        return put(source.subarray(0, source.length >> 1))
      case 'foreign-identical':
        return put(source)
      case 'foreign-replaces':
        if (when === 'after the copy') this.#touchedAfterCopy.add(path)
        return this.#foreign(path, Buffer.from('put in place of what was there'))
      case 'removed':
        if (when === 'after the copy') this.#touchedAfterCopy.add(path)
        rmSync(file, { force: true })
        this.foreign.delete(path)
        return
      case 'source-changed':
        if (existsSync(archived)) this.scene.put(this.scene.archive, path, Buffer.from('changed'))
        return
      case 'source-gone':
        return rmSync(archived, { force: true })
      case 'refused':
        if (when !== 'after the copy') throwing(when, new Fault('share-refused'))
        return
      case 'journal-lost':
        this.#lost = true
        return
      case 'killed-halfway':
        // As the adapter leaves it: half of the item, with the mark of an unfinished copy.
        if (when === 'before the copy' && !existsSync(file)) {
          mkdirSync(dirname(file), { recursive: true })
          writeFileSync(file, source.subarray(0, source.length >> 1))
          chmodSync(file, 0o1640)
        }
        this.#lost = true
        return throwing(when, killed)
      case 'killed':
        this.#lost = true
        throwing(when, killed)
    }
  }

  #foreign(path: string, body: Buffer): void {
    const file = join(this.scene.folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.part`, body)
    utimesSync(`${file}.part`, mtime + 5, mtime + 5)
    renameSync(`${file}.part`, file)
    this.foreign.set(path, seen(file))
  }

  check(): void {
    for (const [path, before] of this.foreign) expect(seen(join(this.scene.folder, path))).toEqual(before)
    const states = this.scene.states()
    for (const [path, wanted] of this.whole) {
      if (states[path] !== 'sent' || this.#touchedAfterCopy.has(path) || this.#wasTouchedSince(path)) continue
      expect(hash(readFileSync(join(this.scene.folder, path)))).toBe(wanted)
    }
  }

  /** After an item is sent, what others do to the share is for the verification to find. */
  #wasTouchedSince(path: string): boolean {
    return this.foreign.has(path) || !existsSync(join(this.scene.folder, path))
  }
}

const ofTheLane = new Set(['share-refused', 'stopped', 'unforeseen'])

function throwing(when: Happening['when'], error: Error): void {
  if (when !== 'between runs') throw error
}

function hash(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex')
}

function seen(file: string): unknown {
  const { ino, size, mode, mtimeNs } = lstatSync(file, { bigint: true })
  return { ino, size, mode, mtimeNs, body: hash(readFileSync(file)) }
}

test('whatever others do to the share and however often Firn is cut off, their files stay as they are and only whole items are sent', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 14 }), async (happenings) => {
      const watched = new Watched(happenings)
      try {
        for (let run = 0; run < runs; run += 1) {
          await watched.run()
          watched.check()
        }
        await watched.run()
        watched.check()
        const states = watched.scene.states()
        // In the end each item is sent, left behind, or under a name that somebody else holds.
        for (const path of watched.whole.keys()) {
          if (states[path] === 'sent' || states[path] === 'left-behind') continue
          expect(existsSync(join(watched.scene.folder, path))).toBe(true)
        }
        expect(states['zz/last.dcm']).toBe('sent')
      } finally {
        await watched.scene.remove()
      }
    }),
    { numRuns: 80 },
  )
}, 120_000)
