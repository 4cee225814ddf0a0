/** Safe to free: a study is on the list only when all of it is proven, and nothing is written before two people have signed exactly that list. */
import { execFileSync } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFileSink } from '../../main/evidence/fileSink.ts'
import { makeFreeList, recordFreeList, signFreeList, writeFreeList, type Freed } from '../../main/engine/safeToFree.ts'
import { verify } from '../../main/verify/verify.ts'
import type { FreeList } from '../../shared/domain/freeing.ts'
import { day } from '../../shared/units/duration.ts'
import { MemoryStore, moved, never, outcomeOf, type Moved } from './verifyFixture.ts'

const patientKey = createHash('sha256').update('patients').digest()
const files = { 'a/1.dcm': 'one', 'a/2.dcm': 'two', 'b/3.dcm': 'three', "c/it's \\ odd\n.dcm": 'four', 'd/5.dcm': 'five' }
const ada = 'Ada Example'

let at: Moved
let store: MemoryStore
beforeEach(async () => {
  at = await moved({ files })
  store = new MemoryStore()
  for (const [path, body] of Object.entries(files)) store.put(at.key(path), body)
  // Scanned just now by the file system's clock; the world's is later by years or not, so files are made old.
  at.world.advance(Math.max(0, Date.now() + 100 * day - at.world.clock.now()))
})
afterEach(() => at.close())

async function verified(): Promise<void> {
  await outcomeOf(verify({ archives: [at.archive], store, sourceOf: () => at.source, journal: at.journal, world: at.world }, never))
}

const migration = () => ({ journal: at.journal, world: at.world, patientKey })
const made = (more: { olderThanDays?: number; keepPatients?: string } = {}): ReturnType<typeof makeFreeList> =>
  makeFreeList(migration(), { person: ada, olderThanDays: 30, keepPatients: undefined, ...more })
const make = async (more: Parameters<typeof made>[0] = {}): Promise<FreeList> => (await made(more)).list

async function signed(): Promise<FreeList> {
  const { id } = await make()
  signFreeList(migration(), id, ada)
  return signFreeList(migration(), id, 'Ben Other')
}

async function written(list: number): Promise<Freed & { table: string; sums: string; paths: Buffer }> {
  const folder = dirname(at.root)
  const sinks = {
    table: await createFileSink(folder, 'free.csv'),
    sums: await createFileSink(folder, 'free.sha256'),
    paths: await createFileSink(folder, 'free.paths'),
  }
  try {
    const freed = await writeFreeList(migration(), list, sinks, never)
    for (const sink of Object.values(sinks)) await sink.close()
    recordFreeList(migration(), freed, ada)
    return {
      ...freed,
      table: readFileSync(join(folder, 'free.csv'), 'utf8'),
      sums: join(folder, 'free.sha256'),
      paths: readFileSync(join(folder, 'free.paths')),
    }
  } finally {
    for (const sink of Object.values(sinks)) await sink.abandon()
    for (const name of ['free.csv', 'free.paths']) rmSync(join(folder, name), { force: true })
  }
}

describe('A list of what is safe to free', () => {
  it('holds every study that is wholly verified, and is written after two people have signed', async () => {
    await verified()
    const list = await signed()
    expect(list).toMatchObject({ studies: 4, items: 5, person: ada })
    expect(list.signatures.map(({ person }) => person)).toEqual([ada, 'Ben Other'])
    const { studies, withdrawn, table, sums, paths } = await written(list.id)
    expect([studies, withdrawn]).toEqual([4, 0])
    expect(table).toMatch(/^1,\d+,\.\/a\/1\.dcm,3,[0-9a-f]{64},hospital-archive,\.\/pacs\/a\/1\.dcm,v1,20/m)
    expect(execFileSync('sha256sum', ['-c', sums], { encoding: 'utf8' }).match(/: OK$/gm)).toHaveLength(5)
    const named = paths.toString().split('\0')
    expect(named.at(-1)).toBe('')
    for (const path of named.slice(0, -1)) expect(existsSync(path), path).toBe(true)
    expect(named).toHaveLength(6)
    const log = [...at.journal.events()].filter(({ kind }) => kind.startsWith('free-list')).map(({ kind, body }) => `${kind} ${body}`)
    expect(log.map((line) => line.split(' ')[0])).toEqual(['free-list-made', 'free-list-signed', 'free-list-signed', 'free-list-written'])
    expect(log.join()).not.toMatch(/dcm|pacs/)
  })

  it.each<[string, () => void | Promise<void>, number]>([
    ['differs in S3', () => store.put(at.key('a/2.dcm'), 'TWO'), 3],
    ['is missing in S3', () => void store.objects.delete(at.key('a/2.dcm')), 3],
    ['is only present', () => store.put(at.key('a/2.dcm'), 'two', { head: { checksums: [], etag: undefined } }), 3],
    ['lies in a bucket without versions', () => store.put(at.key('a/2.dcm'), 'two', { head: { versionId: undefined } }), 3],
  ])('leaves out a study of which one item %s', async (_what, change, studies) => {
    await change()
    await verified()
    expect((await make()).studies).toBe(studies)
  })

  it('leaves out a study that was changed lately, and is refused when nothing is left', async () => {
    await verified()
    await expect(make({ olderThanDays: 101 })).rejects.toMatchObject({ code: 'nothing-to-free' })
    expect(at.journal.freeLists()).toEqual([])
    expect((await make({ olderThanDays: 99 })).studies).toBe(4)
  })

  it('is refused before anything was verified', async () => {
    await expect(make()).rejects.toMatchObject({ code: 'nothing-to-free' })
  })

  it('keeps the studies of patients who are named, and those of whom no patient is known', async () => {
    await verified()
    const database = new DatabaseSync(join(dirname(at.root), 'journal.db'))
    const of = (id: string): Buffer => createHmac('sha256', patientKey).update(id).digest()
    database.prepare(`UPDATE items SET patient_hash = ? WHERE path LIKE 'a/%'`).run(of('P-1'))
    database.prepare(`UPDATE items SET patient_hash = ? WHERE path LIKE 'b/%'`).run(of('P-2'))
    database.close()
    const worklist = join(dirname(at.root), 'worklist.csv')
    writeFileSync(worklist, '\uFEFFname;x,Patient_ID\n"Doe, Jane", P-1 \nRoe,P-9\n')
    const { list, patients } = await made({ keepPatients: worklist })
    expect(list).toMatchObject({ studies: 1, keptPatients: 2 })
    // P-9 is of no image: somebody should look whether the ID is written as the images have it.
    expect(patients).toEqual({ listed: 2, found: 1 })
    expect([...at.journal.freeItems(list.id, 0)].map(({ path }) => Buffer.from(path).toString())).toEqual(['b/3.dcm'])
    for (const [text, problem] of [
      ['a,b\n1,2\n', 'none named patient_id'],
      ['patient_id\n', 'names no patient'],
      ['patient_id\nMüller-1\n', 'beyond ASCII'],
    ] as const) {
      writeFileSync(worklist, text)
      await expect(make({ keepPatients: worklist })).rejects.toMatchObject({
        facts: { problem: expect.stringContaining(problem) as unknown },
      })
    }
  })
})

describe('Two signatures', () => {
  it('are of two people, however a name is written', async () => {
    await verified()
    const { id } = await make()
    await expect(writeFreeList(migration(), id, {}, never)).rejects.toMatchObject({ code: 'free-list-unsigned' })
    signFreeList(migration(), id, ada)
    expect(() => signFreeList(migration(), id, '  ADA   example ')).toThrow(expect.objectContaining({ code: 'bad-input' }) as Error)
    await expect(writeFreeList(migration(), id, {}, never)).rejects.toMatchObject({ code: 'free-list-unsigned' })
    expect(() => signFreeList(migration(), 99, ada)).toThrow(expect.objectContaining({ code: 'bad-input' }) as Error)
  })

  it('are of exactly what was listed: when a later verification finds other, nothing is signed or written', async () => {
    await verified()
    const list = await signed()
    const another = await make()
    store.put(at.key('b/3.dcm'), 'THREE')
    await verified()
    expect(() => signFreeList(migration(), another.id, ada)).toThrow(expect.objectContaining({ code: 'free-list-changed' }) as Error)
    await expect(writeFreeList(migration(), list.id, {}, never)).rejects.toMatchObject({ code: 'free-list-changed' })
    store.put(at.key('b/3.dcm'), 'three')
    await verified()
    expect((await writeFreeList(migration(), list.id, {}, never)).studies).toBe(4)
  })

  it('do not outlive the verification: after 30 days nothing is written until there is another', async () => {
    await verified()
    const list = await signed()
    at.world.advance(31 * day)
    await expect(writeFreeList(migration(), list.id, {}, never)).rejects.toMatchObject({ code: 'free-list-changed' })
    await expect(make()).rejects.toMatchObject({ code: 'nothing-to-free' })
    await verified()
    expect((await writeFreeList(migration(), list.id, {}, never)).studies).toBe(4)
  })

  it('cannot be changed in the journal', async () => {
    await verified()
    await signed()
    const database = new DatabaseSync(join(dirname(at.root), 'journal.db'))
    for (const sql of [
      'UPDATE free_signatures SET person = 1',
      'DELETE FROM free_signatures',
      'UPDATE free_lists SET digest = 1',
      'DELETE FROM free_lists',
    ])
      expect(() => database.exec(sql), sql).toThrow(/append-only|stays as it was made/)
    database.close()
  })
})

describe('Right before it is written', () => {
  it.each<[string, (root: string) => void]>([
    ['was changed', (root) => appendFileSync(join(root, 'a/2.dcm'), '!')],
    ['was touched', (root) => utimesSync(join(root, 'a/2.dcm'), 1, 1)],
    ['is not there', (root) => rmSync(join(root, 'a/2.dcm'))],
  ])('a study of which a file %s at the source is left out whole', async (_what, change) => {
    await verified()
    const list = await signed()
    change(at.root)
    const { studies, items, withdrawn, paths } = await written(list.id)
    expect([studies, items, withdrawn]).toEqual([3, 3, 1])
    expect(paths.toString()).not.toContain('/a/')
  })
})
