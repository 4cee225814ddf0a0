/**
 * Copies one item into the mounted share, inside a worker thread and with synchronous calls: read once, hashed on the way, written under its final
 * name, fsynced. No rename (a File Gateway would upload both names) and no truncate-and-rewrite of what is right already.
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import type { CopyOutcome, Expected } from '../../shared/ports/source.ts'
import { digester } from '../files/digesters.ts'
import { closeQuietly, errnoOf, heldStill, openExpected, readFully, type OpenFile } from '../files/openReadOnly.ts'

export type CopyRequest = {
  readonly source: Uint8Array
  readonly target: Uint8Array
  /** The share's root, and the identity it had when it was checked: another one means that the mount is gone. */
  readonly root: { readonly path: string; readonly device: number; readonly inode: number }
  readonly expected: Expected
  readonly resume: boolean
}

/** What the share did, for shareTarget.ts to turn into a fault. `left`: the part of the item that lies there may be gone on with. */
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

/** @param stop becomes 1 when the work is to end: then nothing more is written. */
export async function copyItem(request: CopyRequest, stop: Int32Array): Promise<CopyAnswer> {
  const source = openExpected(Buffer.from(request.source), request.expected)
  if ('kind' in source) {
    if (!request.resume) return { kind: 'outcome', outcome: source }
    if (!sameRoot(request.root)) return { kind: 'share-gone' }
    return leave(request, source)
  }
  try {
    return await copyOpen(source, request, stop)
  } finally {
    closeQuietly(source.fd)
  }
}

async function copyOpen(source: OpenFile, request: CopyRequest, stop: Int32Array): Promise<CopyAnswer> {
  let target: Opened
  try {
    if (!sameRoot(request.root)) return { kind: 'share-gone' }
    target = openTarget(Buffer.from(request.target), request.resume)
  } catch (error) {
    return { kind: 'write-failed', errno: errnoOf(error) }
  }
  // A file that was there before us is compared; whatever differs in it is not ours to change.
  const mayWrite = target.fresh || request.resume
  let answer: CopyAnswer
  try {
    answer = await transfer(source, target, mayWrite, request.expected, stop)
  } catch (error) {
    closeQuietly(target.fd)
    return { kind: 'write-failed', errno: errnoOf(error) }
  }
  try {
    // On a network mount the last refusal can come with close.
    closeSync(target.fd)
  } catch (error) {
    return { kind: 'write-failed', errno: errnoOf(error) }
  }
  return answer.kind === 'outcome' && answer.outcome.kind !== 'copied' && mayWrite ? leave(request, answer.outcome) : answer
}

/** The item stays behind: what we wrote of it must not land in S3 under its key. */
function leave(request: CopyRequest, outcome: CopyOutcome): CopyAnswer {
  try {
    unlinkSync(Buffer.from(request.target))
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') return { kind: 'write-failed', errno: errnoOf(error) }
  }
  return { kind: 'outcome', outcome }
}

type Opened = { readonly fd: number; readonly fresh: boolean; readonly size: number }

function openTarget(path: Buffer, resume: boolean): Opened {
  const create = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
  const existing = (resume ? constants.O_RDWR : constants.O_RDONLY) | (constants.O_NOFOLLOW ?? 0)
  const fresh = (): Opened => ({ fd: openSync(path, create, 0o640), fresh: true, size: 0 })
  try {
    return fresh()
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'ENOENT') {
      mkdirSync(path.subarray(0, path.lastIndexOf('/')), { recursive: true })
      return fresh()
    }
    if (errno !== 'EEXIST') throw error
    const fd = openSync(path, existing)
    return { fd, fresh: false, size: fstatSync(fd).size }
  }
}

async function transfer(source: OpenFile, target: Opened, mayWrite: boolean, expected: Expected, stop: Int32Array): Promise<CopyAnswer> {
  if (!mayWrite && target.size !== expected.size) return { kind: 'conflict' }
  const sha256 = createHash('sha256')
  const crc64nvme = await digester('CRC64NVME')
  let bytesWritten = 0
  let position = 0
  try {
    while (position < expected.size) {
      if (Atomics.load(stop, 0) === 1) return { kind: 'stopped' }
      const chunk = read(source, position, expected.size)
      if (chunk === undefined) return { kind: 'outcome', outcome: { kind: 'changed' } }
      if ('errno' in chunk) return { kind: 'outcome', outcome: { kind: 'unreadable', errno: chunk.errno } }
      sha256.update(chunk)
      crc64nvme.update(chunk)
      if (!lies(target, chunk, position)) {
        if (!mayWrite) return { kind: 'conflict' }
        write(target.fd, chunk, position)
        bytesWritten += chunk.length
      }
      position += chunk.length
    }
    if (!heldStill(source)) return { kind: 'outcome', outcome: { kind: 'changed' } }
    if (mayWrite) {
      if (target.size > expected.size) ftruncateSync(target.fd, expected.size)
      const seconds = expected.mtimeUs / 1e6
      futimesSync(target.fd, seconds, seconds)
      fsyncSync(target.fd)
    }
    return {
      kind: 'outcome',
      outcome: { kind: 'copied', bytesWritten, sha256: new Uint8Array(sha256.digest()), crc64nvme: crc64nvme.finish() },
    }
  } finally {
    if (position < expected.size) crc64nvme.finish()
  }
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

/** Which of the files are there. A link counts: it is something that is not ours. @throws what the share answers but ENOENT. */
export function thereAre(paths: readonly Uint8Array[]): boolean[] {
  return paths.map((path) => lstatSync(Buffer.from(path), { throwIfNoEntry: false }) !== undefined)
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
