/** A share that is not mounted, is unmounted or replaced: not one byte is written into what lies there instead. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { requireMounted } from '../../main/engine/mountGate.ts'
import type { OpenMigration } from '../../main/engine/migrationFolder.ts'
import { mountsOf } from '../../main/files/mounts.ts'
import type { Mount } from '../../shared/domain/gateway.ts'
import { asFault, Fault } from '../../shared/faults/fault.ts'
import { mountRefused } from '../engine/failuresKit.ts'
import { scratch } from '../kit/firn.ts'
import { bodyOf, items, PushScene } from './pushKit.ts'

const never = new AbortController().signal
const gateway = 'gateway.test:/pacs'
const MiB = 1024 * 1024

const probing = scratch('mounts')
const whyNot = mountRefused(probing.folder)
probing.remove()
if (whyNot !== undefined) process.stderr.write(`SKIPPED: shares that are unmounted while a push runs. ${whyNot}\n`)

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Reads the machine's mounts; what a test has mounted in the name of a server counts as NFS. */
const mountsHere = async (): Promise<readonly Mount[]> =>
  (await mountsOf(never)).map((mount) => (mount.from.includes('.test:/') ? { ...mount, type: 'nfs4' } : mount))

function sceneOf(...input: ConstructorParameters<typeof PushScene>): PushScene {
  const scene = new PushScene(...input)
  cleanups.push(() => scene.remove())
  return scene
}

/** Passes the gate as pushShare does, and pushes. */
async function push(it: PushScene, options: { person?: string; mounts?: () => Promise<readonly Mount[]>; folder?: string } = {}) {
  const { journal } = it.lane
  const migration = { journal, world: it.world, config: { share: { folder: options.folder ?? it.folder } } } as unknown as OpenMigration
  const wiring = { mounts: options.mounts ?? mountsHere, sandbox: undefined }
  it.gate = await requireMounted({ migration, wiring, signal: never }, 'arn:share', options.person)
  await it.restart()
  return it.run()
}

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'went well',
    (error: unknown) => asFault(error).code,
  )
const eventsOf = (it: PushScene): string[] => [...it.lane.journal.events()].map(({ kind, body }) => `${kind} ${body}`)

describe('a folder that is no mount', () => {
  test('is never taken for the share, and stays as empty as it is', async () => {
    const it = sceneOf(items(3))
    await expect(push(it)).rejects.toMatchObject({ code: 'share-missing', facts: { mounted: false } })
    expect(readdirSync(it.folder)).toEqual([])
    expect(it.lane.journal.shareMount('arn:share')).toBeUndefined()
    expect(it.states()['study/0000.dcm']).toBe('planned')
  })
  test('nor is one that hides a mount, or a link to a local folder within one', async () => {
    const it = sceneOf(items(1))
    const device = 1
    const seen = async () => [{ from: gateway, folder: it.place, type: 'nfs4', options: [], device }]
    await expect(push(it, { mounts: seen })).rejects.toMatchObject({ code: 'share-missing' })
    const [within, link] = [join(it.place, 'mounted'), join(it.place, 'mounted/link')]
    mkdirSync(within)
    symlinkSync(it.folder, link)
    const above = async () => [{ from: gateway, folder: within, type: 'nfs4', options: [] }]
    await expect(push(it, { mounts: above, folder: link })).rejects.toMatchObject({ code: 'share-missing' })
    expect(readdirSync(it.folder)).toEqual([])
  })
  test('goes through, said in the log, where the system does not tell its mounts', async () => {
    const it = sceneOf(items(2))
    const { outcome } = await push(it, { mounts: () => Promise.reject(new Error('no such file')) })
    expect(outcome.items).toBe(2)
    expect(it.world.lines).toContainEqual(expect.objectContaining({ level: 'warn', area: 'mounts' }))
  })
})

/** A share whose disk outlives its mount, as a gateway does. */
function mounted(it: PushScene, from = gateway): { readonly disk: string; unmount(): void; mount(): void } {
  const disk = join(it.place, `disk of ${from.replaceAll('/', ' ')}`)
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200m', from, disk])
  cleanups.push(() => {
    execFileSync('umount', ['-l', disk])
  })
  const mount = (): void => {
    execFileSync('mount', ['--bind', disk, it.folder])
    cleanups.push(() => {
      if (mountsAt(it.folder) > 0) execFileSync('umount', ['-l', it.folder])
    })
  }
  mount()
  return { disk, mount, unmount: () => execFileSync('umount', ['-l', it.folder]) }
}

function mountsAt(folder: string): number {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.split(' ')[4] === folder).length
}

describe.skipIf(whyNot !== undefined)('a mounted share (run as root, with the right to mount)', () => {
  test('that was unmounted between two runs is refused until it is mounted again, and then all goes on', async () => {
    const it = sceneOf(items(40))
    const share = mounted(it)
    it.beforeCopy = (key) => {
      if (key.endsWith('0020.dcm')) throw new Fault('share-write-failed', { errno: 'EIO' })
    }
    expect(await codeOf(push(it))).toBe('share-write-failed')
    share.unmount()
    it.beforeCopy = () => undefined
    await expect(push(it)).rejects.toMatchObject({ code: 'share-missing', facts: { mounted: false } })
    expect(readdirSync(it.folder)).toEqual([])
    share.mount()
    await push(it)
    expect(readdirSync(join(share.disk, 'study'))).toHaveLength(40)
    expect(eventsOf(it).filter((event) => event.startsWith('share-mount'))).toHaveLength(1)
    expect(eventsOf(it).join()).not.toContain('gateway.test')
  })

  test.each([1, 40])('that is unmounted before copy %i of 60 ends the push there', async (nth) => {
    const it = sceneOf(items(60))
    const share = mounted(it)
    let copies = 0
    it.beforeCopy = () => {
      copies += 1
      if (copies === nth) share.unmount()
    }
    await expect(push(it)).rejects.toMatchObject({ code: 'share-missing' })
    expect(readdirSync(it.folder)).toEqual([])
    it.beforeCopy = () => undefined
    share.mount()
    await push(it)
    expect(Object.values(it.states()).every((state) => state === 'sent')).toBe(true)
    for (const { path, body } of items(60)) expect(readFileSync(join(share.disk, path)).equals(body)).toBe(true)
  })

  test('that is unmounted while an item is written does not count it as sent', async () => {
    const large = { path: 'large', body: bodyOf('large', 64 * MiB) }
    const it = sceneOf([large])
    const share = mounted(it)
    const pushing = codeOf(push(it))
    await vi.waitUntil(() => existsSync(join(share.disk, 'large')), { timeout: 20_000, interval: 1 })
    share.unmount()
    expect(await pushing).toBe('share-missing')
    expect(it.states()['large']).toBe('sending')
    expect(readdirSync(it.folder)).toEqual([])
    share.mount()
    await push(it)
    expect(it.states()['large']).toBe('sent')
    expect(readFileSync(join(share.disk, 'large')).equals(large.body)).toBe(true)
  })

  test('with another file system mounted within it writes nothing there', async () => {
    const it = sceneOf([{ path: 'study/deep/a.dcm', body: bodyOf('a', 10) }])
    const share = mounted(it)
    const within = join(it.folder, 'study')
    mkdirSync(within)
    execFileSync('mount', ['-t', 'tmpfs', 'other', within])
    await expect(push(it)).rejects.toMatchObject({ code: 'share-missing' })
    expect(readdirSync(within)).toEqual([])
    execFileSync('umount', [within])
    expect(readdirSync(join(share.disk, 'study'))).toEqual([])
  })

  test('that another is mounted over in the middle gets no byte of the rest, and neither does the other', async () => {
    const it = sceneOf(items(40))
    mounted(it)
    it.beforeCopy = (key) => {
      if (key.endsWith('0010.dcm')) mounted(it, 'other.test:/pacs')
    }
    await expect(push(it)).rejects.toMatchObject({ code: 'share-missing' })
    expect(readdirSync(it.folder)).toEqual([])
  })

  test('from another server than at the first push waits for a named person', async () => {
    const it = sceneOf(items(4))
    const share = mounted(it)
    await push(it)
    share.unmount()
    const other = mounted(it, 'other.test:/pacs')
    await expect(push(it)).rejects.toMatchObject({ code: 'share-mount-changed' })
    expect(readdirSync(other.disk)).toEqual([])
    await push(it, { person: 'Ada Lovelace' })
    await push(it)
    const accepted = eventsOf(it).filter((event) => event.startsWith('share-mount-accepted'))
    expect(accepted).toHaveLength(1)
    expect(accepted[0]).toContain('Ada Lovelace')
    expect(it.lane.journal.shareMount('arn:share')).toMatchObject({ origin: 'other.test:/pacs', person: 'Ada Lovelace' })
    other.unmount()
    share.mount()
    expect(await codeOf(push(it))).toBe('share-mount-changed')
  })

  test('is the same when it is mounted at another place, or a folder of it is given', async () => {
    const it = sceneOf(items(2))
    mounted(it)
    mkdirSync(join(it.folder, 'ct'))
    expect(await standing(it, join(it.folder, 'ct'))).toBe('went well')
    expect(it.lane.journal.shareMount('arn:share')).toMatchObject({ origin: 'gateway.test:/pacs/ct', person: undefined })
    expect(await standing(it, it.folder)).toBe('share-mount-changed')
    writeFileSync(join(it.folder, 'ct', 'mark'), '')
    execFileSync('mount', ['--bind', it.folder, it.archive])
    cleanups.push(() => {
      execFileSync('umount', ['-l', it.archive])
    })
    expect(existsSync(join(it.archive, 'ct', 'mark'))).toBe(true)
    expect(await standing(it, join(it.archive, 'ct'))).toBe('went well')
  })
})

/** Whether the gate lets a folder through. */
function standing(it: PushScene, folder: string): Promise<string> {
  const { journal } = it.lane
  const migration = { journal, world: it.world, config: { share: { folder } } } as unknown as OpenMigration
  return codeOf(requireMounted({ migration, wiring: { mounts: mountsHere, sandbox: undefined }, signal: never }, 'arn:share'))
}
