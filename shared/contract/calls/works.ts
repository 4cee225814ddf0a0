/** Works: what runs, what waits, what is over; failures by cause; and the limits of bandwidth. */
import { z } from 'zod'
import { bandwidthLimits } from '../limits.ts'
import { amount, call, count, cursor, id, nothing, page, pageInput, person } from './call.ts'

export type { WorkKind } from '../../domain/work.ts'

/** What to start. `rehearsal`: every step of it to the end. */
export const workToStart = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('scan') }),
  z.strictObject({
    kind: z.literal('plan'),
    rule: z.record(z.string(), z.unknown()).default({}),
    answers: z.record(z.string(), z.unknown()).default({}),
  }),
  z.strictObject({ kind: z.literal('load'), deviceId: id }),
  /** The bill of materials, and a sample read back; `all`: every item. */
  z.strictObject({ kind: z.literal('inspect'), deviceId: id, person, all: z.boolean().default(false) }),
  z.strictObject({ kind: z.literal('link') }),
  z.strictObject({ kind: z.literal('push') }),
  z.strictObject({ kind: z.literal('land') }),
  z.strictObject({ kind: z.literal('verify'), readBack: z.boolean().default(false) }),
  /** `zip`: also packed into one file beside the folder. */
  z.strictObject({ kind: z.literal('evidence'), includePaths: z.boolean().default(false), zip: z.boolean().default(false) }),
  z.strictObject({ kind: z.literal('track') }),
  z.strictObject({ kind: z.literal('rehearsal') }),
])
export type WorkToStart = z.infer<typeof workToStart>

const workId = z.strictObject({ workId: z.string().max(64) })

export const workCalls = {
  /** Queued, and begun as soon as nothing stands in its way. The same work twice is one. */
  'works.start': call(workToStart, z.strictObject({ workId: z.string() })),
  'works.pause': call(workId, nothing),
  'works.resume': call(workId, nothing),
  'works.cancel': call(workId, nothing),
  /** Puts a waiting work before another; `null`: at the end. */
  'works.move': call(workId.extend({ before: z.string().max(64).nullable() }), nothing),
  'works.pauseAll': call(nothing, nothing),
  'works.resumeAll': call(nothing, nothing),
  /** Takes works that are over off the list. */
  'works.clear': call(nothing, nothing),
  /** Left behind on the way or refused, grouped by cause (a fault's or an anomaly's code). */
  'failures.list': call(
    nothing,
    z.strictObject({
      failures: z.array(
        z.strictObject({ code: z.string(), what: z.enum(['fault', 'anomaly']), items: count, bytes: count, canRetry: z.boolean() }),
      ),
    }),
  ),
  'failures.items': call(
    z.strictObject({ code: z.string().max(64), ...pageInput }),
    page(z.strictObject({ itemId: id, size: count, route: z.string().nullable() })),
  ),
  /** Plans these items again where that can help; `null`: all causes. */
  'failures.retry': call(z.strictObject({ codes: z.array(z.string().max(64)).max(100).nullable() }), z.strictObject({ items: count })),
  /** What is moving now: item ids, never paths. */
  'transfers.waiting': call(
    z.strictObject({ route: z.enum(['device', 'share', 'link']), ...pageInput }),
    z.strictObject({
      left: amount,
      rows: z.array(z.strictObject({ itemId: id, size: count, state: z.string(), batch: z.boolean() })),
      next: cursor,
    }),
  ),
  'limits.read': call(nothing, bandwidthLimits),
  'limits.save': call(bandwidthLimits, bandwidthLimits),
} as const
