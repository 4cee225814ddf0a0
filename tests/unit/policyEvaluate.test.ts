import { expect, test } from 'vitest'
import { policyOf, readPolicy, type Policy } from '../../shared/domain/policy/document.ts'
import { evaluate } from '../../shared/domain/policy/evaluate.ts'
import { publicStatements } from '../../shared/domain/policy/publicAccess.ts'
import { blockedRoles, mfaDemanded, oldTlsDenied, tlsEnforced } from '../../shared/domain/policy/questions.ts'
import type { Caller, ContextValue } from '../../shared/domain/policy/request.ts'

const account = '111122223333'
const bucket = { name: 'images', account }
const arn = 'arn:aws:s3:::images'
const both = [arn, `${arn}/*`]
const role: Caller = { kind: 'role', account, roleArn: `arn:aws:iam::${account}:role/Import`, session: undefined }
const user: Caller = { kind: 'user', account, arn: `arn:aws:iam::${account}:user/anna` }

function policy(...Statement: readonly object[]): Policy {
  const read = policyOf({ Version: '2012-10-17', Statement })
  if (!('policy' in read)) throw new Error(read.problem)
  return read.policy
}
const deny = (more: object = {}) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: both, ...more })
const allow = (more: object = {}) => ({ ...deny(more), Effect: 'Allow' })
function decide(
  of: Policy,
  { caller = user, action = 's3:GetObject', resource = `${arn}/ct/1`, context = new Map<string, ContextValue>() } = {},
) {
  return evaluate(of, { caller, action, resource, context, otherwise: 'absent' }).decision
}

/** Operator, wanted, given, and whether it holds. */
const conditions: readonly (readonly [string, string | readonly string[], ContextValue, 'yes' | 'no' | 'maybe'])[] = [
  ['Bool', 'true', ['true'], 'yes'], ['Bool', 'TRUE', ['true'], 'yes'], ['Bool', ['false'], ['false'], 'yes'], ['Bool', 'false', ['true'], 'no'],
  ['Bool', 'false', 'absent', 'no'], ['BoolIfExists', 'false', 'absent', 'yes'], ['BoolIfExists', 'false', ['true'], 'no'], ['Bool', 'false', 'unknown', 'maybe'],
  ['Null', 'true', 'absent', 'yes'], ['Null', 'true', ['60'], 'no'], ['Null', 'false', ['60'], 'yes'], ['Null', ['false'], 'absent', 'no'], ['Null', 'true', 'unknown', 'maybe'],
  ['StringEquals', 'a', ['a'], 'yes'], ['StringEquals', 'a', ['A'], 'no'], ['StringEquals', ['b', 'a'], ['a'], 'yes'], ['StringEquals', 'a*', ['ab'], 'no'],
  ['StringEquals', 'a', 'absent', 'no'], ['StringEqualsIfExists', 'a', 'absent', 'yes'], ['StringEqualsIgnoreCase', 'a', ['A'], 'yes'],
  ['StringNotEquals', 'a', ['b'], 'yes'], ['StringNotEquals', ['a', 'b'], ['b'], 'no'], ['StringNotEquals', 'a', 'absent', 'yes'],
  ['StringNotEqualsIfExists', 'a', ['a'], 'no'], ['StringNotEqualsIgnoreCase', 'a', ['A'], 'no'], ['StringLike', 'a*', ['abc'], 'yes'],
  ['StringLike', 'a?c', ['abc'], 'yes'], ['StringLike', 'a?c', ['ac'], 'no'], ['StringLike', '*b*b', ['abab'], 'yes'], ['StringLike', 'A*', ['abc'], 'no'],
  ['StringLike', 'a${*}', ['ab'], 'no'], ['StringLike', 'a${*}', ['a*'], 'yes'], ['StringLikeIfExists', 'a*', 'absent', 'yes'],
  ['StringNotLike', ['x*', 'a*'], ['abc'], 'no'], ['StringNotLike', 'x*', ['abc'], 'yes'], ['StringNotLike', 'x*', 'unknown', 'maybe'],
  ['NumericLessThan', '1.2', ['1.1'], 'yes'], ['NumericLessThan', '1.2', ['1.2'], 'no'], ['NumericLessThan', '1.2', 'absent', 'no'],
  ['NumericLessThanEquals', '1.2', ['1.2'], 'yes'], ['NumericGreaterThan', '3600', ['7200'], 'yes'], ['NumericGreaterThan', '3600', ['600'], 'no'],
  ['NumericGreaterThan', '3600', 'absent', 'no'], ['NumericGreaterThanIfExists', '3600', 'absent', 'yes'], ['NumericGreaterThanEquals', '3600', ['3600'], 'yes'],
  ['NumericEquals', '10', ['10.0'], 'yes'], ['NumericNotEquals', '10', ['11'], 'yes'], ['NumericNotEquals', '10', 'absent', 'yes'],
  ['DateLessThan', '2026-01-01T00:00:00Z', ['2025-06-01T00:00:00Z'], 'yes'], ['DateGreaterThan', '2026-01-01T00:00:00Z', ['2025-06-01T00:00:00Z'], 'no'],
  ['IpAddress', '10.0.0.0/8', ['10.2.3.4'], 'yes'], ['IpAddress', '10.0.0.0/8', ['11.2.3.4'], 'no'], ['IpAddress', '10.2.3.4', ['10.2.3.4'], 'yes'],
  ['IpAddress', '0.0.0.0/0', ['10.2.3.4'], 'yes'], ['IpAddress', '2001:db8::/32', ['2001:db8::1'], 'yes'], ['IpAddress', '10.0.0.0/8', ['2001:db8::1'], 'no'],
  ['NotIpAddress', ['10.0.0.0/8', '192.0.2.0/24'], ['192.0.2.7'], 'no'], ['NotIpAddress', '10.0.0.0/8', ['192.0.2.7'], 'yes'],
  ['NotIpAddress', '10.0.0.0/8', 'absent', 'yes'], ['NotIpAddress', '10.0.0.0/8', 'unknown', 'maybe'],
  ['ArnLike', 'arn:aws:iam::*:role/Im*', [`arn:aws:iam::${account}:role/Import`], 'yes'], ['ArnLike', 'arn:*', [`arn:aws:iam::${account}:role/Import`], 'no'],
  ['ArnEquals', 'arn:aws:iam::*:role/*', [`arn:aws:iam::${account}:role/Import`], 'yes'], ['ArnNotLike', 'arn:aws:iam::*:role/*', [`arn:aws:iam::${account}:role/Import`], 'no'],
  ['ArnNotEquals', 'arn:aws:iam::*:role/*', 'absent', 'yes'], ['BinaryEquals', 'QQ==', ['QQ=='], 'yes'],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], 'yes'], ['ForAllValues:StringEquals', 'a', ['a', 'b'], 'no'], ['ForAllValues:StringEquals', 'a', 'absent', 'yes'],
  ['ForAnyValue:StringEquals', 'a', ['a', 'b'], 'yes'], ['ForAnyValue:StringEquals', 'c', ['a', 'b'], 'no'], ['ForAnyValue:StringEquals', 'a', 'absent', 'no'],
  ['ForAnyValue:StringNotEquals', 'a', ['a', 'b'], 'yes'], ['ForAllValues:StringNotEquals', 'a', ['a', 'b'], 'no'], ['ForAnyValue:StringLike', 'a*', ['x', 'ab'], 'yes'],
] // prettier-ignore

test.each(conditions)('the condition %s %j over %j holds: %s, under Deny as under Allow', (operator, wanted, given, holds) => {
  const Condition = { [operator]: { 'Some:Key': wanted } }
  const context = new Map([['some:key', given]])
  expect(decide(policy(allow(), deny({ Condition })), { context })).toBe({ yes: 'denied', no: 'allowed', maybe: 'unsure' }[holds])
  expect(decide(policy(allow({ Condition })), { context })).toBe({ yes: 'allowed', no: 'implicit', maybe: 'unsure' }[holds])
})

/** What a Deny says of actions and resources, the request, and whether it is hit. */
const reaches: readonly (readonly [object, string, string, boolean])[] = [
  [{ Action: 's3:GetObject' }, 's3:GetObject', '/a', true], [{ Action: 'S3:getobject' }, 's3:GetObject', '/a', true], [{ Action: 's3:Get*' }, 's3:GetObjectVersion', '/a', true],
  [{ Action: 's3:GetObject' }, 's3:GetObjectVersion', '/a', false], [{ Action: '*' }, 's3:PutObject', '/a', true], [{ Action: ['s3:Put*', 's3:Delete*'] }, 's3:DeleteObject', '/a', true],
  [{ Action: 's3:?etObject' }, 's3:GetObject', '/a', true], [{ Action: 'ec2:*' }, 's3:GetObject', '/a', false], [{ Action: undefined, NotAction: 's3:Get*' }, 's3:PutObject', '/a', true],
  [{ Action: undefined, NotAction: ['s3:Get*', 's3:Put*'] }, 's3:PutObject', '/a', false], [{ Resource: arn }, 's3:ListBucket', '', true], [{ Resource: arn }, 's3:GetObject', '/a', false],
  [{ Resource: `${arn}/*` }, 's3:GetObject', '/a/b', true], [{ Resource: `${arn}/*` }, 's3:ListBucket', '', false], [{ Resource: `${arn}*` }, 's3:ListBucket', '', true],
  [{ Resource: `${arn}/phi/*` }, 's3:GetObject', '/phi/1', true], [{ Resource: `${arn}/phi/*` }, 's3:GetObject', '/open/1', false], [{ Resource: '*' }, 's3:GetObject', '/a', true],
  [{ Resource: undefined, NotResource: `${arn}/open/*` }, 's3:GetObject', '/a', true], [{ Resource: undefined, NotResource: `${arn}/open/*` }, 's3:GetObject', '/open/a', false],
  [{ Resource: `${arn}/\${aws:username}/*` }, 's3:GetObject', '/anna/a', true], [{ Resource: `${arn}/\${aws:username}/*` }, 's3:GetObject', '/ben/a', false],
  [{ Resource: 'arn:aws:s3:::other/*' }, 's3:GetObject', '/a', false], [{ Resource: `${arn}/*.dcm` }, 's3:GetObject', '/x/y.dcm', true],
] // prettier-ignore

test.each(reaches)('a Deny of %j for %s on %s is hit: %s', (more, action, below, hit) => {
  expect(decide(policy(allow({ Resource: '*' }), deny(more)), { action, resource: `${arn}${below}` })).toBe(hit ? 'denied' : 'allowed')
})

const named = (AWS: string | readonly string[]) => ({ Principal: { AWS } })
const except = (AWS: string | readonly string[]) => ({ Principal: undefined, NotPrincipal: { AWS } })
const root = `arn:aws:iam::${account}:root`
const session = `arn:aws:sts::${account}:assumed-role/Import/one`
const principals: readonly (readonly [object, Caller, string])[] = [
  [{ Principal: '*' }, { kind: 'anonymous' }, 'denied'], [named('*'), role, 'denied'], [named(account), user, 'denied'], [named(root), role, 'denied'],
  [named('444455556666'), user, 'allowed'], [named(user.arn), user, 'denied'], [named([root, user.arn]), { kind: 'anonymous' }, 'allowed'],
  [named(`arn:aws:iam::${account}:role/Import`), role, 'denied'], [named(`arn:aws:iam::${account}:role/Other`), role, 'allowed'], [named(session), role, 'unsure'],
  [named(session), { ...role, session: 'one' }, 'denied'], [named(session), { ...role, session: 'two' }, 'allowed'], [named(`arn:aws:iam::${account}:role/*`), role, 'allowed'],
  [named('AROAEXAMPLEID'), role, 'allowed'], [named(`arn:aws:iam::${account}:role/Any`), { ...role, roleArn: undefined }, 'unsure'],
  [except(user.arn), user, 'denied'], [except([user.arn, root]), user, 'allowed'], [except(`arn:aws:iam::${account}:role/Import`), role, 'denied'],
  [except([`arn:aws:iam::${account}:role/Import`, root, session]), { ...role, session: 'one' }, 'allowed'], [except(root), { kind: 'anonymous' }, 'denied'],
  [{ Principal: { Service: 'logging.s3.amazonaws.com' } }, { kind: 'service', name: 'logging.s3.amazonaws.com' }, 'denied'],
  [{ Principal: { Service: 'logging.s3.amazonaws.com' } }, role, 'allowed'], [{ Principal: { CanonicalUser: 'abc' } }, user, 'allowed'],
] // prettier-ignore

test.each(principals)('a Deny for %j meets %j: %s', (more, caller, decision) => {
  expect(decide(policy(allow(), deny(more)), { caller })).toBe(decision)
})

test.each([
  ['{', 'is not JSON'],
  ['[]', 'is not an object'],
  ['{"Version":"2020-01-01","Statement":[]}', 'Version'],
  ['{"Statement":[{"Effect":"deny","Action":"s3:*","Resource":"*"}]}', 'Effect'],
  ['{"Statement":[{"Effect":"Deny","Action":"s3:*","NotAction":"s3:*","Resource":"*"}]}', 'Action'],
  ['{"Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringIs":{"a":"b"}}}]}', 'StringIs'],
])('what IAM would refuse is not read as harmless: %s', (text, problem) => {
  expect(readPolicy(text)).toEqual({ problem: expect.stringContaining(problem) as unknown })
})

const plain = { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }
test.each([
  ['one statement on both', [deny(plain)], 'full'],
  ['split over bucket and objects', [deny({ ...plain, Resource: arn }), deny({ ...plain, Resource: `${arn}/*` })], 'full'],
  ['values as a list', [deny({ Condition: { Bool: { 'AWS:securetransport': [false] } } })], 'full'],
  ['objects only', [deny({ ...plain, Resource: `${arn}/*` })], 'partly'],
  ['one prefix only', [deny({ ...plain, Resource: [arn, `${arn}/phi/*`] })], 'partly'],
  ['reading only', [deny({ ...plain, Action: 's3:Get*' })], 'partly'],
  ['one account only', [deny({ ...plain, ...named(root) })], 'partly'],
  ['together with another condition', [deny({ Condition: { ...plain.Condition, StringEquals: { 'aws:SourceVpc': 'vpc-1' } } })], 'not'],
  ['an Allow over TLS, which denies nothing', [allow({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })], 'not'],
] as const)('TLS is enforced by %2$s when written as: %s', (_, statements, enforced) => {
  expect(tlsEnforced(policy(...statements), bucket).enforced).toBe(enforced)
})

test('old TLS is denied by s3:TlsVersion, not by SecureTransport', () => {
  expect(oldTlsDenied(policy(deny({ Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } })), bucket).enforced).toBe('full')
  expect(oldTlsDenied(policy(deny(plain)), bucket).enforced).toBe('not')
})

const withoutMfa = { Null: { 'aws:MultiFactorAuthAge': true } }
test('the two-statement policy of the User Guide guards one prefix, gives reading to everybody, and stops the import below it', () => {
  const two = policy(deny({ Resource: `${arn}/phi/*`, Condition: withoutMfa }), allow({ Action: ['s3:GetObject'], Resource: `${arn}/*` }))
  expect(mfaDemanded(two, bucket, 'everything').enforced).toBe('partly')
  expect(publicStatements(two)).toMatchObject([{ at: 1 }])
  expect(
    blockedRoles(two, bucket, {}, 'phi/')
      .filter(({ certain }) => certain === 'blocked')
      .map(({ role: name }) => name),
  ).toEqual(['import', 'gateway', 'batch'])
  expect(blockedRoles(two, bucket, {}, 'open/')).toEqual([])
  // Where the archive goes is not said: it may be there.
  expect(blockedRoles(two, bucket, {})).toContainEqual(expect.objectContaining({ role: 'import', certain: 'blocked' }))
})

test.each([
  ['Null', withoutMfa, 'full'],
  ['plain Bool, which a long-term key passes', { Bool: { 'aws:MultiFactorAuthPresent': 'false' } }, 'partly'],
  ['BoolIfExists', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }, 'full'],
  ['the age alone, which is absent without MFA', { NumericGreaterThan: { 'aws:MultiFactorAuthAge': 3600 } }, 'not'],
] as const)('MFA by %s is demanded: %3$s, and blocks the import where it is', (_, Condition, enforced) => {
  const judged = policy(deny({ Condition }))
  expect(mfaDemanded(judged, bucket, 'everything').enforced).toBe(enforced)
  expect(blockedRoles(judged, bucket, {}).some(({ role: name, certain }) => name === 'import' && certain === 'blocked')).toBe(
    enforced !== 'not',
  )
})

test('a role that is exempt by its ARN is not blocked; when its ARN is not known, that is unsure', () => {
  const exempt = policy(deny({ Condition: { ...withoutMfa, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/Import' } } }))
  const ofImport = (arns: object) => blockedRoles(exempt, bucket, arns).find(({ role: name }) => name === 'import')?.certain
  expect(ofImport({ import: `arn:aws:iam::${account}:role/Import` })).toBeUndefined()
  expect(ofImport({ import: `arn:aws:iam::${account}:role/Other` })).toBe('blocked')
  expect(ofImport({})).toBe('unsure')
})

test('a rule for encryption headers blocks the import, which sends none; a rule for addresses may', () => {
  const headers = policy(deny({ Action: 's3:PutObject', Condition: { Null: { 's3:x-amz-server-side-encryption': 'true' } } }))
  expect(blockedRoles(headers, bucket, {})).toContainEqual(
    expect.objectContaining({ role: 'import', certain: 'blocked', actions: ['s3:PutObject'] }),
  )
  const addresses = policy(deny({ Condition: { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }))
  expect(blockedRoles(addresses, bucket, {})).toContainEqual(
    expect.objectContaining({ role: 'import', certain: 'unsure', unknown: ['aws:sourceip'] }),
  )
})

test.each([
  [allow(), true],
  [allow(named(root)), false],
  [allow({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }), false],
  [allow({ Condition: { StringLike: { 'aws:PrincipalOrgID': 'o-*' } } }), true],
  [allow({ Condition: { StringEqualsIfExists: { 'aws:SourceVpc': 'vpc-1' } } }), true],
  [allow({ Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }), false],
  [allow({ Condition: { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '0.0.0.0/1'] } } }), true],
  [allow(except(root)), true],
  [deny(), false],
] as const)('S3 takes %j for public: %s', (statement, isPublic) => {
  expect(publicStatements(policy(statement)).length > 0).toBe(isPublic)
})
