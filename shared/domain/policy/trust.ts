/**
 * Whether a role may be taken by AWS's import: judged by what its trust policy means. CreateJob fails when it may not.
 * Snowball Edge Developer Guide, "IAM policies for Snowball Edge" (import role); IAM User Guide, trust policies.
 */
import { policyOf } from './document.ts'
import { evaluate } from './evaluate.ts'
import type { ContextValue } from './request.ts'

export const importService = 'importexport.amazonaws.com'

export type Trust =
  | { readonly result: 'pass' }
  /** certain: the import cannot take the role. open: it depends on `keys`, of which AWS does not tell what its requests carry. */
  | { readonly result: 'fail'; readonly why: 'not-allowed' | 'denied' | 'unreadable'; readonly problem: string }
  | { readonly result: 'open'; readonly keys: readonly string[] }

type Where = { readonly account: string; readonly region: string }

/** @param document the trust policy as IAM gives it, decoded */
export function importTrust(document: string, { account, region }: Where): Trust {
  const unreadable = (problem: string): Trust => ({ result: 'fail', why: 'unreadable', problem })
  let given: unknown
  try {
    given = JSON.parse(document)
  } catch {
    return unreadable('is not JSON')
  }
  const read = policyOf(withResources(given))
  if ('problem' in read) return unreadable(read.problem)
  const context = new Map<string, ContextValue>([
    ['aws:sourceaccount', [account]],
    ['aws:sourcearn', [`arn:${partitionOf(region)}:snowball:${region}:${account}:job`]],
    ['aws:securetransport', ['true']],
    ['aws:multifactorauthpresent', ['false']],
    ['aws:multifactorauthage', 'absent'],
    ['sts:externalid', 'absent'],
  ])
  const { decision, by, unknown } = evaluate(read.policy, {
    caller: { kind: 'service', name: importService },
    action: 'sts:AssumeRole',
    resource: 'role',
    context,
    otherwise: 'unknown',
  })
  if (decision === 'allowed') return { result: 'pass' }
  if (decision === 'unsure') return { result: 'open', keys: unknown }
  const statement = by === undefined ? '' : by.sid || `statement ${by.at + 1}`
  return decision === 'denied'
    ? { result: 'fail', why: 'denied', problem: `${statement} denies it` }
    : {
        result: 'fail',
        why: 'not-allowed',
        problem: `no statement lets ${importService} take the role from account ${account} in ${region}`,
      }
}

/** What it has to say, hardened so that no other account's job can use the role (the confused deputy of the IAM User Guide). */
export function wantedTrust({ account, region }: Where): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: importService },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partitionOf(region)}:snowball:${region}:${account}:*` },
        },
      },
    ],
  }
}

/** A trust policy names no resource: it is the role's own. */
function withResources(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('Statement' in given)) return given
  const all: readonly unknown[] = Array.isArray(given.Statement) ? given.Statement : [given.Statement]
  return { ...given, Statement: all.map((one) => (typeof one === 'object' && one !== null ? { ...one, Resource: '*' } : one)) }
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}
