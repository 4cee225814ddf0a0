/** A bucket's setting asked for by the real client, and judged. */
import {
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { surveyBucket } from '../../main/aws/bucketSurvey.ts'
import { judgeBucket, type ProfileName } from '../../shared/domain/posture.ts'
import { bucket as Bucket, startS3, type RunningS3 } from '../kit/sandboxS3.ts'
import { testWorld } from '../kit/world.ts'

const never = new AbortController().signal
const roles = { import: 'arn:aws:iam::111122223333:role/Import' }
let s3: RunningS3
async function start(denied?: string): Promise<void> {
  const refused = { status: 403, code: 'AccessDenied' }
  s3 = await startS3({ faults: { before: ({ operation }) => Promise.resolve(operation === denied ? refused : 'continue') } })
}
beforeEach(() => start())
afterEach(() => s3.close())

async function results(profile: ProfileName = 'strict-phi'): Promise<Record<string, string>> {
  const told = await surveyBucket({ s3: s3.client(), world: testWorld() }, Bucket, never)
  return Object.fromEntries(judgeBucket(told, { profile, account: '111122223333', roles }).map(({ check, result }) => [check, result]))
}
const resources = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`]
const denying = (Condition: object, Action: string | readonly string[] = 's3:*') => ({
  Effect: 'Deny',
  Principal: '*',
  Action,
  Resource: resources,
  Condition,
})
const put = (...Statement: readonly object[]) =>
  s3.client().send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }))

test('a bucket as it comes is weak in all that a person has to decide, and public in nothing', async () => {
  expect(await results()).toMatchObject({
    tls: 'fail',
    versioning: 'fail',
    'public-access-block': 'fail',
    'access-log': 'fail',
    'not-public': 'pass',
    roles: 'pass',
  })
  expect(await results('test')).toMatchObject({ tls: 'weak', versioning: 'fail', 'access-log': 'weak' })
})

test('what is set turns its check, and only its check, to pass', async () => {
  await s3.client().send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
  const all = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true }
  await s3.client().send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: all }))
  await put(denying({ Bool: { 'aws:SecureTransport': 'false' } }))
  expect(await results()).toMatchObject({
    tls: 'pass',
    versioning: 'pass',
    'public-access-block': 'pass',
    roles: 'pass',
    'mfa-deletion': 'fail',
  })
})

test('a second factor asked of everybody fails the roles; with roles exempt it is weak, as long as the role of a gateway is not known', async () => {
  await put(denying({ Null: { 'aws:MultiFactorAuthAge': 'true' } }))
  expect(await results('test')).toMatchObject({ 'mfa-deletion': 'pass', roles: 'fail' })
  await put(
    denying({ Null: { 'aws:MultiFactorAuthAge': 'true' }, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } }, 's3:Delete*'),
  )
  expect(await results()).toMatchObject({ 'mfa-deletion': 'pass', roles: 'weak' })
})

test('what may not be asked is unknown, and keeps nothing else from being told', async () => {
  await s3.close()
  await start('GetBucketPolicy')
  expect(await results()).toMatchObject({ tls: 'unknown', roles: 'unknown', versioning: 'fail' })
})

test('a rule that ends unfinished uploads counts only where it is for the whole bucket', async () => {
  const ending = (Filter: object) =>
    s3.client().send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: [{ ID: 'end', Status: 'Enabled', Filter, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 } }],
        },
      }),
    )
  for (const narrower of [{ Prefix: 'pacs/' }, { ObjectSizeGreaterThan: 1000 }]) {
    await ending(narrower)
    expect((await results())['incomplete-uploads']).toBe('fail')
  }
  await ending({ Prefix: '' })
  expect((await results())['incomplete-uploads']).toBe('pass')
})
