/** Whole policies as they are met in the wild, each with requests that IAM would allow, deny, or leave to another policy. Each answer was worked out by hand. */
import { describe, expect, test } from 'vitest'
import { policyOf } from '../../shared/domain/policy/document.ts'
import { evaluate } from '../../shared/domain/policy/evaluate.ts'
import { publicStatements } from '../../shared/domain/policy/publicAccess.ts'
import { blockedRoles, mfaDemanded, tlsEnforced } from '../../shared/domain/policy/questions.ts'
import type { Caller, ContextValue } from '../../shared/domain/policy/request.ts'

const account = '111122223333'
const partner = '444455556666'
const arn = 'arn:aws:s3:::images'
const all = `${arn}/*`
const both = [arn, all]
const iam = (name: string, of = account): string => `arn:aws:iam::${of}:${name}`

const callers = {
  anna: { kind: 'user', account, arn: iam('user/anna') },
  root: { kind: 'root', account, arn: iam('root') },
  import: { kind: 'role', account, roleArn: iam('role/Import'), session: 'snowball' },
  admin: { kind: 'role', account, roleArn: iam('role/team/Admin'), session: 'anna@hospital' },
  partner: { kind: 'role', account: partner, roleArn: iam('role/Reader', partner), session: 'x' },
  nobody: { kind: 'anonymous' },
  logs: { kind: 'service', name: 'logging.s3.amazonaws.com' },
} as const satisfies Record<string, Caller>

type Who = keyof typeof callers
type Decision = 'allowed' | 'denied' | 'implicit' | 'unsure'
/** `absent` and `unknown` mean what they mean in a request. */
type Context = Readonly<Record<string, string | readonly string[]>>
/** Who, what, on which path (`''`: the bucket), and what is known of the circumstances. */
type Asked = readonly [Who, string, string, Context, Decision]
type Row = readonly [string, readonly object[], readonly Asked[]]

const deny = (more: object): object => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: both, ...more })
const allow = (more: object): object => ({ Effect: 'Allow', Principal: { AWS: iam('root') }, Action: 's3:*', Resource: both, ...more })
const given = (test: string, key: string, value: unknown): object => ({ Condition: { [test]: { [key]: value } } })

const tls = { 'aws:securetransport': 'true' }
const plain = { 'aws:securetransport': 'false' }
const mfa = { 'aws:multifactorauthpresent': 'true', 'aws:multifactorauthage': '60' }
const noMfa = { 'aws:multifactorauthpresent': 'false', 'aws:multifactorauthage': 'absent' }
const longKey = { 'aws:multifactorauthpresent': 'absent', 'aws:multifactorauthage': 'absent' }

const rows: readonly Row[] = [
  ['nothing but an account that may do everything', [allow({})], [
    ['anna', 's3:GetObject', 'a', {}, 'allowed'], ['admin', 's3:DeleteObject', 'a', {}, 'allowed'], ['root', 's3:PutBucketPolicy', '', {}, 'allowed'],
    ['partner', 's3:GetObject', 'a', {}, 'implicit'], ['nobody', 's3:GetObject', 'a', {}, 'implicit'], ['logs', 's3:PutObject', 'a', {}, 'implicit'],
  ]],
  ['a Deny goes before an Allow, in whatever order', [deny({ Action: 's3:DeleteObject' }), allow({})], [
    ['anna', 's3:DeleteObject', 'a', {}, 'denied'], ['anna', 's3:DeleteObjectVersion', 'a', {}, 'allowed'], ['root', 's3:DeleteObject', 'a', {}, 'denied'],
  ]],
  ['the Allow first', [allow({}), deny({ Action: ['s3:Delete*'] })], [
    ['anna', 's3:DeleteObjectVersion', 'a', {}, 'denied'], ['anna', 's3:DeleteBucket', '', {}, 'denied'], ['anna', 's3:GetObject', 'a', {}, 'allowed'],
  ]],
  ['TLS for all', [allow({}), deny(given('Bool', 'aws:SecureTransport', 'false'))], [
    ['anna', 's3:GetObject', 'a', tls, 'allowed'], ['anna', 's3:GetObject', 'a', plain, 'denied'], ['nobody', 's3:GetObject', 'a', plain, 'denied'], ['anna', 's3:ListBucket', '', plain, 'denied'],
    ['anna', 's3:GetObject', 'a', { 'aws:securetransport': 'unknown' }, 'unsure'],
  ]],
  ['TLS by an Allow under condition, which still leaves other policies their word', [allow(given('Bool', 'aws:SecureTransport', 'true'))], [
    ['anna', 's3:GetObject', 'a', tls, 'allowed'], ['anna', 's3:GetObject', 'a', plain, 'implicit'],
  ]],
  ['TLS asked the wrong way round', [allow({}), deny(given('Bool', 'aws:SecureTransport', 'true'))], [
    ['anna', 's3:GetObject', 'a', tls, 'denied'], ['anna', 's3:GetObject', 'a', plain, 'allowed'],
  ]],
  ['two keys under one test: both must hold', [allow({}), deny({ Condition: { Bool: { 'aws:SecureTransport': 'false', 'aws:ViaAWSService': 'false' } } })], [
    ['anna', 's3:GetObject', 'a', { ...plain, 'aws:viaawsservice': 'false' }, 'denied'], ['anna', 's3:GetObject', 'a', { ...plain, 'aws:viaawsservice': 'true' }, 'allowed'],
  ]],
  ['two tests: both must hold', [allow({}), deny({ Condition: { Bool: { 'aws:SecureTransport': 'false' }, StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } })], [
    ['anna', 's3:GetObject', 'a', { ...plain, 'aws:sourcevpce': 'vpce-2' }, 'denied'], ['anna', 's3:GetObject', 'a', { ...plain, 'aws:sourcevpce': 'vpce-1' }, 'allowed'], ['anna', 's3:GetObject', 'a', { ...tls, 'aws:sourcevpce': 'vpce-2' }, 'allowed'],
  ]],
  ['several values under one key: one is enough', [allow({}), deny(given('StringEquals', 's3:prefix', ['secret/', 'locked/']))], [
    ['anna', 's3:ListBucket', '', { 's3:prefix': 'locked/' }, 'denied'], ['anna', 's3:ListBucket', '', { 's3:prefix': 'open/' }, 'allowed'],
  ]],
  ['several values under a negated test: none may hold', [allow({}), deny(given('StringNotEquals', 'aws:SourceVpc', ['vpc-1', 'vpc-2']))], [
    ['anna', 's3:GetObject', 'a', { 'aws:sourcevpc': 'vpc-2' }, 'allowed'], ['anna', 's3:GetObject', 'a', { 'aws:sourcevpc': 'vpc-3' }, 'denied'], ['anna', 's3:GetObject', 'a', { 'aws:sourcevpc': 'absent' }, 'denied'],
  ]],
  ['MFA by Null', [allow({}), deny(given('Null', 'aws:MultiFactorAuthAge', 'true'))], [
    ['anna', 's3:GetObject', 'a', mfa, 'allowed'], ['anna', 's3:GetObject', 'a', noMfa, 'denied'], ['anna', 's3:GetObject', 'a', longKey, 'denied'], ['import', 's3:PutObject', 'a', noMfa, 'denied'],
  ]],
  ['MFA by plain Bool, which a long-term key passes', [allow({}), deny(given('Bool', 'aws:MultiFactorAuthPresent', 'false'))], [
    ['anna', 's3:GetObject', 'a', noMfa, 'denied'], ['anna', 's3:GetObject', 'a', longKey, 'allowed'], ['anna', 's3:GetObject', 'a', mfa, 'allowed'],
  ]],
  ['MFA by BoolIfExists', [allow({}), deny(given('BoolIfExists', 'aws:MultiFactorAuthPresent', 'false'))], [
    ['anna', 's3:GetObject', 'a', longKey, 'denied'], ['anna', 's3:GetObject', 'a', noMfa, 'denied'], ['anna', 's3:GetObject', 'a', mfa, 'allowed'],
  ]],
  ['MFA too old, and none at all let through', [allow({}), deny(given('NumericGreaterThan', 'aws:MultiFactorAuthAge', '3600'))], [
    ['anna', 's3:GetObject', 'a', { 'aws:multifactorauthage': '7200' }, 'denied'], ['anna', 's3:GetObject', 'a', { 'aws:multifactorauthage': '60' }, 'allowed'], ['anna', 's3:GetObject', 'a', longKey, 'allowed'],
  ]],
  ['MFA too old or none, by IfExists', [allow({}), deny(given('NumericGreaterThanIfExists', 'aws:MultiFactorAuthAge', '3600'))], [
    ['anna', 's3:GetObject', 'a', longKey, 'denied'], ['anna', 's3:GetObject', 'a', mfa, 'allowed'],
  ]],
  ['the two statements of AWS’s article: MFA for one prefix, reading for the rest', [deny({ Resource: `${arn}/taxdocuments/*`, ...given('Null', 'aws:MultiFactorAuthAge', true) }), allow({ Principal: '*', Action: ['s3:GetObject'], Resource: all })], [
    ['anna', 's3:GetObject', 'taxdocuments/1', longKey, 'denied'], ['anna', 's3:GetObject', 'taxdocuments/1', mfa, 'allowed'], ['anna', 's3:GetObject', 'images/1', longKey, 'allowed'],
    ['nobody', 's3:GetObject', 'images/1', longKey, 'allowed'], ['nobody', 's3:GetObject', 'taxdocuments/1', longKey, 'denied'], ['import', 's3:PutObject', 'taxdocuments/1', noMfa, 'denied'],
    ['import', 's3:PutObject', 'images/1', noMfa, 'implicit'], ['anna', 's3:ListBucket', '', mfa, 'implicit'],
  ]],
  ['MFA for deletion, the import exempt by its ARN', [allow({}), deny({ Action: ['s3:DeleteObject', 's3:DeleteObjectVersion'], Resource: all, Condition: { Null: { 'aws:MultiFactorAuthAge': 'true' }, ArnNotLike: { 'aws:PrincipalArn': [iam('role/Import')] } } })], [
    ['anna', 's3:DeleteObject', 'a', longKey, 'denied'], ['import', 's3:DeleteObject', 'a', noMfa, 'allowed'], ['admin', 's3:DeleteObjectVersion', 'a', noMfa, 'denied'], ['admin', 's3:GetObject', 'a', noMfa, 'allowed'],
  ]],
  ['exempt by StringNotLike with a star', [allow({}), deny({ Condition: { StringNotLike: { 'aws:PrincipalArn': iam('role/team/*') } } })], [
    ['admin', 's3:GetObject', 'a', {}, 'allowed'], ['import', 's3:GetObject', 'a', {}, 'denied'], ['root', 's3:GetObject', 'a', {}, 'denied'], ['nobody', 's3:GetObject', 'a', {}, 'denied'],
  ]],
  ['exempt by NotPrincipal with the role alone, which spares nobody: its account is not listed', [allow({}), deny({ Principal: undefined, NotPrincipal: { AWS: iam('role/Import') } })], [
    ['import', 's3:PutObject', 'a', {}, 'denied'], ['anna', 's3:PutObject', 'a', {}, 'denied'], ['root', 's3:PutObject', 'a', {}, 'denied'],
  ]],
  ['exempt by NotPrincipal with user and account', [allow({}), deny({ Principal: undefined, NotPrincipal: { AWS: [iam('user/anna'), iam('root')] } })], [
    ['anna', 's3:PutObject', 'a', {}, 'allowed'], ['root', 's3:PutObject', 'a', {}, 'allowed'], ['admin', 's3:PutObject', 'a', {}, 'denied'], ['partner', 's3:PutObject', 'a', {}, 'denied'],
  ]],
  ['everything but reading is denied, by NotAction', [allow({}), deny({ Action: undefined, NotAction: ['s3:Get*', 's3:List*'] })], [
    ['anna', 's3:GetObject', 'a', {}, 'allowed'], ['anna', 's3:PutObject', 'a', {}, 'denied'], ['anna', 's3:ListBucket', '', {}, 'allowed'], ['anna', 's3:DeleteBucket', '', {}, 'denied'],
  ]],
  ['NotAction under Allow gives all the rest', [allow({ Action: undefined, NotAction: 's3:DeleteObject' })], [
    ['anna', 's3:PutObject', 'a', {}, 'allowed'], ['anna', 's3:DeleteObject', 'a', {}, 'implicit'], ['anna', 's3:PutBucketPolicy', '', {}, 'allowed'],
  ]],
  ['everything outside of one folder is denied, by NotResource', [allow({}), deny({ Resource: undefined, NotResource: [`${arn}/open/*`, arn] })], [
    ['anna', 's3:GetObject', 'open/1', {}, 'allowed'], ['anna', 's3:GetObject', 'phi/1', {}, 'denied'], ['anna', 's3:ListBucket', '', {}, 'allowed'],
  ]],
  ['another bucket, as copied from elsewhere', [deny({ Resource: ['arn:aws:s3:::other', 'arn:aws:s3:::other/*'], ...given('Bool', 'aws:SecureTransport', 'false') }), allow({})], [
    ['anna', 's3:GetObject', 'a', plain, 'allowed'],
  ]],
  ['a bucket whose name begins like this one', [deny({ Resource: `${arn}-old/*` }), allow({})], [['anna', 's3:GetObject', 'a', {}, 'allowed']]],
  ['a star in the name of the bucket', [deny({ Resource: 'arn:aws:s3:::im*' }), allow({})], [['anna', 's3:GetObject', 'a', {}, 'denied'], ['anna', 's3:ListBucket', '', {}, 'denied']]],
  ['a question mark stands for one character', [deny({ Resource: `${arn}/ct/?.dcm` }), allow({})], [
    ['anna', 's3:GetObject', 'ct/1.dcm', {}, 'denied'], ['anna', 's3:GetObject', 'ct/12.dcm', {}, 'allowed'],
  ]],
  ['keys are told apart by case, actions are not', [deny({ Action: 'S3:GETOBJECT', Resource: `${arn}/CT/*` }), allow({})], [
    ['anna', 's3:GetObject', 'CT/1', {}, 'denied'], ['anna', 's3:GetObject', 'ct/1', {}, 'allowed'],
  ]],
  ['each user a folder, by a variable', [allow({ Resource: `${arn}/\${aws:username}/*` })], [
    ['anna', 's3:GetObject', 'anna/1', {}, 'allowed'], ['anna', 's3:GetObject', 'ben/1', {}, 'implicit'], ['admin', 's3:GetObject', 'anna/1', {}, 'implicit'],
  ]],
  ['one network only', [allow({}), deny(given('NotIpAddress', 'aws:SourceIp', ['192.0.2.0/24', '2001:db8::/32']))], [
    ['anna', 's3:GetObject', 'a', { 'aws:sourceip': '192.0.2.7' }, 'allowed'], ['anna', 's3:GetObject', 'a', { 'aws:sourceip': '198.51.100.7' }, 'denied'], ['anna', 's3:GetObject', 'a', { 'aws:sourceip': '2001:db8::5' }, 'allowed'],
    ['import', 's3:PutObject', 'a', { 'aws:sourceip': 'unknown' }, 'unsure'], ['import', 's3:PutObject', 'a', { 'aws:sourceip': 'absent' }, 'denied'],
  ]],
  ['one network, calls of AWS’s services spared', [allow({}), deny({ Condition: { NotIpAddressIfExists: { 'aws:SourceIp': '192.0.2.0/24' }, Bool: { 'aws:ViaAWSService': 'false' } } })], [
    ['anna', 's3:GetObject', 'a', { 'aws:sourceip': '198.51.100.7', 'aws:viaawsservice': 'true' }, 'allowed'], ['anna', 's3:GetObject', 'a', { 'aws:sourceip': '198.51.100.7', 'aws:viaawsservice': 'false' }, 'denied'],
  ]],
  ['one VPC endpoint only', [allow({}), deny(given('StringNotEquals', 'aws:SourceVpce', 'vpce-1'))], [
    ['anna', 's3:GetObject', 'a', { 'aws:sourcevpce': 'vpce-1' }, 'allowed'], ['anna', 's3:GetObject', 'a', { 'aws:sourcevpce': 'absent' }, 'denied'], ['import', 's3:PutObject', 'a', { 'aws:sourcevpce': 'unknown' }, 'unsure'],
  ]],
  ['one organization only', [allow({ Principal: '*', ...given('StringEquals', 'aws:PrincipalOrgID', 'o-1') })], [
    ['partner', 's3:GetObject', 'a', { 'aws:principalorgid': 'o-1' }, 'allowed'], ['partner', 's3:GetObject', 'a', { 'aws:principalorgid': 'o-2' }, 'implicit'], ['nobody', 's3:GetObject', 'a', { 'aws:principalorgid': 'absent' }, 'implicit'],
  ]],
  ['an upload must say that it is encrypted', [allow({}), deny({ Action: 's3:PutObject', Resource: all, ...given('Null', 's3:x-amz-server-side-encryption', 'true') })], [
    ['anna', 's3:PutObject', 'a', { 's3:x-amz-server-side-encryption': 'absent' }, 'denied'], ['anna', 's3:PutObject', 'a', { 's3:x-amz-server-side-encryption': 'AES256' }, 'allowed'], ['anna', 's3:GetObject', 'a', { 's3:x-amz-server-side-encryption': 'absent' }, 'allowed'],
  ]],
  ['an upload must be encrypted by KMS', [allow({}), deny({ Action: 's3:PutObject', Resource: all, ...given('StringNotEquals', 's3:x-amz-server-side-encryption', 'aws:kms') })], [
    ['anna', 's3:PutObject', 'a', { 's3:x-amz-server-side-encryption': 'AES256' }, 'denied'], ['anna', 's3:PutObject', 'a', { 's3:x-amz-server-side-encryption': 'aws:kms' }, 'allowed'], ['import', 's3:PutObject', 'a', { 's3:x-amz-server-side-encryption': 'absent' }, 'denied'],
  ]],
  ['an upload must be encrypted by KMS, if it says anything', [allow({}), deny({ Action: 's3:PutObject', Resource: all, ...given('StringNotEqualsIfExists', 's3:x-amz-server-side-encryption', 'aws:kms') })], [
    // IfExists makes a missing key hold, for negated tests too: this denies what says nothing.
    ['import', 's3:PutObject', 'a', { 's3:x-amz-server-side-encryption': 'absent' }, 'denied'], ['anna', 's3:PutObject', 'a', { 's3:x-amz-server-side-encryption': 'aws:kms' }, 'allowed'],
  ]],
  ['one key of KMS alone', [allow({}), deny({ Action: 's3:PutObject', Resource: all, Condition: { ArnNotEqualsIfExists: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:eu-central-1:111122223333:key/1' }, Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'false' } } })], [
    ['anna', 's3:PutObject', 'a', { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:eu-central-1:111122223333:key/2' }, 'denied'],
    ['anna', 's3:PutObject', 'a', { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:eu-central-1:111122223333:key/1' }, 'allowed'],
    ['import', 's3:PutObject', 'a', { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'absent' }, 'allowed'],
  ]],
  ['keys of the customer’s own are turned away', [allow({}), deny({ Action: 's3:PutObject', Resource: all, ...given('Null', 's3:x-amz-server-side-encryption-customer-algorithm', 'false') })], [
    ['anna', 's3:PutObject', 'a', { 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' }, 'denied'], ['anna', 's3:PutObject', 'a', { 's3:x-amz-server-side-encryption-customer-algorithm': 'absent' }, 'allowed'],
  ]],
  ['access logs may be written', [allow({ Principal: { Service: 'logging.s3.amazonaws.com' }, Action: 's3:PutObject', Resource: `${arn}/logs/*`, ...given('StringEquals', 'aws:SourceAccount', account) })], [
    ['logs', 's3:PutObject', 'logs/1', { 'aws:sourceaccount': account }, 'allowed'], ['logs', 's3:PutObject', 'logs/1', { 'aws:sourceaccount': partner }, 'implicit'], ['logs', 's3:PutObject', 'images/1', { 'aws:sourceaccount': account }, 'implicit'], ['anna', 's3:PutObject', 'logs/1', {}, 'implicit'],
  ]],
  ['a partner reads one folder', [allow({ Principal: { AWS: partner }, Action: ['s3:GetObject'], Resource: `${arn}/shared/*` })], [
    ['partner', 's3:GetObject', 'shared/1', {}, 'allowed'], ['partner', 's3:GetObject', 'phi/1', {}, 'implicit'], ['partner', 's3:GetObjectVersion', 'shared/1', {}, 'implicit'],
  ]],
  ['a partner’s role by session, not known beforehand', [deny({ Principal: { AWS: `arn:aws:sts::${partner}:assumed-role/Reader/x` } }), allow({ Principal: { AWS: partner } })], [
    ['partner', 's3:GetObject', 'a', {}, 'denied'], ['anna', 's3:GetObject', 'a', {}, 'implicit'],
  ]],
  ['a list of principals', [allow({ Principal: { AWS: [iam('user/anna'), iam('role/Import')] } })], [
    ['anna', 's3:GetObject', 'a', {}, 'allowed'], ['import', 's3:PutObject', 'a', {}, 'allowed'], ['admin', 's3:GetObject', 'a', {}, 'implicit'],
  ]],
  ['a star among the principals of AWS is everybody', [allow({ Principal: { AWS: '*' } })], [['nobody', 's3:GetObject', 'a', {}, 'allowed'], ['partner', 's3:PutObject', 'a', {}, 'allowed']]],
  ['only objects that are tagged', [allow({ Action: 's3:GetObject', Resource: all, ...given('StringEquals', 's3:ExistingObjectTag/class', 'open') })], [
    ['anna', 's3:GetObject', 'a', { 's3:existingobjecttag/class': 'open' }, 'allowed'], ['anna', 's3:GetObject', 'a', { 's3:existingobjecttag/class': 'phi' }, 'implicit'],
  ]],
  ['only tags from a list, by ForAllValues, which an empty list passes', [allow({ Action: 's3:PutObjectTagging', Resource: all, ...given('ForAllValues:StringLike', 's3:RequestObjectTagKeys', ['modality', 'year']) })], [
    ['anna', 's3:PutObjectTagging', 'a', { 's3:requestobjecttagkeys': ['modality', 'year'] }, 'allowed'], ['anna', 's3:PutObjectTagging', 'a', { 's3:requestobjecttagkeys': ['modality', 'name'] }, 'implicit'], ['anna', 's3:PutObjectTagging', 'a', { 's3:requestobjecttagkeys': 'absent' }, 'allowed'],
  ]],
  ['frozen until a day', [allow({}), deny({ Action: 's3:Delete*', ...given('DateLessThan', 'aws:CurrentTime', '2030-01-01T00:00:00Z') })], [
    ['anna', 's3:DeleteObject', 'a', { 'aws:currenttime': '2026-11-27T00:00:00Z' }, 'denied'], ['anna', 's3:DeleteObject', 'a', { 'aws:currenttime': '2031-01-01T00:00:00Z' }, 'allowed'],
  ]],
  ['old TLS', [allow({}), deny(given('NumericLessThan', 's3:TlsVersion', '1.2'))], [
    ['anna', 's3:GetObject', 'a', { 's3:tlsversion': '1.1' }, 'denied'], ['anna', 's3:GetObject', 'a', { 's3:tlsversion': '1.2' }, 'allowed'], ['anna', 's3:GetObject', 'a', { 's3:tlsversion': '1.3' }, 'allowed'],
  ]],
  ['signatures of version 2', [allow({}), deny(given('StringEquals', 's3:signatureversion', 'AWS'))], [
    ['anna', 's3:GetObject', 'a', { 's3:signatureversion': 'AWS4-HMAC-SHA256' }, 'allowed'], ['anna', 's3:GetObject', 'a', { 's3:signatureversion': 'AWS' }, 'denied'],
  ]],
  ['the whole account locked out but for its root, by principal type', [allow({}), deny(given('StringNotEquals', 'aws:PrincipalType', 'Account'))], [
    ['root', 's3:GetObject', 'a', {}, 'allowed'], ['anna', 's3:GetObject', 'a', {}, 'denied'], ['import', 's3:PutObject', 'a', {}, 'denied'],
  ]],
  ['services of AWS spared', [allow({}), deny({ Condition: { Bool: { 'aws:PrincipalIsAWSService': 'false' }, StringNotEquals: { 'aws:PrincipalAccount': account } } })], [
    ['logs', 's3:PutObject', 'a', {}, 'implicit'], ['partner', 's3:GetObject', 'a', {}, 'denied'], ['anna', 's3:GetObject', 'a', {}, 'allowed'],
  ]],
  ['listing below one prefix', [allow({ Action: 's3:ListBucket', Resource: arn, ...given('StringLike', 's3:prefix', ['shared/*', 'shared']) })], [
    ['anna', 's3:ListBucket', '', { 's3:prefix': 'shared/ct/' }, 'allowed'], ['anna', 's3:ListBucket', '', { 's3:prefix': '' }, 'implicit'], ['anna', 's3:ListBucket', '', { 's3:prefix': 'absent' }, 'implicit'],
  ]],
  ['access points of one account alone', [allow({ Principal: '*', ...given('StringEquals', 's3:DataAccessPointAccount', account) })], [
    ['anna', 's3:GetObject', 'a', { 's3:dataaccesspointaccount': account }, 'allowed'], ['anna', 's3:GetObject', 'a', { 's3:dataaccesspointaccount': 'absent' }, 'implicit'],
  ]],
  ['an empty list of statements gives nothing and denies nothing', [], [['anna', 's3:GetObject', 'a', {}, 'implicit'], ['root', 's3:PutBucketPolicy', '', {}, 'implicit']]],
] // prettier-ignore

function policy(Statement: readonly object[]) {
  const read = policyOf({ Version: '2012-10-17', Statement })
  if (!('policy' in read)) throw new Error(read.problem)
  return read.policy
}

const cases = rows.flatMap(([name, statements, requests]) =>
  requests.map(
    ([who, action, path, context, decision]) => [name, who, action, path, JSON.stringify(context), decision, statements, context] as const,
  ),
)

describe('A policy in the wild', () => {
  test.each(cases)('%s: %s asking for %s on "%s" with %s is %s', (_name, who, action, path, _told, decision, statements, context) => {
    const told = Object.entries(context).map(([key, value]): [string, ContextValue] => [
      key,
      value === 'absent' || value === 'unknown' ? value : typeof value === 'string' ? [value] : value,
    ])
    const resource = path === '' ? arn : `${arn}/${path}`
    const judged = evaluate(policy(statements), { caller: callers[who], action, resource, context: new Map(told), otherwise: 'absent' })
    expect(judged.decision).toBe(decision)
  })

  test('there are well over a hundred cases, and neither answer is rare', () => {
    expect(cases.length).toBeGreaterThanOrEqual(140)
    expect(cases.filter(([, , , , , decision]) => decision === 'denied').length).toBeGreaterThan(40)
    expect(cases.filter(([, , , , , decision]) => decision === 'allowed').length).toBeGreaterThan(40)
  })
})

test('what is weak in the two statements of the article: one prefix only, everybody reads the rest, no TLS, and the import is turned away below the prefix', () => {
  const article = policy(rows.find(([name]) => name.startsWith('the two statements'))?.[1] ?? [])
  const bucket = { name: 'images', account }
  expect(mfaDemanded(article, bucket, 'everything')).toMatchObject({ enforced: 'partly' })
  expect(publicStatements(article).map(({ at }) => at)).toEqual([1])
  expect(tlsEnforced(article, bucket).enforced).toBe('not')
  expect(blockedRoles(article, bucket, {}, 'taxdocuments/').map(({ role }) => role)).toContain('import')
  expect(blockedRoles(article, bucket, {}, 'images/')).toEqual([])
})
