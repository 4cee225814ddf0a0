/** Reads and writes whole settings of a bucket, each as the document that S3 keeps (Amazon S3 API Reference). */
import {
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type BucketLifecycleConfiguration,
  type PutBucketLifecycleConfigurationCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { SettingName, SettingText } from '../../shared/domain/bucketSettings.ts'
import { asFault, Fault } from '../../shared/faults/fault.ts'
import type { World } from '../../shared/ports/world.ts'
import { unsetCodes } from './bucketSurvey.ts'
import { brisk, retrying } from './retrying.ts'

export interface BucketSettings {
  /** @throws Fault bucket-missing, aws-denied naming the permission. */
  read(bucket: string, setting: SettingName, signal: AbortSignal): Promise<SettingText>
  /** Replaces the whole setting. @throws Fault aws-denied, aws-refused; setting-stays for one that S3 cannot take back. */
  write(bucket: string, setting: SettingName, to: SettingText, signal: AbortSignal): Promise<void>
}

type Lifecycle = Pick<PutBucketLifecycleConfigurationCommandInput, 'TransitionDefaultMinimumObjectSize'> & BucketLifecycleConfiguration
type Options = { readonly abortSignal: AbortSignal }
type Access = {
  /** As AWS names the operations: what is denied is told by its permission. */
  readonly calls: { readonly read: string; readonly write: string }
  readonly read: (s3: S3Client, Bucket: string, options: Options) => Promise<unknown>
  readonly put: (s3: S3Client, Bucket: string, to: string, options: Options) => Promise<unknown>
  readonly remove?: (s3: S3Client, Bucket: string, options: Options) => Promise<unknown>
}

/** Fits every input: what was read from S3 in the client's form goes back to it in that form. */
const json = (text: string): never => JSON.parse(text) as never

const access: Readonly<Record<SettingName, Access>> = {
  encryption: {
    calls: { read: 'GetBucketEncryption', write: 'PutBucketEncryption' },
    read: async (s3, Bucket, options) =>
      (await s3.send(new GetBucketEncryptionCommand({ Bucket }), options)).ServerSideEncryptionConfiguration,
    put: (s3, Bucket, to, options) =>
      s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: json(to) }), options),
    remove: (s3, Bucket, options) => s3.send(new DeleteBucketEncryptionCommand({ Bucket }), options),
  },
  policy: {
    calls: { read: 'GetBucketPolicy', write: 'PutBucketPolicy' },
    read: async (s3, Bucket, options) => (await s3.send(new GetBucketPolicyCommand({ Bucket }), options)).Policy,
    put: (s3, Bucket, to, options) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy: to }), options),
    remove: (s3, Bucket, options) => s3.send(new DeleteBucketPolicyCommand({ Bucket }), options),
  },
  publicAccessBlock: {
    calls: { read: 'GetPublicAccessBlock', write: 'PutPublicAccessBlock' },
    read: async (s3, Bucket, options) =>
      (await s3.send(new GetPublicAccessBlockCommand({ Bucket }), options)).PublicAccessBlockConfiguration,
    put: (s3, Bucket, to, options) =>
      s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: json(to) }), options),
    remove: (s3, Bucket, options) => s3.send(new DeletePublicAccessBlockCommand({ Bucket }), options),
  },
  ownership: {
    calls: { read: 'GetBucketOwnershipControls', write: 'PutBucketOwnershipControls' },
    read: async (s3, Bucket, options) => (await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }), options)).OwnershipControls,
    put: (s3, Bucket, to, options) => s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: json(to) }), options),
    remove: (s3, Bucket, options) => s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket }), options),
  },
  versioning: {
    calls: { read: 'GetBucketVersioning', write: 'PutBucketVersioning' },
    async read(s3, Bucket, options) {
      const { Status, MFADelete } = await s3.send(new GetBucketVersioningCommand({ Bucket }), options)
      return Status === undefined ? undefined : { Status, ...(MFADelete === undefined ? {} : { MFADelete }) }
    },
    put: (s3, Bucket, to, options) => s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: json(to) }), options),
  },
  lifecycle: {
    calls: { read: 'GetBucketLifecycleConfiguration', write: 'PutBucketLifecycleConfiguration' },
    async read(s3, Bucket, options) {
      const { Rules, TransitionDefaultMinimumObjectSize } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }), options)
      return { Rules, ...(TransitionDefaultMinimumObjectSize === undefined ? {} : { TransitionDefaultMinimumObjectSize }) }
    },
    put(s3, Bucket, to, options) {
      const { TransitionDefaultMinimumObjectSize, ...LifecycleConfiguration } = JSON.parse(to) as Lifecycle
      return s3.send(
        new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration, TransitionDefaultMinimumObjectSize }),
        options,
      )
    },
    remove: (s3, Bucket, options) => s3.send(new DeleteBucketLifecycleCommand({ Bucket }), options),
  },
  logging: {
    calls: { read: 'GetBucketLogging', write: 'PutBucketLogging' },
    async read(s3, Bucket, options) {
      const { LoggingEnabled } = await s3.send(new GetBucketLoggingCommand({ Bucket }), options)
      return LoggingEnabled === undefined ? undefined : { LoggingEnabled }
    },
    put: (s3, Bucket, to, options) => s3.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: json(to) }), options),
    remove: (s3, Bucket, options) => s3.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: {} }), options),
  },
}

export function openBucketSettings({ s3, world }: { readonly s3: S3Client; readonly world: World }): BucketSettings {
  return {
    async read(bucket, setting, signal) {
      try {
        const value = await retrying(
          `s3:${access[setting].calls.read}`,
          signal,
          world,
          (abortSignal) => access[setting].read(s3, bucket, { abortSignal }),
          brisk,
        )
        if (value === undefined) return null
        return typeof value === 'string' ? value : JSON.stringify(value)
      } catch (error) {
        signal.throwIfAborted()
        const fault = asFault(error)
        if (unsetCodes.has(String(fault.facts['code']))) return null
        throw fault
      }
    },

    async write(bucket, setting, to, signal) {
      const { calls, put, remove } = access[setting]
      const send = to === null ? remove : (client: S3Client, name: string, options: Options) => put(client, name, to, options)
      if (send === undefined) throw new Fault('setting-stays', { setting })
      await retrying(`s3:${calls.write}`, signal, world, (abortSignal) => send(s3, bucket, { abortSignal }), brisk)
    },
  }
}
