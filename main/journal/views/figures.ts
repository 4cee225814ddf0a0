/** All counted amounts of the snapshot, from one pass over the journal. */
import type { VerdictCounts } from '../../../shared/domain/verification.ts'
import type { Route } from '../../../shared/domain/route.ts'
import type { DeviceId } from '../../../shared/domain/transfer.ts'

export type Amount = { readonly items: number; readonly bytes: number }

export type LaneFigures = {
  /** All that the lane holds of the plan, sent or not; what was left behind is not in it. */
  readonly planned: Amount
  readonly sent: Amount
  readonly leftBehind: Amount
  /** Sent, and seen in S3 by a verification as it was sent (verified, consistent or present). `null`: none has looked at any of it. */
  readonly landed: Amount | null
  readonly verified: Amount
}

export type JournalFigures = {
  /** Every item that the journal knows is in exactly one of the six; `inventory` is their sum. In the words of shared/domain/evidence.ts. */
  readonly totals: {
    readonly inventory: Amount
    readonly studies: number
    readonly verified: Amount
    /** Seen in S3 with the right size; not verified. */
    readonly landed: Amount
    /** Sent, and not yet (or wrongly) seen in S3. */
    readonly sent: Amount
    /** Planned or being sent. */
    readonly waiting: Amount
    readonly leftBehind: Amount
    readonly notPlanned: Amount
  }
  /** Of the last finished verification, as far as they still speak. `extra` counts extras. */
  readonly verdicts: VerdictCounts
  readonly extras: number
  /** The 40 largest, by items. */
  readonly byModality: readonly { readonly modality: string; readonly items: number; readonly verified: number }[]
  readonly lanes: Readonly<Record<Route, LaneFigures>>
  readonly devices: readonly {
    readonly id: DeviceId
    readonly planned: Amount
    readonly sent: Amount
    readonly verified: Amount
  }[]
  /** As EvidenceJournal.unverified. */
  readonly unverified: Amount
  /** When the verification ended that found everything verified; `null` while something is not. */
  readonly finishedAt: number | null
  /** Items left behind on their way: what Transfers lists under failures, without what a scan barred. */
  readonly failures: number
  /** Anomalies that a person should look at: items with one that bars a lane, or whose copies differ. */
  readonly anomalies: number
}
