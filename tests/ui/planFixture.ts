/** A plan to show: figures of the real estimator over a hospital's load, so that no column says what Firn would not. */
import type { Answer } from '../../shared/contract/bridge.ts'
import { parsePlanAnswers, type PlanAnswersInput } from '../../shared/contract/planAnswers.ts'
import type { PlanLoad } from '../../shared/domain/plan.ts'
import { everyStudy } from '../../shared/domain/studyRule.ts'
import { noLimits } from '../../shared/contract/limits.ts'
import { estimate, type LoadByRoute } from '../../main/plan/estimate.ts'
import { inventory } from './archivesFixture.ts'
import type { Canned } from './standIn.ts'

const all: PlanLoad = {
  studies: 612_000,
  items: 118_400_000,
  bytes: 61_800_000_000_000,
  smallItems: 109_000_000,
  smallBytes: 44_000_000_000_000,
}
const load: LoadByRoute = {
  all,
  device: { ...all, studies: all.studies - 12, items: all.items - 310, bytes: all.bytes - 150_000_000 },
  share: { ...all, studies: all.studies - 40, items: all.items - 1_830, bytes: all.bytes - 960_000_000 },
  link: all,
}

/** A day before the announced end of Snowball, so that its notices count down. */
export const today = '2026-11-24'

export function estimateOf(answers: Omit<PlanAnswersInput, 'today'> = {}): Answer<'plan.estimate'> {
  const parsed = parsePlanAnswers({ today, device: { atOnce: 2 }, ...answers })
  return { estimate: estimate(load, parsed), answers: parsed }
}

const speeds = [50, 100, 200, 400, 800, 1000, 1600, 3200, 6400, 10_000, 25_000]

export function curveOf(): Answer<'plan.curve'> {
  return {
    points: speeds.map((megabitsPerSecond) => ({
      megabitsPerSecond,
      routes: estimateOf({ link: { megabitsPerSecond } }).estimate.routes.map(({ route, days }) => ({ route, ...days })),
    })),
    here: 1000,
  }
}

export const standing: NonNullable<Answer<'plan.current'>> = {
  id: 3,
  ...estimateOf(),
  rule: { ...everyStudy, coldYears: 7, modalities: ['CT', 'MR'] },
  approvedBy: null,
  approvedAt: null,
  summary: {
    kind: 'planned',
    planId: 3,
    division: 'device',
    renamed: 0,
    lanes: [
      {
        route: 'device',
        studies: 611_988,
        items: 118_399_690,
        bytes: 61_799_850_000_000,
        devices: 1,
        waves: 1,
        batches: 10_900,
        batchedItems: 109_000_000,
      },
      { route: 'share', studies: 12, items: 310, bytes: 150_000_000, devices: 0, waves: 0, batches: 0, batchedItems: 0 },
      { route: 'link', studies: 0, items: 0, bytes: 0, devices: 0, waves: 0, batches: 0, batchedItems: 0 },
    ],
    estimate: estimateOf().estimate,
    rerouted: [{ reason: 'barred-from-device', studies: 12 }],
    splitOverDevices: { studies: 0, widest: 0 },
    splitOverBatches: { studies: 41 },
    leftBehind: [
      { code: 'not-readable', items: 1_204, bytes: 3_100_000_000 },
      { code: 'not-a-file', items: 29, bytes: 0 },
    ],
  },
  devices: [{ id: 9, ordinal: 1, wave: 1, items: 118_399_690, bytes: 61_900_000_000_000, usable: 210_000_000_000_000 }],
}

export const planning: Canned = {
  ...inventory,
  'plan.current': null,
  'plan.count': {
    chosen: { items: all.items, bytes: all.bytes, studies: all.studies },
    all: { items: 248_000_000, bytes: 126_000_000_000_000, studies: 1_240_000 },
  },
  'plan.estimate': estimateOf(),
  'plan.curve': curveOf(),
  'limits.read': noLimits,
}
