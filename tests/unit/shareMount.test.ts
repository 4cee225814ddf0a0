/** A share that is not mounted is an empty folder of this machine: not one byte goes there, at the start and in the middle. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openShareTarget } from '../../main/aws/shareTarget.ts'
import { acceptMount, mountedAt, nowAndThen, requireMounted, type AskMounts } from '../../main/engine/shareMount.ts'
import type { Mount } from '../../shared/domain/gateway.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathFromText } from '../../shared/units/itemPath.ts'
import { journalKit, type JournalKit } from '../kit/journal.ts'

const never = new AbortController().signal
let kit: JournalKit
let folder: string
beforeEach(() => {
  kit = journalKit()
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'firn-mount-')))
})
afterEach(() => {
  kit.remove()
  rmSync(folder, { recursive: true, force: true })
})

const root: Mount = { from: '/dev/sda1', folder: '/', type: 'ext4', options: [] }
const share = (from = '10.1.2.3:/radiology'): Mount => ({ from, folder, type: 'nfs4', options: [] })
const told =
  (...mounts: readonly Mount[]): AskMounts =>
  async () => [root, ...mounts]
const required = (ask: AskMounts, at = folder): Promise<void> => requireMounted(kit, at, never, ask)
const kinds = (): string[] => [...kit.journal.events()].map(({ kind }) => kind).filter((kind) => kind.startsWith('share-mount'))

describe('The folder of the share', () => {
  test('is taken while the share is mounted there, also through a link, and remembered once', async () => {
    await required(told(share()))
    await required(told(share()))
    symlinkSync(folder, `${folder}-link`)
    try {
      mkdirSync(join(folder, 'pacs'))
      await required(told(share()), join(`${folder}-link`, 'pacs'))
    } finally {
      rmSync(`${folder}-link`)
    }
    expect(kinds()).toEqual(['share-mount-seen'])
    expect(kit.journal.shareMount()).toEqual({ from: '10.1.2.3:/radiology', type: 'nfs4' })
  })

  test('is refused while only the disk of this machine is there, before and after a push', async () => {
    await expect(required(told())).rejects.toMatchObject({ code: 'share-missing', facts: { mounted: false, type: 'ext4' } })
    expect(kit.journal.shareMount()).toBeUndefined()
    await required(told(share()))
    await expect(required(told())).rejects.toMatchObject({ code: 'share-missing' })
    await expect(mountedAt(kit, folder, never, told())).rejects.toMatchObject({ code: 'share-missing' })
    await expect(required(told(share()), join(folder, 'gone'))).rejects.toMatchObject({ code: 'share-missing' })
  })

  test('is refused while another share is mounted there, until a named person accepts it; a probe may look at any', async () => {
    await required(told(share()))
    const other = share('10.1.2.9:/radiology')
    await expect(required(told(other))).rejects.toMatchObject({ code: 'share-mount-changed', facts: { type: 'nfs4' } })
    expect(await mountedAt(kit, folder, never, told(other))).toEqual(other)
    await acceptMount(kit, folder, 'Ada Example', never, told(other))
    await required(told(other))
    await expect(required(told(share()))).rejects.toMatchObject({ code: 'share-mount-changed' })
    expect(kinds()).toEqual(['share-mount-seen', 'share-mount-accepted'])
    expect([...kit.journal.events()].map(({ body }) => body).join()).not.toContain('10.1.2')
  })

  test('of a kind that Firn does not know is taken when a named person says that it is the share', async () => {
    const shared: Mount = { from: 'host', folder, type: 'vboxsf', options: [] }
    await expect(required(told(shared))).rejects.toMatchObject({ code: 'share-missing' })
    await acceptMount(kit, folder, 'Ada Example', never, told(shared))
    await required(told(shared))
    await expect(required(told())).rejects.toMatchObject({ code: 'share-missing' })
  })

  test('is looked at every few seconds, and again at once after a refusal', async () => {
    let looks = 0
    let good = true
    const look = nowAndThen(kit.world.clock, async () => {
      looks += 1
      if (!good) throw new Error('gone')
    })
    await look(never)
    await look(never)
    expect(looks).toBe(1)
    kit.world.advance(5000)
    good = false
    for (let at = 0; at < 2; at += 1) await expect(look(never)).rejects.toThrow('gone')
    expect(looks).toBe(3)
  })

  test('is not judged where the system does not tell its mounts, and that is logged', async () => {
    const silent: AskMounts = () => Promise.reject(new Error('no /proc here'))
    await required(silent)
    expect(kit.world.lines.map(({ area }) => area)).toContain('mounts')
    await expect(acceptMount(kit, folder, 'Ada Example', never, silent)).rejects.toMatchObject({ code: 'bad-input' })
  })
})

const mayMount = ((): boolean => {
  const at = mkdtempSync(join(tmpdir(), 'firn-try-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'firn', at], { stdio: 'ignore' })
    execFileSync('umount', [at], { stdio: 'ignore' })
    return true
  } catch {
    return false
  } finally {
    rmSync(at, { recursive: true, force: true })
  }
})()

describe.skipIf(!mayMount)('A file system that is really mounted and unmounted (needs the right to mount)', () => {
  test('takes items until it goes; then not one byte lies in the empty folder', async () => {
    const archive = mkdtempSync(join(tmpdir(), 'firn-source-'))
    const expected = (name: string) => {
      const stats = statSync(join(archive, name))
      return { size: bytes(stats.size), mtimeUs: Math.round(stats.mtimeMs * 1000) }
    }
    for (const name of ['a', 'b', 'c']) writeFileSync(join(archive, name), name.repeat(3000))
    execFileSync('mount', ['-t', 'tmpfs', 'firn', folder])
    await acceptMount(kit, folder, 'Ada Example', never)
    const target = openShareTarget({ folder, prefixInShare: '', mounted: (signal) => requireMounted(kit, folder, signal) })
    const copy = (name: string) => target.copy({ root: archive, path: pathFromText(name) }, `study/${name}`, expected(name), false, never)
    try {
      await target.check(never)
      expect(await copy('a')).toMatchObject({ kind: 'copied' })
      expect(readFileSync(join(folder, 'study', 'a'), 'utf8')).toHaveLength(3000)
      // Lazily, as a restart of the network or an impatient administrator does it.
      execFileSync('umount', ['-l', folder])
      await expect(copy('b')).rejects.toMatchObject({ code: 'share-missing' })
      await expect(target.check(never)).rejects.toMatchObject({ code: 'share-missing' })
      expect(readdirSync(folder)).toEqual([])
      // Another one in its place may have the numbers of the first, and is not the share either.
      execFileSync('mount', ['-t', 'tmpfs', 'other', folder])
      await expect(target.there(['study/c'], never)).rejects.toMatchObject({ code: 'share-missing', facts: { mounted: false } })
      expect(readdirSync(folder)).toEqual([])
    } finally {
      await target.close()
      try {
        execFileSync('umount', ['-l', folder], { stdio: 'ignore' })
      } catch {
        // Not mounted any more.
      }
      rmSync(archive, { recursive: true })
    }
  })
})
