/**
 * Copies one item into the mounted share, inside a worker thread and with synchronous calls: read once, hashed on the way, written under its final
 * name, fsynced. No rename (a File Gateway would upload both names) and no truncate-and-rewrite of what is right already.
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeSync,
  type Stats,
} from 'node:fs'
import type { CopyOutcome, Expected } from '../../shared/ports/source.ts'
import { digester } from '../files/digesters.ts'
import { closeQuietly, errnoOf, heldStill, openExpected, readFully, type OpenFile } from '../files/openReadOnly.ts'

export type CopyRequest = {
  readonly source: Uint8Array
  /** The archive's root: what does not lie below it is not read. */
  readonly sourceRoot: string
  readonly target: Uint8Array
  /** How many folders of the target's path lie below the share's root. */
  readonly folders: number
  /** The share's root, and the identity it had when it was checked: another one means that the mount is gone. */
  readonly root: { readonly path: string; readonly device: number; readonly inode: number }
  readonly expected: Expected
  readonly resume: boolean
  /** SHA-256 of what Firn copied under this name before the item changed. */
  readonly replaces: Uint8Array | undefined
}

/** The place in the word that a copy shares with whoever asked for it: set to 1 to end it, after which nothing more is written. */
export const stopped = 0

/** What the share did, for shareTarget.ts to turn into a fault. conflict: something of another's lies there, and stays as it is. */
export type CopyAnswer =
  | { readonly kind: 'outcome'; readonly outcome: CopyOutcome }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'share-gone' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'write-failed'; readonly errno: string }

/** Large sequential writes: what a write-back cache takes best. Both buffers are used again for every item of the thread. */
const chunkBytes = 1024 * 1024
const fromSource = Buffer.allocUnsafe(chunkBytes)
const fromShare = Buffer.allocUnsafe(chunkBytes)

/**
 * What Firn has begun and not ended has the sticky bit, given with the very call that creates the file: a mark that nobody gives a file by accident,
 * and without which nothing that lies in the share is ever written to or removed, whatever the journal intended.
 */
const unfinished = 0o1000
const modeOfItems = 0o640
/** A link, or a file whose rights say that it is another's. */
const notOurs = new Set(['ELOOP', 'EACCES', 'EPERM'])
const plainly = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** @param control see `stopped` */
export async function copyItem(request: CopyRequest, control: Int32Array): Promise<CopyAnswer> {
  const source = openExpected(Buffer.from(request.source), Buffer.from(request.sourceRoot), request.expected)
  if ('kind' in source) {
    if (!request.resume) return { kind: 'outcome', outcome: source }
    if (!sameRoot(request.root)) return { kind: 'share-gone' }
    return leaveUnread(Buffer.from(request.target), source, request.root.device)
  }
  try {
    return await copyOpen(source, request, control)
  } finally {
    closeQuietly(source.fd)
  }
}

async function copyOpen(source: OpenFile, request: CopyRequest, control: Int32Array): Promise<CopyAnswer> {
  const path = Buffer.from(request.target)
  let target: Opened | 'foreign' | 'elsewhere'
  try {
    if (!sameRoot(request.root)) return { kind: 'share-gone' }
    target = openTarget(path, request)
  } catch (error) {
    return { kind: 'write-failed', errno: errnoOf(error) }
  }
  if (target === 'elsewhere') return { kind: 'share-gone' }
  if (target === 'foreign') return { kind: 'conflict' }
  let answer: CopyAnswer
  let named = false
  try {
    // A share that is the archive itself would take every item as copied, and Firn would remove from it what it must never touch.
    if (!target.fresh && isSameFile(source.fd, target.fd)) answer = { kind: 'share-gone' }
    else answer = await transfer(source, target, request.expected, control)
  } catch (error) {
    answer = { kind: 'write-failed', errno: errnoOf(error) }
  }
  try {
    named = leadsTo(path, target.fd)
    // On a network mount the last refusal can come with close.
    closeSync(target.fd)
  } catch (error) {
    closeQuietly(target.fd)
    if (answer.kind !== 'write-failed') answer = { kind: 'write-failed', errno: errnoOf(error) }
  }
  // Unmounted meanwhile: the open file was on the share to the last, and what its name leads to now is not.
  if (!named && !sameRoot(request.root)) return { kind: 'share-gone' }
  return settle(answer, path, target, named, request.resume)
}

/** What becomes of the file in the share. `named`: its name led to it to the last, so that what is removed is ours. */
function settle(answer: CopyAnswer, path: Buffer, target: Opened, named: boolean, resume: boolean): CopyAnswer {
  if (answer.kind === 'outcome' && answer.outcome.kind === 'copied') return named ? answer : { kind: 'conflict' }
  if (!target.ours) return resume && answer.kind === 'outcome' ? { kind: 'conflict' } : answer
  // What stays behind must not land in S3 under its key; and what does not keep its mark could not be told from another's file later.
  const cutOff = answer.kind === 'stopped' || answer.kind === 'write-failed'
  const removed = named && (answer.kind === 'outcome' || (cutOff && !target.marked))
  return (removed ? remove(path) : undefined) ?? answer
}

/** The item stays behind and was not even opened: what an earlier run wrote of it must not land in S3 under its key. */
function leaveUnread(path: Buffer, outcome: CopyOutcome, device: number): CopyAnswer {
  try {
    const seen = lstatSync(path, { throwIfNoEntry: false })
    if (seen === undefined) return { kind: 'outcome', outcome }
    if (seen.dev !== device) return { kind: 'share-gone' }
    // Perhaps ours and whole, perhaps another's: there is nothing to compare it with.
    if (!seen.isFile() || !isUnfinished(seen)) return { kind: 'conflict' }
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') return { kind: 'outcome', outcome }
    return { kind: 'write-failed', errno: errnoOf(error) }
  }
  return remove(path) ?? { kind: 'outcome', outcome }
}

function remove(path: Buffer): CopyAnswer | undefined {
  try {
    unlinkSync(path)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') return { kind: 'write-failed', errno: errnoOf(error) }
  }
  return undefined
}

type Opened = {
  readonly fd: number
  /** Made by this call. */
  readonly fresh: boolean
  /** Made by this call or by a run that was cut off: the only file that may be written to. */
  readonly ours: boolean
  /** Has the mark; a fresh one has it not where the share does not keep it (SMB). */
  readonly marked: boolean
  readonly size: number
  readonly mode: number
}

/**
 * 'foreign': something lies under the name that cannot be a copy of the item, or on the way to it. 'elsewhere': the way leads to another file system
 * than the share's: it was unmounted since the look at its root, or hides behind another mount. What was made there is removed, empty.
 */
function openTarget(path: Buffer, { resume, folders, replaces, root }: CopyRequest): Opened | 'foreign' | 'elsewhere' {
  const parents = makeParents(path, folders, root.device)
  if (parents !== 'made') return parents
  let fd: number
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | plainly, modeOfItems | unfinished)
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error
    return lstatSync(path).dev === root.device ? openExisting(path, resume, replaces) : 'elsewhere'
  }
  const stats = fstatSync(fd)
  if (stats.dev !== root.device) {
    if (leadsTo(path, fd)) unlinkSync(path)
    closeQuietly(fd)
    return 'elsewhere'
  }
  return { fd, fresh: true, ours: true, marked: isUnfinished(stats), size: 0, mode: stats.mode & 0o777 }
}

function openExisting(path: Buffer, resume: boolean, replaces: Uint8Array | undefined): Opened | 'foreign' {
  const seen = lstatSync(path)
  if (!seen.isFile()) return 'foreign'
  if (replaces !== undefined && !isUnfinished(seen)) return openReplaceable(path, replaces)
  const ours = resume && isUnfinished(seen)
  let fd: number
  try {
    fd = openSync(path, (ours ? constants.O_RDWR : constants.O_RDONLY) | plainly)
  } catch (error) {
    if (notOurs.has(errnoOf(error))) return 'foreign'
    throw error
  }
  const stats = fstatSync(fd)
  if (!stats.isFile() || ours !== (resume && isUnfinished(stats))) {
    closeQuietly(fd)
    return 'foreign'
  }
  return { fd, fresh: false, ours, marked: isUnfinished(stats), size: stats.size, mode: stats.mode & 0o777 }
}

/** A file with the bytes that Firn copied before the item changed gets the mark and is written over; any other is compared and left alone. */
function openReplaceable(path: Buffer, replaces: Uint8Array): Opened | 'foreign' {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDWR | plainly)
  } catch (error) {
    if (notOurs.has(errnoOf(error))) return 'foreign'
    throw error
  }
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw Object.assign(new Error('no longer a file'), { code: 'ELOOP' })
    const ours = digestOf(fd, stats.size).equals(replaces)
    const mode = stats.mode & 0o777
    if (ours) fchmodSync(fd, mode | unfinished)
    return { fd, fresh: false, ours, marked: ours && isUnfinished(fstatSync(fd)), size: stats.size, mode }
  } catch (error) {
    closeQuietly(fd)
    if (notOurs.has(errnoOf(error))) return 'foreign'
    throw error
  }
}

function digestOf(fd: number, size: number): Buffer {
  const hash = createHash('sha256')
  for (let position = 0; position < size;) {
    const got = readFully(fd, fromShare, position)
    if (got === 0) break
    hash.update(fromShare.subarray(0, got))
    position += got
  }
  return hash.digest()
}

/** Folders between the share's root and the item must be folders of the share: a link or a mount among them would lead out of it. */
function makeParents(path: Buffer, folders: number, device: number): 'made' | 'foreign' | 'elsewhere' {
  const ends: number[] = []
  for (let end = path.lastIndexOf('/'); ends.length < folders; end = path.lastIndexOf('/', end - 1)) ends.unshift(end)
  // One by one: a recursive mkdir follows links, and tells ENOENT for some of what the share answers.
  for (const end of ends) {
    const folder = path.subarray(0, end)
    let stats = lstatSync(folder, { throwIfNoEntry: false })
    let made = false
    if (stats === undefined) {
      try {
        mkdirSync(folder)
        made = true
      } catch (error) {
        // Another thread was faster.
        if (errnoOf(error) !== 'EEXIST') throw error
      }
      stats = lstatSync(folder)
    }
    if (!stats.isDirectory()) return 'foreign'
    if (stats.dev !== device) {
      if (made) rmdirSync(folder)
      return 'elsewhere'
    }
  }
  return 'made'
}

function isUnfinished(stats: Stats): boolean {
  return (stats.mode & unfinished) !== 0
}

function isSameFile(one: number, other: number): boolean {
  const [a, b] = [fstatSync(one), fstatSync(other)]
  return a.dev === b.dev && a.ino === b.ino
}

/** Whether the name still leads to the open file: somebody may have put another in its place. */
function leadsTo(path: Buffer, fd: number): boolean {
  const [there, open] = [lstatSync(path, { throwIfNoEntry: false }), fstatSync(fd)]
  return there !== undefined && there.dev === open.dev && there.ino === open.ino
}

async function transfer(source: OpenFile, target: Opened, expected: Expected, control: Int32Array): Promise<CopyAnswer> {
  if (!target.ours && target.size !== expected.size) return { kind: 'conflict' }
  const sha256 = createHash('sha256')
  const crc64nvme = await digester('CRC64NVME')
  let bytesWritten = 0
  let position = 0
  try {
    while (position < expected.size) {
      if (Atomics.load(control, stopped) === 1) return { kind: 'stopped' }
      const chunk = read(source, position, expected.size)
      if (chunk === undefined) return { kind: 'outcome', outcome: { kind: 'changed' } }
      if ('errno' in chunk) return { kind: 'outcome', outcome: { kind: 'unreadable', errno: chunk.errno } }
      sha256.update(chunk)
      crc64nvme.update(chunk)
      if (!lies(target, chunk, position)) {
        if (!target.ours) return { kind: 'conflict' }
        write(target.fd, chunk, position)
        bytesWritten += chunk.length
      }
      position += chunk.length
    }
    if (!heldStill(source)) return { kind: 'outcome', outcome: { kind: 'changed' } }
    if (Atomics.load(control, stopped) === 1) return { kind: 'stopped' }
    if (target.ours) {
      if (target.size > expected.size) ftruncateSync(target.fd, expected.size)
      end(target, expected)
    }
    // Somebody else wrote to it at the same time.
    if (fstatSync(target.fd).size !== expected.size) return { kind: 'conflict' }
    return {
      kind: 'outcome',
      outcome: { kind: 'copied', bytesWritten, sha256: new Uint8Array(sha256.digest()), crc64nvme: crc64nvme.finish() },
    }
  } finally {
    if (position < expected.size) crc64nvme.finish()
  }
}

/** The mark goes last, when the bytes are durable: a file of ours without it is whole. */
function end(target: Opened, expected: Expected): void {
  fsyncSync(target.fd)
  const seconds = expected.mtimeUs / 1e6
  futimesSync(target.fd, seconds, seconds)
  if (target.marked) fchmodSync(target.fd, target.mode)
  fsyncSync(target.fd)
}

/** `undefined`: the source ended early, so it is not what was planned. */
function read(source: OpenFile, position: number, size: number): Buffer | { readonly errno: string } | undefined {
  const wanted = Math.min(chunkBytes, size - position)
  try {
    const got = readFully(source.fd, fromSource.subarray(0, wanted), position)
    return got === wanted ? fromSource.subarray(0, wanted) : undefined
  } catch (error) {
    return { errno: errnoOf(error) }
  }
}

/** Whether just these bytes are in the share already: left by a run that was cut off, or by whoever put the file there. */
function lies(target: Opened, chunk: Buffer, position: number): boolean {
  if (target.size < position + chunk.length) return false
  return (
    readFully(target.fd, fromShare.subarray(0, chunk.length), position) === chunk.length &&
    fromShare.subarray(0, chunk.length).equals(chunk)
  )
}

function write(fd: number, chunk: Buffer, position: number): void {
  let written = 0
  while (written < chunk.length) written += writeSync(fd, chunk, written, chunk.length - written, position + written)
}

function sameRoot(root: CopyRequest['root']): boolean {
  try {
    const now = statSync(root.path)
    return now.dev === root.device && now.ino === root.inode
  } catch {
    return false
  }
}

/**
 * Which of the files are there. A link counts, and so does a file in place of a folder: it is something that is not ours and in the way.
 * `undefined`: the root is no longer the one that was checked, and what is missing from it says nothing.
 */
export function thereAre(paths: readonly Uint8Array[], root: CopyRequest['root'] | undefined): boolean[] | undefined {
  const there = paths.map((path) => {
    try {
      return lstatSync(Buffer.from(path), { throwIfNoEntry: false }) !== undefined
    } catch (error) {
      if (errnoOf(error) === 'ENOTDIR') return true
      throw error
    }
  })
  return root === undefined || sameRoot(root) ? there : undefined
}

/** Writes a small file of Firn's own, reads it back and removes it. @returns the errno of what failed. */
export function probe(path: Buffer, body: Uint8Array): string | undefined {
  try {
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600)
    try {
      write(fd, Buffer.from(body), 0)
      fsyncSync(fd)
      const back = Buffer.alloc(body.length)
      if (readSync(fd, back, 0, back.length, 0) !== body.length || !back.equals(body)) return 'EIO'
    } finally {
      closeSync(fd)
      unlinkSync(path)
    }
    return undefined
  } catch (error) {
    return errnoOf(error)
  }
}
