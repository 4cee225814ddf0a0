/** summary.json of an evidence bundle: what the bundle proves, in numbers. No paths, no DICOM values. */
import { z } from 'zod'
import { planEstimate } from '../domain/plan.ts'
import { studyRule } from '../domain/studyRule.ts'

const count = z.number().int().nonnegative()
const isoTime = z.iso.datetime()
const hex64 = z.string().regex(/^[0-9a-f]{64}$/)

export const outcomeCounts = z.strictObject({
  verified: count,
  consistent: count,
  present: count,
  mismatch: count,
  missing: count,
  unknown: count,
  'left-behind': count,
  'not-checked': count,
})

/** What the last whole scan passed over by the clutter policy: neither items nor counted as such. A folder is one entry, whatever is in it. */
const passedOver = z.strictObject({
  entries: count,
  /** As somebody set them: `*` stands for any characters. */
  patterns: z.array(z.string()),
  /** The patterns were changed after that scan, so `entries` may have gone by others. */
  patternsChangedSince: z.boolean(),
})
/** Which studies the plan took. Of folders only how many: their names may be those of patients. */
const planRule = studyRule.omit({ folder: true, excludeFolders: true }).extend({ folders: count, excludedFolders: count })
const group = z.strictObject({ name: z.string(), items: count, bytes: count, counts: outcomeCounts })
const amount = z.strictObject({ items: count, bytes: count })

export const evidenceSummary = z.strictObject({
  format: z.literal('firn-evidence'),
  version: z.literal(1),
  bundle: z.string(),
  /** SHA-256 of the public key (SPKI, DER) that signs the bundle; `null` in bundles that are older than signing. */
  signedBy: hex64.nullable().default(null),
  madeAt: isoTime,
  migration: z.strictObject({ id: z.string(), name: z.string(), kind: z.enum(['rehearsal', 'real']), createdAt: isoTime }),
  sentence: z.string(),
  tone: z.enum(['green', 'amber', 'red']),
  items: count,
  bytes: count,
  counts: outcomeCounts,
  extras: count,
  /** `null`: no verification was ever begun. `finishedAt: null`: the last one was cut off; verdicts are those of the last finished one. */
  verification: z.strictObject({ id: count, startedAt: isoTime, finishedAt: isoTime.nullable() }).nullable(),
  studies: z.strictObject({ total: count, whollyVerified: count }),
  /** `none`: items without a lane. */
  lanes: z.array(group),
  /** `none`: not DICOM, or not known. `other`: a value that DICOM does not define. */
  modalities: z.array(group),
  archives: z.array(group.extend({ bucket: z.string(), prefix: z.string(), fingerprint: hex64, passedOver })),
  /** What compared the digests of verified, consistent and mismatched items. */
  methods: z.array(
    z.strictObject({
      method: z.string(),
      algorithm: z.string().nullable(),
      checksumType: z.string().nullable(),
      outcome: z.string(),
      strength: z.string(),
      items: count,
    }),
  ),
  notVerified: z.array(
    z.strictObject({ outcome: z.string(), reason: z.string(), explanation: z.string(), items: count, examples: z.array(z.string()) }),
  ),
  anomalies: z.array(z.strictObject({ code: z.string(), title: z.string(), items: count, bytes: count })),
  plan: z
    .strictObject({
      id: count,
      approvedBy: z.string().nullable(),
      answers: z.unknown(),
      rule: planRule.nullable().default(null),
      estimate: planEstimate.nullable(),
    })
    .nullable(),
  devices: z.array(
    z.strictObject({
      device: count,
      ordinal: count,
      wave: count,
      snowballType: z.string(),
      jobId: z.string().nullable(),
      state: z.string(),
      planned: amount,
      sent: amount,
      custodyEntries: count,
    }),
  ),
  notices: z.array(
    z.strictObject({
      id: z.string(),
      route: z.string(),
      effective: z.string(),
      checked: z.string(),
      source: z.string(),
      text: z.string(),
      inForce: z.boolean(),
    }),
  ),
  /** How each bucket was last found to be set up, and how that differs from the first look (`since`). posture.json holds every look. */
  buckets: z
    .array(
      z.strictObject({
        bucket: z.string(),
        profile: z.string(),
        at: isoTime,
        moment: z.string(),
        checks: count,
        open: z.array(z.strictObject({ check: z.string(), result: z.string() })),
        since: isoTime,
        drift: z.array(z.strictObject({ check: z.string(), from: z.string(), to: z.string() })),
      }),
    )
    .default([]),
  faultsDuringRun: z.array(z.strictObject({ code: z.string(), times: count })),
  chain: z.strictObject({ whole: z.boolean(), entries: count, brokenAt: count.nullable(), head: hex64.nullable() }),
  /** Equal for two moves of the same archive that found, read and verified the same. docs/evidence.md defines its bytes. */
  contentFingerprint: hex64,
  words: z.record(z.string(), z.string()),
  includesPaths: z.boolean(),
})
export type EvidenceSummary = z.infer<typeof evidenceSummary>
export type EvidenceGroup = z.infer<typeof group>
