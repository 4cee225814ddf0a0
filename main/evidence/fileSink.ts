/** Writes one file of a bundle: buffered, with backpressure, hashed as it goes, on the disk when closed. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../../shared/faults/fault.ts'

const flushAt = 256 * 1024

export type WrittenFile = { readonly name: string; readonly sha256: string; readonly bytes: number }

export interface FileSink {
  /** Resolves at once until a buffer is full, then when it is written. Bytes must not be changed by the caller afterwards. */
  write(content: string | Uint8Array): Promise<void>
  /** Flushes, syncs and closes. */
  close(): Promise<WrittenFile>
  /** Closes without syncing, for a bundle that is given up. Safe to call again, and after close. */
  abandon(): Promise<void>
}

/** Makes a new file that its owner alone may read; one that exists is an error. @throws Fault disk-full. */
export async function createFileSink(folder: string, name: string): Promise<FileSink> {
  const handle = await open(join(folder, name), 'wx', 0o600)
  const hash = createHash('sha256')
  let held: Uint8Array[] = []
  let heldLength = 0
  let written = 0
  let closed = false
  const flush = async (): Promise<void> => {
    const body = Buffer.concat(held)
    held = []
    heldLength = 0
    hash.update(body)
    try {
      for (let from = 0; from < body.length;) from += (await handle.write(body, from)).bytesWritten
    } catch (error) {
      throw diskFault(error)
    }
    written += body.length
  }
  return {
    async write(content) {
      const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
      held.push(bytes)
      heldLength += bytes.length
      if (heldLength >= flushAt) await flush()
    },
    async close() {
      await flush()
      await handle.sync()
      closed = true
      await handle.close()
      return { name, sha256: hash.digest('hex'), bytes: written }
    },
    async abandon() {
      if (closed) return
      closed = true
      await handle.close()
    },
  }
}

export function diskFault(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOSPC' || code === 'EDQUOT' ? new Fault('disk-full', { folder: 'evidence' }, { cause: error }) : error
}
