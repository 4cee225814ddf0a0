/** Works and snapshots as an engine would tell them, for tests of what people are shown. */
import { snapshot, type Snapshot, type WorkState } from '../../shared/contract/snapshot.ts'
import { verdictCounts } from '../../shared/contract/calls/verification.ts'

export function aWork(more: Partial<WorkState> = {}): WorkState {
  return {
    id: 'w-1',
    kind: 'load',
    deviceId: 3,
    state: 'running',
    because: null,
    startedAt: 1,
    endedAt: null,
    stage: 'load',
    items: 250,
    itemsTotal: 1000,
    bytes: 25,
    bytesTotal: 100,
    bytesPerSecond: 5,
    itemsPerSecond: 50,
    left: null,
    also: {},
    waitingFor: null,
    stalledSince: null,
    troubles: 0,
    lastTroubles: [],
    fault: null,
    needsLook: false,
    ...more,
  }
}

const none = { items: 0, bytes: 0 }

/** Whole, so that a host takes it: of a rehearsal of which nothing is known but its works. */
export function aSnapshotOf(works: readonly WorkState[], pausedAll = false): Snapshot {
  return snapshot.parse({
    at: 1,
    engine: { startedAt: 1, pid: 7, memoryBytes: 1 },
    migration: {
      id: 'm-1',
      name: 'Synthetic archive',
      kind: 'rehearsal',
      awsAt: 'the simulated AWS',
      journal: { state: 'ok', at: 1 },
      awsReachedAt: null,
      awsFault: null,
      pausedAll,
      totals: {
        inventory: none,
        studies: 0,
        verified: none,
        landed: none,
        sent: none,
        waiting: none,
        leftBehind: none,
        notPlanned: none,
        countedAt: 1,
      },
      verdicts: Object.fromEntries(Object.keys(verdictCounts.shape).map((verdict) => [verdict, 0])),
      extras: 0,
      byModality: [],
      lanes: [],
      devices: { planned: 0, onTheWay: 0, onSite: 0, loading: 0, travellingBack: 0, importing: 0, imported: 0, other: 0 },
      eta: null,
      next: [],
      needs: { archives: 0, plan: 0, devices: 0, share: 0, transfers: 0, verification: 0, evidence: 0 },
      works,
      finishedAt: null,
    },
  })
}
