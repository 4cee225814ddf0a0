/** Folders for tests: made, hashed as a whole, and removed. */
import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { ClutterPolicy } from '../../shared/domain/archive.ts'
import type { FoundItem } from '../../shared/domain/item.ts'
import type { Expected, Source } from '../../shared/ports/source.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathForDisplay, rootPath, type ItemPath } from '../../shared/units/itemPath.ts'

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A new folder with the files given, by path. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'firn-source-'))
  made.push(folder)
  for (const [path, body] of Object.entries(files)) writeInto(folder, path, body)
  return folder
}

export function writeInto(folder: string, path: string, body: string | Uint8Array): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), body)
}

/** Bytes, names, sizes, kinds and modification times of everything in a tree, as one hash. */
export function treeHash(folder: string): string {
  const hash = createHash('sha256')
  const visit = (path: Buffer): void => {
    const stats = lstatSync(path, { bigint: true })
    hash.update(path).update(`:${stats.mode}:${stats.size}:${stats.mtimeNs}:${stats.nlink}\n`)
    if (stats.isFile()) hash.update(readFileSync(path))
    if (stats.isSymbolicLink()) hash.update(readlinkSync(path, { encoding: 'buffer' }))
    if (!stats.isDirectory()) return
    const names = readdirSync(path, { encoding: 'buffer' }).sort((a, b) => a.compare(b))
    for (const name of names) visit(Buffer.concat([path, Buffer.from('/'), name]))
  }
  visit(Buffer.from(folder))
  return hash.digest('hex')
}

export function expectedOf(file: string): Expected {
  const stats = lstatSync(file)
  return { size: bytes(stats.size), mtimeUs: Math.round(stats.mtimeMs * 1000) }
}

export const noClutter: ClutterPolicy = { ignore: [] }
export const never: AbortSignal = new AbortController().signal

/** Walks a whole source; every item is new unless `known` says otherwise. */
export async function walk(
  source: Source,
  clutter: ClutterPolicy = noClutter,
  known: Parameters<Source['listFolder']>[2] = (paths) => paths.map(() => undefined),
): Promise<{ items: FoundItem[]; unchanged: number; ignored: number; parts: number; byName: Map<string, FoundItem> }> {
  const pending: ItemPath[] = [rootPath]
  const items: FoundItem[] = []
  const tally = { unchanged: 0, ignored: 0, parts: 0 }
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for await (const part of source.listFolder(folder, clutter, known, never)) {
      items.push(...part.items)
      pending.push(...part.folders)
      tally.unchanged += part.unchanged.length
      tally.ignored += part.ignored
      tally.parts += 1
    }
  }
  return { items, ...tally, byName: new Map(items.map((item) => [pathForDisplay(item.path), item])) }
}

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

/** Runs `work` as a user without special rights where the tests run as root; a user's own rights otherwise. */
export async function asOrdinaryUser(work: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return await work()
  process.seteuid?.(65534)
  try {
    await work()
  } finally {
    process.seteuid?.(0)
  }
}
