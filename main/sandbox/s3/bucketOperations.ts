/** Operations on buckets themselves: list, create, location, versioning, default encryption. */
import { S3Error } from '../contract.ts'
import type { Answer } from '../http/answer.ts'
import { children, element, malformedXml, textOf, xmlDocument } from '../http/xml.ts'
import { isoTime, queryOf, wholeNumber, xmlHeaders, type S3Call } from './call.ts'
import { checkBucketName } from './keys.ts'
import { readXml, readXmlText } from './requestChecksum.ts'

export const owner = element('Owner', [
  element('ID', '75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a'),
  element('DisplayName', 'rehearsal'),
])

export function listBuckets(call: S3Call): Answer {
  const prefix = queryOf(call, 'prefix') ?? ''
  const after = queryOf(call, 'continuation-token') ?? ''
  const most = wholeNumber(queryOf(call, 'max-buckets'), 'max-buckets', 10_000, 10_000, 1)
  const all = call.store.buckets().filter((bucket) => bucket.name.startsWith(prefix) && bucket.name > after)
  const page = all.slice(0, most)
  const buckets = page.map((bucket) => element('Bucket', [element('Name', bucket.name), element('CreationDate', isoTime(bucket.created))]))
  const token = all.length > page.length ? page.at(-1)?.name : undefined
  const body = xmlDocument('ListAllMyBucketsResult', [owner, element('Buckets', buckets), element('ContinuationToken', token)])
  return { status: 200, headers: xmlHeaders, body }
}

export async function createBucket(call: S3Call): Promise<Answer> {
  checkBucketName(call.bucket)
  if (call.body.length > 0) {
    const request = await readXml(call, 'CreateBucketConfiguration', 65_536)
    const location = textOf(request, 'LocationConstraint') ?? call.region
    if (location !== call.region) {
      throw new S3Error(
        'IllegalLocationConstraintException',
        400,
        `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
      )
    }
  }
  if (call.store.bucket(call.bucket) !== undefined) {
    throw new S3Error(
      'BucketAlreadyOwnedByYou',
      409,
      'Your previous request to create the named bucket succeeded and you already own it.',
      {
        BucketName: call.bucket,
      },
    )
  }
  call.store.createBucket(call.bucket)
  return { status: 200, headers: { location: `/${call.bucket}` } }
}

export function headBucket(call: S3Call): Answer {
  call.store.bucketRow(call.bucket)
  return { status: 200, headers: { 'x-amz-bucket-region': call.region, 'content-type': 'application/xml' } }
}

export function getBucketLocation(call: S3Call): Answer {
  call.store.bucketRow(call.bucket)
  // us-east-1 has no name of its own here: the element stays empty.
  return { status: 200, headers: xmlHeaders, body: xmlDocument('LocationConstraint', call.region === 'us-east-1' ? '' : call.region) }
}

export function getBucketVersioning(call: S3Call): Answer {
  const { versioning } = call.store.bucketRow(call.bucket)
  return { status: 200, headers: xmlHeaders, body: xmlDocument('VersioningConfiguration', [element('Status', versioning ?? undefined)]) }
}

export async function putBucketVersioning(call: S3Call): Promise<Answer> {
  call.store.bucketRow(call.bucket)
  const status = textOf(await readXml(call, 'VersioningConfiguration', 65_536), 'Status')
  if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml()
  call.store.changeBucket(call.bucket, { versioning: status })
  return { status: 200 }
}

export function getBucketEncryption(call: S3Call): Answer {
  const { id, encryption, kms } = call.store.bucketRow(call.bucket)
  // As it was put, bucket key and all; a bucket that was made encrypted has no such document.
  const [put] = call.store.documents.all(id, 'encryption')
  if (put !== undefined) return { status: 200, headers: xmlHeaders, body: put }
  if (encryption === null) {
    throw new S3Error('ServerSideEncryptionConfigurationNotFoundError', 404, 'The server side encryption configuration was not found', {
      BucketName: call.bucket,
    })
  }
  const rule = element('ApplyServerSideEncryptionByDefault', [
    element('SSEAlgorithm', encryption),
    element('KMSMasterKeyID', kms ?? undefined),
  ])
  const body = xmlDocument('ServerSideEncryptionConfiguration', [element('Rule', [rule, element('BucketKeyEnabled', false)])])
  return { status: 200, headers: xmlHeaders, body }
}

export async function putBucketEncryption(call: S3Call): Promise<Answer> {
  const { id } = call.store.bucketRow(call.bucket)
  const { node, text } = await readXmlText(call, 'ServerSideEncryptionConfiguration', 65_536)
  const [rule] = children(node, 'Rule')
  const [applied] = children(rule ?? {}, 'ApplyServerSideEncryptionByDefault')
  const encryption = textOf(applied ?? {}, 'SSEAlgorithm')
  const kms = textOf(applied ?? {}, 'KMSMasterKeyID') ?? null
  if (encryption !== 'AES256' && encryption !== 'aws:kms') throw malformedXml()
  if (encryption === 'AES256' && kms !== null) {
    throw new S3Error('InvalidArgument', 400, 'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms')
  }
  call.store.changeBucket(call.bucket, { encryption, kms })
  call.store.documents.set(id, 'encryption', '', text)
  return { status: 200 }
}

export function deleteBucketEncryption(call: S3Call): Answer {
  call.store.documents.remove(call.store.bucketRow(call.bucket).id, 'encryption', '')
  call.store.changeBucket(call.bucket, { encryption: null, kms: null })
  return { status: 204 }
}
