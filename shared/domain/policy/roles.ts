/**
 * Who writes into the bucket for Firn, what they have to be able to do, and what their requests carry. Roles of services have no second factor; from where
 * their requests come, and with which names of sessions, AWS does not promise, so that stays unknown.
 * Sources: Snowball Edge Developer Guide (IAM role of an import job); S3 File Gateway User Guide (access to an S3 bucket); IAM User Guide (global condition keys).
 */
import type { ContextValue } from './request.ts'

export const roleNames = ['import', 'gateway', 'batch', 'firn'] as const
export type RoleName = (typeof roleNames)[number]

export type RoleNeeds = { readonly bucket: readonly string[]; readonly objects: readonly string[] }

export const roleNeeds: Readonly<Record<RoleName, RoleNeeds>> = {
  import: {
    bucket: ['s3:GetBucketPolicy', 's3:GetBucketLocation', 's3:ListBucketMultipartUploads', 's3:ListBucket'],
    objects: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:PutObjectAcl', 's3:GetObject'],
  },
  gateway: {
    bucket: [
      's3:GetAccelerateConfiguration', 's3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads',
    ],
    objects: [
      's3:AbortMultipartUpload', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:GetObject', 's3:GetObjectAcl', 's3:GetObjectVersion', 's3:ListMultipartUploadParts',
      's3:PutObject', 's3:PutObjectAcl',
    ],
  },
  batch: { bucket: [], objects: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'] },
  firn: {
    bucket: ['s3:ListBucket', 's3:ListBucketVersions', 's3:GetBucketLocation'],
    objects: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectAttributes', 's3:GetObjectVersionAttributes', 's3:PutObject', 's3:AbortMultipartUpload'],
  },
} // prettier-ignore

/** What no session of a service's role carries: a second factor. An import writes by the bucket's default encryption and names none itself. */
const withoutFactor: readonly (readonly [string, ContextValue])[] = [
  ['aws:multifactorauthpresent', ['false']],
  ['aws:multifactorauthage', 'absent'],
  ['aws:securetransport', ['true']],
  ['s3:tlsversion', ['1.2']],
]

const withoutHeaders: readonly (readonly [string, ContextValue])[] = [
  ['s3:x-amz-server-side-encryption', 'absent'],
  ['s3:x-amz-server-side-encryption-aws-kms-key-id', 'absent'],
  ['s3:x-amz-server-side-encryption-customer-algorithm', 'absent'],
]

/** Firn signs with what its profile gives: a key without a second factor has no key of the context at all, a session says false, so both stay open. */
export const roleContext: Readonly<Record<RoleName, ReadonlyMap<string, ContextValue>>> = {
  import: new Map([...withoutFactor, ...withoutHeaders]),
  gateway: new Map(withoutFactor),
  batch: new Map([...withoutFactor, ...withoutHeaders]),
  firn: new Map([['aws:securetransport', ['true']], ['s3:tlsversion', ['1.2']], ...withoutHeaders]),
}
