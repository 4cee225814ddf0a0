/** The few answers a plan is made from, with a default for each. Parsing names the field that cannot be used. */
import { z } from 'zod'
import { defaultBatchLimits, tarCeiling, tarEndBytes, tarMemberBytes } from '../domain/batch.ts'
import { deviceFillCeiling, deviceTypes } from '../domain/device.ts'
import { isoDay, notices } from '../domain/notice.ts'
import { Fault } from '../faults/fault.ts'
import { bytes, TB, type Bytes } from '../units/bytes.ts'

const count = z.number().int().min(1)
const rate = z.number().positive()
const isoDate = z.iso.date()
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time of day, HH:MM')
const byteCount = z
  .number()
  .int()
  .min(0)
  .transform((value): Bytes => bytes(value))

/** Two figures with a guess between them. */
const span = z
  .strictObject({ low: z.number().nonnegative(), high: z.number().nonnegative() })
  .refine(({ low, high }) => low <= high, 'the low figure must not be above the high one')

const spanAboveZero = span.refine(({ low }) => low > 0, 'must be above 0')

const usualDevice = deviceTypes[0] ?? { snowballType: 'V3_5S', capacity: 'T240', usable: bytes(210 * TB) }
const announcedEnd = notices.find((notice) => notice.id === 'snowball-commercial-sunset')?.effective ?? null

export const gatewaySizes = ['none', 'Small', 'Medium', 'Large'] as const
export type GatewaySize = (typeof gatewaySizes)[number]

export const unsafeNameWays = ['other-lane', 'map'] as const

const division = z.discriminatedUnion('kind', [
  /** Everything by one lane, except what that lane cannot take. */
  z.strictObject({ kind: z.literal('one-lane'), route: z.enum(['device', 'share', 'link']) }),
  /** Studies older than the day given by device; newer and undated ones through the share. */
  z.strictObject({ kind: z.literal('by-study-date'), deviceBefore: z.string().regex(/^\d{8}$/, 'must be a date, YYYYMMDD') }),
  /** Everything by the lane that the estimate recommends. */
  z.strictObject({ kind: z.literal('recommended') }),
])
export type Division = z.infer<typeof division>

const link = z.strictObject({
  megabitsPerSecond: rate.default(1000),
  /** The part of the link that the move may use. */
  share: z.number().gt(0).max(1).default(0.8),
  hoursPerDay: z.number().gt(0).max(24).default(24),
  /** Times of day when the link may be used; when given, hoursPerDay follows from them. May pass midnight. */
  windows: z
    .array(z.strictObject({ from: timeOfDay, to: timeOfDay }))
    .max(24)
    .optional(),
  /** Whole objects put per second when they are so small that their bytes do not matter. */
  itemsPerSecond: spanAboveZero.default({ low: 150, high: 600 }),
})

const device = z.strictObject({
  snowballType: z.string().min(1).default(usualDevice.snowballType),
  capacity: z.string().min(1).default(usualDevice.capacity),
  /** What one device holds. A rehearsal makes it tiny. */
  usableBytes: byteCount.refine((value) => value > 0, 'must be above 0').default(usualDevice.usable),
  /** The part of a device that is filled. */
  fill: z
    .number()
    .gt(0)
    .max(deviceFillCeiling, `must not be above ${deviceFillCeiling}: writing to a full device can corrupt data`)
    .default(0.9),
  /** Devices that the account may have at once. */
  atOnce: count.default(1),
  megabytesPerSecond: rate.default(400),
  /** A study with names that Snowball may refuse: by another lane under its own names, or on a device under mapped ones (shared/domain/nameMapping.ts). */
  unsafeNames: z.enum(unsafeNameWays).default('other-lane'),
  /** Milliseconds that one item takes besides its bytes, in a batch and alone. */
  batchedItemMs: span.default({ low: 1, high: 3 }),
  loneItemMs: span.default({ low: 10, high: 60 }),
})

const gateway = z.strictObject({
  size: z.enum(gatewaySizes).default('Medium'),
  cacheBytes: byteCount.default(bytes(10 * TB)),
  /** Files per second that a share writes to S3 when they are small. */
  filesPerSecond: rate.default(16),
})

const batch = z
  .strictObject({
    smallBelow: byteCount.default(defaultBatchLimits.smallBelow),
    members: count.max(100_000, 'must not be above 100,000: more members slow the import').default(defaultBatchLimits.members),
    tarBytes: byteCount.default(defaultBatchLimits.tarBytes),
  })
  .superRefine((limits, context) => {
    if (limits.tarBytes > tarCeiling)
      context.addIssue({
        code: 'custom',
        path: ['tarBytes'],
        message: 'must not be above 100 GB: AWS imports a larger tar but does not extract it',
      })
    else if (limits.tarBytes < tarMemberBytes(1024, limits.smallBelow) + tarEndBytes)
      context.addIssue({
        code: 'custom',
        path: ['tarBytes'],
        message: 'must be large enough for one item of smallBelow bytes and its tar headers',
      })
  })

/** Prices as somebody last read them. Used only when given, and then shown as indicative. */
const prices = z.strictObject({
  currency: z.string().min(1).max(8),
  asOf: isoDate,
  source: z.string().min(1).max(200),
  devicePerJob: z.number().nonnegative(),
  devicePerExtraDay: z.number().nonnegative(),
  sharePerGigabyte: z.number().nonnegative(),
  /** The most that one gateway costs in a month. */
  shareMonthlyCeiling: z.number().nonnegative(),
  linkPerGigabyte: z.number().nonnegative(),
})

export const planAnswers = z.strictObject({
  /** The day the plan is made. */
  today: isoDate,
  deadline: isoDate.optional(),
  link: link.prefault({}),
  /** Does the account still have Snowball? */
  snowball: z.enum(['yes', 'no', 'unknown']).default('unknown'),
  /** When Snowball ends for this account. `null`: it does not (GovCloud, or a rehearsal). */
  snowballEnds: isoDate.nullable().default(announcedEnd),
  device: device.prefault({}),
  gateway: gateway.prefault({}),
  /** What the disks of the archive give while it is read. */
  sourceMegabytesPerSecond: rate.default(250),
  /** Objects whose digests S3 can be asked for per second. */
  verifyItemsPerSecond: spanAboveZero.default({ low: 100, high: 400 }),
  batch: batch.prefault({}),
  division: division.default({ kind: 'recommended' }),
  prices: prices.optional(),
})

export type PlanAnswers = z.infer<typeof planAnswers>
export type PlanAnswersInput = z.input<typeof planAnswers>

/**
 * Fills in the defaults.
 * @throws Fault bad-input with the first field that cannot be used, as `field`, and why, as `problem`. The value itself is not repeated.
 */
export function parsePlanAnswers(input: unknown): PlanAnswers {
  const parsed = planAnswers.safeParse(input)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const at = issue?.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys] : (issue?.path ?? [])
    throw new Fault('bad-input', { field: at.map(String).join('.') || 'answers', problem: issue?.message ?? 'not understood' })
  }
  const { today, deadline } = parsed.data
  if (deadline !== undefined && isoDay(deadline) < isoDay(today))
    throw new Fault('bad-input', { field: 'deadline', problem: 'lies before today' })
  return parsed.data
}

/** Hours of a day in which the link may be used; overlapping windows count once. */
export function usableHours(link: PlanAnswers['link']): number {
  if (link.windows === undefined || link.windows.length === 0) return link.hoursPerDay
  const used = new Set<number>()
  for (const window of link.windows) {
    const from = minuteOfDay(window.from)
    const to = minuteOfDay(window.to)
    const length = to > from ? to - from : to + 1440 - from
    for (let step = 0; step < length; step += 1) used.add((from + step) % 1440)
  }
  return used.size / 60
}

function minuteOfDay(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
}
