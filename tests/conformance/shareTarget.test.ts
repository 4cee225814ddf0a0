import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { openShareTarget } from '../../main/aws/shareTarget.ts'
import { shareTargetConformance } from './shareTarget.ts'
import { bodyOf, copy, filesIn, item, MiB, type ShareUnderTest } from './shareTargetKit.ts'

const never = new AbortController().signal
const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function openFolder(prefixInShare = ''): ShareUnderTest {
  const place = mkdtempSync(join(tmpdir(), 'firn-share-'))
  const [folder, archive] = [join(place, 'share'), join(place, 'archive')]
  mkdirSync(folder)
  mkdirSync(archive)
  const target = openShareTarget({ folder, prefixInShare })
  cleanups.push(() => rmSync(place, { recursive: true, force: true }))
  cleanups.push(() => target.close())
  return { target, folder, archive }
}

shareTargetConformance('a folder', () => openFolder())

test('a prefix of the share is no part of the path in it, and a key outside of it is refused', async () => {
  const it = openFolder('radiology/')
  await it.target.check(never)
  const expected = item(it, 'a/b.dcm', Buffer.from('image'))
  const from = { root: it.archive, path: Buffer.from('a/b.dcm') as unknown as Parameters<typeof it.target.copy>[0]['path'] }
  expect(await it.target.copy(from, 'radiology/a/b.dcm', expected, false, never)).toMatchObject({ kind: 'copied' })
  expect(filesIn(it.folder)).toEqual(['a/b.dcm'])
  await expect(it.target.copy(from, 'cardiology/a/b.dcm', expected, false, never)).rejects.toMatchObject({ code: 'bad-input' })
})

const asRoot = process.getuid?.() === 0
const mounts = asRoot && canMount()

function canMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'firn-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' })
    execFileSync('umount', [place])
    return true
  } catch {
    return false
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

/** Needs the right to mount a file system: run as root to have these run. */
describe.skipIf(!mounts)('a share with a disk of its own (run as root, with the right to mount)', () => {
  function mounted(options: string): ShareUnderTest {
    const it = openFolder()
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', it.folder])
    cleanups.push(() => {
      execFileSync('umount', [it.folder])
    })
    return it
  }

  test('that is full refuses, and the copy goes on where it stopped when there is room', async () => {
    const it = mounted('size=3m')
    await it.target.check(never)
    writeFileSync(join(it.folder, 'filler'), Buffer.alloc(1.5 * MiB))
    const body = bodyOf('image', 2 * MiB + 77)
    const expected = item(it, 'study/image', body)
    await expect(copy(it, 'study/image', expected)).rejects.toMatchObject({ code: 'share-refused' })
    await expect(copy(it, 'study/image', expected, true)).rejects.toMatchObject({ code: 'share-refused' })
    const part = lstatSync(join(it.folder, 'study/image')).size
    expect(part).toBeGreaterThanOrEqual(MiB)
    await expect(it.target.check(never)).rejects.toMatchObject({ code: 'share-refused' })
    rmSync(join(it.folder, 'filler'))
    const outcome = await copy(it, 'study/image', expected, true)
    expect(outcome).toMatchObject({ kind: 'copied' })
    expect(outcome.kind === 'copied' && outcome.bytesWritten).toBeLessThanOrEqual(body.length - MiB)
    expect(readFileSync(join(it.folder, 'study/image')).equals(body)).toBe(true)
    expect(filesIn(it.folder)).toEqual(['study/image'])
  })

  test('that is mounted read-only is told as such, by the check and by a copy', async () => {
    const it = mounted('size=1m')
    await it.target.check(never)
    const expected = item(it, 'image', Buffer.from('image'))
    execFileSync('mount', ['-o', 'remount,ro', it.folder])
    await expect(copy(it, 'image', expected)).rejects.toMatchObject({ code: 'share-write-failed', facts: { errno: 'EROFS' } })
    const below = item(it, 'study/image', Buffer.from('image'))
    await expect(copy(it, 'study/image', below)).rejects.toMatchObject({ code: 'share-write-failed', facts: { errno: 'EROFS' } })
    await expect(it.target.check(never)).rejects.toMatchObject({ code: 'share-write-failed' })
    expect(readdirSync(it.folder)).toEqual([])
  })

  test('that was unmounted is missing, and nothing is written into the folder it was mounted on', async () => {
    const it = openFolder()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', it.folder])
    await it.target.check(never)
    const expected = item(it, 'study/image', Buffer.from('image'))
    await copy(it, 'study/image', expected)
    execFileSync('umount', [it.folder])
    for (const resume of [false, true])
      await expect(copy(it, 'study/image', expected, resume)).rejects.toMatchObject({ code: 'share-missing' })
    expect(readdirSync(it.folder)).toEqual([])
  })
})
