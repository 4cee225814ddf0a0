/** What a writer's headers say about an object, and what a reader's headers tell of it. */
import { S3Error } from '../contract.ts'
import { headerOf, quoted, type S3Call } from './call.ts'
import type { KeptObject, ObjectFacts } from './records.ts'

const storageClasses = new Set([
  'STANDARD',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'REDUCED_REDUNDANCY',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
])
const archived = new Set(['GLACIER', 'DEEP_ARCHIVE'])
const longestMetadata = 2_048

/** Headers S3 would act on and this sandbox does not; dropping them silently would make a rehearsal lie. */
const notServed = [
  'cache-control',
  'content-disposition',
  'content-language',
  'expires',
  'x-amz-website-redirect-location',
  'x-amz-object-lock-mode',
  'x-amz-object-lock-retain-until-date',
  'x-amz-object-lock-legal-hold',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-server-side-encryption-context',
  'x-amz-grant-read',
  'x-amz-grant-full-control',
  'x-amz-write-offset-bytes',
]

/** @throws S3Error InvalidStorageClass, InvalidArgument, MetadataTooLarge, NotImplemented and others */
export function factsOf(call: Pick<S3Call, 'headers'>): ObjectFacts {
  for (const name of notServed) if (call.headers[name] !== undefined) throw notImplemented(name)
  const encodings = (headerOf(call, 'content-encoding') ?? '').split(',').map((part) => part.trim())
  if (encodings.some((encoding) => encoding !== '' && encoding !== 'aws-chunked')) throw notImplemented('content-encoding')
  const acl = headerOf(call, 'x-amz-acl')
  if (acl !== undefined && acl !== 'private' && acl !== 'bucket-owner-full-control') {
    throw new S3Error('AccessControlListNotSupported', 400, 'The bucket does not allow ACLs')
  }
  const storageClass = headerOf(call, 'x-amz-storage-class')
  if (storageClass !== undefined && !storageClasses.has(storageClass)) {
    throw new S3Error('InvalidStorageClass', 400, 'The storage class you specified is not valid', { StorageClassRequested: storageClass })
  }
  const contentType = headerOf(call, 'content-type')
  const tagging = headerOf(call, 'x-amz-tagging')
  return {
    metadata: metadataOf(call),
    ...encryptionOf(call),
    ...(contentType === undefined ? {} : { contentType }),
    ...(storageClass === undefined ? {} : { storageClass }),
    ...(tagging === undefined ? {} : { tags: checkTags([...new URLSearchParams(tagging)]) }),
  }
}

function encryptionOf(call: Pick<S3Call, 'headers'>): Pick<ObjectFacts, 'encryption' | 'kmsKeyId'> {
  const encryption = headerOf(call, 'x-amz-server-side-encryption')
  const kmsKeyId = headerOf(call, 'x-amz-server-side-encryption-aws-kms-key-id')
  if (encryption === 'aws:kms:dsse') throw notImplemented('x-amz-server-side-encryption')
  if (encryption !== undefined && encryption !== 'AES256' && encryption !== 'aws:kms') {
    throw new S3Error(
      'InvalidEncryptionAlgorithmError',
      400,
      'The encryption request you specified is not valid. Supported values: AES256, aws:kms',
    )
  }
  if (kmsKeyId !== undefined && encryption !== 'aws:kms') {
    throw new S3Error(
      'InvalidArgument',
      400,
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
    )
  }
  return { ...(encryption === undefined ? {} : { encryption }), ...(kmsKeyId === undefined ? {} : { kmsKeyId }) }
}

function metadataOf(call: Pick<S3Call, 'headers'>): Record<string, string> {
  const metadata: Record<string, string> = {}
  let size = 0
  for (const name of Object.keys(call.headers)) {
    if (!name.startsWith('x-amz-meta-')) continue
    const value = headerOf(call, name) ?? ''
    const short = name.slice('x-amz-meta-'.length)
    size += short.length + value.length
    metadata[short] = value
  }
  if (size > longestMetadata) {
    throw new S3Error('MetadataTooLarge', 400, 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: String(size),
      MaxSizeAllowed: String(longestMetadata),
    })
  }
  return metadata
}

/** @throws S3Error InvalidTag */
export function checkTags(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const tags = Object.fromEntries(pairs)
  const wrong = pairs.some(([name, value]) => name === '' || name.length > 128 || value.length > 256 || name.startsWith('aws:'))
  if (wrong || Object.keys(tags).length !== pairs.length)
    throw new S3Error('InvalidTag', 400, 'The TagKey or TagValue you have provided is invalid')
  if (pairs.length > 10) throw new S3Error('BadRequest', 400, 'Object tags cannot be greater than 10')
  return tags
}

/** Headers every answer to a write carries. */
export function writtenHeaders(call: S3Call, object: KeptObject): Record<string, string | undefined> {
  return { ...encryptionHeaders(object), 'x-amz-version-id': versionHeader(call, object) }
}

export function encryptionHeaders(object: Pick<KeptObject, 'encryption' | 'kmsKeyId'>): Record<string, string | undefined> {
  return { 'x-amz-server-side-encryption': object.encryption, 'x-amz-server-side-encryption-aws-kms-key-id': object.kmsKeyId }
}

export function versionHeader(call: S3Call, object: Pick<KeptObject, 'versionId'>): string | undefined {
  return call.store.bucket(call.bucket)?.versioning === undefined ? undefined : object.versionId
}

/** Headers of GET and HEAD, without those that depend on range, part or checksum mode. */
export function objectHeaders(call: S3Call, object: KeptObject): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = {
    etag: quoted(object.etag),
    'last-modified': new Date(object.lastModified).toUTCString(),
    'accept-ranges': 'bytes',
    'content-type': object.contentType,
    'x-amz-storage-class': object.storageClass === 'STANDARD' ? undefined : object.storageClass,
    ...writtenHeaders(call, object),
  }
  for (const [name, value] of Object.entries(object.metadata)) headers[`x-amz-meta-${name}`] = value
  const tags = Object.keys(object.tags).length
  if (tags > 0) headers['x-amz-tagging-count'] = String(tags)
  return headers
}

/** "-N" belongs to the value of a composite wherever headers or Complete tell it; GetObjectAttributes leaves it out. */
export function checksumHeaders(object: KeptObject): Record<string, string | undefined> {
  const { checksum } = object
  if (checksum === undefined) return {}
  const value = checksum.type === 'COMPOSITE' ? `${checksum.value}-${object.partsCount}` : checksum.value
  return { [`x-amz-checksum-${checksum.algorithm.toLowerCase()}`]: value, 'x-amz-checksum-type': checksum.type }
}

/** @throws S3Error InvalidObjectState for classes whose bytes must be restored first. Their facts can always be read. */
export function checkReadable(object: KeptObject): void {
  if (archived.has(object.storageClass)) {
    throw new S3Error('InvalidObjectState', 403, "The operation is not valid for the object's storage class", {
      StorageClass: object.storageClass,
    })
  }
}

export function notImplemented(header: string): S3Error {
  return new S3Error('NotImplemented', 501, 'A header you provided implies functionality that is not implemented', { Header: header })
}
