/** migration.json: what a person decides about a migration and may edit. Secrets are never in it. */
import { z } from 'zod'
import { defaultClutter } from '../domain/archive.ts'
import { Fault } from '../faults/fault.ts'

const address = z.strictObject({
  name: z.string().min(1),
  company: z.string().optional(),
  street1: z.string().min(1),
  street2: z.string().optional(),
  city: z.string().min(1),
  stateOrProvince: z.string().optional(),
  postalCode: z.string().min(1),
  country: z.string().length(2),
  phoneNumber: z.string().min(1),
})

export const shippingOptions = ['SECOND_DAY', 'NEXT_DAY', 'EXPRESS', 'STANDARD'] as const

/** What an order of devices needs besides the plan. */
export const orderSettings = z.strictObject({
  roleArn: z.string().min(1),
  /** Of the key itself, not an alias. */
  kmsKeyArn: z.string().optional(),
  /** SNS topic that AWS tells of every new state of a job. */
  notifyTopicArn: z.string().optional(),
  shippingOption: z.enum(shippingOptions),
  address,
})
export type OrderSettings = z.infer<typeof orderSettings>

const rehearsal = z.strictObject({
  /** Simulated time runs this many times as fast as real time. */
  speed: z.number().positive().default(600_000),
  /** A file with what shall go wrong. */
  faultPlan: z.string().optional(),
  cacheBytes: z.number().int().positive(),
  uplinkBytesPerSecond: z.number().int().positive(),
  deviceBytes: z.number().int().positive(),
  /** Devices that the simulated account may have at once. */
  deviceLimit: z.number().int().positive().max(100).default(1),
  /** Size of a batch: small, so that even a small archive makes several. */
  batchBytes: z.number().int().positive(),
  /** The synthetic archive this rehearsal makes for itself; absent when it rehearses a folder that somebody named. */
  synthetic: z.strictObject({ instances: z.number().int().positive(), seed: z.number().int() }).optional(),
})

/** As S3 stores what goes over the link. Items of a device take the class and key of the bucket instead: the import cannot be told. */
const link = z.strictObject({
  storageClass: z.enum(['STANDARD', 'STANDARD_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE']).optional(),
  kmsKeyArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'must be the ARN of a key, not of an alias')
    .optional(),
  /** At most 10 (S3 User Guide, object tags). They are billed, logged and listed in the clear: nothing of a patient belongs there. */
  tags: z
    .record(
      z
        .string()
        .regex(/^[\p{L}\p{N} _.:/=+\-@]{1,128}$/u)
        .refine((name) => !name.toLowerCase().startsWith('aws:'), 'must not begin with aws:'),
      z.string().regex(/^[\p{L}\p{N} _.:/=+\-@]{0,256}$/u),
    )
    .refine((tags) => Object.keys(tags).length <= 10, 'at most 10 tags')
    .optional(),
})
export type LinkStorage = z.infer<typeof link>

export const migrationConfig = z.strictObject({
  format: z.literal(1),
  region: z.string().min(1),
  /** Clutter: names passed over by scans, at any depth; `*` stands for any run of characters. */
  ignore: z.array(z.string().min(1)).default([...defaultClutter.ignore]),
  /** A profile of ~/.aws; absent: the SDK's default chain. */
  profile: z.string().optional(),
  /** Instead of a profile: the name of keys in the secret store of this machine. The keys themselves are never here. */
  keptKeys: z.string().min(1).max(60).optional(),
  snowball: orderSettings.optional(),
  /** Where the file share is mounted, and which share it is when the account has several. */
  share: z.strictObject({ folder: z.string().min(1), shareArn: z.string().optional() }).optional(),
  link: link.optional(),
  rehearsal: rehearsal.optional(),
})

export type MigrationConfig = z.infer<typeof migrationConfig>

/** @throws Fault bad-input naming the field. */
export function parseMigrationConfig(input: unknown): MigrationConfig {
  const parsed = migrationConfig.safeParse(input)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Fault('bad-input', {
    file: 'migration.json',
    field: issue?.path.map(String).join('.') ?? '',
    problem: issue?.message ?? 'not understood',
  })
}
