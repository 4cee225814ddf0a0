/** settings.json: read leniently, field by field; written whole or not at all. */
import { open, readFile, rename, rm } from 'node:fs/promises'
import { parseSettings, type Settings } from '../../shared/contract/settings.ts'
import { Fault } from '../../shared/faults/fault.ts'

const largest = 1024 * 1024

export type ReadSettings = { readonly settings: Settings; readonly refused: readonly string[] }

/** A file that is not there is no trouble; one that cannot be used is named, and whatever of it can be used is. */
export async function readSettings(file: string): Promise<ReadSettings> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return { ...parseSettings({}), refused: missing ? [] : ['settings.json'] }
  }
  if (text.length > largest) return { ...parseSettings({}), refused: ['settings.json'] }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return parseSettings(value)
  } catch {
    // Named below.
  }
  return { ...parseSettings({}), refused: ['settings.json'] }
}

/**
 * Power loss leaves the old file or the new one. `keepOld`: what could not be read is somebody's work; it stays beside the new one.
 * @throws Fault home-not-writable.
 */
export async function writeSettings(file: string, settings: Settings, keepOld: boolean): Promise<void> {
  const next = `${file}.new`
  try {
    if (keepOld) await rename(file, `${file}.refused`).catch(() => undefined)
    await rm(next, { force: true })
    const handle = await open(next, 'wx', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(settings, undefined, 2)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(next, file)
  } catch (error) {
    const errno = error instanceof Error && 'code' in error && typeof error.code === 'string' ? { errno: error.code } : {}
    throw new Fault('home-not-writable', errno, { cause: error })
  }
}
