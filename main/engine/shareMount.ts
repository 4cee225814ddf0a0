/**
 * The folder of the share must be the share. Unmounted, its mount point is an empty folder of this machine, which takes every byte and brings none to S3.
 * What is mounted there is asked for before anything is written, a probe included, and must be what was pushed to before.
 */
import { realpath } from 'node:fs/promises'
import type { Mount } from '../../shared/domain/gateway.ts'
import { judgeMount, mountUnder } from '../../shared/domain/shareMounts.ts'
import { asFault, Fault } from '../../shared/faults/fault.ts'
import type { Clock } from '../../shared/ports/world.ts'
import { allMounts } from '../files/mounts.ts'
import type { OpenMigration } from './migrationFolder.ts'

type Migration = Pick<OpenMigration, 'journal' | 'world'>
export type AskMounts = (signal: AbortSignal) => Promise<readonly Mount[]>

/** A mount that hangs must not hold Firn. */
const askWithin = 15_000
const lookEvery = 5_000

/**
 * Once it is good it is journalled. Where the system cannot be asked, that is logged and nothing is refused.
 * @throws Fault share-missing where no share is mounted; share-mount-changed where another is.
 */
export async function requireMounted(migration: Migration, folder: string, signal: AbortSignal, ask: AskMounts = allMounts): Promise<void> {
  const { journal, world } = migration
  const found = await mountedAt(migration, folder, signal, ask)
  if (found === undefined) return
  const before = journal.shareMount()
  if (judgeMount(found, before) === 'another') throw new Fault('share-mount-changed', { type: found.type })
  if (before !== undefined) return
  journal.together(() => {
    journal.addShareMount(found, undefined, world.clock.now())
    journal.append('share-mount-seen', { type: found.type })
  })
}

/** Asked for each group of items, it looks every few seconds: elsewhere than on Linux a look is a program that is started. */
export function nowAndThen(
  clock: Pick<Clock, 'monotonic'>,
  look: (signal: AbortSignal) => Promise<void>,
): (signal: AbortSignal) => Promise<void> {
  let lookedAt = Number.NEGATIVE_INFINITY
  return async (signal) => {
    if (clock.monotonic() - lookedAt < lookEvery) return
    await look(signal)
    lookedAt = clock.monotonic()
  }
}

/**
 * Before a probe, which may be of any share.
 * @returns `undefined`: this machine does not tell.
 * @throws Fault share-missing where no share is mounted.
 */
export async function mountedAt(
  migration: Migration,
  folder: string,
  signal: AbortSignal,
  ask: AskMounts = allMounts,
): Promise<Mount | undefined> {
  const found = await mountOf(migration, folder, signal, ask)
  if (found === 'cannot be asked') return undefined
  if (found === undefined || judgeMount(found, migration.journal.shareMount()) === 'not-mounted')
    throw new Fault('share-missing', { mounted: false, ...(found === undefined ? {} : { type: found.type }) })
  return found
}

/**
 * A person says that what is mounted there now is the share: moved to another address, or reached in a way that Firn does not know.
 * @throws Fault share-missing where the folder is not there; bad-input where the system cannot be asked.
 */
export async function acceptMount(
  migration: Migration,
  folder: string,
  person: string,
  signal: AbortSignal,
  ask: AskMounts = allMounts,
): Promise<void> {
  const { journal, world } = migration
  const found = await mountOf(migration, folder, signal, ask)
  if (found === 'cannot be asked' || found === undefined)
    throw new Fault('bad-input', { field: '--accept-mount', problem: 'this machine does not tell what is mounted there' })
  journal.together(() => {
    journal.addShareMount(found, person, world.clock.now())
    journal.append('share-mount-accepted', { type: found.type, person })
  })
}

async function mountOf(
  { world }: Migration,
  folder: string,
  signal: AbortSignal,
  ask: AskMounts,
): Promise<Mount | undefined | 'cannot be asked'> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(askWithin)])
  // Also what makes an automounter mount it.
  const real = await Promise.race([realpath(folder), late(limited)]).catch((error: unknown) => {
    signal.throwIfAborted()
    throw new Fault('share-missing', {}, { cause: error })
  })
  try {
    return mountUnder(real, await ask(limited))
  } catch (error) {
    signal.throwIfAborted()
    world.log.warn('mounts', asFault(error).code)
    return 'cannot be asked'
  }
}

function late(signal: AbortSignal): Promise<never> {
  return new Promise((_, fail) => signal.addEventListener('abort', () => fail(new Error('no answer')), { once: true }))
}
