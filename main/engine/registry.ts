/** The list of migrations that this machine knows: home/migrations.json. Only where they lie; what is true of one stands in its own journal. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { MigrationEntry } from '../../shared/contract/calls/migrations.ts'
import type { World } from '../../shared/ports/world.ts'
import { leaseOf } from '../journal/openJournal.ts'
import { writeKept } from './keptFile.ts'
import { filesOf, lookInto } from './migrationFolder.ts'
import { migrationIn } from './rehearsalFolder.ts'

const known = z.strictObject({
  id: z.string().max(100),
  name: z.string().max(200),
  kind: z.enum(['rehearsal', 'real']),
  folder: z.string(),
  openedAt: z.number().nullable(),
})
export type KnownMigration = z.infer<typeof known>

const listFile = z.strictObject({ format: z.literal(1), migrations: z.array(known) })

/** Beyond this the ones that were not opened for the longest time fall off the list; their folders stay. */
const longest = 200

export type Registry = {
  /** The last opened first. `openId`: the one that this engine has open. */
  list(openId: string | undefined): readonly MigrationEntry[]
  find(id: string): KnownMigration | undefined
  /** Puts it on the list, or renews what the list says of it. */
  remember(migration: KnownMigration): void
  forget(id: string): void
}

/** Where the application makes new ones. */
export function foldersOf(home: string): { readonly migrations: string; readonly rehearsals: string } {
  return { migrations: join(home, 'migrations'), rehearsals: join(home, 'rehearsals') }
}

/** A list that cannot be read is put aside, and what lies in the home is found again. */
export function openRegistry(home: string, world: World): Registry {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const file = join(home, 'migrations.json')
  let migrations = read(file, world) ?? rebuild(home, file, world)

  const save = (next: readonly KnownMigration[]): void => {
    const kept = next.toSorted((a, b) => (b.openedAt ?? 0) - (a.openedAt ?? 0)).slice(0, longest)
    writeKept(file, { format: 1, migrations: kept })
    migrations = kept
  }
  return {
    list: (openId) => migrations.map((one) => entryOf(one, openId, world)),
    find: (id) => migrations.find((one) => one.id === id),
    remember: (migration) => save([...migrations.filter(({ id }) => id !== migration.id), migration]),
    forget: (id) => save(migrations.filter((one) => one.id !== id)),
  }
}

export function entryOf(one: KnownMigration, openId: string | undefined, world: World): MigrationEntry {
  const { id, name, kind, folder, openedAt } = one
  return { id, name, kind, openedAt, label: folder, state: id === openId ? 'open' : stateOf(folder, world) }
}

function stateOf(folder: string, world: World): MigrationEntry['state'] {
  const { journal } = filesOf(folder)
  if (!existsSync(journal)) return 'gone'
  try {
    return leaseOf(journal, world) === 'held' ? 'held' : 'closed'
  } catch {
    // What is wrong with it is said, with its three sentences, when somebody opens it.
    return 'closed'
  }
}

function read(file: string, world: World): readonly KnownMigration[] | undefined {
  if (!existsSync(file)) return undefined
  try {
    return listFile.parse(JSON.parse(readFileSync(file, 'utf8'))).migrations
  } catch {
    world.log.error('registry', 'list-unreadable')
    renameSync(file, `${file}.unreadable`)
    return undefined
  }
}

/** What lies where the application makes migrations, each asked for its name. */
function rebuild(home: string, file: string, world: World): readonly KnownMigration[] {
  const { migrations, rehearsals } = foldersOf(home)
  const folders = [
    ...namesIn(migrations).map((name) => join(migrations, name)),
    ...namesIn(rehearsals).map((name) => migrationIn(join(rehearsals, name))),
  ]
  const found: KnownMigration[] = []
  for (const folder of folders.slice(0, longest)) {
    try {
      const { journal } = lookInto(folder)
      try {
        const { id, name, kind } = journal.migration()
        found.push({ id, name, kind, folder, openedAt: null })
      } finally {
        journal.close()
      }
    } catch {
      world.log.warn('registry', 'folder-passed-over')
    }
  }
  if (found.length > 0) writeKept(file, { format: 1, migrations: found })
  return found
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}
