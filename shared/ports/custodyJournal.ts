/** CustodyJournal: who had each device when. A part of the journal; see journal.ts for what holds of all its parts. */
import type { ChainedEntry, CustodyChain, CustodyDraft } from '../domain/custody.ts'
import type { DeviceId } from '../domain/transfer.ts'

export interface CustodyJournal {
  /** Append-only, chained to the entry before it, and named with its hash in the event log; entered now. One transaction. */
  addCustody(draft: CustodyDraft): ChainedEntry
  /** In the order they were entered. */
  custody(device: DeviceId): readonly ChainedEntry[]
  /** Whether every entry is what was written and none is gone, at the end either. */
  custodyChain(device: DeviceId): CustodyChain
}
