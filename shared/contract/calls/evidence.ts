/** Evidence bundles and the event log. */
import { z } from 'zod'
import { call, count, cursor, nothing, time } from './call.ts'

export const bundleRow = z.strictObject({
  bundle: z.string(),
  madeAt: time,
  sentence: z.string(),
  tone: z.enum(['green', 'amber', 'red']),
  items: count,
  bytes: count,
  fingerprints: z.array(z.string()),
  /** SHA-256 of the key that signed it; `null`: older than signing, or not readable. */
  signedBy: z.string().nullable(),
  files: z.array(z.strictObject({ name: z.string(), bytes: count })),
  /** A list with paths is in it. */
  withPaths: z.boolean(),
  /** Whether the files still have the hashes that the bundle names. `null`: not looked at. */
  whole: z.boolean().nullable(),
})
export type BundleRow = z.infer<typeof bundleRow>

export const evidenceCalls = {
  'evidence.list': call(
    nothing,
    z.strictObject({
      bundles: z.array(bundleRow),
      folder: z.string(),
      /** Fingerprint of the key that signs the next bundle; `null`: it is made with the first one. */
      signingKey: z.string().nullable(),
    }),
  ),
  /** Hashes the files of a bundle again and compares. */
  'evidence.check': call(
    z.strictObject({ bundle: z.string().max(200) }),
    z.strictObject({ whole: z.boolean(), differing: z.array(z.string()) }),
  ),
  /** The event log, newest first. */
  'events.page': call(
    z.strictObject({
      after: cursor.default(null),
      limit: z.number().int().min(1).max(500).default(100),
      kinds: z.array(z.string().max(64)).max(50).nullable().default(null),
      from: time.nullable().default(null),
      to: time.nullable().default(null),
    }),
    z.strictObject({
      rows: z.array(
        z.strictObject({
          sequence: count,
          at: time,
          kind: z.string(),
          facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
          hash: z.string(),
        }),
      ),
      next: cursor,
    }),
  ),
  'events.kinds': call(nothing, z.strictObject({ kinds: z.array(z.string()) })),
  'events.check': call(nothing, z.strictObject({ whole: z.boolean(), entries: count, brokenAt: count.nullable() })),
  /** Verifications, scans and plans so far. */
  'history.runs': call(
    nothing,
    z.strictObject({
      runs: z.array(
        z.strictObject({
          kind: z.enum(['scan', 'plan', 'verification', 'evidence']),
          id: count,
          startedAt: time,
          finishedAt: time.nullable(),
          /** Of a scan the archive's id, of a plan who approved it, of evidence the bundle. */
          note: z.string(),
        }),
      ),
    }),
  ),
} as const
