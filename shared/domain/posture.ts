/** The security of a bucket, check by check, judged from what S3 answered. What could not be asked is unknown, and never taken for good. */
import { readPolicy, type Policy } from './policy/document.ts'
import { blockedRoles, mfaDemanded, oldTlsDenied, tlsEnforced, type Enforced, type RoleArns } from './policy/questions.ts'

export const checkNames = [
  'encryption', 'tls', 'old-tls', 'mfa-deletion', 'roles', 'not-public', 'public-access-block', 'ownership', 'versioning', 'object-lock', 'access-log', 'incomplete-uploads',
] as const // prettier-ignore
export type CheckName = (typeof checkNames)[number]

export const profileNames = ['strict-phi', 'research', 'test'] as const
export type ProfileName = (typeof profileNames)[number]

/** What a profile only advises is weak where it is missing, not failed. `roles` fails in all of them: an import that is refused loses weeks. */
const demanded: Readonly<Record<ProfileName, ReadonlySet<CheckName>>> = {
  'strict-phi': new Set<CheckName>(checkNames.filter((name) => name !== 'object-lock' && name !== 'old-tls')),
  research: new Set<CheckName>(['tls', 'roles', 'not-public', 'public-access-block', 'versioning']),
  test: new Set<CheckName>(['roles', 'not-public', 'versioning']),
}

/** `unset`: S3 said that there is none. `unasked`: no answer, and the code why. */
export type Told<Value> = { readonly value: Value } | 'unset' | { readonly unasked: string }

export type BucketTold = {
  readonly bucket: string
  readonly encryption: Told<{ readonly algorithm: string; readonly key: string | undefined; readonly bucketKey: boolean }>
  readonly policy: Told<string>
  readonly isPublic: Told<boolean>
  readonly publicAccessBlock: Told<Readonly<Record<string, boolean>>>
  readonly ownership: Told<string>
  readonly versioning: Told<{ readonly status: string; readonly mfaDelete: boolean }>
  readonly objectLock: Told<{ readonly mode: string | undefined }>
  readonly accessLog: Told<string>
  /** Days after which unfinished uploads are removed, by enabled rules for the whole bucket. */
  readonly uploadsEndAfter: Told<number>
}

export const checkResults = ['pass', 'weak', 'fail', 'unknown'] as const
export type CheckResult = (typeof checkResults)[number]
export type PostureFinding = { readonly check: CheckName; readonly result: CheckResult; readonly evidence: string }
export type JudgedFor = {
  readonly profile: ProfileName
  readonly account: string | undefined
  readonly roles: RoleArns
  readonly prefix?: string
}

type Seen = { readonly result: CheckResult; readonly evidence: string }

export function judgeBucket(told: BucketTold, by: JudgedFor): PostureFinding[] {
  const seen: Readonly<Record<CheckName, Seen>> = {
    encryption: judged(told.encryption, ({ algorithm, key, bucketKey }) => ({
      result: !algorithm.startsWith('aws:kms') ? 'fail' : key === undefined || !bucketKey ? 'weak' : 'pass',
      evidence: `${algorithm}, key ${key ?? 'of AWS'}, bucket key ${bucketKey ? 'on' : 'off'}`,
    })),
    ...ofPolicy(told, by),
    'not-public': judged(told.isPublic, (is) => ({ result: is ? 'fail' : 'pass', evidence: `IsPublic ${is}` }), 'pass'),
    'public-access-block': judged(told.publicAccessBlock, (block) => ({
      result: Object.values(block).every(Boolean) ? 'pass' : 'fail',
      evidence: Object.entries(block).map(([name, on]) => `${name} ${on}`).join(', '),
    })),
    ownership: judged(told.ownership, (rule) => ({ result: rule === 'BucketOwnerEnforced' ? 'pass' : 'fail', evidence: rule })),
    versioning: judged(told.versioning, ({ status, mfaDelete }) => ({
      result: status === 'Enabled' ? 'pass' : 'fail',
      evidence: `${status}, MFA delete ${mfaDelete ? 'on' : 'off'}`,
    })),
    'object-lock': judged(told.objectLock, ({ mode }) => ({ result: mode === undefined ? 'weak' : 'pass', evidence: mode ?? 'no default retention' })),
    'access-log': judged(told.accessLog, (target) => ({ result: 'pass', evidence: `to ${target}` })),
    'incomplete-uploads': judged(told.uploadsEndAfter, (days) => ({ result: days <= 7 ? 'pass' : 'weak', evidence: `removed after ${days} days` })),
  } // prettier-ignore
  return checkNames.map((check) => {
    const { result, evidence } = seen[check]
    return { check, evidence, result: result === 'fail' && !demanded[by.profile].has(check) ? 'weak' : result }
  })
}

function judged<Value>(told: Told<Value>, look: (value: Value) => Seen, unset: CheckResult = 'fail'): Seen {
  if (told === 'unset') return { result: unset, evidence: 'not set' }
  return 'value' in told ? look(told.value) : { result: 'unknown', evidence: `not asked: ${told.unasked}` }
}

type OfPolicy = 'tls' | 'old-tls' | 'mfa-deletion' | 'roles'

function ofPolicy({ policy, bucket }: BucketTold, by: JudgedFor): Record<OfPolicy, Seen> {
  const all = (seen: Seen): Record<OfPolicy, Seen> => ({ tls: seen, 'old-tls': seen, 'mfa-deletion': seen, roles: seen })
  if (policy === 'unset') return { ...all({ result: 'fail', evidence: 'no policy' }), roles: { result: 'pass', evidence: 'no policy' } }
  if (!('value' in policy)) return all({ result: 'unknown', evidence: `not asked: ${policy.unasked}` })
  const read = readPolicy(policy.value)
  if ('problem' in read) return all({ result: 'unknown', evidence: `the policy ${read.problem}` })
  const of = { name: bucket, account: by.account ?? '' }
  return {
    tls: enforced(tlsEnforced(read.policy, of)),
    'old-tls': enforced(oldTlsDenied(read.policy, of)),
    'mfa-deletion': enforced(mfaDemanded(read.policy, of, 'deletion')),
    roles: ofRoles(read.policy, of, by),
  }
}

function enforced({ enforced: how, open, by }: Enforced): Seen {
  const statements = by.map(({ at, sid }) => sid || `statement ${at + 1}`).join(', ')
  if (how === 'full') return { result: 'pass', evidence: `denied by ${statements}` }
  return { result: how === 'partly' ? 'weak' : 'fail', evidence: `open: ${open.slice(0, 4).join('; ')}${open.length > 4 ? `; and ${open.length - 4} more` : ''}` }
} // prettier-ignore

function ofRoles(policy: Policy, of: { name: string; account: string }, { account, roles, prefix }: JudgedFor): Seen {
  const blocked = blockedRoles(policy, of, roles, prefix)
  const evidence = blocked
    .map(({ role, certain, actions, by, unknown }) => {
      const why = by.map(({ at, sid }) => sid || `statement ${at + 1}`).join(', ')
      return `${role}: ${certain === 'blocked' ? 'blocked' : `perhaps blocked, by ${unknown.join(', ')}`} (${actions.join(', ')}; ${why})`
    })
    .join('; ')
  const certain = blocked.filter(({ certain: how, role }) => how === 'blocked' && role !== 'firn')
  if (certain.length > 0) return { result: 'fail', evidence }
  if (blocked.length > 0) return { result: 'weak', evidence }
  // Whom a statement means by an account or an ARN cannot be told without knowing the account.
  const names = policy.statements.some(
    ({ effect, principals }) => effect === 'Deny' && principals?.names.some(({ kind }) => kind !== 'everyone'),
  )
  if (account === undefined && names) return { result: 'unknown', evidence: 'the account is not known: set snowball.roleArn' }
  return { result: 'pass', evidence: 'no statement keeps a role from its work' }
}
