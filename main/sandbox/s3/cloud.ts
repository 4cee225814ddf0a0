/** S3 as it is in a Region: every operation this sandbox serves, checksums and all. */
import {
  deleteBucketLifecycle,
  getBucketLifecycle,
  listIntelligentTiering,
  putBucketLifecycle,
  putIntelligentTiering,
} from './bucketDocuments.ts'
import {
  createBucket,
  deleteBucketEncryption,
  getBucketEncryption,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketEncryption,
  putBucketVersioning,
} from './bucketOperations.ts'
import { settingOperations } from './bucketSettings.ts'
import type { Dialect, Operation } from './call.ts'
import { listObjects, listObjectsV2, listObjectVersions } from './listOperations.ts'
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
  uploadPartCopy,
} from './multipartOperations.ts'
import { getObject, getObjectAttributes, headObject } from './readOperations.ts'
import {
  copyObject,
  deleteObject,
  deleteObjects,
  deleteObjectTagging,
  getObjectTagging,
  putObject,
  putObjectTagging,
} from './writeOperations.ts'

const operations: Readonly<Record<string, Operation>> = {
  ListBuckets: listBuckets,
  CreateBucket: createBucket,
  HeadBucket: headBucket,
  GetBucketLocation: getBucketLocation,
  GetBucketVersioning: getBucketVersioning,
  PutBucketVersioning: putBucketVersioning,
  GetBucketEncryption: getBucketEncryption,
  PutBucketEncryption: putBucketEncryption,
  DeleteBucketEncryption: deleteBucketEncryption,
  GetBucketLifecycleConfiguration: getBucketLifecycle,
  PutBucketLifecycleConfiguration: putBucketLifecycle,
  DeleteBucketLifecycle: deleteBucketLifecycle,
  ListBucketIntelligentTieringConfigurations: listIntelligentTiering,
  PutBucketIntelligentTieringConfiguration: putIntelligentTiering,
  ...settingOperations,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,
  PutObject: putObject,
  CopyObject: copyObject,
  GetObject: getObject,
  HeadObject: headObject,
  GetObjectAttributes: getObjectAttributes,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  GetObjectTagging: getObjectTagging,
  PutObjectTagging: putObjectTagging,
  DeleteObjectTagging: deleteObjectTagging,
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
  ListParts: listParts,
  ListMultipartUploads: listMultipartUploads,
}

export const cloudDialect: Dialect = {
  service: 's3',
  server: 'AmazonS3',
  operations: new Map(Object.entries(operations)),
  checksums: true,
  deletesBeforeWriting: false,
  largestPart: 5 * 1024 ** 3,
}
