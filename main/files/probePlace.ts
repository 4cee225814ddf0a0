/** ProbePlace over a mounted folder. A mount that hangs costs a person some seconds, never more. */
import { open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../../shared/faults/fault.ts'
import { second } from '../../shared/units/duration.ts'
import type { ProbePlace } from '../push/probeShare.ts'
import { errnoOf } from './openReadOnly.ts'

const mostTime = 15 * second

export function openProbePlace(folder: string): ProbePlace {
  return {
    async leave(name, body, signal) {
      signal.throwIfAborted()
      return inTime(write(join(folder, name), body))
    },
    async remove(name) {
      await inTime(
        unlink(join(folder, name)).catch((error: unknown) => {
          if (errnoOf(error) !== 'ENOENT') throw error
        }),
      )
    },
  }
}

async function write(path: string, body: Uint8Array): Promise<number> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(body)
    await file.sync()
    return (await file.stat()).mtimeMs
  } finally {
    await file.close()
  }
}

/** @throws Fault share-missing, share-write-failed; ETIMEDOUT among them when the file system does not answer. */
export async function inTime<Result>(doing: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Fault('share-write-failed', { errno: 'ETIMEDOUT' })), mostTime)
  })
  try {
    return await Promise.race([doing, late])
  } catch (error) {
    if (error instanceof Fault) throw error
    const errno = errnoOf(error)
    if (errno === 'ENOENT' || errno === 'ENOTDIR') throw new Fault('share-missing', { errno }, { cause: error })
    throw new Fault('share-write-failed', { errno }, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}
