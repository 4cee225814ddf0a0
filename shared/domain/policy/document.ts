/** A policy document as AWS writes it (IAM User Guide, "Grammar of the IAM JSON policy language"), read into one shape whatever way it was spelled. */
import { isOperator } from './operators.ts'

/** One condition: an operator, a key in lower case, and the values of which one has to fit. */
export type Condition = { readonly operator: string; readonly key: string; readonly values: readonly string[] }

/** `everyone`: `"*"` or `{"AWS": "*"}`. Others by kind: AWS, Service, Federated, CanonicalUser. */
export type PrincipalName =
  { readonly kind: 'everyone' } | { readonly kind: 'AWS' | 'Service' | 'Federated' | 'CanonicalUser'; readonly name: string }

export type Statement = {
  /** From 0, in the order of the document. */
  readonly at: number
  readonly sid: string
  readonly effect: 'Allow' | 'Deny'
  /** `undefined`: a policy of an identity, which has none. */
  readonly principals: { readonly names: readonly PrincipalName[]; readonly not: boolean } | undefined
  readonly actions: { readonly patterns: readonly string[]; readonly not: boolean }
  readonly resources: { readonly patterns: readonly string[]; readonly not: boolean }
  readonly conditions: readonly Condition[]
}

export type Policy = {
  /** Variables such as `${aws:username}` are text, not variables, before 2012-10-17. */
  readonly variables: boolean
  readonly statements: readonly Statement[]
}

export type PolicyRead = { readonly policy: Policy } | { readonly problem: string }

/** `problem` says what AWS would refuse, or what this reader does not know; such a document is never taken for harmless. */
export function readPolicy(text: string): PolicyRead {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    return { problem: 'is not JSON' }
  }
  return policyOf(given)
}

/** The same of a document that is JSON already. */
export function policyOf(given: unknown): PolicyRead {
  if (!isRecord(given)) return { problem: 'is not an object' }
  const version = given['Version'] ?? '2008-10-17'
  if (version !== '2012-10-17' && version !== '2008-10-17') return { problem: 'has a Version that IAM does not know' }
  const all = Array.isArray(given['Statement']) ? (given['Statement'] as unknown[]) : [given['Statement']]
  const statements: Statement[] = []
  for (const [at, one] of all.entries()) {
    const read = statementOf(one, at)
    if (typeof read === 'string') return { problem: `statement ${at + 1} ${read}` }
    statements.push(read)
  }
  return { policy: { variables: version === '2012-10-17', statements } }
}

function statementOf(given: unknown, at: number): Statement | string {
  if (!isRecord(given)) return 'is not an object'
  const effect = given['Effect']
  if (effect !== 'Allow' && effect !== 'Deny') return 'has no Effect Allow or Deny'
  const actions = eitherOf(given, 'Action')
  if (actions === undefined) return 'names no Action'
  const resources = eitherOf(given, 'Resource')
  if (resources === undefined) return 'names no Resource'
  const principals = principalsOf(given)
  if (typeof principals === 'string') return principals
  const conditions = conditionsOf(given['Condition'])
  if (typeof conditions === 'string') return conditions
  return { at, sid: typeof given['Sid'] === 'string' ? given['Sid'] : '', effect, principals, actions, resources, conditions }
}

function eitherOf(given: Fields, name: 'Action' | 'Resource'): Statement['actions'] | undefined {
  const plain = texts(given[name])
  const not = texts(given[`Not${name}`])
  // IAM takes one or the other.
  if ((plain === undefined) === (not === undefined)) return undefined
  return { patterns: plain ?? not ?? [], not: plain === undefined }
}

function principalsOf(given: Fields): Statement['principals'] | string {
  const not = given['NotPrincipal'] !== undefined
  if (not && given['Principal'] !== undefined) return 'has both Principal and NotPrincipal'
  const named = given[not ? 'NotPrincipal' : 'Principal']
  if (named === undefined) return undefined
  if (named === '*') return { names: [{ kind: 'everyone' }], not }
  if (!isRecord(named)) return 'has a Principal that IAM does not know'
  const names: PrincipalName[] = []
  for (const [kind, value] of Object.entries(named)) {
    const listed = texts(value)
    if (listed === undefined || (kind !== 'AWS' && kind !== 'Service' && kind !== 'Federated' && kind !== 'CanonicalUser'))
      return 'has a Principal that IAM does not know'
    names.push(...listed.map((name): PrincipalName => (kind === 'AWS' && name === '*' ? { kind: 'everyone' } : { kind, name })))
  }
  return { names, not }
}

function conditionsOf(given: unknown): readonly Condition[] | string {
  if (given === undefined) return []
  if (!isRecord(given)) return 'has a Condition that is not an object'
  const found: Condition[] = []
  for (const [operator, keys] of Object.entries(given)) {
    if (!isOperator(operator)) return `has the condition operator ${operator}, which IAM does not know`
    if (!isRecord(keys)) return `has the condition ${operator} without keys`
    for (const [key, value] of Object.entries(keys)) {
      const values = texts(value)
      if (values === undefined) return `has the condition ${operator} ${key} without values`
      found.push({ operator, key: key.toLowerCase(), values })
    }
  }
  return found
}

/** A string or a list of them; numbers and booleans count as the text they are written as. */
function texts(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const found: string[] = []
  for (const one of list) {
    if (typeof one !== 'string' && typeof one !== 'number' && typeof one !== 'boolean') return undefined
    found.push(String(one))
  }
  return found
}

type Fields = Readonly<Record<string, unknown>>
function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
