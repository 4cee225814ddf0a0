/** The settings of a bucket as the simulated S3 keeps them, by the real client. */
import {
  DeleteBucketPolicyCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketTaggingCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bucket as Bucket, startS3, type RunningS3 } from '../kit/sandboxS3.ts'

let s3: RunningS3
beforeEach(async () => {
  s3 = await startS3()
})
afterEach(async () => {
  await s3.close()
  expect(s3.bugs).toEqual([])
})

test.each([
  ['NoSuchBucketPolicy', () => new GetBucketPolicyCommand({ Bucket })],
  ['NoSuchBucketPolicy', () => new GetBucketPolicyStatusCommand({ Bucket })],
  ['NoSuchPublicAccessBlockConfiguration', () => new GetPublicAccessBlockCommand({ Bucket })],
  ['OwnershipControlsNotFoundError', () => new GetBucketOwnershipControlsCommand({ Bucket })],
  ['ObjectLockConfigurationNotFoundError', () => new GetObjectLockConfigurationCommand({ Bucket })],
  ['NoSuchTagSet', () => new GetBucketTaggingCommand({ Bucket })],
] as const)('what was never set is answered with %s', async (name, command) => {
  await expect(s3.client().send(command() as GetBucketPolicyCommand)).rejects.toMatchObject({ name })
})

test('a bucket that logs nothing says so by an empty answer', async () => {
  expect((await s3.client().send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled).toBeUndefined()
})

test('a policy is kept byte for byte, told to be public when it is, and gone when it is deleted', async () => {
  const client = s3.client()
  const Policy = `{ "Version": "2012-10-17",\n "Statement": {"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::${Bucket}/*"}}`
  await client.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  expect((await client.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy)
  expect((await client.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus).toEqual({ IsPublic: true })
  await client.send(new DeleteBucketPolicyCommand({ Bucket }))
  await expect(client.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' })
})

test('a policy that IAM would not understand is refused', async () => {
  await expect(s3.client().send(new PutBucketPolicyCommand({ Bucket, Policy: '{"Statement":[{}]}' }))).rejects.toMatchObject({
    name: 'MalformedPolicy',
  })
})

test('a public access block is told as it was set', async () => {
  const client = s3.client()
  const set = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: false, RestrictPublicBuckets: true }
  await client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: set }))
  expect((await client.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration).toEqual(set)
})
