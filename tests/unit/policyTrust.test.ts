/** Trust policies of an import role, judged by what they mean: whether AWS's import may take the role in this account and Region. */
import { describe, expect, it } from 'vitest'
import { importService, importTrust, wantedTrust } from '../../shared/domain/policy/trust.ts'

const where = { account: '111122223333', region: 'eu-central-1' }
const judged = (...statements: readonly object[]) => importTrust(JSON.stringify({ Version: '2012-10-17', Statement: statements }), where)
const allow = (more: object = {}) => ({ Effect: 'Allow', Principal: { Service: importService }, Action: 'sts:AssumeRole', ...more })

describe('The import may take a role', () => {
  it.each<[string, readonly object[]]>([
    ['that names its service', [allow()]],
    ['that names it among others', [allow({ Principal: { Service: ['ec2.amazonaws.com', importService] } })]],
    ['by a wildcard of actions', [allow({ Action: 'sts:*' })]],
    ['for this account alone', [allow({ Condition: { StringEquals: { 'aws:SourceAccount': where.account } } })]],
    [
      'for jobs of this account and Region',
      [allow({ Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:snowball:eu-central-1:${where.account}:*` } } })],
    ],
    ['in its second statement', [allow({ Principal: { Service: 'ec2.amazonaws.com' } }), allow()]],
    [
      'where others are denied',
      [allow(), { ...allow({ Principal: { AWS: '*' } }), Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    ],
  ])('%s', (_what, statements) => {
    expect(judged(...statements)).toEqual({ result: 'pass' })
  })

  it('that trusts as Firn prints it, whatever the partition', () => {
    for (const region of ['eu-central-1', 'us-gov-west-1', 'cn-north-1']) {
      const at = { account: where.account, region }
      expect(importTrust(JSON.stringify(wantedTrust(at)), at)).toEqual({ result: 'pass' })
      expect(importTrust(JSON.stringify(wantedTrust(at)), { ...at, account: '999999999999' })).toMatchObject({ result: 'fail' })
    }
  })
})

describe('The import cannot take a role', () => {
  it.each<[string, readonly object[], string]>([
    ['of another service', [allow({ Principal: { Service: 'ec2.amazonaws.com' } })], 'not-allowed'],
    ['of an account alone', [allow({ Principal: { AWS: `arn:aws:iam::${where.account}:root` } })], 'not-allowed'],
    ['for another action', [allow({ Action: 'sts:TagSession' })], 'not-allowed'],
    ['for another account', [allow({ Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } } })], 'not-allowed'],
    [
      'for another Region',
      [allow({ Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:snowball:us-east-1:${where.account}:*` } } })],
      'not-allowed',
    ],
    ['with a second factor', [allow({ Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })], 'not-allowed'],
    ['with an external id', [allow({ Condition: { StringEquals: { 'sts:ExternalId': 'x' } } })], 'not-allowed'],
    ['that denies it', [allow(), { ...allow(), Sid: 'NoServices', Effect: 'Deny' }], 'denied'],
  ])('%s', (_what, statements, why) => {
    expect(judged(...statements)).toMatchObject({ result: 'fail', why })
  })

  it.each(['', '{', '[]', '{"Statement":[{}]}', '{"Version":"1999-01-01","Statement":[]}'])('of which the document is %j', (document) => {
    expect(importTrust(document, where)).toMatchObject({ result: 'fail', why: 'unreadable' })
  })
})

it('what depends on a key that AWS does not tell of stays open, and is named', () => {
  expect(judged(allow({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }))).toEqual({ result: 'open', keys: ['aws:sourceip'] })
})
