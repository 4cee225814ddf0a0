/** What a person wants to know of a bucket's policy, asked as requests and answered by meaning: not by how the statements are written. */
import type { Policy, Statement } from './document.ts'
import { evaluate } from './evaluate.ts'
import { witnessOf } from './patterns.ts'
import type { Caller, ContextValue, PolicyRequest } from './request.ts'
import { roleContext, roleNames, roleNeeds, type RoleName } from './roles.ts'

export type Bucket = { readonly name: string; readonly account: string; readonly partition?: string }

/** `full`: whoever asks, whatever for. `partly`: something is left open, and `open` says what. */
export type Enforced = { readonly enforced: 'full' | 'partly' | 'not'; readonly open: readonly string[]; readonly by: readonly Statement[] }

const onBucket = [
  's3:ListBucket',
  's3:ListBucketVersions',
  's3:GetBucketPolicy',
  's3:PutBucketPolicy',
  's3:PutLifecycleConfiguration',
  's3:DeleteBucket',
]
const onObjects = [
  's3:GetObject', 's3:GetObjectVersion', 's3:GetObjectAttributes', 's3:PutObject', 's3:PutObjectTagging', 's3:DeleteObject', 's3:DeleteObjectVersion',
  's3:RestoreObject', 's3:PutObjectAcl', 's3:AbortMultipartUpload',
] // prettier-ignore

/** Every kind of caller, so that a rule for some of them is not taken for a rule for all. */
function anybody({ account }: Bucket): readonly Caller[] {
  return [
    { kind: 'anonymous' },
    { kind: 'user', account, arn: `arn:aws:iam::${account}:user/firn-witness` },
    { kind: 'role', account, roleArn: `arn:aws:iam::${account}:role/firn-witness`, session: 'firn-witness' },
    { kind: 'root', account, arn: `arn:aws:iam::${account}:root` },
    { kind: 'user', account: '000000000000', arn: 'arn:aws:iam::000000000000:user/firn-witness' },
  ]
}

/** Keys that stand for all: one that no statement can mean, and one below every pattern that a statement names. */
function resourcesOf(policy: Policy, bucket: Bucket): { readonly bucket: string; readonly objects: readonly string[] } {
  const arn = `arn:${bucket.partition ?? 'aws'}:s3:::${bucket.name}`
  const below = policy.statements
    .flatMap(({ resources }) => resources.patterns.map(witnessOf))
    .filter((one) => one.startsWith(`${arn}/`) && !one.includes('${'))
  return { bucket: arn, objects: [...new Set([`${arn}/firn-witness/0/object`, ...below])] }
}

type Question = {
  readonly callers: readonly Caller[]
  readonly bucketActions: readonly string[]
  readonly objectActions: readonly string[]
  readonly context: ReadonlyMap<string, ContextValue>
}

function isDenied(policy: Policy, bucket: Bucket, { callers, bucketActions, objectActions, context }: Question): Enforced {
  const where = resourcesOf(policy, bucket)
  const open = new Set<string>()
  const by = new Map<number, Statement>()
  let asked = 0
  let denied = 0
  const ask = (request: PolicyRequest, place: string): void => {
    asked += 1
    const judged = evaluate(policy, request)
    if (judged.decision === 'denied') {
      denied += 1
      if (judged.by !== undefined) by.set(judged.by.at, judged.by)
    } else open.add(place)
  }
  for (const caller of callers) {
    for (const action of bucketActions)
      ask({ caller, action, resource: where.bucket, context, otherwise: 'unknown' }, `${action} on the bucket`)
    for (const action of objectActions)
      for (const resource of where.objects) ask({ caller, action, resource, context, otherwise: 'unknown' }, `${action} on objects`)
  }
  return { enforced: denied === asked ? 'full' : denied > 0 ? 'partly' : 'not', open: [...open], by: [...by.values()] }
}

const everything = { bucketActions: onBucket, objectActions: onObjects }

/** Whether nobody can reach bucket or objects without TLS. */
export function tlsEnforced(policy: Policy, bucket: Bucket): Enforced {
  return isDenied(policy, bucket, { callers: anybody(bucket), ...everything, context: new Map([['aws:securetransport', ['false']]]) })
}

/** Whether TLS older than 1.2 is turned away as well. */
export function oldTlsDenied(policy: Policy, bucket: Bucket): Enforced {
  const context = new Map([
    ['aws:securetransport', ['true']],
    ['s3:tlsversion', ['1.1']],
  ] as const)
  return isDenied(policy, bucket, { callers: anybody(bucket), ...everything, context })
}

/** By what a person may come with instead of a second factor. A long-term key brings no such key of the context at all, which plain Bool does not catch. */
const factorless = {
  'a long-term key': new Map<string, ContextValue>([['aws:multifactorauthpresent', 'absent'], ['aws:multifactorauthage', 'absent']]),
  'a session without MFA': new Map<string, ContextValue>([['aws:multifactorauthpresent', ['false']], ['aws:multifactorauthage', 'absent']]),
} // prettier-ignore

export const mfaScopes = {
  everything,
  deletion: { bucketActions: [], objectActions: ['s3:DeleteObject', 's3:DeleteObjectVersion'] },
} as const

/** Whether people without a second factor are turned away; `open` also names with what they still come in. */
export function mfaDemanded(policy: Policy, bucket: Bucket, scope: keyof typeof mfaScopes): Enforced {
  const { account } = bucket
  const callers: readonly Caller[] = [{ kind: 'user', account, arn: `arn:aws:iam::${account}:user/firn-witness` }]
  const each = Object.entries(factorless).map(([how, context]) => ({
    how,
    ...isDenied(policy, bucket, {
      callers,
      ...mfaScopes[scope],
      context: new Map([...context, ['aws:securetransport', ['true']], ['s3:tlsversion', ['1.2']]]),
    }),
  }))
  const enforced = each.every((one) => one.enforced === 'full') ? 'full' : each.every((one) => one.enforced === 'not') ? 'not' : 'partly'
  return {
    enforced,
    open: each.flatMap(({ how, open }) => open.map((one) => `${one} with ${how}`)),
    by: unique(each.flatMap(({ by }) => by)),
  }
}

export type RoleBlocked = {
  readonly role: RoleName
  /** `unsure`: depends on what is not known of the role's requests. */
  readonly certain: 'blocked' | 'unsure'
  readonly actions: readonly string[]
  readonly by: readonly Statement[]
  readonly unknown: readonly string[]
}

export type RoleArns = Readonly<Partial<Record<RoleName, string>>>

/**
 * The roles that the policy keeps from their work. Of a role whose ARN is not known, only what would hit any role of the account is certain.
 * Without a prefix, every place that a statement names counts: one of them may be where the archive goes.
 */
export function blockedRoles(policy: Policy, bucket: Bucket, arns: RoleArns, prefix?: string): RoleBlocked[] {
  return roleNames.flatMap((role) => {
    const caller = callerOf(arns[role], bucket)
    const where = resourcesOf(policy, bucket)
    const arn = where.bucket
    const objects = prefix === undefined ? where.objects : [`${arn}/${prefix}firn-witness/0/object`]
    const places = [
      ...roleNeeds[role].bucket.map((action) => ({ action, resource: arn })),
      ...roleNeeds[role].objects.flatMap((action) => objects.map((resource) => ({ action, resource }))),
    ]
    const judged = places.map((place) => ({
      ...place,
      ...evaluate(policy, { caller, ...place, context: roleContext[role], otherwise: 'unknown' }),
    }))
    const denied = judged.filter(({ decision }) => decision === 'denied')
    const hit = denied.length > 0 ? denied : judged.filter(({ decision, by }) => decision === 'unsure' && by?.effect === 'Deny')
    if (hit.length === 0) return []
    return [
      {
        role,
        certain: denied.length > 0 ? ('blocked' as const) : ('unsure' as const),
        actions: [...new Set(hit.map(({ action }) => action))],
        by: unique(hit.flatMap(({ by }) => (by === undefined ? [] : [by]))),
        unknown: [...new Set(hit.flatMap(({ unknown }) => unknown))],
      },
    ]
  })
}

function callerOf(arn: string | undefined, { account }: Bucket): Caller {
  const owner = arn?.split(':')[4] ?? account
  if (arn?.includes(':user/') === true) return { kind: 'user', account: owner, arn }
  if (arn?.endsWith(':root') === true) return { kind: 'root', account: owner, arn }
  const session = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn ?? '')
  // A path of the role is not part of its session's ARN, so an exemption by the whole ARN may be missed: told as blocked rather than not.
  if (session !== null)
    return { kind: 'role', account: owner, roleArn: `arn:aws:iam::${owner}:role/${session[1] ?? ''}`, session: session[2] }
  return { kind: 'role', account: owner, roleArn: arn, session: undefined }
}

function unique(statements: readonly Statement[]): readonly Statement[] {
  return [...new Map(statements.map((one) => [one.at, one])).values()]
}
