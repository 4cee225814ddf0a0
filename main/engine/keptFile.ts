/** A small file of the engine's own in the migration's folder: read through its schema, written whole or not at all. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { z } from 'zod'
import type { Log } from '../../shared/ports/world.ts'

/** `undefined`: there is none, or (said in the log) it cannot be used. */
export function readKept<Schema extends z.ZodType>(file: string, schema: Schema, log: Log): z.output<Schema> | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  try {
    const parsed = schema.safeParse(JSON.parse(text))
    if (parsed.success) return parsed.data
  } catch {
    // Not JSON: the same as not of the right form.
  }
  log.warn('engine', 'kept-file-unusable', { file: nameOf(file) })
  return undefined
}

/** @throws what the file system says; the old content stays then. */
export function writeKept(file: string, value: object): void {
  writeFileSync(`${file}.partial`, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(`${file}.partial`, file)
}

/** Names of our own making, without the folder. */
function nameOf(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
}
