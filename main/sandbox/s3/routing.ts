/** From method, path and query to the name AWS gives the operation. */
import type { IncomingHttpHeaders } from 'node:http'

const subresources = [
  'location', 'versioning', 'encryption', 'lifecycle', 'intelligent-tiering', 'versions', 'uploads', 'delete', 'attributes', 'tagging', 'uploadId', 'policy',
  'policyStatus', 'publicAccessBlock', 'ownershipControls', 'object-lock', 'logging',
] as const // prettier-ignore

const parameters = new Set([
  'list-type', 'prefix', 'delimiter', 'max-keys', 'marker', 'start-after', 'continuation-token', 'encoding-type', 'fetch-owner', 'versionId',
  'partNumber', 'x-id', 'key-marker', 'version-id-marker', 'upload-id-marker', 'max-uploads', 'part-number-marker', 'max-parts', 'max-buckets', 'bucket-region', 'id',
]) // prettier-ignore

const table: Readonly<Record<string, string>> = {
  'service GET': 'ListBuckets',
  'bucket GET': 'ListObjects',
  'bucket GET location': 'GetBucketLocation',
  'bucket GET versioning': 'GetBucketVersioning',
  'bucket GET encryption': 'GetBucketEncryption',
  'bucket GET lifecycle': 'GetBucketLifecycleConfiguration',
  'bucket GET intelligent-tiering': 'ListBucketIntelligentTieringConfigurations',
  'bucket GET versions': 'ListObjectVersions',
  'bucket GET uploads': 'ListMultipartUploads',
  'bucket PUT': 'CreateBucket',
  'bucket PUT versioning': 'PutBucketVersioning',
  'bucket PUT encryption': 'PutBucketEncryption',
  'bucket PUT lifecycle': 'PutBucketLifecycleConfiguration',
  'bucket PUT intelligent-tiering': 'PutBucketIntelligentTieringConfiguration',
  'bucket DELETE': 'DeleteBucket',
  'bucket DELETE encryption': 'DeleteBucketEncryption',
  'bucket DELETE lifecycle': 'DeleteBucketLifecycle',
  'bucket GET policy': 'GetBucketPolicy',
  'bucket PUT policy': 'PutBucketPolicy',
  'bucket DELETE policy': 'DeleteBucketPolicy',
  'bucket GET publicAccessBlock': 'GetPublicAccessBlock',
  'bucket PUT publicAccessBlock': 'PutPublicAccessBlock',
  'bucket DELETE publicAccessBlock': 'DeletePublicAccessBlock',
  'bucket GET ownershipControls': 'GetBucketOwnershipControls',
  'bucket PUT ownershipControls': 'PutBucketOwnershipControls',
  'bucket DELETE ownershipControls': 'DeleteBucketOwnershipControls',
  'bucket GET object-lock': 'GetObjectLockConfiguration',
  'bucket PUT object-lock': 'PutObjectLockConfiguration',
  'bucket GET tagging': 'GetBucketTagging',
  'bucket PUT tagging': 'PutBucketTagging',
  'bucket DELETE tagging': 'DeleteBucketTagging',
  'bucket GET logging': 'GetBucketLogging',
  'bucket PUT logging': 'PutBucketLogging',
  'bucket GET policyStatus': 'GetBucketPolicyStatus',
  'bucket HEAD': 'HeadBucket',
  'bucket POST delete': 'DeleteObjects',
  'object GET': 'GetObject',
  'object GET attributes': 'GetObjectAttributes',
  'object GET tagging': 'GetObjectTagging',
  'object GET uploadId': 'ListParts',
  'object HEAD': 'HeadObject',
  'object PUT': 'PutObject',
  'object PUT tagging': 'PutObjectTagging',
  'object PUT uploadId': 'UploadPart',
  'object POST uploads': 'CreateMultipartUpload',
  'object POST uploadId': 'CompleteMultipartUpload',
  'object DELETE': 'DeleteObject',
  'object DELETE tagging': 'DeleteObjectTagging',
  'object DELETE uploadId': 'AbortMultipartUpload',
}

const copies: Readonly<Record<string, string>> = { PutObject: 'CopyObject', UploadPart: 'UploadPartCopy' }

/** "Unknown" for a subresource or parameter the sandbox does not know; undefined where no such method exists. */
export function operationOf(
  method: string,
  path: { readonly bucket: string | undefined; readonly key: string | undefined },
  query: ReadonlyMap<string, readonly string[]>,
  headers: IncomingHttpHeaders,
): string | undefined {
  const level = path.bucket === undefined ? 'service' : path.key === undefined ? 'bucket' : 'object'
  const named = subresources.filter((name) => query.has(name))
  for (const name of query.keys()) {
    const known = parameters.has(name) || /^x-amz-/i.test(name) || (subresources as readonly string[]).includes(name)
    if (!known) return 'Unknown'
  }
  const operation = table[[level, method, ...named].join(' ')]
  if (operation === undefined) return named.length > 0 ? 'Unknown' : undefined
  if (operation === 'ListObjects' && query.has('list-type')) return query.get('list-type')?.[0] === '2' ? 'ListObjectsV2' : 'Unknown'
  if (headers['x-amz-copy-source'] !== undefined) return copies[operation] ?? operation
  return operation
}
