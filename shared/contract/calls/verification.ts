/** Verification: verdicts by study and item, in the words of shared/domain/verification.ts. */
import { z } from 'zod'
import { verdicts } from '../../domain/verification.ts'
import { amount, call, count, id, nothing, page, pageInput, person, time } from './call.ts'

export const verdictWord = z.enum(verdicts)
export const verdictCounts = z.strictObject({
  verified: count,
  consistent: count,
  present: count,
  mismatch: count,
  missing: count,
  extra: count,
  unknown: count,
})

/** Where an item without a verdict stands on its way. */
export const onTheWay = ['not-planned', 'waiting', 'left-behind', 'not-checked'] as const
export type OnTheWay = (typeof onTheWay)[number]

/** Why something is not verified, by cause: a reason of verification, or one of onTheWay. */
const notVerified = z.strictObject({ reason: z.string(), items: count, bytes: count })

export const verificationCalls = {
  'verification.summary': call(
    nothing,
    z.strictObject({
      run: z.strictObject({ id, startedAt: time, finishedAt: time.nullable() }).nullable(),
      counts: verdictCounts,
      extras: count,
      /** All that may travel and is not verified, whatever the reason. */
      unverified: amount,
      notVerified: z.array(notVerified),
      inventory: amount,
      /** Missing or different in S3, though sent: can be sent again over the link. */
      repairable: amount,
    }),
  ),
  /** What is missing or different waits on the link lane from now on. */
  'verification.repair': call(z.strictObject({ person }), amount),
  /** Studies, the worst first when `order` says so; those wholly verified only if asked for. */
  'verification.studies': call(
    z.strictObject({ ...pageInput, only: z.enum(['all', 'not-verified']).default('not-verified') }),
    page(
      z.strictObject({
        studyId: id,
        modality: z.string().nullable(),
        studyDate: z.string().nullable(),
        items: count,
        bytes: count,
        counts: verdictCounts,
        notChecked: count,
        worst: verdictWord,
      }),
    ),
  ),
  'verification.items': call(
    z.strictObject({
      ...pageInput,
      verdict: verdictWord.nullable().default(null),
      studyId: id.nullable().default(null),
      reason: z.string().max(64).nullable().default(null),
    }),
    page(
      z.strictObject({
        itemId: id,
        studyId: id,
        size: count,
        verdict: verdictWord.nullable(),
        method: z.string().nullable(),
        reason: z.string().nullable(),
        at: time.nullable(),
      }),
    ),
  ),
  'verification.extras': call(z.strictObject(pageInput), page(z.strictObject({ key: z.string(), size: count }))),
  'verification.item': call(
    z.strictObject({ itemId: id }),
    z.strictObject({
      itemId: id,
      studyId: id,
      size: count,
      path: z.string(),
      sha256: z.string().nullable(),
      crc64nvme: z.string().nullable(),
      verdict: z
        .strictObject({
          verdict: verdictWord,
          method: z.string(),
          reason: z.string().nullable(),
          bucket: z.string(),
          key: z.string(),
          versionId: z.string().nullable(),
          size: count.nullable(),
          algorithm: z.string().nullable(),
          checksumType: z.string().nullable(),
          expected: z.string().nullable(),
          actual: z.string().nullable(),
          storageClass: z.string().nullable(),
          at: time,
          runId: id,
        })
        .nullable(),
      earlier: z.array(z.strictObject({ runId: id, verdict: verdictWord, reason: z.string().nullable(), at: time })),
    }),
  ),
} as const
