/** Whether a bucket's policy is public as S3 means it: it gives something to principals that are not fixed (Amazon S3 User Guide, "The meaning of public"). */
import type { Condition, Policy, Statement } from './document.ts'
import { rangeOf } from './addresses.ts'
import { operatorNamed } from './operators.ts'

/** Keys that, held to fixed values, make everyone a known few. */
const fixing = new Set([
  'aws:sourcearn', 'aws:sourcevpc', 'aws:sourcevpce', 'aws:sourceowner', 'aws:sourceaccount', 'aws:userid', 'aws:principalorgid', 'aws:principalorgpaths',
  'aws:principalaccount', 'aws:principalarn', 's3:dataaccesspointaccount', 's3:dataaccesspointarn',
]) // prettier-ignore

/** The statements that make it public; none: it is not. */
export function publicStatements(policy: Policy): readonly Statement[] {
  return policy.statements.filter(
    ({ effect, principals, conditions }) =>
      effect === 'Allow' &&
      principals !== undefined &&
      (principals.not || principals.names.some(({ kind }) => kind === 'everyone')) &&
      !conditions.some(fixes),
  )
}

function fixes({ operator, key, values }: Condition): boolean {
  const how = operatorNamed(operator)
  // A key that may be absent, or is to be something else than a value, fixes nobody.
  if (how === undefined || how.null || how.negated || how.ifExists || how.over === 'each') return false
  if (key === 'aws:sourceip') return values.every(narrow)
  return fixing.has(key) && values.every((value) => fixed(key, value))
}

function fixed(key: string, value: string): boolean {
  if (key === 'aws:userid') return /^[^*?]+:\*$|^[^*?]+$/.test(value)
  // A wildcard is fixed as long as the account is.
  if (value.startsWith('arn:')) return /^arn:[^:*?]+:[^:*?]+:[^:]*:\d{12}:/.test(value) || /^arn:[^:*?]+:s3:::[^*?]+$/.test(value)
  return !/[*?]/.test(value)
}

/** Wider ranges than these S3 takes for everybody: IPv4 /8, IPv6 /32. */
function narrow(range: string): boolean {
  const read = rangeOf(range)
  return read !== undefined && read.prefix >= (read.width === 32 ? 8 : 32)
}
