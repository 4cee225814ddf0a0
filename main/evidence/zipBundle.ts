/** Packs a bundle into one ZIP file beside its folder, for handing it on. Whole or not there; the folder stays as it is. */
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { diskFault, type WrittenFile } from './fileSink.ts'
import { syncFolder } from './syncFolder.ts'

/**
 * @param names files of the bundle, `/` between folders; in the ZIP they lie in a folder named like the bundle
 * @param at the time that every entry carries: the same bundle makes the same bytes
 * @param unfinished begins the name of the file while it is written
 * @returns the ZIP's path
 * @throws Fault disk-full.
 */
export async function zipBundle(
  folder: string,
  names: readonly WrittenFile['name'][],
  at: Date,
  unfinished: string,
  signal: AbortSignal,
): Promise<string> {
  const bundle = basename(folder)
  const final = `${folder}.zip`
  const partial = join(dirname(folder), `${unfinished}${bundle}.zip`)
  const zip = new ZipFile()
  for (const name of names.toSorted()) zip.addFile(join(folder, name), `${bundle}/${name}`, { mtime: at, mode: 0o100600 })
  // What cannot be read ends the pipe, which waits for it.
  zip.on('error', (error: Error) => (zip.outputStream as Readable).destroy(error))
  zip.end()
  try {
    await pipeline(zip.outputStream, createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true }), { signal })
    await rename(partial, final)
    await syncFolder(dirname(folder))
    return final
  } catch (error) {
    await rm(partial, { force: true })
    signal.throwIfAborted()
    throw diskFault(error)
  }
}
