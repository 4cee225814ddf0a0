/** What a handler works with: the one open migration, the list of this machine, and what the host sent along with the call. */
import type { MigrationEntry } from '../../../shared/contract/calls/migrations.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import type { World } from '../../../shared/ports/world.ts'
import type { AwsCredentials } from '../../aws/clients.ts'
import type { Registry } from '../registry.ts'
import type { OpenedSession } from '../session.ts'
import type { Work } from '../steps.ts'
import type { Works } from '../works/works.ts'

export type Opened = { readonly session: OpenedSession; readonly works: Works }

export type Engine = {
  readonly home: string
  /** Its log is the engine's own, in the home; a migration has one for itself. */
  readonly world: World
  readonly registry: Registry
  readonly environment: NodeJS.ProcessEnv
  /** @throws Fault no-migration-open. */
  opened(): Opened
  openId(): string | undefined
  /**
   * Opens the migration in this folder in place of the one that is open. `keys`: those of the name that it was made with, where the host sent them along.
   * @throws Fault work-running when another one is at work, and as openSession.
   */
  open(folder: string, keys?: AwsCredentials): Promise<MigrationEntry>
  /** Stops what runs, cleanly. */
  close(): Promise<void>
}

/** What came with one call: the paths of its tokens and the keys of its names. Screens send neither. */
export type Given = {
  /** @throws Fault place-unknown. */
  path(token: string): string
  /** @throws Fault keys-not-given. */
  keys(name: string): AwsCredentials
}

/** For steps that a person takes between long works: what they do is over at once, so nobody watches stages. */
export function workOf({ session }: Opened, signal: AbortSignal): Work {
  return {
    migration: session.migration,
    wiring: session.wiring,
    signal: AbortSignal.any([session.signal, signal]),
    async watch(stage) {
      for await (const event of stage) if (event.kind === 'finished') return event.outcome
      throw new Error('a stage ends with its outcome or a fault')
    },
  }
}

/** Following the devices goes on beside everything. @throws Fault work-running. */
export function requireRest({ works }: Opened): void {
  const running = works.states().filter(({ kind, state }) => kind !== 'track' && (state === 'running' || state === 'stopping'))
  const [one] = running
  if (one !== undefined) throw new Fault('work-running', { work: one.kind })
}

const shortAnswer = 30_000

/** Nobody waits longer than this for an answer that comes from outside. */
export function withinLimit(signal: AbortSignal, limit = shortAnswer): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(limit)])
}
