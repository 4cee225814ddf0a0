/** On what the folder lies that is given as the share: a network mount, or this machine's own disk, which a share that was unmounted leaves behind. */
import type { Stats } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import type { Mount } from '../../shared/domain/gateway.ts'
import { isNetwork, mountUnder, originOf } from '../../shared/domain/shareMounts.ts'
import { asFault, Fault } from '../../shared/faults/fault.ts'
import { inTime } from './probePlace.ts'

/** The folder itself, as the file system numbers it. */
export type ShareRoot = { readonly device: number; readonly inode: number }

/** What a push must find again, whenever it looks. */
export type ThroughGate = { readonly root: ShareRoot; confirm(): Promise<void> }

export type ShareStanding = { readonly root: ShareRoot } & (
  | { readonly kind: 'mounted'; readonly origin: string }
  | { readonly kind: 'local' }
  /** The mounts could not be read, or do not tell. `code`: why. */
  | { readonly kind: 'unknown'; readonly code: string }
)

/**
 * @param mounts all mounts of this machine, as main/files/mounts.ts reads them
 * @throws Fault share-missing when there is no such folder, or when it was mounted or unmounted just now; share-write-failed when the mount hangs.
 */
export async function standingOf(
  folder: string,
  mounts: () => Promise<readonly Mount[]>,
  platform: NodeJS.Platform = process.platform,
): Promise<ShareStanding> {
  // The look at the folder comes first: it has an automounter mount what it must.
  const real = await inTime(realpath(folder))
  const before = await inTime(stat(real))
  if (!before.isDirectory()) throw new Fault('share-missing')
  const root = rootOf(before)
  let all: readonly Mount[]
  try {
    all = await mounts()
  } catch (error) {
    return { root, kind: 'unknown', code: asFault(error).code }
  }
  const after = rootOf(await inTime(stat(real)))
  if (after.device !== root.device || after.inode !== root.inode) throw new Fault('share-missing', { identity: 'changed' })
  const mount = mountUnder(real, all)
  // One that was mounted over a folder above hides it: then the folder is on another device than the mount.
  const hidden = mount?.device !== undefined && mount.device !== root.device
  if (mount !== undefined && isNetwork(mount) && !hidden) return { root, kind: 'mounted', origin: originOf(real, mount) }
  // A drive of Windows that is gone leaves no folder behind, and not all of its network drives are SMB's.
  if (mount === undefined && platform === 'win32') return { root, kind: 'unknown', code: 'not-mapped' }
  return { root, kind: 'local' }
}

function rootOf({ dev, ino }: Stats): ShareRoot {
  return { device: dev, inode: ino }
}
