/** The one migration that an engine may have open: opening, closing and changing it, and what it tells of itself. */
import { resolve } from 'node:path'
import type { MigrationEntry } from '../../shared/contract/calls/migrations.ts'
import type { Notice } from '../../shared/contract/engineWire.ts'
import type { Snapshot } from '../../shared/contract/snapshot.ts'
import { Fault } from '../../shared/faults/fault.ts'
import { inTurn } from '../../shared/flow/inTurn.ts'
import type { World } from '../../shared/ports/world.ts'
import type { AwsCredentials } from '../aws/clients.ts'
import type { Engine, Opened } from './handlers/handling.ts'
import { readConfig } from './migrationFolder.ts'
import { lacksArchive } from './prepareRehearsal.ts'
import { entryOf, openRegistry } from './registry.ts'
import { closeSession, openSession, type OpenedSession } from './session.ts'
import { openSnapshots, type Snapshots } from './snapshot/snapshots.ts'
import { openWorks, type Works } from './works/works.ts'

/** What the engine tells whoever hosts it. */
export type Tells = {
  snapshot(snapshot: Snapshot): void
  notice(notice: Notice): void
  opened(open: { readonly id: string; readonly folder: string } | undefined): void
  /** @returns `undefined`: there are none of that name. */
  wantedKeys(name: string): Promise<AwsCredentials | undefined>
}

export type OneOpen = Engine & {
  /** For a window that has just been opened. */
  latest(): Snapshot
  busy(): boolean
  /** Closes the migration and ends the snapshots. Nothing is opened after it. */
  end(): Promise<void>
}

export function oneOpen(home: string, world: World, environment: NodeJS.ProcessEnv, tells: Tells): OneOpen {
  const registry = openRegistry(home, world)
  const self = { startedAt: world.clock.now(), pid: process.pid }
  const turn = inTurn()
  let opened: Opened | undefined
  let ended = false
  let watched = watch(undefined)

  function watch(of: Opened | undefined): { readonly snapshots: Snapshots; stop(): void } {
    const snapshots = openSnapshots(self, of?.session, of?.works)
    const stop = snapshots.watch((snapshot) => tells.snapshot(snapshot))
    return {
      snapshots,
      stop() {
        stop()
        snapshots.close()
      },
    }
  }

  function show(next: Opened | undefined): void {
    watched.stop()
    opened = next
    watched = watch(next)
    // Not when the engine itself ends: what was open then is what its host has the next one open.
    if (!ended) tells.opened(next === undefined ? undefined : { id: next.session.id, folder: next.session.folder })
  }

  /** What runs is stopped cleanly, and goes on when the migration is opened again. */
  async function closeCurrent(): Promise<void> {
    const current = opened
    if (current === undefined) return
    show(undefined)
    try {
      await current.works.close()
    } finally {
      await closeSession(current.session)
    }
  }

  async function credentialsFor(folder: string, given: AwsCredentials | undefined): Promise<AwsCredentials | undefined> {
    const { keptKeys } = readConfig(folder)
    if (keptKeys === undefined) return undefined
    const keys = given ?? (await tells.wantedKeys(keptKeys))
    if (keys === undefined) throw new Fault('keys-not-given')
    return keys
  }

  async function start(folder: string, keys: AwsCredentials | undefined): Promise<OpenedSession> {
    const credentials = await credentialsFor(folder, keys)
    return openSession(folder, { environment, ...(credentials === undefined ? {} : { credentials }) })
  }

  function remembered({ migration, folder }: OpenedSession): MigrationEntry {
    const { id, name, kind } = migration.journal.migration()
    const known = { id, name: name.slice(0, 200), kind, folder, openedAt: world.clock.now() }
    registry.remember(known)
    return entryOf(known, id, world)
  }

  return {
    home,
    world,
    registry,
    environment,
    opened() {
      if (opened === undefined) throw new Fault('no-migration-open')
      return opened
    },
    openId: () => opened?.session.id,
    open: (wanted, keys) =>
      turn(async () => {
        if (ended) throw new Fault('stopped')
        const folder = resolve(wanted)
        if (opened?.session.folder === folder) return remembered(opened.session)
        if (opened?.works.busy() === true) throw new Fault('work-running')
        // The new one first: where it cannot be opened, the old one stays.
        const session = await start(folder, keys)
        let works: Works
        try {
          await closeCurrent()
          works = openWorks(session, (notice) => tells.notice(notice))
        } catch (error) {
          await closeSession(session)
          throw error
        }
        show({ session, works })
        if (session.rehearsalFolder !== undefined && lacksArchive(session.rehearsalFolder)) works.start({ kind: 'prepare' })
        return remembered(session)
      }),
    close: () => turn(closeCurrent),
    latest: () => watched.snapshots.latest(),
    busy: () => opened?.works.busy() ?? false,
    end: () =>
      turn(async () => {
        if (ended) return
        ended = true
        try {
          await closeCurrent()
        } finally {
          watched.stop()
        }
      }),
  }
}
