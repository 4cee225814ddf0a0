/** Migrations that this machine knows, and which one is open. */
import { z } from 'zod'
import { call, checkStep, count, nothing, pathToken, time } from './call.ts'

export const migrationEntry = z.strictObject({
  /** The migration's own id; in the list of this machine. */
  id: z.string(),
  name: z.string(),
  kind: z.enum(['rehearsal', 'real']),
  openedAt: time.nullable(),
  /** gone: its folder is not there any more. held: another Firn works on it. */
  state: z.enum(['open', 'closed', 'held', 'gone']),
  label: z.string(),
})
export type MigrationEntry = z.infer<typeof migrationEntry>

const bucket = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is not the name of a bucket')
const prefix = z
  .string()
  .max(512)
  .regex(/^$|\/$/, 'must end with /')
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is not a Region')

/** Where AWS is reached with: a profile of ~/.aws (its SSO included), keys in the secret store, or the usual chain of the SDK. */
export const awsAccess = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('profile'), profile: z.string().min(1).max(200) }),
  z.strictObject({ kind: z.literal('keys'), name: z.string().min(1).max(60) }),
  z.strictObject({ kind: z.literal('default') }),
])
export type AwsAccess = z.infer<typeof awsAccess>

export const migrationCalls = {
  'migrations.list': call(nothing, z.strictObject({ migrations: z.array(migrationEntry), profiles: z.array(z.string()) })),
  /** @throws Fault not-a-migration, journal-held, journal-damaged, journal-newer, key-missing, work-running. */
  'migrations.open': call(z.strictObject({ id: z.string().max(100) }), migrationEntry),
  /** A migration that lies in a folder, made by `firn init` or on another day. */
  'migrations.openFolder': call(z.strictObject({ folder: pathToken }), migrationEntry),
  'migrations.close': call(nothing, nothing),
  /** Only off the list; its folder stays as it is. */
  'migrations.forget': call(z.strictObject({ id: z.string().max(100) }), nothing),
  /** Makes a rehearsal and opens it. Making the archive of a synthetic one is a work of its own kind, `prepare`. */
  'migrations.rehearse': call(
    z.strictObject({
      /** `null`: a synthetic archive. */
      archive: pathToken.nullable().default(null),
      instances: z.number().int().min(10).max(1_000_000).default(2000),
      seed: z.number().int().min(0).max(2_147_483_647).default(1),
      faults: z.enum(['none', 'some']).default('none'),
      /** Simulated time runs this many times as fast as real time. */
      speed: z.number().min(1).max(1_000_000).default(20_000),
    }),
    migrationEntry,
  ),
  'migrations.create': call(
    z.strictObject({
      name: z.string().trim().min(1).max(120),
      folder: pathToken.nullable().default(null),
      region,
      access: awsAccess,
      bucket,
      archives: z
        .array(z.strictObject({ folder: pathToken, prefix }))
        .min(1)
        .max(50),
      share: pathToken.nullable().default(null),
    }),
    migrationEntry,
  ),
  /** What of AWS answers with this access, step by step; names what is missing. Sends nothing. */
  'aws.test': call(z.strictObject({ region, access: awsAccess, bucket: bucket.nullable() }), z.strictObject({ steps: z.array(checkStep) })),
  'migrations.summary': call(
    nothing,
    z.strictObject({
      id: z.string(),
      name: z.string(),
      kind: z.enum(['rehearsal', 'real']),
      createdAt: time,
      region: z.string(),
      bucket: z.string(),
      awsAt: z.string(),
      archives: count,
      journalBytes: count,
    }),
  ),
} as const
