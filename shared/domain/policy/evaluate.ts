/** Judges one request by one policy as IAM does: an explicit Deny goes before every Allow, and without an Allow nothing is given. */
import type { Policy, PrincipalName, Statement } from './document.ts'
import { operatorNamed } from './operators.ts'
import { actionFits, fits, literals } from './patterns.ts'
import { contextOf, type Caller, type PolicyRequest } from './request.ts'
import { every, not, some, sure, type Sure } from './sure.ts'

/**
 * `denied`: by a statement. `implicit`: no statement speaks of it, so another policy has to allow it. `unsure`: a statement would deny it if what is not known
 * is so; `by` is then that statement, and `unknown` are the keys it depends on.
 */
export type Judgement = {
  readonly decision: 'allowed' | 'denied' | 'implicit' | 'unsure'
  readonly by: Statement | undefined
  readonly unknown: readonly string[]
}

export function evaluate(policy: Policy, request: PolicyRequest): Judgement {
  const denies = weighed(policy, request, 'Deny')
  const denied = denies.find(({ applies }) => applies === 'yes')
  if (denied !== undefined) return { decision: 'denied', by: denied.statement, unknown: [] }
  const perhaps = denies.find(({ applies }) => applies === 'maybe')
  if (perhaps !== undefined) return { decision: 'unsure', by: perhaps.statement, unknown: unknownKeys(perhaps.statement, request) }
  const allows = weighed(policy, request, 'Allow')
  const allowed = allows.find(({ applies }) => applies === 'yes')
  if (allowed !== undefined) return { decision: 'allowed', by: allowed.statement, unknown: [] }
  const possible = allows.find(({ applies }) => applies === 'maybe')
  if (possible === undefined) return { decision: 'implicit', by: undefined, unknown: [] }
  return { decision: 'unsure', by: possible.statement, unknown: unknownKeys(possible.statement, request) }
}

function weighed(policy: Policy, request: PolicyRequest, effect: Statement['effect']): { statement: Statement; applies: Sure }[] {
  return policy.statements
    .filter((statement) => statement.effect === effect)
    .map((statement) => ({ statement, applies: appliesTo(statement, request, policy.variables) }))
}

function appliesTo(statement: Statement, request: PolicyRequest, variables: boolean): Sure {
  return every([
    ofPrincipals(statement, request.caller),
    eitherWay(statement.actions, (pattern) => sure(actionFits(pattern, request.action))),
    eitherWay(statement.resources, (pattern) => withVariables(pattern, request, variables, (full) => sure(fits(full, request.resource)))),
    ...statement.conditions.map((condition) => holds(condition, request, variables)),
  ])
}

function eitherWay(list: { readonly patterns: readonly string[]; readonly not: boolean }, fit: (pattern: string) => Sure): Sure {
  const any = some(list.patterns.map(fit))
  return list.not ? not(any) : any
}

function ofPrincipals({ principals }: Statement, caller: Caller): Sure {
  if (principals === undefined) return 'yes'
  if (!principals.not) return some(principals.names.map((name) => isNamed(name, caller)))
  if (principals.names.some(({ kind }) => kind === 'everyone')) return 'no'
  // A Deny with NotPrincipal spares a caller only where every level of it is listed: session, role and account (IAM User Guide, NotPrincipal).
  return not(every(levelsOf(caller).map((level) => some(principals.names.map((name) => isExactly(name, level))))))
}

/** Whether the caller is this principal, or belongs to it. */
function isNamed(name: PrincipalName, caller: Caller): Sure {
  if (name.kind === 'everyone') return 'yes'
  if (name.kind === 'Service') return sure(caller.kind === 'service' && caller.name === name.name)
  if (name.kind !== 'AWS' || caller.kind === 'anonymous' || caller.kind === 'service') return 'no'
  return some(levelsOf(caller).map((level) => isExactly(name, level)))
}

/** `undefined`: a level whose name is not known. */
type Level = { readonly names: readonly string[]; readonly like: RegExp | undefined }

function levelsOf(caller: Caller): readonly Level[] {
  if (caller.kind === 'anonymous') return [{ names: [], like: undefined }]
  if (caller.kind === 'service') return [{ names: [caller.name], like: undefined }]
  const account: Level = { names: [caller.account, `arn:aws:iam::${caller.account}:root`], like: undefined }
  if (caller.kind !== 'role') return caller.kind === 'root' ? [account] : [account, { names: [caller.arn], like: undefined }]
  const { roleArn, session } = caller
  const role: Level =
    roleArn === undefined
      ? { names: [], like: new RegExp(`^arn:aws[a-z-]*:iam::${caller.account}:role/`) }
      : { names: [roleArn], like: undefined }
  const named = roleArn?.slice(roleArn.lastIndexOf('/') + 1)
  const sessions = `arn:aws:sts::${caller.account}:assumed-role/${named ?? ''}`
  const whole: Level =
    named !== undefined && session !== undefined
      ? { names: [`${sessions}/${session}`], like: undefined }
      : { names: [], like: new RegExp(`^${sessions}${named === undefined ? '' : '/'}`) }
  return [account, role, whole]
}

function isExactly(name: PrincipalName, level: Level): Sure {
  if (name.kind === 'everyone') return 'yes'
  // Other partitions (aws-us-gov, aws-cn) write the same accounts.
  const plain = name.name.replace(/^arn:aws[a-z-]*:/, 'arn:aws:')
  if (level.names.some((one) => one.replace(/^arn:aws[a-z-]*:/, 'arn:aws:') === plain)) return 'yes'
  return level.like?.test(plain) === true ? 'maybe' : 'no'
}

function holds(condition: Statement['conditions'][number], request: PolicyRequest, variables: boolean): Sure {
  const operator = operatorNamed(condition.operator)
  if (operator === undefined) return 'maybe'
  const given = contextOf(request, condition.key)
  if (operator.null) {
    if (given === 'unknown') return 'maybe'
    const absent = given === 'absent' || given.length === 0
    return some(condition.values.map((value) => sure(value.toLowerCase() === (absent ? 'true' : 'false'))))
  }
  if (given === 'unknown') return 'maybe'
  if (given === 'absent' || given.length === 0) {
    if (operator.over !== undefined) return sure(operator.over === 'each' || operator.ifExists)
    return sure(operator.ifExists || operator.negated)
  }
  const oneFits = (value: string): Sure => {
    const any = some(
      condition.values.map((wanted) => withVariables(wanted, request, variables, (full) => sure(operator.compare(full, value)))),
    )
    return operator.negated ? not(any) : any
  }
  const all = given.map(oneFits)
  // Several values without a set operator: one that fits is enough, and for the opposites one that fits is too many.
  return operator.over === 'each' || (operator.over === undefined && operator.negated) ? every(all) : some(all)
}

const variable = /\$\{([^}]*)\}/g

/** A variable that is not in the request fits nothing (IAM User Guide, "Policy variables"); of one that is not known nobody can tell. */
function withVariables(pattern: string, request: PolicyRequest, variables: boolean, judge: (full: string) => Sure): Sure {
  if (!variables || !pattern.includes('${')) return judge(pattern)
  const missing: Sure[] = []
  const full = pattern.replace(variable, (whole, inner: string) => {
    const literal = Object.hasOwn(literals, inner) ? literals[inner] : undefined
    if (literal !== undefined) return literal
    const [, key = inner, otherwise] = /^([^,]+?)\s*,\s*'(.*)'$/.exec(inner) ?? []
    const value = contextOf(request, key.trim().toLowerCase())
    if (value === 'unknown') missing.push('maybe')
    else if (value !== 'absent' && value.length === 1) return value[0] ?? whole
    else if (otherwise !== undefined) return otherwise
    else missing.push('no')
    return whole
  })
  const known = every(missing)
  return known === 'yes' ? judge(full) : known
}

function unknownKeys(statement: Statement, request: PolicyRequest): readonly string[] {
  const keys = statement.conditions.filter(({ key }) => contextOf(request, key) === 'unknown').map(({ key }) => key)
  return [...new Set(keys.length > 0 ? keys : ['aws:principalarn'])]
}
