/** Why a check matters and what to do, in English. A remedy is shown, never run: policy and lifecycle rules are to be merged with what is there. */
import type { CheckName } from './posture.ts'

export type PostureWords = { readonly why: string; readonly remedy: (bucket: string) => string }

const statement = (json: string) => `add to the bucket's policy, beside what is there: ${json}`
const api = (call: string, bucket: string, more: string) => `aws s3api ${call} --bucket ${bucket} ${more}`

export const postureWords: Readonly<Record<CheckName, PostureWords>> = {
  encryption: {
    why: 'Only a key of your own in KMS says who may read the images, and can be withdrawn.',
    remedy: (b) => api('put-bucket-encryption', b, `--server-side-encryption-configuration '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"KEY_ARN"},"BucketKeyEnabled":true}]}'`),
  },
  tls: {
    why: 'Without it images may be read over a plain connection.',
    remedy: (b) => statement(`{"Sid":"TlsOnly","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::${b}","arn:aws:s3:::${b}/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}`),
  },
  'old-tls': {
    why: 'TLS before 1.2 has known weaknesses.',
    remedy: (b) => statement(`{"Sid":"Tls12","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::${b}","arn:aws:s3:::${b}/*"],"Condition":{"NumericLessThan":{"s3:TlsVersion":"1.2"}}}`),
  },
  'mfa-deletion': {
    why: 'A stolen key alone must not be able to delete images. Roles of services have no second factor and are exempt by their ARN.',
    remedy: (b) => statement(`{"Sid":"MfaForDelete","Effect":"Deny","Principal":"*","Action":["s3:DeleteObject","s3:DeleteObjectVersion"],"Resource":"arn:aws:s3:::${b}/*","Condition":{"Null":{"aws:MultiFactorAuthAge":"true"},"ArnNotLike":{"aws:PrincipalArn":["IMPORT_ROLE_ARN","GATEWAY_ROLE_ARN"]}}}`),
  },
  roles: {
    why: 'A role that the policy turns away cannot write: a device would be shipped, and its import refused.',
    remedy: () => 'exempt the role in the statement named: "Condition": {…, "ArnNotLike": {"aws:PrincipalArn": "ROLE_ARN"}}',
  },
  'not-public': { why: 'A public policy gives images to everybody.', remedy: () => 'remove the statement that allows everybody, or hold it to an organization, VPC or address range' },
  'public-access-block': {
    why: 'It keeps a later mistake in a policy or access list from making the bucket public.',
    remedy: (b) => api('put-public-access-block', b, '--public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true'),
  },
  ownership: {
    why: 'Otherwise whoever writes an object owns it, and access lists may open it.',
    remedy: (b) => api('put-bucket-ownership-controls', b, "--ownership-controls '{\"Rules\":[{\"ObjectOwnership\":\"BucketOwnerEnforced\"}]}'"),
  },
  versioning: { why: 'Without versions nothing can be verified by name, and an overwrite is final.', remedy: (b) => api('put-bucket-versioning', b, '--versioning-configuration Status=Enabled') },
  'object-lock': { why: 'It keeps images from being deleted before their retention ends.', remedy: () => 'decide the retention first: what is locked in compliance mode nobody can delete, not even AWS' },
  'access-log': { why: 'Without a record nobody can say who read an image. Data events of CloudTrail serve as well; Firn does not look at them here.', remedy: (b) => api('put-bucket-logging', b, `--bucket-logging-status '{"LoggingEnabled":{"TargetBucket":"LOG_BUCKET","TargetPrefix":"${b}/"}}'`) },
  'incomplete-uploads': {
    why: 'Uploads that were never finished are paid for and not listed.',
    remedy: () => 'add to the lifecycle rules, beside what is there: {"ID":"unfinished-uploads","Status":"Enabled","Filter":{"Prefix":""},"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7}}',
  },
} // prettier-ignore
