/** Opening source files: read only, never through a link, never waiting for a pipe, and without touching the access time where the system allows. */
import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync, realpathSync, type Stats } from 'node:fs'
import type { ItemStat } from '../../shared/domain/item.ts'
import type { Expected } from '../../shared/ports/source.ts'
import { bytes } from '../../shared/units/bytes.ts'

/** O_NONBLOCK matters only if a file turns into a pipe between listing and opening. Windows knows neither of these. */
const readOnly = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
const noAccessTime = constants.O_NOATIME ?? 0
const slash = 0x2f

/**
 * Opens a file below an archive's root. O_NOFOLLOW guards the last name only; a folder on the way that has become a link would lead out of the
 * archive, so Linux is asked where the open file really lies. @throws ELOOP when it lies elsewhere.
 */
export function openReadOnly(path: Buffer, root: Buffer): number {
  const fd = openPlainly(path)
  if (process.platform !== 'linux' || liesBelow(fd, root)) return fd
  closeSync(fd)
  throw Object.assign(new Error('not below the root'), { code: 'ELOOP' })
}

/** Linux grants O_NOATIME to the owner of the file and to root only (open(2)); others open it the plain way. */
function openPlainly(path: Buffer): number {
  if (noAccessTime === 0) return openSync(path, readOnly)
  try {
    return openSync(path, readOnly | noAccessTime)
  } catch (error) {
    if (errnoOf(error) !== 'EPERM') throw error
    return openSync(path, readOnly)
  }
}

const realRoots = new Map<string, Buffer>()

function liesBelow(fd: number, root: Buffer): boolean {
  const at = readlinkSync(`/proc/self/fd/${fd}`, 'buffer')
  const name = root.toString('latin1')
  const known = realRoots.get(name)
  if (known !== undefined && isBelow(at, known)) return true
  // The root itself may be a link, and may have been set anew; whether it is still the archive's root is asked elsewhere.
  const real = realpathSync(root, 'buffer')
  realRoots.set(name, real)
  return isBelow(at, real)
}

function isBelow(path: Buffer, folder: Buffer): boolean {
  const length = folder.at(-1) === slash ? folder.length - 1 : folder.length
  return path.length > length && path[length] === slash && path.subarray(0, length).equals(folder.subarray(0, length))
}

/** Inodes of 64 bits (NFS, ZFS) are folded below 2^53: with size and mtime beside it, enough to notice another file. */
export function statOf(stats: Stats): ItemStat {
  return { size: bytes(stats.size), mtimeUs: Math.round(stats.mtimeMs * 1000), inode: stats.ino % Number.MAX_SAFE_INTEGER }
}

export type OpenFile = { readonly fd: number; readonly size: number; readonly mtimeUs: number }
type NotOpened = { readonly kind: 'changed' } | { readonly kind: 'vanished' } | { readonly kind: 'unreadable'; readonly errno: string }

/** Opens a file that must be as the plan expects it. */
export function openExpected(path: Buffer, root: Buffer, expected: Expected): OpenFile | NotOpened {
  let fd: number
  try {
    fd = openReadOnly(path, root)
  } catch (error) {
    return whyNot(error)
  }
  try {
    const stats = fstatSync(fd)
    const { size, mtimeUs } = statOf(stats)
    if (stats.isFile() && size === expected.size && mtimeUs === expected.mtimeUs) return { fd, size, mtimeUs }
    closeSync(fd)
    return { kind: 'changed' }
  } catch (error) {
    closeQuietly(fd)
    return whyNot(error)
  }
}

/** A file read from begin to end, or half of it, that has not moved since it was opened. */
export function heldStill(file: OpenFile): boolean {
  const { size, mtimeUs } = statOf(fstatSync(file.fd))
  return size === file.size && mtimeUs === file.mtimeUs
}

/** Fills `into` from `position` on; fewer bytes only at the end of the file. */
export function readFully(fd: number, into: Uint8Array, position: number): number {
  let filled = 0
  while (filled < into.length) {
    const got = readSync(fd, into, filled, into.length - filled, position + filled)
    if (got === 0) break
    filled += got
  }
  return filled
}

/** Closing a file that was only read cannot lose anything. */
export function closeQuietly(fd: number): void {
  try {
    closeSync(fd)
  } catch {
    return
  }
}

/** Gone, or replaced by a link (ELOOP) or by something else than what was planned, or there and not readable. */
export function whyNot(error: unknown): NotOpened {
  const errno = errnoOf(error)
  if (errno === 'ENOENT' || errno === 'ENOTDIR') return { kind: 'vanished' }
  return errno === 'ELOOP' ? { kind: 'changed' } : { kind: 'unreadable', errno }
}

/** The error number's name alone: messages of the file system hold paths. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'EUNKNOWN'
}
