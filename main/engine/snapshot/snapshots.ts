/** Snapshots: everything a person watches, whole, for whoever asks or listens. */
import type { Snapshot } from '../../../shared/contract/snapshot.ts'

export type Snapshots = {
  latest(): Snapshot
  /** Tells whole snapshots, at most four a second and at least one in two seconds. Returns what ends it. */
  watch(tell: (snapshot: Snapshot) => void): () => void
  close(): void
}
