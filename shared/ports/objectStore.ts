/** ObjectStore: S3 as verification sees it. Read-only. */
export type ListedObject = { readonly key: string; readonly size: number; readonly etag: string; readonly storageClass: string | undefined }

export type ChecksumReport = { readonly algorithm: string; readonly value: string }

export type ObjectHead = {
  readonly size: number
  /** Without quotes. */
  readonly etag: string | undefined
  readonly versionId: string | undefined
  readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE' | undefined
  readonly checksums: readonly ChecksumReport[]
  /** AES256, aws:kms, aws:kms:dsse, or undefined. */
  readonly encryption: string | undefined
  readonly customerKey: boolean
  readonly storageClass: string | undefined
  readonly metadata: Readonly<Record<string, string>>
}

export type ObjectPart = { readonly partNumber: number; readonly size: number; readonly checksums: readonly ChecksumReport[] }

/** What must be known of a bucket before anything is sent to it. */
export interface BucketFacts {
  /** Whether each object has versions. Without, no verdict can name the one it was reached on, and nothing is ever *verified*. */
  versioned(bucket: string, signal: AbortSignal): Promise<boolean>
}

export interface ObjectStore {
  /** Every key under the prefix, in UTF-8 byte order, after `after` if given. */
  list(bucket: string, prefix: string, signal: AbortSignal, after?: string): AsyncIterable<ListedObject>
  /** `undefined`: not there. @throws Fault aws-denied when it cannot tell. */
  head(bucket: string, key: string, signal: AbortSignal): Promise<ObjectHead | undefined>
  /** Part sizes in order, from GetObjectAttributes or, where that does not tell, by HEAD with partNumber. `undefined`: single part. */
  parts(bucket: string, key: string, versionId: string | undefined, signal: AbortSignal): Promise<readonly ObjectPart[] | undefined>
  /** The bytes. @throws Fault aws-refused for an archived object. */
  read(bucket: string, key: string, versionId: string | undefined, signal: AbortSignal): AsyncIterable<Uint8Array>
  close(): Promise<void>
}
