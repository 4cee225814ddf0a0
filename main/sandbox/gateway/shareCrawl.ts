/** Looks through the share folder for what was written, changed or removed. One folder in memory at a time. */
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import type { ControlState } from '../control/state.ts'
import { pathOf, type ShareFile, type ShareIndex } from './shareIndex.ts'

export type CrawlParts = {
  readonly root: string
  readonly state: ControlState
  readonly index: ShareIndex
  /** Whether folders become zero-byte objects "name/". */
  readonly folderObjects: boolean
  /** Bytes that appeared since the last look. */
  readonly onWritten: (bytes: number) => void
  readonly onRemoved: (file: ShareFile) => void
}

export type CrawlResult = {
  /** Names that are not UTF-8 cannot become keys: they stay in the cache for ever. */
  readonly unnamable: number
}

const breathEvery = 512

/** What a file looked like: equal stamps mean that nobody wrote to it in between. */
export function stampOf(
  path: string,
):
  | { readonly stamp: string; readonly size: number; readonly changedMs: number; readonly folder: boolean; readonly file: boolean }
  | undefined {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  if (stat === undefined) return undefined
  return {
    stamp: stat.isDirectory() ? 'folder' : `${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}:${stat.ino}`,
    size: stat.isDirectory() ? 0 : Number(stat.size),
    changedMs: Number(stat.ctimeNs / 1_000_000n),
    folder: stat.isDirectory(),
    file: stat.isFile(),
  }
}

export async function crawl(parts: CrawlParts, signal: AbortSignal): Promise<CrawlResult> {
  const folders: string[] = ['']
  let unnamable = 0
  for (;;) {
    const folder = folders.pop()
    if (folder === undefined || signal.aborted) return { unnamable }
    const known = parts.index.entries(folder)
    const seen = new Set<string>()
    const found: ShareFile[] = []
    let looked = 0
    for (const raw of namesIn(join(parts.root, folder))) {
      looked += 1
      if (looked % breathEvery === 0) {
        await breathe()
        if (signal.aborted) return { unnamable }
      }
      const name = raw.toString('utf8')
      if (!Buffer.from(name).equals(raw)) {
        unnamable += 1
        continue
      }
      const path = folder === '' ? name : `${folder}/${name}`
      const now = stampOf(join(parts.root, path))
      // Links and special files are not supported by a file share and never become objects.
      if (now === undefined || (!now.folder && !now.file)) continue
      seen.add(name)
      if (now.folder) folders.push(path)
      const before = known.get(name)
      if (before !== undefined && before.stamp === now.stamp) continue
      const state = before?.state === 'failing' ? 'failing' : now.folder && !parts.folderObjects ? 'clean' : 'dirty'
      found.push({ parent: folder, name, folder: now.folder, size: now.size, stamp: now.stamp, state })
      // A file that was rewritten in place counts whole: nobody can tell which of its bytes are new.
      parts.onWritten(before === undefined || now.size <= before.size ? now.size : now.size - before.size)
    }
    const gone = [...known.values()].filter((file) => !seen.has(file.name) && stampOf(join(parts.root, pathOf(file))) === undefined)
    if (found.length === 0 && gone.length === 0) continue
    const removed: ShareFile[] = []
    parts.state.together(() => {
      for (const file of found) parts.index.put(file)
      for (const file of gone) removed.push(...parts.index.remove(file), ...(file.folder ? [file] : []))
    })
    for (const file of removed) parts.onRemoved(file)
  }
}

/** Names as bytes. A folder that has gone meanwhile has none. */
function namesIn(folder: string): readonly Buffer[] {
  try {
    return readdirSync(folder, { encoding: 'buffer' })
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}
