/** The mark that says: this folder is a rehearsal's. Without it the simulated AWS does not start. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../shared/faults/fault.ts'

const markerName = 'REHEARSAL'
const markerText = 'This folder holds a simulated AWS of a rehearsal. Nothing in it is real.\n'

/** Marks an empty or new folder. @throws Fault sandbox-only-in-rehearsal for a folder that holds something else. */
export function claimFolder(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const names = readdirSync(folder)
  if (names.length === 0) {
    writeFileSync(join(folder, markerName), markerText, { flush: true })
    return
  }
  if (!names.includes(markerName) || readFileSync(join(folder, markerName), 'utf8') !== markerText)
    throw new Fault('sandbox-only-in-rehearsal')
}
