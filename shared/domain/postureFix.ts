/**
 * The change that turns a check of a bucket to pass: what is there, merged with what is missing. Nothing that Firn did not write is ever taken out, and what a
 * person has to decide is asked for, not guessed.
 */
import { z } from 'zod'
import type { SettingName, SettingText } from './bucketSettings.ts'
import { utf8Length } from '../units/itemPath.ts'
import type { CheckName } from './posture.ts'

export type FixChoices = {
  /** ARN of the key that new objects are encrypted with. */
  readonly kmsKeyArn?: string | undefined
  /** ARNs of roles without a second factor: of the import, of gateways, of Batch Operations. */
  readonly exempt?: readonly string[]
  /** Where server access logs go. */
  readonly logBucket?: string | undefined
}

/** `needs`: what a person must say first. `not`: why no program should do it. */
export type Fix = { readonly setting: SettingName; readonly to: string } | { readonly needs: string } | { readonly not: string }

/** Which setting holds what a check looks at. */
export const settingOf: Readonly<Partial<Record<CheckName, SettingName>>> = {
  encryption: 'encryption',
  tls: 'policy',
  'old-tls': 'policy',
  'mfa-deletion': 'policy',
  'public-access-block': 'publicAccessBlock',
  ownership: 'ownership',
  versioning: 'versioning',
  'access-log': 'logging',
  'incomplete-uploads': 'lifecycle',
}

/** A bucket policy is at most 20 KB (Amazon S3 User Guide, bucket policies). */
const policyLimit = 20 * 1024
const anyObject = z.looseObject({})
const document = z.looseObject({ Version: z.string().optional(), Statement: z.union([z.array(anyObject), anyObject]).optional() })
const rules = z.looseObject({ Rules: z.array(anyObject).default([]) })

/**
 * @param from the setting as it is
 * @param bucket its name
 */
export function fixFor(check: CheckName, from: SettingText, bucket: string, choices: FixChoices): Fix {
  const all = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`]
  switch (check) {
    case 'encryption': {
      if (choices.kmsKeyArn === undefined) return { needs: 'the key: --kms-key ARN' }
      const [first = {}, ...rest] = listIn(from)
      const applied = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: choices.kmsKeyArn }
      return change('encryption', { Rules: [{ ...first, ApplyServerSideEncryptionByDefault: applied, BucketKeyEnabled: true }, ...rest] })
    }
    case 'tls':
      return withStatement(from, {
        Sid: 'FirnTlsOnly',
        Action: 's3:*',
        Resource: all,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      })
    case 'old-tls':
      return withStatement(from, {
        Sid: 'FirnTls12',
        Action: 's3:*',
        Resource: all,
        Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
      })
    case 'mfa-deletion': {
      const exempt = choices.exempt ?? []
      if (exempt.length === 0) return { needs: 'the roles that have no second factor and must go on working: --exempt ARN' }
      return withStatement(from, {
        Sid: 'FirnMfaForDelete',
        Action: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
        Resource: `arn:aws:s3:::${bucket}/*`,
        Condition: { Null: { 'aws:MultiFactorAuthAge': 'true' }, ArnNotLike: { 'aws:PrincipalArn': [...exempt] } },
      })
    }
    case 'public-access-block':
      return change('publicAccessBlock', {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      })
    case 'ownership':
      return change('ownership', { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] })
    case 'versioning':
      return change('versioning', { ...objectIn(from), Status: 'Enabled' })
    case 'access-log':
      if (choices.logBucket === undefined) return { needs: 'the bucket that keeps the logs: --log-bucket NAME' }
      return change('logging', { LoggingEnabled: { TargetBucket: choices.logBucket, TargetPrefix: `${bucket}/` } })
    case 'incomplete-uploads': {
      const rule = {
        ID: 'firn-unfinished-uploads',
        Status: 'Enabled',
        Filter: { Prefix: '' },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      }
      const others = listIn(from).filter(({ ID }) => ID !== rule.ID)
      return change('lifecycle', { ...objectIn(from), Rules: [...others, rule] })
    }
    case 'object-lock':
      return { not: 'decide the retention first: what is locked in compliance mode nobody can delete, not even AWS' }
    case 'not-public':
      return { not: 'a statement that somebody wrote allows everybody: only a person can say who shall be allowed instead' }
    case 'roles':
      return { not: 'a statement that somebody wrote turns a role away: exempt the role in it, or hold the statement to fewer people' }
  }
}

type Denied = { readonly Sid: string; readonly Action: string | string[]; readonly Resource: string | string[]; readonly Condition: object }

/** Beside the statements that are there, in their order; one of Firn's own of the same name is replaced. */
function withStatement(from: SettingText, denied: Denied): Fix {
  const parsed = document.safeParse(from === null ? {} : parse(from))
  if (!parsed.success) return { not: 'the policy that is there cannot be understood, and nothing is merged into it' }
  const { Statement: there = [], ...rest } = parsed.data
  const statements = Array.isArray(there) ? there : [there]
  const others = statements.filter(({ Sid }) => Sid !== denied.Sid)
  const { Sid, ...what } = denied
  const to = JSON.stringify({ Version: '2012-10-17', ...rest, Statement: [...others, { Sid, Effect: 'Deny', Principal: '*', ...what }] })
  if (utf8Length(to) > policyLimit) return { not: 'the policy would grow beyond the 20 KB that S3 takes' }
  return { setting: 'policy', to }
}

function change(setting: SettingName, to: object): Fix {
  return { setting, to: JSON.stringify(to) }
}

function objectIn(from: SettingText): Record<string, unknown> {
  return from === null ? {} : anyObject.parse(parse(from))
}

function listIn(from: SettingText): Record<string, unknown>[] {
  return from === null ? [] : rules.parse(parse(from)).Rules
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
