/** Every answer of the simulated S3 and of the device is made of members AWS's own model has. */
import {
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  DeletePublicAccessBlockCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketTaggingCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketIntelligentTieringConfigurationCommand,
  ListBucketIntelligentTieringConfigurationsCommand,
  GetBucketLifecycleConfigurationCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { cloudDialect } from '../../main/sandbox/s3/cloud.ts'
import { loadModel, problemsOfXmlResponse } from '../kit/awsModel.ts'
import { bucket as Bucket, region, startDevice, startS3 } from '../kit/sandboxS3.ts'

/** Learnt by S3 since the model of 2024: newer checksums, their type, and tag counts and ranges on HEAD. */
const newer = [
  'ChecksumCRC64NVME',
  'ChecksumMD5',
  'ChecksumType',
  'x-amz-checksum-crc64nvme',
  'x-amz-checksum-md5',
  'x-amz-checksum-type',
  'x-amz-tagging-count',
  'content-range',
]

const model = loadModel('s3-2006-03-01')

/** Looks at each response before the SDK parses it. */
function watch(client: S3Client) {
  const seen = new Map<string, readonly string[]>()
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args)
      const response = result.response as { statusCode: number; headers: Record<string, string>; body: Readable }
      const operation = (context as { commandName?: string }).commandName?.replace(/Command$/, '') ?? ''
      const pieces: Buffer[] = []
      for await (const piece of response.body) pieces.push(piece as Buffer)
      const body = Buffer.concat(pieces)
      response.body = Readable.from([body])
      const isXml = response.headers['content-type'] === 'application/xml' && operation !== 'GetObject'
      const problems = problemsOfXmlResponse(model, operation, { headers: response.headers, body: isXml ? body.toString() : '' }, newer)
      seen.set(operation, [...(seen.get(operation) ?? []), ...problems])
      return result
    },
    { step: 'deserialize', priority: 'low' },
  )
  return seen
}

test('the cloud answers every operation it serves in the form of the model', async () => {
  const s3 = await startS3()
  const client = s3.client()
  const seen = watch(client)
  const at = { Bucket, Key: 'k' }
  const large = Buffer.alloc(5 * 1024 * 1024, 'x')
  await client.send(new CreateBucketCommand({ Bucket: 'second', CreateBucketConfiguration: { LocationConstraint: region } }))
  await client.send(new PutBucketVersioningCommand({ Bucket: 'second', VersioningConfiguration: { Status: 'Enabled' } }))
  await client.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }] },
    }),
  )
  for (const command of [new ListBucketsCommand({}), new HeadBucketCommand({ Bucket }), new GetBucketLocationCommand({ Bucket })])
    await client.send(command as ListBucketsCommand)
  await client.send(new GetBucketVersioningCommand({ Bucket: 'second' }))
  await client.send(new GetBucketEncryptionCommand({ Bucket }))
  await client.send(new PutObjectCommand({ ...at, Body: large, Metadata: { a: 'b' }, Tagging: 'a=b' }))
  await client.send(new CopyObjectCommand({ Bucket: 'second', Key: 'copy', CopySource: `${Bucket}/k` }))
  await client.send(new DeleteObjectCommand({ Bucket: 'second', Key: 'copy' }))
  await client.send(new ListObjectVersionsCommand({ Bucket: 'second' }))
  await client.send(new GetObjectCommand({ ...at, Range: 'bytes=0-9' }))
  await client.send(new HeadObjectCommand({ ...at, ChecksumMode: 'ENABLED' }))
  await client.send(new GetObjectTaggingCommand(at))
  await client.send(new PutObjectTaggingCommand({ ...at, Tagging: { TagSet: [{ Key: 'c', Value: 'd' }] } }))
  await client.send(new DeleteObjectTaggingCommand(at))
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'm', ChecksumAlgorithm: 'CRC32' }))
  const upload = { Bucket, Key: 'm', UploadId }
  const one = await client.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: large }))
  const { CopyPartResult: two } = await client.send(new UploadPartCopyCommand({ ...upload, PartNumber: 2, CopySource: `${Bucket}/k` }))
  await client.send(new ListPartsCommand(upload))
  await client.send(new ListMultipartUploadsCommand({ Bucket }))
  const Parts = [one, two].map((part, index) => ({ PartNumber: index + 1, ETag: part?.ETag, ChecksumCRC32: part?.ChecksumCRC32 }))
  await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }))
  await client.send(new HeadObjectCommand({ Bucket, Key: 'm', PartNumber: 1, ChecksumMode: 'ENABLED' }))
  await client.send(
    new GetObjectAttributesCommand({
      Bucket,
      Key: 'm',
      ObjectAttributes: ['ETag', 'Checksum', 'ObjectParts', 'ObjectSize', 'StorageClass'],
    }),
  )
  const Rules = [
    { ID: 'tidy', Status: 'Enabled' as const, Filter: { Prefix: '' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
  ]
  await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }))
  await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))
  await client.send(new DeleteBucketLifecycleCommand({ Bucket }))
  const IntelligentTieringConfiguration = {
    Id: 'rest',
    Status: 'Enabled' as const,
    Tierings: [{ Days: 90, AccessTier: 'ARCHIVE_ACCESS' as const }],
  }
  await client.send(new PutBucketIntelligentTieringConfigurationCommand({ Bucket, Id: 'rest', IntelligentTieringConfiguration }))
  await client.send(new ListBucketIntelligentTieringConfigurationsCommand({ Bucket }))
  await setAndAsk(client)
  await client.send(new DeleteBucketEncryptionCommand({ Bucket }))
  await client.send(new ListObjectsCommand({ Bucket, Delimiter: '/' }))
  await client.send(new ListObjectsV2Command({ Bucket, FetchOwner: true, MaxKeys: 1 }))
  const aborted = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'aborted' }))
  await client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'aborted', UploadId: aborted.UploadId }))
  await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'k' }] } }))
  expect([...seen].filter(([, problems]) => problems.length > 0)).toEqual([])
  expect([...seen.keys()].sort()).toEqual([...cloudDialect.operations.keys()].sort())
  expect(s3.bugs).toEqual([])
  await s3.close()
})

async function setAndAsk(client: S3Client): Promise<void> {
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${Bucket}` },
  })
  await client.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  await client.send(new GetBucketPolicyCommand({ Bucket }))
  await client.send(new GetBucketPolicyStatusCommand({ Bucket }))
  await client.send(new DeleteBucketPolicyCommand({ Bucket }))
  await client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true } }))
  await client.send(new GetPublicAccessBlockCommand({ Bucket }))
  await client.send(new DeletePublicAccessBlockCommand({ Bucket }))
  const OwnershipControls = { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' as const }] }
  await client.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }))
  await client.send(new GetBucketOwnershipControlsCommand({ Bucket }))
  await client.send(new DeleteBucketOwnershipControlsCommand({ Bucket }))
  await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }))
  await client.send(new GetBucketTaggingCommand({ Bucket }))
  await client.send(new DeleteBucketTaggingCommand({ Bucket }))
  await client.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } }))
  await client.send(new GetObjectLockConfigurationCommand({ Bucket }))
  const LoggingEnabled = { TargetBucket: 'second', TargetPrefix: 'log/' }
  await client.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: { LoggingEnabled } }))
  await client.send(new GetBucketLoggingCommand({ Bucket }))
}

test('the device answers in the form of the model', async () => {
  const device = await startDevice()
  const client = device.client()
  const seen = watch(client)
  const at = { Bucket, Key: 'k' }
  await client.send(new PutObjectCommand({ ...at, Body: 'x', Metadata: { a: 'b' } }))
  await client.send(new GetObjectCommand(at))
  await client.send(new HeadObjectCommand(at))
  await client.send(new ListBucketsCommand({}))
  await client.send(new ListObjectsCommand({ Bucket }))
  await client.send(new DeleteObjectCommand(at))
  expect([...seen].filter(([, problems]) => problems.length > 0)).toEqual([])
  expect(seen.size).toBe(6)
  await device.close()
})

test('the walker finds a member that AWS does not have', () => {
  const body =
    '<?xml version="1.0"?><ListBucketResult><Nmae>b</Nmae><IsTruncated>maybe</IsTruncated><Contents><Kye>k</Kye></Contents></ListBucketResult>'
  expect(problemsOfXmlResponse(model, 'ListObjectsV2', { headers: { 'x-amz-made-up': '1' }, body })).toEqual([
    "header x-amz-made-up is not one of the output's",
    'ListBucketResult.Nmae is not in the model',
    'ListBucketResult.IsTruncated is no boolean',
    'ListBucketResult.Contents.Kye is not in the model',
  ])
})
