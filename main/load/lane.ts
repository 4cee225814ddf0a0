/** What all parts of loading one lane share: ports, limits, counters and the guards that may stop the lane. */
import type { Transfer } from '../../shared/domain/transfer.ts'
import type { ArchiveId } from '../../shared/domain/item.ts'
import type { Receipts } from '../../shared/flow/receipts.ts'
import type { Roots } from '../../shared/flow/roots.ts'
import type { StageReport } from '../../shared/flow/stage.ts'
import type { Lane, TransferJournal } from '../../shared/ports/journal.ts'
import type { Source } from '../../shared/ports/source.ts'
import type { Onto, Target } from '../../shared/ports/target.ts'
import type { AdaptiveWidth, WidthBounds } from '../../shared/flow/adaptiveWidth.ts'
import type { Clock } from '../../shared/ports/world.ts'
import type { Bytes } from '../../shared/units/bytes.ts'
import type { MemoryBudget } from './memoryBudget.ts'
import type { SpaceGuard } from './spaceGuard.ts'

export type LoadLane = Exclude<Lane, { readonly route: 'share' }>

export type LoadLimits = {
  /** Size of a part, and of the largest item sent in one piece. Grows for items that would need more parts than the target takes. */
  readonly partSize: Bytes
  /** Items at once, between these bounds, as it goes best. */
  readonly width: WidthBounds
  /** Batches at once. */
  readonly batchWidth: number
}

/** Counted in this run alone. */
export type Tally = {
  items: number
  bytes: number
  batches: number
  leftBehind: number
  /** Items found whole on the far side, sent by a run that was cut off before it could record that. */
  adopted: number
  /** Bytes of parts that an earlier run had sent or may have been sending when it was cut off. */
  bytesResent: number
}

/** Where nothing of Firn's own can lie, nothing may lie: another's object is never written over. */
export function ontoFor({ target }: Pick<Loading, 'target'>, { overwrites, replaces }: Pick<Transfer, 'overwrites' | 'replaces'>): Onto {
  return target.traits.conditional && !overwrites && replaces === undefined ? 'nothing' : 'anything'
}

export type Loading = {
  readonly source: (archiveId: ArchiveId) => Source
  readonly target: Target
  readonly journal: TransferJournal
  readonly limits: LoadLimits
  readonly report: StageReport
  readonly receipts: Receipts
  readonly space: SpaceGuard
  readonly roots: Roots
  readonly memory: MemoryBudget
  readonly tally: Tally
  readonly pace: AdaptiveWidth
  readonly clock: Clock
}
