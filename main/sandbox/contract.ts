/**
 * What the parts of the sandbox share. S3 keeps objects (s3/objectStore.ts); the Snowball import, the device endpoint and the gateway
 * put and read objects through the same store, so that every way an object can come to be passes the same rules.
 */
import type { Readable } from 'node:stream'

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256' | 'SHA512' | 'MD5'
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE'

export type StoredPart = { readonly partNumber: number; readonly size: number; readonly md5: Buffer; readonly checksum: string | undefined }

/** One version of an object. checksum.value is base64, for COMPOSITE without its "-N". */
export type StoredObject = {
  readonly bucket: string
  readonly key: string
  /** 'null' where the bucket has never been versioned. */
  readonly versionId: string
  readonly isLatest: boolean
  readonly deleteMarker: boolean
  readonly size: number
  /** Without quotes; with "-N" for multipart. */
  readonly etag: string
  readonly lastModified: number
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType; readonly value: string } | undefined
  readonly parts: readonly StoredPart[] | undefined
  readonly storageClass: string
  readonly encryption: 'AES256' | 'aws:kms' | undefined
  readonly kmsKeyId: string | undefined
  readonly contentType: string
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
}

export type PutOptions = {
  readonly metadata?: Readonly<Record<string, string>>
  readonly contentType?: string
  readonly storageClass?: string
  readonly encryption?: 'AES256' | 'aws:kms'
  readonly kmsKeyId?: string
  /** Checked against the bytes; mismatch rejects with BadDigest and nothing is stored. Absent: CRC64NVME is computed and stored. `none`: nothing is stored (objects from before December 2024). */
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string | undefined } | 'none'
  readonly tags?: Readonly<Record<string, string>>
}

export type BucketSettings = {
  readonly versioning: 'Enabled' | 'Suspended' | undefined
  /** Applied to every object that does not say otherwise. */
  readonly encryption: 'AES256' | 'aws:kms' | undefined
}

/** Objects on disk: bytes as files, facts in SQLite. Survives a kill at any moment: an object is there whole or not at all. */
export interface SandboxObjects {
  createBucket(bucket: string, settings?: Partial<BucketSettings>): void
  bucket(bucket: string): BucketSettings | undefined
  /** @throws S3Error when checksums disagree. Computes MD5 and checksum while streaming; memory is flat. */
  put(bucket: string, key: string, body: Readable, options?: PutOptions): Promise<StoredObject>
  /** Stores a multipart object from parts of the sizes given (the gateway's odd layouts). ETag is MD5-of-MD5s "-N" and checksum FULL_OBJECT CRC64NVME unless options say otherwise. */
  putInParts(bucket: string, key: string, body: Readable, partSizes: readonly number[], options?: PutOptions): Promise<StoredObject>
  head(bucket: string, key: string, versionId?: string): StoredObject | undefined
  /** Bytes [from, to). */
  read(object: StoredObject, from?: number, to?: number): Readable
  /** Path of the file that holds a version's bytes: for planting rot. */
  fileOf(object: StoredObject): string
  /** Latest versions (no delete markers) in UTF-8 byte order of key. */
  list(bucket: string, prefix: string, after?: string, limit?: number): readonly StoredObject[]
  versions(bucket: string, prefix: string): readonly StoredObject[]
  /** In a versioned bucket without versionId: adds a delete marker. */
  delete(bucket: string, key: string, versionId?: string): void
  close(): void
}

/** Answered to a caller as the service answers: an XML or JSON error with this code and status. */
export class S3Error extends Error {
  readonly code: string
  readonly status: number
  readonly extra: Readonly<Record<string, string>>
  constructor(code: string, status: number, message: string, extra: Readonly<Record<string, string>> = {}) {
    super(message)
    this.name = 'S3Error'
    this.code = code
    this.status = status
    this.extra = extra
  }
}

/** Simulated time: runs `speed` times as fast as real time and goes on where it stopped after a restart. */
export interface FastClock {
  now(): number
  readonly speed: number
}

/**
 * What shall go wrong, as data (JSON in the sandbox folder or given to start). Matching is by service, operation and, optionally, key.
 * Each rule fires on its nth matching call (1-based; `every`: on each nth; `rate`: at random by the seeded generator).
 */
export type FaultRule = {
  readonly service: 's3' | 'device' | 'snowball' | 'storagegateway' | 'monitoring' | 'iam'
  /** AWS's operation name ("PutObject", "UploadPart", "HeadObject", "DescribeJob" …) or "*". */
  readonly operation: string
  readonly keyMatches?: string
  readonly nth?: number
  readonly every?: number
  readonly rate?: number
  /** How often it fires at most; default 1 for nth, unbounded for every and rate. */
  readonly times?: number
  readonly effect:
    | { readonly kind: 'reset' }
    /** Accept the request, do its work, then drop the connection before the answer. */
    | { readonly kind: 'reset-after' }
    | { readonly kind: 'status'; readonly status: number; readonly code: string }
    | { readonly kind: 'slow'; readonly milliseconds: number }
    | { readonly kind: 'skew' }
}

/** What goes wrong with data at rest or on the road. Items are named by key (suffix match) or by ordinal among the sorted keys concerned. */
export type RotRule =
  | { readonly kind: 'rot-byte'; readonly key: KeyChoice }
  | { readonly kind: 'drop-object'; readonly key: KeyChoice }
  | { readonly kind: 'leave-tar-unextracted'; readonly key: KeyChoice }
  /** The gateway never uploads this file and counts it in FilesFailingUpload. */
  | { readonly kind: 'fail-upload'; readonly key: KeyChoice }
  | { readonly kind: 'device-late'; readonly days: number }

export type KeyChoice = { readonly endsWith: string } | { readonly ordinal: number }

export type FaultPlan = { readonly seed: number; readonly calls: readonly FaultRule[]; readonly rest: readonly RotRule[] }

/** Where a running sandbox can be reached, handed to compose. Credentials exist for this run only. */
export type SandboxEndpoints = {
  /** S3, Snowball, Storage Gateway and CloudWatch on one port, told apart as AWS's own front doors would. */
  readonly cloud: string
  /** One S3 adapter per device on site: by job id. Asked for again after a device arrives. */
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Local folder that stands for the mounted file share. */
  readonly shareFolder: string
  readonly shareArn: string
  readonly gatewayArn: string
  readonly gatewayName: string
}
