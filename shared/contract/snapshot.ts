/** The snapshot: everything a person watches, whole, at most four times a second. No paths, names or UIDs. */
import { z } from 'zod'
import { workConditions, workKinds, workReasons } from '../domain/work.ts'
import { amount, count, id, rangeMs, route, time } from './calls/call.ts'
import { verdictCounts } from './calls/verification.ts'
import { faultOnWire } from './wire.ts'

export const workState = z.strictObject({
  id: z.string(),
  kind: z.enum(workKinds),
  deviceId: id.nullable(),
  /** stopping: a pause or cancel was asked for, and what is in flight ends first. waiting: in the queue. */
  state: z.enum(workConditions),
  /** For a paused or stopping work: why. */
  because: z.enum(workReasons).nullable(),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  /** The stage within it, for words: scan, load, evidence … */
  stage: z.string().nullable(),
  items: count,
  /** `null`: counting. */
  itemsTotal: count.nullable(),
  bytes: count,
  bytesTotal: count.nullable(),
  bytesPerSecond: z.number().nullable(),
  itemsPerSecond: z.number().nullable(),
  left: rangeMs.nullable(),
  /** Counters of the stage's own. */
  also: z.record(z.string(), z.number()),
  /** Code of what it waits for: of workWaits in shared/domain/work.ts, or one of its stage's own. */
  waitingFor: z.string().nullable(),
  /** Nothing moved for a while although nothing is waited for. */
  stalledSince: time.nullable(),
  troubles: count,
  lastTroubles: z.array(z.strictObject({ code: z.string(), itemId: id.nullable(), at: time })).max(20),
  fault: faultOnWire.nullable(),
  /** When `done`: whether a person should look (items left behind, not everything verified). */
  needsLook: z.boolean(),
})
export type WorkState = z.infer<typeof workState>

export const laneState = z.strictObject({
  route,
  planned: amount,
  sent: amount,
  leftBehind: amount,
  /** Seen in S3 (verified or not); `null`: nobody has looked since it was sent. */
  landed: amount.nullable(),
  verified: amount,
  bytesPerSecond: z.number().nullable(),
  /** Limit that holds now; `null`: none. */
  limit: z.number().nullable(),
  limitUntil: time.nullable(),
  /** Bytes per second, sampled every `strip.everyMs`; the last is the newest; `null`: nothing ran. At most 240. */
  strip: z.strictObject({ everyMs: count, rates: z.array(z.number().nullable()).max(240) }),
})
export type LaneState = z.infer<typeof laneState>

export const nextCodes = [
  'scan',
  'plan',
  'approve',
  'order',
  'wait-for-device',
  'load',
  'push',
  'link',
  'ship',
  'wait-for-import',
  'land',
  'verify',
  'look-at-report',
  'make-evidence',
  'done',
] as const

/** One thing that happens next or that a person has to do. The words are the screens'. */
export const nextThing = z.strictObject({
  code: z.enum(nextCodes),
  deviceId: id.nullable(),
  /** A person has to act; otherwise it happens by itself. */
  needsPerson: z.boolean(),
  /** When, as a range of moments; `null`: not known. */
  at: rangeMs.nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type NextThing = z.infer<typeof nextThing>

export const snapshot = z.strictObject({
  at: time,
  /** Of the engine's process; a new number means that it was restarted. */
  engine: z.strictObject({ startedAt: time, pid: count, memoryBytes: count }),
  migration: z
    .strictObject({
      id: z.string(),
      name: z.string(),
      kind: z.enum(['rehearsal', 'real']),
      awsAt: z.string(),
      /** Journal: whether it takes writes; the last one. */
      journal: z.strictObject({ state: z.enum(['ok', 'failing', 'lease-lost']), at: time }),
      /** When AWS (or the simulated AWS) last answered anything; `null`: not yet. */
      awsReachedAt: time.nullable(),
      awsFault: z.string().nullable(),
      pausedAll: z.boolean(),
      /** Whole archive, each item in exactly one: the states of the Overview's bars. */
      totals: z.strictObject({
        inventory: amount,
        studies: count,
        verified: amount,
        landed: amount,
        sent: amount,
        waiting: amount,
        leftBehind: amount,
        notPlanned: amount,
        /** When these figures were counted. */
        countedAt: time,
      }),
      verdicts: verdictCounts,
      extras: count,
      byModality: z.array(z.strictObject({ modality: z.string(), items: count, verified: count })).max(40),
      lanes: z.array(laneState),
      devices: z.strictObject({
        planned: count,
        onTheWay: count,
        onSite: count,
        loading: count,
        travellingBack: count,
        importing: count,
        imported: count,
        other: count,
      }),
      /** Until all is verified; `null`: not enough is known. And what it rests on. */
      eta: z.strictObject({ left: rangeMs, basis: z.enum(['plan', 'measured']), hours: z.number() }).nullable(),
      next: z.array(nextThing).max(5),
      /** Counts of what needs a person, by screen. */
      needs: z.strictObject({
        archives: count,
        plan: count,
        devices: count,
        share: count,
        transfers: count,
        verification: count,
        evidence: count,
      }),
      works: z.array(workState).max(100),
      /** When everything that may travel was verified; `null`: not yet. */
      finishedAt: time.nullable(),
    })
    .nullable(),
})
export type Snapshot = z.infer<typeof snapshot>
export type MigrationSnapshot = NonNullable<Snapshot['migration']>
