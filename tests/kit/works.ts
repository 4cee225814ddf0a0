/** Works and snapshots as an engine would tell them, for tests of what people are shown. */
import type { Snapshot, WorkState } from '../../shared/contract/snapshot.ts'

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

/** Only what the desktop looks at. */
export function aSnapshotOf(works: readonly WorkState[], pausedAll = false): Snapshot {
  return { at: 1, engine: { startedAt: 1, pid: 1, memoryBytes: 1 }, migration: { works, pausedAll } as unknown as Snapshot['migration'] }
}
