/** What every ShareTarget promises (shared/ports/shareTarget.ts). One list for all implementations; each test has a share and an archive of its own. */
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runningCrc64 } from '../../main/aws/crc64nvme.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { treeHash } from '../kit/firn.ts'
import { pathFromText } from '../../shared/units/itemPath.ts'
import { bodyOf, copy, cutOff, filesIn, fingerprint, item, MiB, never, type ShareUnderTest } from './shareTargetKit.ts'

export function shareTargetConformance(name: string, open: () => ShareUnderTest): void {
  const ready = async (): Promise<ShareUnderTest> => {
    const it = open()
    await it.target.check(never)
    return it
  }

  describe(`${name}: the check`, () => {
    test('leaves nothing in the share', async () => {
      const it = await ready()
      await it.target.check(never)
      expect(readdirSync(it.folder)).toEqual([])
    })

    test('tells a folder that is missing, or that is a file', async () => {
      const it = open()
      rmSync(it.folder, { recursive: true })
      await expect(it.target.check(never)).rejects.toMatchObject({ code: 'share-missing' })
      writeFileSync(it.folder, 'a file')
      await expect(it.target.check(never)).rejects.toMatchObject({ code: 'share-missing' })
      expect(readFileSync(it.folder, 'utf8')).toBe('a file')
    })

    test('and every copy after it tell that another folder has come in the place of the share, and write not one byte there', async () => {
      const it = await ready()
      const expected = item(it, 'a/b.dcm', bodyOf('a', 100))
      renameSync(it.folder, `${it.folder}-away`)
      mkdirSync(it.folder)
      await expect(it.target.check(never)).rejects.toMatchObject({ code: 'share-missing' })
      for (const resume of [false, true])
        await expect(copy(it, 'a/b.dcm', expected, resume)).rejects.toMatchObject({ code: 'share-missing' })
      expect(readdirSync(it.folder)).toEqual([])
      rmSync(it.folder, { recursive: true })
      await expect(copy(it, 'a/b.dcm', expected)).rejects.toMatchObject({ code: 'share-missing' })
      expect(existsSync(it.folder)).toBe(false)
    })

    test('must have been made before the first copy', async () => {
      const it = open()
      await expect(copy(it, 'a', item(it, 'a', Buffer.from('x')))).rejects.toMatchObject({ code: 'share-missing' })
      expect(readdirSync(it.folder)).toEqual([])
    })
  })

  describe(`${name}: a fresh copy`, () => {
    test.each([
      ['an empty item', 'empty', 0],
      ['a small item', 'small', 77],
      ['an item of just one chunk', 'chunk', MiB],
      ['an item of several chunks', 'large', 3 * MiB + 5],
      ['an item whose name has spaces', 'study of 2019/series 1/image 1 .dcm', 100],
      ['an item whose name is not ASCII', 'Größe/日本/e\u0301/\u{1f9b4}.dcm', 100],
      ['an item deep below', `${'folder/'.repeat(40)}image.dcm`, 100],
      ['an item whose name looks like a way out', '..a/.b/c../...', 100],
    ])('of %s has its bytes, its time to the microsecond, an ordinary mode, and the right digests', async (_, path, size) => {
      const it = await ready()
      const body = bodyOf(path, size)
      const expected = item(it, path, body)
      const outcome = await copy(it, path, expected)
      const crc = await runningCrc64()
      crc.restart()
      crc.update(body)
      expect(outcome).toEqual({
        kind: 'copied',
        bytesWritten: size,
        sha256: new Uint8Array(createHash('sha256').update(body).digest()),
        crc64nvme: crc.digest(),
      })
      expect(filesIn(it.folder)).toEqual([path])
      const stats = lstatSync(join(it.folder, path))
      expect(readFileSync(join(it.folder, path)).equals(body)).toBe(true)
      expect(Math.round(stats.mtimeMs * 1000)).toBe(expected.mtimeUs)
      expect((stats.mode & 0o7777).toString(8)).toBe((0o640 & ~process.umask()).toString(8))
      expect(stats.nlink).toBe(1)
    })

    test.each([1, 999_999_999.999999, 1_700_000_000.000001, 1_763_999_999.654321, 4_102_444_799.999999])(
      'keeps a time of %d seconds to the microsecond',
      async (mtime) => {
        const it = await ready()
        const expected = item(it, 'a', Buffer.from('x'), mtime)
        await copy(it, 'a', expected)
        expect(Math.round(lstatSync(join(it.folder, 'a')).mtimeMs * 1000)).toBe(expected.mtimeUs)
      },
    )

    test('of many items at once mixes none of them', async () => {
      const it = await ready()
      const paths = Array.from({ length: 60 }, (_, at) => `study ${at % 7}/${at}.dcm`)
      await Promise.all(
        paths.map(async (path, at) => {
          const outcome = await copy(it, path, item(it, path, bodyOf(path, at * 50_000)))
          expect(outcome.kind).toBe('copied')
        }),
      )
      for (const [at, path] of paths.entries()) expect(readFileSync(join(it.folder, path)).equals(bodyOf(path, at * 50_000))).toBe(true)
    })

    test('of an item that changed writes over just the bytes that Firn copied before, and over no others', async () => {
      const it = await ready()
      const old = bodyOf('old', 3 * MiB)
      await copy(it, 'a', item(it, 'a', old))
      const replaces = new Uint8Array(createHash('sha256').update(old).digest())
      const expected = item(it, 'a', bodyOf('new', 2 * MiB))
      await expect(copy(it, 'a', expected)).rejects.toMatchObject({ code: 'share-conflict' })
      const changed = { root: it.archive, path: pathFromText('a'), replaces }
      expect(await it.target.copy(changed, 'a', expected, false, never)).toMatchObject({ kind: 'copied', bytesWritten: 2 * MiB })
      expect(readFileSync(join(it.folder, 'a')).equals(bodyOf('new', 2 * MiB))).toBe(true)
      expect((lstatSync(join(it.folder, 'a')).mode & 0o1000).toString(8)).toBe('0')

      writeFileSync(join(it.folder, 'b'), bodyOf('foreign', 3 * MiB))
      const before = fingerprint(join(it.folder, 'b'))
      const other = { ...changed, path: pathFromText('b') }
      await expect(it.target.copy(other, 'b', item(it, 'b', bodyOf('new', 2 * MiB)), false, never)).rejects.toMatchObject({
        code: 'share-conflict',
      })
      expect(fingerprint(join(it.folder, 'b'))).toEqual(before)
    })

    test('leaves the source as it is, access time aside', async () => {
      const it = await ready()
      const expected = item(it, 'a/b.dcm', bodyOf('a', 2 * MiB))
      const before = treeHash(it.archive)
      await copy(it, 'a/b.dcm', expected)
      await copy(it, 'a/b.dcm', expected, true)
      expect(treeHash(it.archive)).toBe(before)
    })

    test.each(['../outside', 'a/../../outside', 'a//b', '/a', 'a/', '.', 'a/./b', ''])('refuses the key %j', async (key) => {
      const it = await ready()
      const expected = item(it, 'a', Buffer.from('x'))
      for (const resume of [false, true]) {
        await expect(it.target.copy({ root: it.archive, path: pathFromText('a') }, key, expected, resume, never)).rejects.toMatchObject({
          code: 'bad-input',
        })
      }
      await expect(it.target.there([key], never)).rejects.toMatchObject({ code: 'bad-input' })
      expect(readdirSync(it.folder)).toEqual([])
      expect(existsSync(join(it.folder, '../outside'))).toBe(false)
    })
  })

  describe(`${name}: what lies there already`, () => {
    test('is told by name, whatever it is', async () => {
      const it = await ready()
      writeFileSync(join(it.folder, 'file'), '')
      mkdirSync(join(it.folder, 'folder'))
      symlinkSync('/nowhere', join(it.folder, 'link'))
      expect(await it.target.there(['file', 'none', 'folder', 'link', 'deep/none', 'file/none'], never)).toEqual([
        true,
        false,
        true,
        true,
        false,
        true,
      ])
      expect(await it.target.there([], never)).toEqual([])
    })

    test.each([false, true])('counts as copied when it has the same bytes, and stays the same file (resume %s)', async (resume) => {
      const it = await ready()
      for (const size of [0, 10, 2 * MiB + 1]) {
        const path = `item-${size}`
        const expected = item(it, path, bodyOf('same', size))
        const file = join(it.folder, path)
        writeFileSync(file, bodyOf('same', size))
        chmodSync(file, 0o444)
        utimesSync(file, 1, 1)
        const before = fingerprint(file)
        expect(await copy(it, path, expected, resume)).toMatchObject({
          kind: 'copied',
          bytesWritten: 0,
          sha256: new Uint8Array(createHash('sha256').update(bodyOf('same', size)).digest()),
        })
        expect(fingerprint(file)).toEqual(before)
      }
    })

    const others: readonly (readonly [string, (body: Buffer) => Buffer])[] = [
      [
        'has the same size and one other byte at the end',
        (body) => Buffer.concat([body.subarray(0, -1), Buffer.from([(body.at(-1) ?? 0) ^ 1])]),
      ],
      ['is blank', (body) => Buffer.alloc(body.length)],
      ['is longer', (body) => Buffer.concat([body, Buffer.from('x')])],
      ['is empty', () => Buffer.alloc(0)],
      ['is the beginning of the item', (body) => body.subarray(0, MiB + 3)],
      ['is something else', () => Buffer.from('the report of another patient')],
    ]
    test.each(others)('stays as it is when it %s, also on a resume', async (_, other) => {
      const it = await ready()
      const body = bodyOf('item', 2 * MiB)
      const expected = item(it, 'a/b.dcm', body)
      const file = join(it.folder, 'a/b.dcm')
      mkdirSync(join(it.folder, 'a'))
      writeFileSync(file, other(body))
      utimesSync(file, 7, 7)
      const before = fingerprint(file)
      for (const resume of [false, true, true])
        await expect(copy(it, 'a/b.dcm', expected, resume)).rejects.toMatchObject({ code: 'share-conflict' })
      expect(fingerprint(file)).toEqual(before)
      expect(filesIn(it.folder)).toEqual(['a/b.dcm'])
    })

    test.each(['a file of the same bytes', 'another file', 'nothing'])(
      'and is a link to %s is neither followed nor replaced',
      async (what) => {
        const it = await ready()
        const expected = item(it, 'a', Buffer.from('image'))
        const outside = `${it.folder}-outside`
        if (what !== 'nothing') writeFileSync(outside, what === 'another file' ? 'other' : 'image')
        symlinkSync(outside, join(it.folder, 'a'))
        for (const resume of [false, true]) await expect(copy(it, 'a', expected, resume)).rejects.toMatchObject({ code: 'share-conflict' })
        expect(lstatSync(join(it.folder, 'a')).isSymbolicLink()).toBe(true)
        if (what === 'nothing') expect(existsSync(outside)).toBe(false)
        else expect(readFileSync(outside, 'utf8')).toBe(what === 'another file' ? 'other' : 'image')
        rmSync(outside, { force: true })
      },
    )

    test('and is a folder, a link in place of a folder, or a file in place of a folder, stays as it is', async () => {
      const it = await ready()
      const outside = `${it.folder}-outside`
      mkdirSync(outside)
      mkdirSync(join(it.folder, 'folder/within'), { recursive: true })
      symlinkSync(outside, join(it.folder, 'linked'))
      writeFileSync(join(it.folder, 'file'), 'a file')
      const before = treeHash(it.folder)
      for (const path of ['folder', 'linked/image', 'linked/deeper/image', 'file/image']) {
        const archive = join(it.archive, 'of', path)
        const own = { ...it, archive }
        const expected = item(own, 'image', Buffer.from('image'))
        for (const resume of [false, true]) {
          await expect(it.target.copy({ root: archive, path: pathFromText('image') }, path, expected, resume, never)).rejects.toMatchObject(
            {
              code: 'share-conflict',
            },
          )
        }
      }
      expect(treeHash(it.folder)).toBe(before)
      expect(readdirSync(outside)).toEqual([])
      rmSync(outside, { recursive: true })
    })

    test('and is the item of the archive itself means that the share is not the share', async () => {
      const it = await ready()
      const expected = item(it, 'a', Buffer.from('image'))
      linkSync(join(it.archive, 'a'), join(it.folder, 'a'))
      const before = treeHash(it.archive)
      for (const resume of [false, true]) await expect(copy(it, 'a', expected, resume)).rejects.toMatchObject({ code: 'share-missing' })
      expect(treeHash(it.archive)).toBe(before)
    })
  })

  describe(`${name}: going on after a cut`, () => {
    const body = bodyOf('large', 24 * MiB)

    test('writes only what is missing of a copy that was cut off', async () => {
      const it = await ready()
      const expected = item(it, 'a/large', body)
      const there = await cutOff(it, 'a/large', expected)
      const file = join(it.folder, 'a/large')
      const { ino } = lstatSync(file)
      expect(await copy(it, 'a/large', expected, true)).toMatchObject({ kind: 'copied', bytesWritten: body.length - there })
      expect(readFileSync(file).equals(body)).toBe(true)
      expect(lstatSync(file).ino).toBe(ino)
      expect(Math.round(lstatSync(file).mtimeMs * 1000)).toBe(expected.mtimeUs)
      expect((lstatSync(file).mode & 0o7777).toString(8)).toBe((0o640 & ~process.umask()).toString(8))
    })

    test('puts right what a power cut left of it: holes, garbage, a tail that does not belong to it', async () => {
      const it = await ready()
      const expected = item(it, 'large', body)
      const file = join(it.folder, 'large')
      await cutOff(it, 'large', expected)
      truncateSync(file, 2 * MiB)
      truncateSync(file, 20 * MiB)
      expect(await copy(it, 'large', expected, true)).toMatchObject({ bytesWritten: 22 * MiB })
      expect(readFileSync(file).equals(body)).toBe(true)
      unlinkSync(file)
      await cutOff(it, 'large', expected)
      truncateSync(file, MiB + 5)
      appendFileSync(file, bodyOf('garbage', 30 * MiB))
      expect(await copy(it, 'large', expected, true)).toMatchObject({ bytesWritten: 23 * MiB })
      expect(readFileSync(file).equals(body)).toBe(true)
    })

    test('takes a whole copy for copied, without writing to it', async () => {
      const it = await ready()
      const expected = item(it, 'large', body)
      await copy(it, 'large', expected)
      const before = fingerprint(join(it.folder, 'large'))
      expect(await copy(it, 'large', expected, true)).toMatchObject({ kind: 'copied', bytesWritten: 0 })
      expect(fingerprint(join(it.folder, 'large'))).toEqual(before)
    })

    test('does not touch an unfinished copy that it was not told of', async () => {
      const it = await ready()
      const expected = item(it, 'large', body)
      await cutOff(it, 'large', expected)
      const before = fingerprint(join(it.folder, 'large'))
      await expect(copy(it, 'large', expected, false)).rejects.toMatchObject({ code: 'share-conflict' })
      expect(fingerprint(join(it.folder, 'large'))).toEqual(before)
    })

    test.each([
      ['changed', (file: string) => utimesSync(file, 5, 5), { kind: 'changed' }],
      ['vanished', (file: string) => unlinkSync(file), { kind: 'vanished' }],
      ['been replaced by a folder', (file: string) => (unlinkSync(file), mkdirSync(file)), { kind: 'changed' }],
    ])(
      'of an item that has %s meanwhile removes what was written of it, and nothing that is not marked as ours',
      async (_, spoil, outcome) => {
        const it = await ready()
        const expected = item(it, 'large', body)
        const file = join(it.folder, 'large')
        await cutOff(it, 'large', expected)
        spoil(join(it.archive, 'large'))
        expect(await copy(it, 'large', expected, true)).toEqual(outcome)
        expect(filesIn(it.folder)).toEqual([])
        expect(await copy(it, 'large', expected, true)).toEqual(outcome)
        writeFileSync(file, 'of another')
        const before = fingerprint(file)
        await expect(copy(it, 'large', expected, true)).rejects.toMatchObject({ code: 'share-conflict' })
        expect(await copy(it, 'large', expected, false)).toEqual(outcome)
        expect(fingerprint(file)).toEqual(before)
      },
    )
  })

  describe(`${name}: an item that does not hold still`, () => {
    test('before the copy leaves nothing in the share', async () => {
      const it = await ready()
      const expected = item(it, 'a', Buffer.from('image'))
      expect(await copy(it, 'a', { ...expected, size: bytes(4) })).toEqual({ kind: 'changed' })
      expect(await copy(it, 'a', { ...expected, mtimeUs: expected.mtimeUs + 1 })).toEqual({ kind: 'changed' })
      expect(await copy(it, 'none', expected)).toEqual({ kind: 'vanished' })
      expect(await copy(it, 'a/none', expected)).toEqual({ kind: 'vanished' })
      symlinkSync('a', join(it.archive, 'link'))
      expect(await copy(it, 'link', expected)).toEqual({ kind: 'changed' })
      expect(filesIn(it.folder)).toEqual([])
    })

    test.each([
      ['grows', (file: string) => appendFileSync(file, 'more')],
      ['shrinks', (file: string) => truncateSync(file, 100)],
      ['is written to', (file: string) => writeFileSync(file, bodyOf('other', 48 * MiB))],
    ])('and %s during the copy is changed, and nothing of it is left in the share', async (_, spoil) => {
      const it = await ready()
      const body = bodyOf('large', 48 * MiB)
      let seen = 0
      // On a busy machine a copy can have ended before the item is spoiled; what it then holds must be just what was planned.
      for (let attempt = 0; attempt < 10 && seen === 0; attempt += 1) {
        const path = `study/large-${attempt}`
        const expected = item(it, path, body)
        const copying = copy(it, path, expected)
        const file = join(it.folder, path)
        for (let look = 0; look < 5000 && !(existsSync(file) && lstatSync(file).size > 0); look += 1)
          await new Promise((done) => setImmediate(done))
        spoil(join(it.archive, path))
        const outcome = await copying
        if (outcome.kind === 'changed') {
          seen += 1
          expect(existsSync(file)).toBe(false)
        } else {
          expect(outcome.kind).toBe('copied')
          expect(readFileSync(file).equals(body)).toBe(true)
        }
      }
      expect(seen).toBe(1)
    })
  })

  describe(`${name}: a stop`, () => {
    test('settles, and nothing is written after it', async () => {
      const it = await ready()
      const expected = item(it, 'large', bodyOf('large', 24 * MiB))
      await cutOff(it, 'large', expected)
      const before = fingerprint(join(it.folder, 'large'))
      await new Promise((done) => setTimeout(done, 100))
      expect(fingerprint(join(it.folder, 'large'))).toEqual(before)
    })

    test('before the copy writes nothing, also of the many that wait', async () => {
      const it = await ready()
      const stop = new AbortController()
      const expected = item(it, 'large', bodyOf('large', 24 * MiB))
      const waiting = Array.from({ length: 20 }, (_, at) =>
        it.target.copy({ root: it.archive, path: pathFromText('large') }, `copy-${at}`, expected, false, stop.signal),
      )
      stop.abort(new Error('asked to stop'))
      const ends = await Promise.allSettled(waiting)
      expect(ends.every((end) => end.status === 'rejected')).toBe(true)
      const left = filesIn(it.folder)
      expect(left.length).toBeLessThanOrEqual(4)
      await expect(copy(it, 'large', expected, false, stop.signal)).rejects.toThrow('asked to stop')
      await expect(it.target.there(['large'], stop.signal)).rejects.toThrow('asked to stop')
      await expect(it.target.check(stop.signal)).rejects.toThrow('asked to stop')
      expect(filesIn(it.folder)).toEqual(left)
    })
  })
}
