/** One request as a policy sees it: who asks, for what, on which resource, and what is known of the circumstances. */

export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'user' | 'root'; readonly account: string; readonly arn: string }
  /** A session of a role. `roleArn` undefined: a role whose name is not known. Its account is. */
  | { readonly kind: 'role'; readonly account: string; readonly roleArn: string | undefined; readonly session: string | undefined }

/** A value, several, `absent`: surely not in the request, `unknown`: may be anything, or absent. */
export type ContextValue = readonly string[] | 'absent' | 'unknown'

export type PolicyRequest = {
  readonly caller: Caller
  readonly action: string
  readonly resource: string
  /** By key in lower case. Keys that are not here are as `otherwise` says. */
  readonly context: ReadonlyMap<string, ContextValue>
  readonly otherwise: 'absent' | 'unknown'
}

/** What IAM puts into every request of this caller. */
export function contextOf(request: PolicyRequest, key: string): ContextValue {
  return request.context.get(key) ?? ofCaller(request.caller, key) ?? request.otherwise
}

function ofCaller(caller: Caller, key: string): ContextValue | undefined {
  const account = 'account' in caller ? [caller.account] : 'absent'
  switch (key) {
    case 'aws:principalarn':
      if (caller.kind === 'role') return caller.roleArn === undefined ? 'unknown' : [caller.roleArn]
      return 'arn' in caller ? [caller.arn] : 'absent'
    case 'aws:principalaccount':
      return account
    case 'aws:principaltype':
      return [{ anonymous: 'Anonymous', service: 'Service', user: 'User', root: 'Account', role: 'AssumedRole' }[caller.kind]]
    case 'aws:principalisawsservice':
      return [caller.kind === 'service' ? 'true' : 'false']
    case 'aws:principalservicename':
      return caller.kind === 'service' ? [caller.name] : 'absent'
    case 'aws:username':
      return caller.kind === 'user' ? [caller.arn.slice(caller.arn.lastIndexOf('/') + 1)] : 'absent'
    default:
      return undefined
  }
}
