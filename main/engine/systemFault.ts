/** What the operating system refused, in words: errors that no stage has named, as they reach whoever started the work. */
import { asFault, Fault } from '../../shared/faults/fault.ts'

const full = new Set(['ENOSPC', 'EDQUOT'])
const notOurs = new Set(['EACCES', 'EPERM', 'EROFS'])
/** A folder that cannot be made: below a file, or (Node says ENOENT then) on a disk that is mounted read-only. */
const noFolder = new Set(['ENOENT', 'ENOTDIR', 'EEXIST'])

/** As asFault, but a full disk and a folder that may not be written keep their meaning. The error's own message, which may hold a path, stays in `cause`. */
export function systemFault(error: unknown): Fault {
  const fault = asFault(error)
  if (fault.code !== 'unforeseen') return fault
  const errno = textOf(fault.cause, 'code')
  if (errno === undefined) return fault
  if (full.has(errno)) return new Fault('disk-full', { errno }, { cause: error })
  const unmade = textOf(fault.cause, 'syscall') === 'mkdir' && noFolder.has(errno)
  return notOurs.has(errno) || unmade ? new Fault('journal-not-writable', { errno }, { cause: error }) : fault
}

function textOf(error: unknown, name: 'code' | 'syscall'): string | undefined {
  const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined
  return typeof value === 'string' ? value : undefined
}
