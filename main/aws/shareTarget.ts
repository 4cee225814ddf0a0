/** ShareTarget over a mounted file share: NFS or SMB of a Storage Gateway, or the folder that stands for one in a rehearsal. */
import { randomBytes, randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../../shared/faults/fault.ts'
import type { CopyOutcome } from '../../shared/ports/source.ts'
import type { ShareTarget } from '../../shared/ports/shareTarget.ts'
import type { CopyAnswer, CopyRequest } from './shareCopy.ts'
import { ShareThreads } from './shareThreads.ts'

export type ShareTargetOptions = {
  /** Where the share is mounted. */
  readonly folder: string
  /** What the share's location adds in front of every path: keys begin with it. '' or ending with '/'. */
  readonly prefixInShare: string
  /** Writers at once. Default 4. */
  readonly workers?: number
  /** Asked before each item. A rehearsal's folder cannot refuse by itself as a full gateway does. */
  readonly admit?: (bytes: number) => Promise<boolean>
  /** What the folder was found to be when its mount was looked at, and a look whether it still is. */
  readonly gate?: { readonly root: { readonly device: number; readonly inode: number }; confirm(): Promise<void> }
}

/** What a gateway with a full cache answers (AWS Storage Gateway guide: writes are refused at 90 % dirty). */
const refusals = new Set(['ENOSPC', 'EDQUOT'])
const gone = new Set(['ENOTCONN', 'ESTALE', 'ENODEV', 'EHOSTDOWN', 'ENXIO'])
const probeBytes = 4096

export function openShareTarget(options: ShareTargetOptions): ShareTarget {
  const { folder, prefixInShare, admit } = options
  const threads = new ShareThreads(options.workers ?? 4)
  let root: CopyRequest['root'] | undefined = options.gate && { path: folder, ...options.gate.root }
  let checked = false

  const pathOf = (key: string): Buffer => {
    if (!key.startsWith(prefixInShare)) throw new Fault('bad-input', { field: 'prefix', problem: 'the key does not lie below the share' })
    const path = key.slice(prefixInShare.length)
    if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
      throw new Fault('bad-input', { field: 'key', problem: 'cannot be a path in a share' })
    }
    return Buffer.from(join(folder, path))
  }

  return {
    async check(signal) {
      const stats = await stat(folder).catch((error: unknown) => {
        throw new Fault('share-missing', {}, { cause: error })
      })
      if (!stats.isDirectory()) throw new Fault('share-missing')
      if (root !== undefined && (root.device !== stats.dev || root.inode !== stats.ino))
        throw new Fault('share-missing', { identity: 'changed' })
      const path = join(folder, `.firn-probe-${randomUUID()}`)
      const reply = await threads.ask({ kind: 'probe', path, body: randomBytes(probeBytes) }, signal)
      signal.throwIfAborted()
      if (reply.kind !== 'probe' || reply.errno !== undefined) throw writeFault(reply.kind === 'probe' ? (reply.errno ?? 'EIO') : 'EIO')
      root = { path: folder, device: stats.dev, inode: stats.ino }
      checked = true
    },

    async there(keys, signal) {
      await options.gate?.confirm()
      const reply = await threads.ask({ kind: 'there', paths: keys.map(pathOf), root }, signal)
      signal.throwIfAborted()
      if (reply.kind !== 'there') throw writeFault(reply.kind === 'failed' ? reply.errno : 'EIO')
      if (reply.there === undefined) throw new Fault('share-missing', { identity: 'changed' })
      return reply.there
    },

    async copy(source, key, expected, resume, signal) {
      if (root === undefined || !checked) throw new Fault('share-missing', { checked: false })
      if (admit !== undefined && !(await admit(expected.size))) throw new Fault('share-refused', { errno: 'ENOSPC' })
      signal.throwIfAborted()
      const control = new Int32Array(new SharedArrayBuffer(4))
      const request: CopyRequest = {
        source: Buffer.concat([Buffer.from(`${source.root}/`), source.path]),
        sourceRoot: source.root,
        target: pathOf(key),
        folders: key.slice(prefixInShare.length).split('/').length - 1,
        root,
        expected: { size: expected.size, mtimeUs: expected.mtimeUs },
        resume,
        replaces: source.replaces,
      }
      const reply = await threads.ask({ kind: 'copy', request, control }, signal, control)
      if (reply.kind !== 'copy') throw writeFault(reply.kind === 'failed' ? reply.errno : 'EIO')
      // Where somebody else answers for the cache, a full disk is a full disk.
      if (admit !== undefined && reply.answer.kind === 'write-failed' && reply.answer.errno === 'ENOSPC')
        throw new Fault('disk-full', { disk: 'share' })
      return outcomeOf(reply.answer, signal)
    },

    close: () => threads.close(),
  }
}

function outcomeOf(answer: CopyAnswer, signal: AbortSignal): CopyOutcome {
  switch (answer.kind) {
    case 'outcome':
      return answer.outcome
    case 'conflict':
      throw new Fault('share-conflict')
    case 'share-gone':
      throw new Fault('share-missing', { identity: 'changed' })
    case 'write-failed':
      throw writeFault(answer.errno)
    case 'stopped':
      signal.throwIfAborted()
      throw new Fault('stopped')
  }
}

function writeFault(errno: string): Fault {
  if (refusals.has(errno)) return new Fault('share-refused', { errno })
  if (gone.has(errno)) return new Fault('share-missing', { errno })
  return new Fault('share-write-failed', { errno })
}
