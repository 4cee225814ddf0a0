/**
 * Bytes of objects and parts as files. A body is written under incoming/, and renamed into objects/ when it is whole and its checksums
 * agree; only then does a row name it. What a kill leaves under incoming/ is removed at the next open.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChecksumAlgorithm } from '../contract.ts'
import { startChecksum } from './checksums.ts'

/** A whole body on disk that no object names yet. */
export type Draft = {
  readonly blob: string
  readonly size: number
  readonly md5: Buffer
  /** Base64, of the algorithm asked for. */
  readonly checksum: string | undefined
  /** Moves the file to where rows may name it. */
  keep(): void
  discard(): void
}

/** Bodies up to here are written with one call; above, the writer waits for the disk and memory stays flat. */
const smallBody = 1_048_576

export class Blobs {
  readonly #incoming: string
  readonly #objects: string
  readonly #name: () => string

  constructor(folder: string, name: () => string) {
    this.#incoming = join(folder, 'incoming')
    this.#objects = join(folder, 'objects')
    this.#name = name
    rmSync(this.#incoming, { recursive: true, force: true })
    mkdirSync(this.#incoming, { recursive: true })
    for (let at = 0; at < 256; at += 1) mkdirSync(join(this.#objects, hexByte(at)), { recursive: true })
  }

  path(blob: string): string {
    return join(this.#objects, blob.slice(0, 2), blob)
  }

  /** Reads the body to its end. Nothing stays on disk when it breaks off. `md5: false` spares the MD5 of bytes whose ETag is known otherwise. */
  async receive(body: AsyncIterable<Uint8Array>, algorithm: ChecksumAlgorithm | undefined, { md5: wantsMd5 = true } = {}): Promise<Draft> {
    const blob = this.#name()
    const file = join(this.#incoming, blob)
    const md5 = createHash('md5')
    const checksum = algorithm === undefined || algorithm === 'MD5' ? undefined : startChecksum(algorithm)
    let size = 0
    try {
      const writer = new Writer(file)
      try {
        for await (const chunk of body) {
          size += chunk.length
          if (wantsMd5) md5.update(chunk)
          checksum?.update(chunk)
          await writer.write(chunk)
        }
      } finally {
        await writer.close()
      }
    } catch (error) {
      rmSync(file, { force: true })
      throw error
    }
    const md5Bytes = md5.digest()
    const value = algorithm === 'MD5' ? md5Bytes : checksum?.digest()
    return {
      blob,
      size,
      md5: md5Bytes,
      checksum: value?.toString('base64'),
      keep: () => {
        renameSync(file, this.path(blob))
      },
      discard: () => {
        rmSync(file, { force: true })
      },
    }
  }

  /** A file that is held open elsewhere (Windows) stays behind and is swept at the next unclean start. */
  remove(blobs: readonly (string | null)[]): void {
    for (const blob of blobs) {
      if (blob === null) continue
      try {
        unlinkSync(this.path(blob))
      } catch {
        // Nothing names it any more; that it is gone already, or goes later, makes no difference.
      }
    }
  }

  /** After an unclean end: files that no row names. */
  sweep(isNamed: (blob: string) => boolean): void {
    for (let at = 0; at < 256; at += 1) {
      const orphans = readdirSync(join(this.#objects, hexByte(at))).filter((blob) => !isNamed(blob))
      this.remove(orphans)
    }
  }
}

/** Gathers small bodies for one write and hands large ones on as they come. */
class Writer {
  readonly #file: string
  #pending: Uint8Array[] = []
  #pendingBytes = 0
  #handle: Awaited<ReturnType<typeof open>> | undefined

  constructor(file: string) {
    this.#file = file
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#pending.push(chunk)
    this.#pendingBytes += chunk.length
    if (this.#pendingBytes < smallBody) return
    this.#handle ??= await open(this.#file, 'w')
    await this.#handle.appendFile(this.#take())
  }

  async close(): Promise<void> {
    if (this.#handle === undefined) {
      writeFileSync(this.#file, this.#take())
      return
    }
    try {
      if (this.#pendingBytes > 0) await this.#handle.appendFile(this.#take())
    } finally {
      await this.#handle.close()
    }
  }

  #take(): Uint8Array {
    const [first = new Uint8Array()] = this.#pending
    const bytes = this.#pending.length < 2 ? first : Buffer.concat(this.#pending, this.#pendingBytes)
    this.#pending = []
    this.#pendingBytes = 0
    return bytes
  }
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0')
}
