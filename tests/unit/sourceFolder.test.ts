import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { openFolderSource, type FolderSource } from '../../main/source/folderSource.ts'
import { clutterTest } from '../../main/source/clutter.ts'
import { defaultClutter } from '../../shared/domain/archive.ts'
import type { KnownItem } from '../../shared/ports/source.ts'
import { pathForDisplay, pathFromText, rootPath } from '../../shared/units/itemPath.ts'
import { all, asOrdinaryUser, expectedOf, folderWith, never, noClutter, treeHash, walk } from './sourceKit.ts'

const open: FolderSource[] = []
afterEach(async () => {
  for (const source of open.splice(0)) await source.close()
})

function sourceOf(root: string, more: { prefix?: string; workers?: number; patience?: number } = {}): FolderSource {
  const source = openFolderSource(root, { patientKey: Buffer.from('key'), prefix: '', workers: 2, ...more })
  open.push(source)
  return source
}

const sample = (name: string): Buffer => execFileSync('cat', [`tests/fixtures/dicom/${name}`])

describe('listing', () => {
  test('a tree is read and nothing of it changes: bytes, names, times', async () => {
    const root = folderWith({ 'a/CT.dcm': sample('CT_small.dcm'), 'a/notes.txt': 'text', 'b/c/MR.dcm': sample('MR_small.dcm') })
    const before = treeHash(root)
    const { byName } = await walk(sourceOf(root))
    expect([...byName.keys()].sort()).toEqual(['a/CT.dcm', 'a/notes.txt', 'b/c/MR.dcm'])
    expect(byName.get('a/CT.dcm')?.header?.modality).toBe('CT')
    expect(byName.get('a/notes.txt')?.header).toBeUndefined()
    expect(byName.get('b/c/MR.dcm')).toMatchObject({ kind: 'file', ...expectedOf(join(root, 'b/c/MR.dcm')) })
    expect(treeHash(root)).toBe(before)
  })

  test('reading leaves access times alone where the system allows', async () => {
    const root = folderWith({ IM1: sample('CT_small.dcm') })
    const longAgo = new Date('2011-05-05')
    utimesSync(join(root, 'IM1'), longAgo, longAgo)
    const source = sourceOf(root)
    await walk(source)
    await source.readWhole(pathFromText('IM1'), expectedOf(join(root, 'IM1')), never)
    expect(statSync(join(root, 'IM1')).atime).toEqual(longAgo)
  })

  test('a large folder arrives in parts of at most 512 entries', async () => {
    const root = folderWith()
    for (let at = 0; at < 1300; at += 1) writeFileSync(join(root, `IM${at}`), `${at}`)
    const sizes: number[] = []
    for await (const part of sourceOf(root).listFolder(rootPath, noClutter, (paths) => paths.map(() => undefined), never))
      sizes.push(part.items.length)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1300)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(512)
    expect(sizes.length).toBeGreaterThanOrEqual(3)
  })

  test('an empty folder is no item, and no name ends in a slash', async () => {
    const root = folderWith({ 'real/IM1': 'x' })
    mkdirSync(join(root, 'empty'))
    const { byName } = await walk(sourceOf(root))
    expect([...byName.keys()]).toEqual(['real/IM1'])
  })

  test('links and special files are listed, neither followed nor opened; a pipe does not block', async () => {
    const root = folderWith({ 'real/IM1': 'x' })
    symlinkSync('real', join(root, 'to-folder'))
    symlinkSync('real/IM1', join(root, 'to-file'))
    symlinkSync('nowhere', join(root, 'to-nothing'))
    execFileSync('mkfifo', [join(root, 'pipe')])
    const source = sourceOf(root)
    const { byName } = await walk(source)
    for (const name of ['to-folder', 'to-file', 'to-nothing'])
      expect(byName.get(name)).toMatchObject({ kind: 'link', anomalies: [{ code: 'not-a-file' }] })
    expect(byName.get('pipe')).toMatchObject({ kind: 'special', anomalies: [{ code: 'not-a-file' }] })
    expect(byName.has('to-folder/IM1')).toBe(false)
    expect(source.counts.inspected).toBe(1)
  })

  test('a name that is not UTF-8 keeps its bytes', async () => {
    const root = folderWith()
    const name = Buffer.from('Befund-\xfc', 'latin1')
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), 'x')
    const { items } = await walk(sourceOf(root))
    expect(items.map(({ path }) => Buffer.from(path))).toEqual([name])
    expect(items[0]?.anomalies).toEqual([{ code: 'name-not-utf8' }])
  })

  test('names and sizes are judged: unsafe, too long a key, empty', async () => {
    const root = folderWith({ 'a#b': 'x', empty: '', plain: 'x' })
    const { byName } = await walk(sourceOf(root, { prefix: `${'p'.repeat(1018)}/` }))
    const codes = (name: string): unknown => byName.get(name)?.anomalies.map(({ code }) => code)
    expect(codes('a#b')).toEqual(['name-unsafe-for-snowball'])
    expect(codes('empty')).toEqual(['empty', 'name-unsafe-for-snowball'])
    expect(codes('plain')).toEqual(['name-unsafe-for-snowball'])
    const { byName: longer } = await walk(sourceOf(root, { prefix: `${'p'.repeat(1019)}/` }))
    expect(longer.get('plain')?.anomalies).toEqual([{ code: 'key-too-long', facts: { keyBytes: 1025 } }])
  })

  test('clutter is passed over and counted, folders of it whole', async () => {
    const root = folderWith({
      '.DS_Store': 'x',
      'a/thumbs.DB': 'x',
      'a/~$x.docx': 'x',
      'a/IM1': 'x',
      '.snapshot/deep/IM1': 'x',
      'a/upload.TMP': 'x',
    })
    const { byName, ignored } = await walk(sourceOf(root), defaultClutter)
    expect([...byName.keys()]).toEqual(['a/IM1'])
    expect(ignored).toBe(5)
  })

  test('what the journal knows as it is is not opened again; what moved is', async () => {
    const root = folderWith({ same: 'x', grown: 'x', touched: 'x', replaced: 'x' })
    const first = await walk(sourceOf(root))
    appendFileSync(join(root, 'grown'), 'y')
    utimesSync(join(root, 'touched'), 1, 1)
    const { mtimeMs } = statSync(join(root, 'replaced'))
    writeFileSync(join(root, 'other'), 'z')
    renameSync(join(root, 'other'), join(root, 'replaced'))
    utimesSync(join(root, 'replaced'), mtimeMs / 1000, mtimeMs / 1000)
    const known = new Map<string, KnownItem>(
      [...first.byName].map(([name, { kind, size, mtimeUs, inode }]) => [name, { kind, size, mtimeUs, inode }]),
    )
    const source = sourceOf(root)
    const second = await walk(source, noClutter, (paths) => paths.map((path) => known.get(pathForDisplay(path))))
    expect([...second.byName.keys()].sort()).toEqual(['grown', 'replaced', 'touched'])
    expect(second.unchanged).toBe(1)
    expect(source.counts.inspected).toBe(3)
  })

  test('what may not be read is listed as such: a file, and a folder as an item of its own', async () => {
    const root = folderWith({ 'open/IM1': 'x', 'closed/IM2': 'x', secret: 'x' })
    chmodSync(root, 0o755)
    chmodSync(join(root, 'secret'), 0)
    chmodSync(join(root, 'closed'), 0)
    await asOrdinaryUser(async () => {
      const { byName } = await walk(sourceOf(root))
      expect([...byName.keys()].sort()).toEqual(['closed', 'open/IM1', 'secret'])
      expect(byName.get('secret')).toMatchObject({
        kind: 'file',
        size: 1,
        anomalies: [{ code: 'not-readable', facts: { errno: 'EACCES' } }],
      })
      expect(byName.get('closed')).toMatchObject({ kind: 'folder', anomalies: [{ code: 'not-readable', facts: { errno: 'EACCES' } }] })
      expect(byName.get('open/IM1')?.anomalies).toEqual([])
    })
    chmodSync(join(root, 'closed'), 0o755)
  })
})

describe('the archive itself', () => {
  test('a root that is not there, or is a file, is a missing archive', async () => {
    const root = folderWith({ file: 'x' })
    await expect(sourceOf(join(root, 'nothing')).check(never)).rejects.toMatchObject({ code: 'archive-missing' })
    await expect(sourceOf(join(root, 'file')).check(never)).rejects.toMatchObject({ code: 'archive-missing' })
    await expect(sourceOf(root).check(never)).resolves.toBeUndefined()
  })

  test('a root that vanishes, or is replaced by another folder as after an unmount, ends the scan instead of losing items', async () => {
    const root = folderWith({ 'a/IM1': 'x' })
    const list = async (source: FolderSource): Promise<unknown> =>
      await all(source.listFolder(pathFromText('a'), noClutter, (paths) => paths.map(() => undefined), never))
    const source = sourceOf(root)
    await source.check(never)
    renameSync(root, `${root}-away`)
    await expect(list(source)).rejects.toMatchObject({ code: 'archive-missing' })
    await expect(source.readWhole(pathFromText('a/IM1'), expectedOf(join(`${root}-away`, 'a/IM1')), never)).rejects.toMatchObject({
      code: 'archive-missing',
    })
    mkdirSync(root)
    await expect(list(source)).rejects.toMatchObject({ code: 'archive-missing' })
    rmSync(root, { recursive: true })
    renameSync(`${root}-away`, root)
    await expect(list(source)).resolves.toHaveLength(1)
  })

  test('a folder that went away since its parent was listed is simply empty', async () => {
    const root = folderWith({ IM1: 'x' })
    const source = sourceOf(root)
    await source.check(never)
    const parts = source.listFolder(pathFromText('gone'), noClutter, (paths) => paths.map(() => undefined), never)
    await expect(all(parts)).resolves.toEqual([])
  })

  test.runIf(process.platform === 'linux')(
    'a folder that has become a link since it was scanned does not lead out of the archive',
    async () => {
      const root = folderWith({ 'study/IM1': 'image' })
      const { byName } = await walk(sourceOf(root))
      const item = byName.get('study/IM1')
      if (item === undefined) throw new Error('the scan found the item')
      renameSync(join(root, 'study'), `${root}-elsewhere`)
      symlinkSync(`${root}-elsewhere`, join(root, 'study'))
      try {
        expect(await sourceOf(root).readWhole(item.path, item, never)).toEqual({ kind: 'changed' })
      } finally {
        rmSync(`${root}-elsewhere`, { recursive: true })
      }
    },
  )

  test('no error of a source holds a path', async () => {
    const source = sourceOf(join(folderWith(), 'Patient Smith'))
    const error: unknown = await source.check(never).catch((caught: unknown) => caught)
    expect(JSON.stringify([error, (error as Error).message, String((error as Error).cause)])).not.toContain('Smith')
  })
})

describe('a source that hangs', () => {
  test('an abort settles every call at once', async () => {
    const root = folderWith({ IM1: Buffer.alloc(1000) })
    const source = sourceOf(root, { workers: 1 })
    const aborter = new AbortController()
    const calls = Array.from({ length: 20 }, () => source.readWhole(pathFromText('IM1'), expectedOf(join(root, 'IM1')), aborter.signal))
    aborter.abort(new Error('enough'))
    const outcomes = await Promise.allSettled(calls)
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'enough' } })
    await expect(source.readWhole(pathFromText('IM1'), expectedOf(join(root, 'IM1')), never)).resolves.toMatchObject({ kind: 'read' })
  })

  test('a read without a sign of life is given up, and another thread goes on', async () => {
    const root = folderWith({ IM1: 'x' })
    const source = sourceOf(root, { workers: 1, patience: 1 })
    // The first call must start the thread and so outlasts a millisecond.
    await expect(source.check(never)).rejects.toMatchObject({ code: 'source-unreadable', facts: { errno: 'ETIMEDOUT' } })
  })

  test('after close every call says stopped', async () => {
    const source = sourceOf(folderWith())
    await source.close()
    await expect(source.check(never)).rejects.toMatchObject({ code: 'stopped' })
  })
})

test('clutter patterns: any case, `*` for any run, nothing else special', () => {
  const is = (pattern: string, name: string): boolean => clutterTest([pattern])(Buffer.from(name))
  expect([
    is('*.tmp', 'A.TMP'),
    is('*.tmp', 'tmp'),
    is('~$*', '~$x'),
    is('._*', 'x._'),
    is('a.c', 'abc'),
    is('a*c*e', 'abcde'),
    is('a-(b)/[c]', 'A-(B)/[C]'),
  ]).toEqual([true, false, true, false, false, true, true])
})
