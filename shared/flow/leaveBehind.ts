/** Leaving an item behind with what was found of it, after making sure that it is the item and not its archive that is gone. */
import type { Transfer } from '../domain/transfer.ts'
import { Fault } from '../faults/fault.ts'
import type { TransferJournal } from '../ports/journal.ts'
import type { ReadOutcome } from '../ports/source.ts'
import type { Roots } from './roots.ts'
import type { StageReport } from './stage.ts'

export type Lane = {
  readonly journal: TransferJournal
  readonly roots: Roots
  readonly report: StageReport
  readonly tally: { leftBehind: number }
}

/** Errors of a source that has gone away as a whole, rather than of one file. */
const sourceGone = new Set(['ESTALE', 'ENOTCONN', 'ENODEV', 'ENXIO', 'ETIMEDOUT', 'EHOSTDOWN', 'EHOSTUNREACH', 'ENOMEDIUM', 'ESHUTDOWN'])
/** Errors of this process: they say nothing about the file. */
const ownLimits = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN'])

function isOwnLimit(errno: string): boolean {
  return ownLimits.has(errno) || errno === 'EUNKNOWN' || errno.startsWith('ERR_')
}

/**
 * Leaves an item behind with what was found of it. Before a missing or unreadable item is believed, its archive's root is looked at.
 * @throws Fault source-unreadable, archive-missing: then nothing was recorded and the lane must stop.
 */
export async function leaveBehind(
  lane: Lane,
  transfer: Transfer,
  outcome: Exclude<ReadOutcome, { kind: 'read' }>,
  signal: AbortSignal,
): Promise<void> {
  if (outcome.kind === 'unreadable' && (sourceGone.has(outcome.errno) || isOwnLimit(outcome.errno))) {
    throw new Fault('source-unreadable', { errno: outcome.errno, item: transfer.itemId })
  }
  if (outcome.kind !== 'changed') await lane.roots.stillThere(transfer.archiveId, signal)
  signal.throwIfAborted()
  const anomaly = outcome.kind === 'changed' ? 'changed-while-read' : outcome.kind === 'vanished' ? 'vanished' : 'not-readable'
  lane.journal.leaveBehindAs(transfer.itemId, anomaly)
  lane.tally.leftBehind += 1
  lane.report.also('leftBehind', 1)
  lane.report.trouble(
    new Fault('source-changed', outcome.kind === 'unreadable' ? { anomaly, errno: outcome.errno } : { anomaly }),
    transfer.itemId,
  )
}
