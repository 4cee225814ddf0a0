/** Rows of the object store as the values the rest of the sandbox sees. */
import type { BucketSettings, ChecksumAlgorithm, ChecksumType, StoredObject, StoredPart } from '../contract.ts'

export type BucketRow = {
  readonly id: number
  readonly name: string
  readonly created: number
  readonly versioning: BucketSettings['versioning'] | null
  readonly encryption: BucketSettings['encryption'] | null
  readonly kms: string | null
}

export type VersionRow = {
  readonly id: number
  readonly key: string
  readonly version: string
  readonly latest: number
  readonly marker: number
  readonly size: number
  readonly etag: string
  readonly modified: number
  readonly algorithm: ChecksumAlgorithm | null
  readonly type: ChecksumType | null
  readonly checksum: string | null
  readonly parts: number
  readonly class: string
  readonly encryption: 'AES256' | 'aws:kms' | null
  readonly kms: string | null
  readonly content_type: string
  readonly metadata: string
  readonly tags: string
  readonly blob: string | null
}

/** What a writer says about an object besides its bytes. */
export type ObjectFacts = {
  readonly contentType?: string
  readonly storageClass?: string
  readonly encryption?: 'AES256' | 'aws:kms'
  readonly kmsKeyId?: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly tags?: Readonly<Record<string, string>>
}

/** A stored version with what only the store and the S3 service need. */
export type KeptObject = StoredObject & {
  readonly id: number
  readonly blob: string | null
  /** 0 for an object that was put in one piece. */
  readonly partsCount: number
}

const none: Readonly<Record<string, string>> = Object.freeze({})

/** Parts are read when somebody asks for them: a page of 1,000 multipart objects may have 10^7. */
export function toObject(bucket: string, row: VersionRow, partsOf: (id: number) => readonly StoredPart[]): KeptObject {
  let parts: readonly StoredPart[] | undefined
  return {
    id: row.id,
    blob: row.blob,
    partsCount: row.parts,
    bucket,
    key: row.key,
    versionId: row.version,
    isLatest: row.latest === 1,
    deleteMarker: row.marker === 1,
    size: row.size,
    etag: row.etag,
    lastModified: row.modified,
    checksum:
      row.algorithm === null || row.type === null || row.checksum === null
        ? undefined
        : { algorithm: row.algorithm, type: row.type, value: row.checksum },
    get parts() {
      if (row.parts > 0) parts ??= partsOf(row.id)
      return parts
    },
    storageClass: row.class,
    encryption: row.encryption ?? undefined,
    kmsKeyId: row.kms ?? undefined,
    contentType: row.content_type,
    metadata: toRecord(row.metadata),
    tags: toRecord(row.tags),
  }
}

export function toRecord(json: string): Readonly<Record<string, string>> {
  return json === '{}' ? none : (JSON.parse(json) as Record<string, string>)
}
