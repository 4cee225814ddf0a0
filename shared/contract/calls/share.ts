/** The share lane: gateway, cache, and what is copied but not yet in S3. */
import { z } from 'zod'
import { amount, call, count, nothing, rangeMs, time } from './call.ts'

/** What can be wrong with a share, as `flags` says it. A fault's code may stand there too. */
export const shareFlags = [
  'share-not-available',
  'cache-filling',
  'cache-full',
  'files-failing-upload',
  'no-figures',
  'folder-missing',
  'folder-read-only',
] as const
export type ShareFlag = (typeof shareFlags)[number]

export const shareCalls = {
  'share.state': call(
    nothing,
    z.strictObject({
      /** `null`: no share was found; `fault` says why. */
      share: z
        .strictObject({ shareArn: z.string(), gatewayArn: z.string(), protocol: z.string(), status: z.string(), location: z.string() })
        .nullable(),
      fault: z.string().nullable(),
      cache: z.strictObject({ allocatedBytes: count, usedPercent: z.number(), dirtyPercent: z.number() }).nullable(),
      /** What the drain guard does, with the figures of its sentence. */
      guard: z.strictObject({
        state: z.enum(['open', 'holding-back', 'idle', 'unknown']),
        dirtyPercent: z.number().nullable(),
        drainBytesPerSecond: z.number().nullable(),
        resumesInMs: rangeMs.nullable(),
      }),
      filesFailingUpload: count.nullable(),
      planned: amount,
      pushed: amount,
      /** In S3, as far as is known; `null` without a look at it. */
      landed: amount.nullable(),
      verified: amount,
      /** Between pushed and landed. */
      gap: z.strictObject({ bytes: count, ms: rangeMs.nullable() }).nullable(),
      /** Of shareFlags, or faults' codes; the worst first. */
      flags: z.array(z.string()),
      at: time,
    }),
  ),
} as const
