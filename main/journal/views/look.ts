/** What every view has at hand: a connection that only reads, results that still hold, and pauses in which others are answered and a cancel is heard. */
import { setImmediate as breathe } from 'node:timers/promises'
import { JournalDatabase } from '../database.ts'
import { checkVersion } from '../migrations.ts'
import { numberOf } from '../rows.ts'
import { existsSync } from 'node:fs'
import { Fault } from '../../../shared/faults/fault.ts'
import { Kept } from './kept.ts'
import { Sets } from './sets.ts'

export type Look = {
  readonly database: JournalDatabase
  readonly kept: Kept
  readonly sets: Sets
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  now(): number
  /** Milliseconds that never jump. */
  monotonic(): number
  /** Between two steps of long work. Rejects when nobody waits for the answer any more. */
  pause(): Promise<void>
  /** The same, for work that others may wait for too. */
  with(signal: AbortSignal): Look
}

export type Looking = { for(signal: AbortSignal): Look; close(): void }

/** @throws Fault not-a-migration, journal-newer, journal-damaged. */
export function openLooking(file: string, clock: { now(): number; monotonic(): number }): Looking {
  if (!existsSync(file)) throw new Fault('not-a-migration')
  const database = new JournalDatabase(file, 'read')
  checkVersion(database)
  const kept = new Kept(() => clock.monotonic())
  const sets = new Sets(database)
  const lookWith = (signal: AbortSignal): Look => ({
    database,
    kept,
    sets,
    signal,
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    async pause() {
      await breathe()
      signal.throwIfAborted()
    },
    with: lookWith,
  })
  return { for: lookWith, close: () => database.close() }
}

/** Changes with every scan's transaction, and with no other. */
export function inventoryVersion({ database }: Look): string {
  return String(numberOf(changes(database), 'inventory'))
}

/** Changes with everything that is written, the lease aside. */
export function version({ database }: Look): string {
  const row = changes(database)
  return `${numberOf(row, 'inventory')}.${numberOf(row, 'work')}`
}

function changes(database: JournalDatabase) {
  const row = database.get('SELECT inventory, work FROM changes')
  if (row === undefined) throw new Fault('journal-damaged', { table: 'changes' })
  return row
}
