/** Full disks: under the journal, under the evidence, under the simulated AWS. Each is said at once, nothing is lost, and with more space the same command ends. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { statfsSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { firn, scratch, startFirn, summaryOf, treeHash } from '../kit/firn.ts'
import {
  copyOf,
  done,
  expectWholeChain,
  failedWith,
  journalOf,
  mountRefused,
  onSite,
  refused,
  smallArchive,
  smallDisk,
  type SmallDisk,
} from './failuresKit.ts'

const place = scratch('failures-disk')
const whyNot = mountRefused(place.folder)
const ownNamespace = whyNot !== undefined && spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'true']).status === 0
afterAll(() => place.remove())

if (whyNot !== undefined && ownNamespace) {
  test('full disks, in a namespace of their own because this user may not mount', () => {
    const vitest = resolve(import.meta.dirname, '../../node_modules/vitest/vitest.mjs')
    const args = ['--user', '--map-root-user', '--mount', process.execPath, vitest, 'run', '--project', 'engine', import.meta.filename]
    const ran = spawnSync('unshare', args, { encoding: 'utf8' })
    expect(ran.status, ran.stdout + ran.stderr).toBe(0)
  })
} else if (whyNot !== undefined) {
  test.skip(`SKIPPED, nothing about full disks was checked: ${whyNot}`, () => undefined)
  process.stderr.write(`SKIPPED: tests of full disks: ${whyNot}\n`)
}

describe.skipIf(whyNot !== undefined)('a disk is full', () => {
  const archive = join(place.folder, 'archive')
  const prepared = join(place.folder, 'prepared')
  let disk: SmallDisk | undefined
  beforeAll(async () => {
    await smallArchive(archive)
    await onSite(prepared, archive)
  })
  afterEach(() => {
    disk?.remove()
    disk = undefined
  })

  test('under the journal during a scan: it stops with disk-full, and with more space the scan goes on', async () => {
    const before = treeHash(archive)
    disk = smallDisk(join(place.folder, 'scan'), 1024)
    const folder = join(disk.folder, 'migration')
    await done('init', folder, '--archive', archive, '--bucket', 'imaging-archive', '--rehearsal')
    expect(await refused('disk-full', 5, ['scan', '-m', folder])).toMatchObject({ disk: 'journal' })
    disk.resize(16_384)
    await done('scan', '-m', folder)
    expect(journalOf(folder, (journal) => journal.inventory(1))).toMatchObject(
      journalOf(prepared, (journal) => ({ ...journal.inventory(1) })),
    )
    expectWholeChain(folder)
    expect(treeHash(archive)).toBe(before)
  })

  test('under the journal while a device is loaded: what was confirmed is kept, and load goes on', async () => {
    const folder = join(place.folder, 'load')
    copyOf(prepared, folder)
    // The sandbox stands for AWS and has a disk of its own.
    const aside = join(place.folder, 'sandbox-aside')
    disk = smallDisk(folder, 16_384)
    spawnSync('mv', [join(folder, 'sandbox'), aside])
    spawnSync('ln', ['-s', aside, join(folder, 'sandbox')])
    fillUp(disk, 24)
    expect(await refused('disk-full', 5, ['load', '-m', folder])).toMatchObject({ disk: 'journal' })
    disk.resize(32_768)
    expect(await done('load', '-m', folder)).toMatchObject({ waiting: 0 })
    await done('inspect', '-m', folder, '--person', 'Ada Lovelace')
    await done('ship', '-m', folder, '--person', 'Ada Lovelace', '--checked', 'all')
    expectWholeChain(folder)
  })

  test('under the evidence: no half bundle is left, and with more space the report is written', async () => {
    const folder = copyOf(prepared, join(place.folder, 'evidence'))
    disk = smallDisk(join(folder, 'evidence'), 40)
    expect(await refused('disk-full', 5, ['report', '-m', folder])).toMatchObject({ folder: 'evidence' })
    expect(readdirSync(disk.folder)).toEqual([])
    disk.resize(4096)
    const { folder: bundle } = (await done('report', '-m', folder)) as { folder: string }
    expect(existsSync(join(bundle, 'manifest-sha256.txt'))).toBe(true)
    expectWholeChain(folder)
  })

  test('under the simulated AWS: the rehearsal says so within seconds, and with more space it ends with every item verified', async () => {
    const folder = join(place.folder, 'rehearsal')
    const command = ['rehearse', '--instances', '60', '--into', folder, '--json']
    const stopped = startFirn(command)
    stopped.child.stderr?.on('data', (text: string) => {
      if (text.includes('Scan:')) stopped.child.kill('SIGINT')
    })
    expect((await stopped.ended).exitCode).toBe(130)
    disk = smallDisk(join(folder, 'migration/sandbox'), 16_384)
    fillUp(disk, 1400)
    const startedAt = performance.now()
    failedWith(await firn(command), 'disk-full', 5)
    expect(performance.now() - startedAt).toBeLessThan(30_000)
    expectWholeChain(join(folder, 'migration'))
    disk.resize(65_536)
    const ended = await firn(command)
    expect(ended.exitCode, ended.stderr).toBe(0)
    expect(summaryOf(ended)).toMatchObject({ verification: { allVerified: true } })
    expectWholeChain(join(folder, 'migration'))
  })

  test('under the simulated AWS before it starts: the same', async () => {
    const folder = copyOf(prepared, join(place.folder, 'full-sandbox'))
    disk = smallDisk(join(folder, 'sandbox'), 16_384)
    fillUp(disk, 0)
    await refused('disk-full', 5, ['load', '-m', folder])
    disk.resize(65_536)
    expect(await done('load', '-m', folder)).toMatchObject({ waiting: 0 })
  })

  test('where a new rehearsal shall be made: disk-full before anything is written that counts', async () => {
    disk = smallDisk(join(place.folder, 'new'), 2048)
    const folder = join(disk.folder, 'rehearsal')
    expect(await refused('disk-full', 5, ['rehearse', '--instances', '60', '--into', folder])).toMatchObject({ neededBytes: 30_000_000 })
    expect(await refused('disk-full', 5, ['rehearse', '--instances', '60', '--into', folder])).toMatchObject({ neededBytes: 30_000_000 })
  })

  test('read-only: init says that it may not write there', async () => {
    disk = smallDisk(join(place.folder, 'read-only'), 256)
    spawnSync('mount', ['-o', 'remount,ro', disk.folder])
    const folder = join(disk.folder, 'migration')
    await refused('journal-not-writable', 5, ['init', folder, '--archive', archive, '--bucket', 'imaging-archive'])
    expect(existsSync(folder)).toBe(false)
  })
})

/** Fills the disk until only so many KiB are left. */
function fillUp(disk: SmallDisk, leftKibibytes: number): void {
  const { bavail, bsize } = statfsSync(disk.folder)
  mkdirSync(disk.folder, { recursive: true })
  writeFileSync(join(disk.folder, 'REHEARSAL-filling'), Buffer.alloc(Math.max(bavail * bsize - leftKibibytes * 1024, 0)))
}
