/** What the wallboard may know: counts by lane, modality and site. No names, paths or UIDs: none can be put into this shape but the board's own title. */
import { z } from 'zod'
import { amount, count, rangeMs, time } from './calls/call.ts'
import type { Snapshot } from './snapshot.ts'

export const wallboardFigures = z.strictObject({
  format: z.literal('firn-wallboard'),
  version: z.literal(1),
  /** When these figures were taken. Older than 30 s is stale. */
  at: time,
  /** running; quiet: finished, all verified; idle: nothing runs; broken: the engine stopped; none: no migration is open. */
  state: z.enum(['running', 'quiet', 'idle', 'broken', 'none']),
  /** When broken: since when. When quiet: since when all is verified. */
  since: time.nullable(),
  rehearsal: z.boolean(),
  title: z.string().max(120),
  inventory: amount,
  verified: amount,
  wrong: count,
  waitingForPerson: count,
  eta: rangeMs.nullable(),
  lanes: z.array(
    z.strictObject({
      route: z.enum(['device', 'share', 'link']),
      planned: amount,
      sent: amount,
      verified: amount,
      bytesPerSecond: z.number().nullable(),
      stalled: z.boolean(),
    }),
  ),
  modalities: z.array(z.strictObject({ modality: z.string().max(16), items: count, verified: count })).max(40),
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
  /** Bytes in the share that are not in S3 yet. */
  toLand: count.nullable(),
  strip: z.strictObject({ everyMs: count, rates: z.array(z.number().nullable()).max(240) }),
  next: z.strictObject({ code: z.string(), deviceOrdinal: count.nullable(), at: rangeMs.nullable() }).nullable(),
})
export type WallboardFigures = z.infer<typeof wallboardFigures>

const noAmount = { items: 0, bytes: 0 }
const noDevices = { planned: 0, onTheWay: 0, onSite: 0, loading: 0, travellingBack: 0, importing: 0, imported: 0, other: 0 }

/** The figures of a snapshot. `brokenSince`: the engine is gone since then, and the snapshot is the last that it told. */
export function wallboardFrom(
  snapshot: Snapshot | undefined,
  title: string,
  brokenSince: number | undefined,
  now: number,
): WallboardFigures {
  const migration = snapshot?.migration ?? undefined
  const base = { format: 'firn-wallboard', version: 1, at: brokenSince === undefined ? (snapshot?.at ?? now) : now, title } as const
  if (migration === undefined) {
    return {
      ...base,
      state: brokenSince === undefined ? 'none' : 'broken',
      since: brokenSince ?? null,
      rehearsal: false,
      inventory: noAmount,
      verified: noAmount,
      wrong: 0,
      waitingForPerson: 0,
      eta: null,
      lanes: [],
      modalities: [],
      devices: noDevices,
      toLand: null,
      strip: { everyMs: 60_000, rates: [] },
      next: null,
    }
  }
  const { totals, verdicts, needs, lanes, works } = migration
  const running = works.some((work) => work.state === 'running')
  const share = lanes.find((lane) => lane.route === 'share')
  const [next] = migration.next
  return {
    ...base,
    state: brokenSince !== undefined ? 'broken' : migration.finishedAt !== null ? 'quiet' : running ? 'running' : 'idle',
    since: brokenSince ?? migration.finishedAt,
    rehearsal: migration.kind === 'rehearsal',
    inventory: totals.inventory,
    verified: totals.verified,
    wrong: verdicts.mismatch + verdicts.missing,
    waitingForPerson: Object.values(needs).reduce((sum, one) => sum + one, 0),
    eta: migration.eta?.left ?? null,
    lanes: lanes.map((lane) => ({
      route: lane.route,
      planned: lane.planned,
      sent: lane.sent,
      verified: lane.verified,
      bytesPerSecond: lane.bytesPerSecond,
      stalled: works.some((work) => work.stalledSince !== null && work.state === 'running' && laneOf(work.kind) === lane.route),
    })),
    modalities: migration.byModality,
    devices: migration.devices,
    toLand: share === undefined || share.landed === null ? null : Math.max(share.sent.bytes - share.landed.bytes, 0),
    strip: sumOfStrips(lanes.map((lane) => lane.strip)),
    next: next === undefined ? null : { code: next.code, deviceOrdinal: ordinalOf(next.facts), at: next.at },
  }
}

/** Devices go by their number in the plan. */
function ordinalOf(facts: Readonly<Record<string, string | number>>): number | null {
  return typeof facts['ordinal'] === 'number' ? facts['ordinal'] : null
}

function laneOf(kind: string): 'device' | 'share' | 'link' | undefined {
  if (kind === 'load') return 'device'
  if (kind === 'push') return 'share'
  return kind === 'link' ? 'link' : undefined
}

function sumOfStrips(
  strips: readonly { readonly everyMs: number; readonly rates: readonly (number | null)[] }[],
): WallboardFigures['strip'] {
  const length = Math.max(0, ...strips.map(({ rates }) => rates.length))
  const rates = Array.from({ length }, (_, fromEnd) => {
    const there = strips.map((strip) => strip.rates.at(-1 - fromEnd)).filter((rate): rate is number => typeof rate === 'number')
    return there.length === 0 ? null : there.reduce((sum, rate) => sum + rate, 0)
  }).reverse()
  return { everyMs: strips[0]?.everyMs ?? 60_000, rates }
}
