/** A share and an archive of a test's own, and what the tests of a ShareTarget do with them. */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import type { CopyOutcome, Expected } from '../../shared/ports/source.ts'
import type { ShareTarget } from '../../shared/ports/shareTarget.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { toHex } from '../../shared/units/digest.ts'
import { pathFromText } from '../../shared/units/itemPath.ts'

/** Two folders of a test's own: the mounted share, and an archive to copy from. */
export type ShareUnderTest = { readonly target: ShareTarget; readonly folder: string; readonly archive: string }

export const never: AbortSignal = new AbortController().signal
export const MiB = 1024 * 1024
const planned = 1_234_567_890.123456

export function bodyOf(seed: string, size: number): Buffer {
  const block = createHash('sha512').update(seed).digest()
  const body = Buffer.alloc(size)
  for (let at = 0; at < size; at += block.length) {
    block.writeUInt32LE(at / block.length, 0)
    block.copy(body, at)
  }
  return body
}

/** Puts an item into the archive and says what a scan would have found. */
export function item({ archive }: ShareUnderTest, path: string, body: Uint8Array, mtime = planned): Expected {
  const file = join(archive, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, body)
  utimesSync(file, mtime, mtime)
  const stats = lstatSync(file)
  return { size: bytes(stats.size), mtimeUs: Math.round(stats.mtimeMs * 1000) }
}

export function copy(
  it: ShareUnderTest,
  path: string,
  expected: Expected,
  resume = false,
  signal: AbortSignal = never,
): Promise<CopyOutcome> {
  return it.target.copy({ root: it.archive, path: pathFromText(path) }, path, expected, resume, signal)
}

/** Everything of a file that Firn could have changed. */
export function fingerprint(file: string): unknown {
  const { mode, ino, size, mtimeNs, nlink } = lstatSync(file, { bigint: true })
  return {
    mode,
    ino,
    size,
    mtimeNs,
    nlink,
    body: lstatSync(file).isFile() ? toHex(createHash('sha256').update(readFileSync(file)).digest()) : '',
  }
}

export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

/**
 * Stops a copy of a large item in its middle and waits for the last word: what lies there then is as a crash would leave it.
 * @returns the number of bytes that lie there, fewer than the item has.
 */
export async function cutOff(it: ShareUnderTest, path: string, expected: Expected): Promise<number> {
  const stop = new AbortController()
  const copying = copy(it, path, expected, false, stop.signal)
  copying.catch(() => undefined)
  const file = join(it.folder, path)
  for (let look = 0; look < 5000 && !(existsSync(file) && lstatSync(file).size > 0); look += 1)
    await new Promise((done) => setImmediate(done))
  stop.abort(new Error('cut off'))
  await expect(copying).rejects.toThrow('cut off')
  const { size } = lstatSync(file)
  expect(size).toBeGreaterThan(0)
  expect(size).toBeLessThan(expected.size)
  return size
}
