/** Session: one open migration and all that belongs to it, from opening until it is closed. */
import { dirname, resolve } from 'node:path'
import { Fault } from '../../shared/faults/fault.ts'
import type { DeviceId } from '../../shared/domain/transfer.ts'
import type { AwsCredentials } from '../aws/clients.ts'
import { compose, type Wiring } from './compose.ts'
import type { DeviceAccess } from './deviceReach.ts'
import { openMigration, type OpenMigration } from './migrationFolder.ts'
import { migrationIn, readRecipe } from './rehearsalFolder.ts'
import { systemFault } from './systemFault.ts'
import { openViews, type Views } from './views/views.ts'

export type Session = {
  /** The migration's own. */
  readonly id: string
  readonly folder: string
  /** Where the rehearsal's recipe and synthetic archive lie; `undefined`: not one that Firn made a folder for. */
  readonly rehearsalFolder: string | undefined
  readonly migration: OpenMigration
  readonly wiring: Wiring
  readonly views: Views
  /** How real devices are reached, as a person said it; in memory only. */
  readonly deviceAccess: Map<DeviceId, DeviceAccess>
  /** Aborts when the session is closed, or when the simulated AWS of a rehearsal cannot go on; its reason is a Fault. */
  readonly signal: AbortSignal
}

export type OpenedSession = Session & {
  /** Ends what still listens to the signal. */
  stop(): void
}

export type SessionOptions = { readonly environment: NodeJS.ProcessEnv; readonly credentials?: AwsCredentials }

/** @throws Fault as openMigration and compose; keys-not-given. */
export async function openSession(folder: string, { environment, credentials }: SessionOptions): Promise<OpenedSession> {
  const migration = openMigration(folder, environment)
  let wiring: Wiring | undefined
  let views: Views | undefined
  try {
    if (migration.config.keptKeys !== undefined && credentials === undefined) throw new Fault('keys-not-given')
    wiring = await compose(migration, credentials === undefined ? {} : { credentials })
    views = await openViews(folder)
    const ending = new AbortController()
    return {
      id: migration.journal.migration().id,
      folder,
      rehearsalFolder: rehearsalAround(folder),
      migration,
      wiring,
      views,
      deviceAccess: new Map(),
      signal: wiring.broken === undefined ? ending.signal : AbortSignal.any([ending.signal, wiring.broken]),
      stop: () => ending.abort(new Fault('stopped')),
    }
  } catch (error) {
    await closeParts(views, wiring, migration).catch(() => undefined)
    throw systemFault(error)
  }
}

/** After everything that works in it has ended. Closes the journal whatever else fails. */
export async function closeSession(session: OpenedSession): Promise<void> {
  session.stop()
  await closeParts(session.views, session.wiring, session.migration)
}

async function closeParts(views: Views | undefined, wiring: Wiring | undefined, migration: OpenMigration): Promise<void> {
  try {
    await views?.close()
  } finally {
    try {
      await wiring?.close()
    } finally {
      migration.close()
    }
  }
}

function rehearsalAround(folder: string): string | undefined {
  const around = dirname(folder)
  return migrationIn(around) === resolve(folder) && readRecipe(around) !== undefined ? around : undefined
}
