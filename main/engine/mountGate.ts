/** The mount gate: nothing is pushed into a folder that is not the mounted share, nor into another mount than the first push went through. */
import { createHash } from 'node:crypto'
import { Fault } from '../../shared/faults/fault.ts'
import { standingOf, type ShareStanding, type ThroughGate } from '../files/shareStanding.ts'
import type { Wiring } from './compose.ts'
import type { OpenMigration } from './migrationFolder.ts'

type Asking = { readonly migration: OpenMigration; readonly wiring: Pick<Wiring, 'mounts' | 'sandbox'>; readonly signal: AbortSignal }

/**
 * Where the mounts cannot be told it is said in the log and gone on. A rehearsal's share is a folder by design: `undefined`.
 * @param person accepts that the share is mounted from elsewhere than before
 * @throws Fault share-missing when the folder lies on no network mount, share-mount-changed when on another than before.
 */
export async function requireMounted(asking: Asking, shareArn: string, person?: string): Promise<ThroughGate | undefined> {
  const { migration, signal } = asking
  const { journal, world, config } = migration
  const folder = config.share?.folder
  if (asking.wiring.sandbox !== undefined || folder === undefined) return undefined
  const standing = await requireNetwork(asking, folder)
  signal.throwIfAborted()
  if (standing.kind === 'mounted') {
    const { origin } = standing
    const before = journal.shareMount(shareArn)
    if (before?.origin !== origin) {
      if (before !== undefined && person === undefined) throw changed(before.origin, origin)
      journal.together(() => {
        journal.addShareMount({ shareArn, origin, at: world.clock.now(), person: before === undefined ? undefined : person })
        if (before === undefined) journal.append('share-mount-kept', { mount: shortOf(origin) })
        else journal.append('share-mount-accepted', { mount: shortOf(origin), before: shortOf(before.origin), person: person ?? '' })
      })
    }
  }
  return {
    root: standing.root,
    async confirm() {
      const now = await requireNetwork(asking, folder)
      if (standing.kind === 'mounted' && now.kind === 'mounted' && now.origin !== standing.origin)
        throw changed(standing.origin, now.origin)
    },
  }
}

/** @throws Fault share-missing. Where mounts cannot be told it is said in the log. */
export async function requireNetwork({ migration, wiring, signal }: Asking, folder: string): Promise<ShareStanding> {
  const standing = await standingOf(folder, () => wiring.mounts(signal))
  if (standing.kind === 'local') throw new Fault('share-missing', { mounted: false })
  if (standing.kind === 'unknown') migration.world.log.warn('mounts', standing.code)
  return standing
}

function changed(before: string, now: string): Fault {
  return new Fault('share-mount-changed', { before: shortOf(before), now: shortOf(now) })
}

/** Server and folder stay out of events and faults; that two differ can be seen all the same. */
function shortOf(origin: string): string {
  return createHash('sha256').update(origin).digest('hex').slice(0, 12)
}
