/** The log of a migration: one JSON line per event, codes and numbers only. A log that cannot be written never stops the work. */
import { appendFileSync, renameSync, statSync } from 'node:fs'
import type { Facts } from '../../shared/faults/fault.ts'
import type { Clock, Log } from '../../shared/ports/world.ts'

const largest = 20 * 1024 * 1024

export function logFile(file: string, clock: Clock): Log {
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (area: string, code: string, facts: Facts = {}): void => {
      try {
        if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largest) renameSync(file, `${file}.1`)
        appendFileSync(file, `${JSON.stringify({ at: new Date(clock.now()).toISOString(), level, area, code, facts })}\n`, { mode: 0o600 })
      } catch {
        // A full disk shows in the journal's own fault, with words for a person.
      }
    }
  return { info: write('info'), warn: write('warn'), error: write('error') }
}
