/** wallboard.json in the home folder: who is paired (hashes only) and where the administrator's certificate lies. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { pairing } from '../../shared/contract/wallboardWire.ts'

const wallboardFile = z.strictObject({
  pairings: z.array(pairing).readonly(),
  certificate: z.strictObject({ certificateFile: z.string(), keyFile: z.string() }).nullable(),
})
export type WallboardFile = z.infer<typeof wallboardFile>

const nothing: WallboardFile = { pairings: [], certificate: null }

/** What cannot be read pairs nobody: screens are paired again, and none looks that should not. */
export function readWallboardFile(home: string): WallboardFile {
  try {
    const parsed = wallboardFile.safeParse(JSON.parse(readFileSync(fileIn(home), 'utf8')))
    return parsed.success ? parsed.data : nothing
  } catch {
    return nothing
  }
}

export function writeWallboardFile(home: string, value: WallboardFile): void {
  writeFileSync(`${fileIn(home)}.partial`, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(`${fileIn(home)}.partial`, fileIn(home))
}

function fileIn(home: string): string {
  return join(home, 'wallboard.json')
}
