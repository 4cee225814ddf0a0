/** Opens a migration's journal: for writing under a lease, or for reading beside a Firn that writes. */
import { closeSync, existsSync, openSync } from 'node:fs'
import { Fault } from '../../shared/faults/fault.ts'
import type { Journal, Migration, MigrationKind } from '../../shared/ports/journal.ts'
import type { World } from '../../shared/ports/world.ts'
import { JournalDatabase } from './database.ts'
import { custodyJournal } from './custodyJournal.ts'
import { deviceJournal } from './deviceJournal.ts'
import { eventLog } from './eventLog.ts'
import { evidenceJournal } from './evidenceJournal.ts'
import { freeJournal } from './freeJournal.ts'
import { inventoryJournal } from './inventoryJournal.ts'
import { leaseHolder, takeLease } from './lease.ts'
import { checkVersion, migrate } from './migrations.ts'
import { migrationJournal } from './migrationJournal.ts'
import { planJournal } from './planJournal.ts'
import { loadedItems } from './loadedItems.ts'
import { repairJournal } from './repair.ts'
import { postureJournal } from './postureJournal.ts'
import { shareMountJournal } from './shareMountJournal.ts'
import { ruleJournal } from './ruleJournal.ts'
import { reachJournal } from './reachJournal.ts'
import { replanJournal } from './replanJournal.ts'
import { transferJournal } from './transferJournal.ts'
import { verificationJournal } from './verificationJournal.ts'
import { workOrderJournal } from './workOrders.ts'

export type OpenJournal = Journal & {
  /** Keeps the claim while nothing is written; call every few seconds. @throws Fault journal-lost-lease. */
  renewLease(): void
}

/** Makes a new journal. @throws Fault migration-exists. */
export function createJournal(file: string, world: World, migration: { readonly name: string; readonly kind: MigrationKind }): OpenJournal {
  if (existsSync(file)) throw new Fault('migration-exists')
  // SQLite gives its side files the mode of the database; it holds every path.
  closeSync(openSync(file, 'wx', 0o600))
  return open(file, world, { id: world.random.uuid(), createdAt: world.clock.now(), ...migration })
}

/** @throws Fault not-a-migration, journal-held, journal-damaged, journal-newer, disk-full. */
export function openJournal(file: string, world: World): OpenJournal {
  if (!existsSync(file)) throw new Fault('not-a-migration')
  return open(file, world, undefined)
}

/** Reads beside a writer. Writing calls fail with journal-not-writable. */
export function readJournal(file: string, world: World): Journal {
  if (!existsSync(file)) throw new Fault('not-a-migration')
  const database = new JournalDatabase(file, 'read')
  checkVersion(database)
  return facets(database, world, () => database.close())
}

/** Whether somebody works on it now. A look only: opening decides. */
export function leaseOf(file: string, world: World): 'held' | 'free' {
  const database = new JournalDatabase(file, 'read')
  try {
    return leaseHolder(database, world.clock) === undefined ? 'free' : 'held'
  } finally {
    database.close()
  }
}

function open(file: string, world: World, fresh: Migration | undefined): OpenJournal {
  const database = new JournalDatabase(file, 'write')
  try {
    migrate(database, world.clock)
    database.afterWrite = (relaxed) => {
      database.run(relaxed ? 'UPDATE changes SET inventory = inventory + 1' : 'UPDATE changes SET work = work + 1')
    }
    const lease = takeLease(database, world.random.uuid(), world.clock)
    if (fresh !== undefined) {
      database.transaction(() => {
        database.run(
          'INSERT INTO migration (one, id, name, kind, created_at) VALUES (1, ?, ?, ?, ?)',
          fresh.id,
          fresh.name,
          fresh.kind,
          fresh.createdAt,
        )
        eventLog(database, world.clock).append('migration-created', { migration: fresh.id, kind: fresh.kind })
      })
    }
    let closed = false
    const journal = facets(database, world, () => {
      if (closed) return
      closed = true
      try {
        lease.release()
      } finally {
        database.close()
      }
    })
    return { ...journal, renewLease: () => lease.renew() }
  } catch (error) {
    database.close()
    throw error
  }
}

function facets(database: JournalDatabase, world: World, close: () => void): Journal {
  return {
    ...eventLog(database, world.clock),
    ...migrationJournal(database),
    ...inventoryJournal(database),
    ...planJournal(database),
    ...deviceJournal(database),
    ...postureJournal(database),
    ...shareMountJournal(database),
    ...freeJournal(database),
    ...ruleJournal(database),
    ...custodyJournal(database, world.clock),
    ...transferJournal(database),
    ...replanJournal(database),
    ...loadedItems(database),
    ...verificationJournal(database),
    ...repairJournal(database),
    ...reachJournal(database),
    ...workOrderJournal(database, world.clock),
    ...evidenceJournal(database),
    together: (work) => database.transaction(work),
    close,
  }
}
