/** Counts what a plan places while it is being placed. */
import type { PlanAnswers } from '../../shared/contract/planAnswers.ts'
import type { LanePlan } from '../../shared/contract/summary.ts'
import { routes, type Route } from '../../shared/domain/route.ts'
import type { RerouteReason } from './divide.ts'
import type { ItemGroup } from './groupStudies.ts'

type LaneCounts = { studies: number; items: number; bytes: number; readonly devices: Set<number>; batches: number; batchedItems: number }

export type PlanCounts = {
  readonly lanes: Readonly<Record<Route, LaneCounts>>
  items: number
  bytes: number
  /** Items that a device carries under another name than their own. */
  renamed: number
  readonly rerouted: Map<RerouteReason, number>
  studiesSplitOverDevices: number
  widestSplit: number
  studiesSplitOverBatches: number
  reroute(reason: RerouteReason): void
  splitOverDevices(pieces: number): void
  /** A group begins to be placed. */
  study(group: ItemGroup): void
  item(group: ItemGroup, size: number, batch: number | undefined): void
}

export function emptyCounts(): PlanCounts {
  const lane = (): LaneCounts => ({ studies: 0, items: 0, bytes: 0, devices: new Set(), batches: 0, batchedItems: 0 })
  let lastBatch = 0
  /** The first batch of the group at hand; 0 before its first batched item, -1 once it is known to be split. */
  let firstBatch = 0
  let splitStudy: number | undefined
  const counts: PlanCounts = {
    lanes: { device: lane(), share: lane(), link: lane() },
    items: 0,
    bytes: 0,
    renamed: 0,
    rerouted: new Map(),
    studiesSplitOverDevices: 0,
    widestSplit: 0,
    studiesSplitOverBatches: 0,
    reroute(reason) {
      counts.rerouted.set(reason, (counts.rerouted.get(reason) ?? 0) + 1)
    },
    splitOverDevices(pieces) {
      counts.studiesSplitOverDevices += 1
      counts.widestSplit = Math.max(counts.widestSplit, pieces)
    },
    study(group) {
      if (group.piece === 0) counts.lanes[group.route].studies += 1
      if (group.device !== undefined) counts.lanes.device.devices.add(group.device)
      firstBatch = 0
    },
    item(group, size, batch) {
      const one = counts.lanes[group.route]
      one.items += 1
      one.bytes += size
      counts.items += 1
      counts.bytes += size
      if (batch === undefined) return
      one.batchedItems += 1
      if (batch > lastBatch) {
        one.batches += 1
        lastBatch = batch
      }
      if (firstBatch === 0) firstBatch = batch
      else if (firstBatch !== batch && splitStudy !== group.study) {
        splitStudy = group.study
        counts.studiesSplitOverBatches += 1
      }
    },
  }
  return counts
}

export function lanesOf(counts: PlanCounts, answers: PlanAnswers): readonly LanePlan[] {
  return routes
    .filter((route) => counts.lanes[route].items > 0)
    .map((route) => {
      const { studies, items, bytes, devices, batches, batchedItems } = counts.lanes[route]
      return {
        route,
        studies,
        items,
        bytes,
        devices: devices.size,
        waves: Math.ceil(devices.size / answers.device.atOnce),
        batches,
        batchedItems,
      }
    })
}
