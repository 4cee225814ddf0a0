/** Asks S3 how a bucket is set up; reads only. A setting that was never made is told as unset, one that may not be asked for as unasked, and neither keeps the rest from being told. */
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { BucketTold, Told } from '../../shared/domain/posture.ts'
import { asFault } from '../../shared/faults/fault.ts'
import type { World } from '../../shared/ports/world.ts'
import { brisk, retrying } from './retrying.ts'

/** The service's names of "there is none" (Amazon S3 API Reference). */
export const unsetCodes = new Set([
  'ServerSideEncryptionConfigurationNotFoundError',
  'NoSuchBucketPolicy',
  'NoSuchPublicAccessBlockConfiguration',
  'OwnershipControlsNotFoundError',
  'ObjectLockConfigurationNotFoundError',
  'NoSuchLifecycleConfiguration',
])

/** @throws Fault bucket-missing; aws-unreachable and others that concern every question alike stay with each of them. */
export async function surveyBucket(
  { s3, world }: { readonly s3: S3Client; readonly world: World },
  bucket: string,
  signal: AbortSignal,
): Promise<BucketTold> {
  const of = { Bucket: bucket }
  const ask = async <Value>(
    operation: string,
    look: (options: { abortSignal: AbortSignal }) => Promise<Value | undefined>,
  ): Promise<Told<Value>> => {
    try {
      const value = await retrying(`s3:${operation}`, signal, world, (abortSignal) => look({ abortSignal }), brisk)
      return value === undefined ? 'unset' : { value }
    } catch (error) {
      signal.throwIfAborted()
      const fault = asFault(error)
      if (fault.code === 'bucket-missing') throw fault
      return unsetCodes.has(String(fault.facts['code']))
        ? 'unset'
        : { unasked: String(fault.facts['permission'] ?? fault.facts['code'] ?? fault.code) }
    }
  }
  const [encryption, policy, isPublic, publicAccessBlock, ownership, versioning, objectLock, accessLog, uploadsEndAfter] =
    await Promise.all([
      ask('GetBucketEncryption', async (options) => {
        const [rule] = (await s3.send(new GetBucketEncryptionCommand(of), options)).ServerSideEncryptionConfiguration?.Rules ?? []
        const { SSEAlgorithm, KMSMasterKeyID } = rule?.ApplyServerSideEncryptionByDefault ?? {}
        return SSEAlgorithm === undefined
          ? undefined
          : { algorithm: SSEAlgorithm, key: KMSMasterKeyID, bucketKey: rule?.BucketKeyEnabled ?? false }
      }),
      ask('GetBucketPolicy', async (options) => (await s3.send(new GetBucketPolicyCommand(of), options)).Policy),
      ask(
        'GetBucketPolicyStatus',
        async (options) => (await s3.send(new GetBucketPolicyStatusCommand(of), options)).PolicyStatus?.IsPublic,
      ),
      ask('GetPublicAccessBlock', async (options) => {
        const { PublicAccessBlockConfiguration: set = {} } = await s3.send(new GetPublicAccessBlockCommand(of), options)
        const { BlockPublicAcls = false, IgnorePublicAcls = false, BlockPublicPolicy = false, RestrictPublicBuckets = false } = set
        return { BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets }
      }),
      ask('GetBucketOwnershipControls', async (options) => {
        const [rule] = (await s3.send(new GetBucketOwnershipControlsCommand(of), options)).OwnershipControls?.Rules ?? []
        return rule?.ObjectOwnership
      }),
      ask('GetBucketVersioning', async (options) => {
        const { Status, MFADelete } = await s3.send(new GetBucketVersioningCommand(of), options)
        return Status === undefined ? undefined : { status: Status, mfaDelete: MFADelete === 'Enabled' }
      }),
      ask('GetObjectLockConfiguration', async (options) => {
        const { ObjectLockConfiguration: set } = await s3.send(new GetObjectLockConfigurationCommand(of), options)
        return set?.ObjectLockEnabled === undefined ? undefined : { mode: set.Rule?.DefaultRetention?.Mode }
      }),
      ask('GetBucketLogging', async (options) => (await s3.send(new GetBucketLoggingCommand(of), options)).LoggingEnabled?.TargetBucket),
      ask('GetBucketLifecycleConfiguration', async (options) => {
        const { Rules = [] } = await s3.send(new GetBucketLifecycleConfigurationCommand(of), options)
        const days = Rules.flatMap(({ Status, Filter, Prefix, AbortIncompleteMultipartUpload: end }) => {
          const { Prefix: under = Prefix ?? '', ...narrower } = Filter ?? {}
          const whole = under === '' && Object.values(narrower).every((one) => one === undefined)
          return Status === 'Enabled' && whole && end?.DaysAfterInitiation !== undefined ? [end.DaysAfterInitiation] : []
        })
        return days.length === 0 ? undefined : Math.min(...days)
      }),
    ])
  return { bucket, encryption, policy, isPublic, publicAccessBlock, ownership, versioning, objectLock, accessLog, uploadsEndAfter }
}
