/**
 * Objects on disk: bytes as files (blobs.ts), facts in SQLite (schema.ts). Every listing is a walk along an index, so memory is flat and
 * paging is cheap at 10^6 objects. One process owns a store; all changes to facts are synchronous, hence atomic between requests.
 */
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { DatabaseSync } from 'node:sqlite'
import {
  S3Error,
  type BucketSettings,
  type ChecksumAlgorithm,
  type ChecksumType,
  type PutOptions,
  type SandboxObjects,
  type StoredObject,
  type StoredPart,
} from '../contract.ts'
import { BucketDocuments } from './documents.ts'
import { Blobs, type Draft } from './blobs.ts'
import { compositeOf, multipartEtag, multipartTypes } from './checksums.ts'
import { afterAllWith, checkKey, justAfter } from './keys.ts'
import { splitIntoParts } from './parts.ts'
import { toObject, type BucketRow, type KeptObject, type ObjectFacts, type VersionRow } from './records.ts'
import { openDatabase, transaction } from './schema.ts'
import { prepare, toPart, type PartRow, type Statements } from './statements.ts'
import { Uploads } from './uploads.ts'

export type StoreOptions = {
  /** Time of the sandbox: becomes Last-Modified. */
  readonly clock: { now(): number }
  /** Source of version ids, upload ids and file names; the system's by default. */
  readonly random?: { bytes(count: number): Uint8Array }
}

/** How the bytes of an object came to be: ETag, checksum and layout. */
export type ObjectBody = {
  readonly etag: string
  readonly checksum: StoredObject['checksum']
  readonly parts?: readonly StoredPart[]
}

/** May throw an S3Error to refuse a write, given the current latest version (no delete marker). Judged in the same moment as the write. */
export type Precondition = (current: KeptObject | undefined) => void

/** @throws Error when the folder cannot be written. */
export function openObjects(folder: string, options: StoreOptions): ObjectStore {
  return new ObjectStore(folder, options)
}

// SQLite sorts every TEXT before every BLOB: an empty BLOB is the upper bound that no key reaches.
const noUpperBound = new Uint8Array(0)
const managedKmsKey = 'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000000'

export class ObjectStore implements SandboxObjects {
  readonly uploads: Uploads
  readonly blobs: Blobs
  readonly documents: BucketDocuments
  readonly #database: DatabaseSync
  readonly #clock: { now(): number }
  readonly #random: (count: number) => Uint8Array
  readonly #buckets = new Map<string, BucketRow>()
  readonly #statements: Statements
  #used: number | undefined

  constructor(folder: string, options: StoreOptions) {
    mkdirSync(folder, { recursive: true })
    this.#clock = options.clock
    this.#random = (count) => options.random?.bytes(count) ?? randomBytes(count)
    this.#database = openDatabase(join(folder, 'objects.db'))
    this.blobs = new Blobs(folder, () => this.newId(16, 'hex'))
    this.#statements = prepare(this.#database)
    this.documents = new BucketDocuments(this.#database)
    this.uploads = new Uploads(this.#database, this, this.#clock)
    for (const row of this.#database.prepare('SELECT * FROM buckets').all() as unknown as BucketRow[]) this.#buckets.set(row.name, row)
    this.#recover()
  }

  newId(bytes: number, encoding: 'hex' | 'base64url'): string {
    return Buffer.from(this.#random(bytes)).toString(encoding)
  }

  buckets(): readonly BucketRow[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** A new bucket encrypts with AES256 unless the settings say otherwise, as every S3 bucket since January 2023. Keeps an existing one as it is. */
  createBucket(bucket: string, settings: Partial<BucketSettings> = {}): void {
    if (this.#buckets.has(bucket)) return
    const encryption = 'encryption' in settings ? settings.encryption : 'AES256'
    this.#database
      .prepare('INSERT INTO buckets (name, created, versioning, encryption) VALUES (?, ?, ?, ?)')
      .run(bucket, this.#clock.now(), settings.versioning ?? null, encryption ?? null)
    this.#reload(bucket)
  }

  changeBucket(bucket: string, change: Partial<Pick<BucketRow, 'versioning' | 'encryption' | 'kms'>>): void {
    const row = { ...this.bucketRow(bucket), ...change }
    this.#database
      .prepare('UPDATE buckets SET versioning = ?, encryption = ?, kms = ? WHERE id = ?')
      .run(row.versioning ?? null, row.encryption ?? null, row.kms, row.id)
    this.#reload(bucket)
  }

  bucket(bucket: string): BucketSettings | undefined {
    const row = this.#buckets.get(bucket)
    return row === undefined ? undefined : { versioning: row.versioning ?? undefined, encryption: row.encryption ?? undefined }
  }

  /** @throws S3Error NoSuchBucket */
  bucketRow(bucket: string): BucketRow {
    const row = this.#buckets.get(bucket)
    if (row === undefined) throw new S3Error('NoSuchBucket', 404, 'The specified bucket does not exist', { BucketName: bucket })
    return row
  }

  async put(bucket: string, key: string, body: Readable, options: PutOptions = {}): Promise<StoredObject> {
    this.bucketRow(bucket)
    checkKey(key)
    const { algorithm, expected } = wish(options)
    const draft = await this.blobs.receive(body, algorithm)
    if (expected !== undefined && draft.checksum !== expected) throw refused(draft, algorithm)
    return this.commit(bucket, key, draft, options, singlePut(draft, algorithm))
  }

  async putInParts(
    bucket: string,
    key: string,
    body: Readable,
    partSizes: readonly number[],
    options: PutOptions = {},
  ): Promise<StoredObject> {
    this.bucketRow(bucket)
    checkKey(key)
    const { algorithm, expected } = wish(options)
    // CRCs cover the whole object, as the default CRC64NVME does; digests that cannot be combined are composite.
    const type: ChecksumType = algorithm !== undefined && multipartTypes(algorithm).includes('FULL_OBJECT') ? 'FULL_OBJECT' : 'COMPOSITE'
    const parts: StoredPart[] = []
    const split = splitIntoParts(body, partSizes, options.checksum === undefined ? undefined : algorithm, parts)
    const draft = await this.blobs.receive(split, type === 'FULL_OBJECT' ? algorithm : undefined, { md5: false })
    const value =
      algorithm === undefined
        ? undefined
        : type === 'FULL_OBJECT'
          ? draft.checksum
          : compositeOf(
              algorithm,
              parts.map((part) => part.checksum ?? ''),
            )
    if (expected !== undefined && value !== expected) throw refused(draft, algorithm)
    const checksum = algorithm === undefined || value === undefined ? undefined : { algorithm, type, value }
    return this.commit(bucket, key, draft, options, { etag: multipartEtag(parts.map((part) => part.md5)), checksum, parts } as const)
  }

  /** Makes a draft the latest version of a key. The draft is gone afterwards, whether stored or refused. */
  commit(bucket: string, key: string, draft: Draft, facts: ObjectFacts, body: ObjectBody, allowed?: Precondition): KeptObject {
    try {
      const row = this.bucketRow(bucket)
      checkKey(key)
      draft.keep()
      const encryption = facts.encryption ?? row.encryption ?? undefined
      const kms = encryption === 'aws:kms' ? (facts.kmsKeyId ?? row.kms ?? managedKmsKey) : null
      const replaced: (string | null)[] = []
      const id = transaction(this.#database, () => {
        if (allowed !== undefined) allowed(this.#latest(row, key))
        const version = this.#makeRoom(row, key, replaced)
        const { lastInsertRowid } = this.#statements.insert.run(
          row.id, key, version, 0, draft.size, encryption === 'aws:kms' ? kmsEtag(draft.blob, body) : body.etag, this.#clock.now(),
          body.checksum?.algorithm ?? null, body.checksum?.type ?? null, body.checksum?.value ?? null, body.parts?.length ?? 0,
          facts.storageClass ?? 'STANDARD', encryption ?? null, kms, facts.contentType ?? 'binary/octet-stream',
          JSON.stringify(facts.metadata ?? {}), JSON.stringify(facts.tags ?? {}), draft.blob,
        ) // prettier-ignore
        for (const part of body.parts ?? []) {
          this.#statements.insertPart.run(lastInsertRowid, part.partNumber, part.size, part.md5, part.checksum ?? null)
        }
        return Number(lastInsertRowid)
      })
      if (this.#used !== undefined) this.#used += draft.size
      this.blobs.remove(replaced)
      return this.#object(bucket, this.#statements.byId.get(id) as unknown as VersionRow)
    } catch (error) {
      draft.discard()
      this.blobs.remove([draft.blob])
      throw error
    }
  }

  head(bucket: string, key: string, versionId?: string): KeptObject | undefined {
    const row = this.#buckets.get(bucket)
    if (row === undefined) return undefined
    if (versionId === undefined) return this.#latest(row, key)
    const found = this.version(bucket, key, versionId)
    return found?.deleteMarker === true ? undefined : found
  }

  /** Any version or delete marker; without versionId the latest of either kind. */
  version(bucket: string, key: string, versionId?: string): KeptObject | undefined {
    const { id } = this.bucketRow(bucket)
    const found = versionId === undefined ? this.#statements.latest.get(id, key) : this.#statements.byVersion.get(id, key, versionId)
    return found === undefined ? undefined : this.#object(bucket, found as unknown as VersionRow)
  }

  read(object: StoredObject, from = 0, to = object.size): Readable {
    if (to <= from) return Readable.from([], { objectMode: false })
    return createReadStream(this.fileOf(object), { start: from, end: to - 1, highWaterMark: 262_144 })
  }

  fileOf(object: StoredObject): string {
    const blob = this.version(object.bucket, object.key, object.versionId)?.blob ?? undefined
    if (blob === undefined) throw new S3Error('NoSuchVersion', 404, 'The specified version does not exist.')
    return this.blobs.path(blob)
  }

  list(bucket: string, prefix: string, after?: string, limit = 1_000): readonly KeptObject[] {
    return this.page(bucket, prefix, after === undefined ? prefix : justAfter(after), limit)
  }

  /** Latest versions with this prefix from the key `from` on (inclusive; never before the prefix). */
  page(bucket: string, prefix: string, from: string, limit: number): readonly KeptObject[] {
    const { id } = this.bucketRow(bucket)
    const rows = this.#statements.page.all(id, from, prefix, afterAllWith(prefix) ?? noUpperBound, limit)
    return (rows as unknown as VersionRow[]).map((row) => this.#object(bucket, row))
  }

  versions(bucket: string, prefix: string): readonly KeptObject[] {
    return this.versionsPage(bucket, prefix, prefix, undefined, -1)
  }

  /** Versions and delete markers by key, newest first, from the key `from` on; of that key only those older than `afterId`. */
  versionsPage(bucket: string, prefix: string, from: string, afterId: number | undefined, limit: number): readonly KeptObject[] {
    const { id } = this.bucketRow(bucket)
    const upper = afterAllWith(prefix) ?? noUpperBound
    const rows = this.#statements.versions.all(id, from, prefix, upper, from, afterId ?? Number.MAX_SAFE_INTEGER, limit)
    return (rows as unknown as VersionRow[]).map((row) => this.#object(bucket, row))
  }

  delete(bucket: string, key: string, versionId?: string): void {
    this.remove(bucket, key, versionId)
  }

  /** As `delete`; tells which version or marker it removed or made, as DeleteObject answers it. */
  remove(bucket: string, key: string, versionId?: string): { readonly versionId: string | undefined; readonly deleteMarker: boolean } {
    const row = this.bucketRow(bucket)
    const removed: (string | null)[] = []
    const result = transaction(this.#database, () => {
      if (versionId !== undefined) {
        const found = this.#statements.byVersion.get(row.id, key, versionId) as unknown as VersionRow | undefined
        if (found === undefined) return { versionId, deleteMarker: false }
        removed.push(this.#drop(found))
        if (found.latest === 1) this.#statements.promote.run(row.id, key)
        return { versionId, deleteMarker: found.marker === 1 }
      }
      if (row.versioning === null) {
        const found = this.#statements.byVersion.get(row.id, key, 'null') as unknown as VersionRow | undefined
        if (found !== undefined) removed.push(this.#drop(found))
        return { versionId: undefined, deleteMarker: false }
      }
      const version = this.#makeRoom(row, key, removed)
      this.#statements.insert.run(
        row.id,
        key,
        version,
        1,
        0,
        '',
        this.#clock.now(),
        null,
        null,
        null,
        0,
        '',
        null,
        null,
        '',
        '{}',
        '{}',
        null,
      )
      return { versionId: version, deleteMarker: true }
    })
    this.blobs.remove(removed)
    return result
  }

  /** Bytes of all versions and of all parts of uploads in progress. */
  usedBytes(): number {
    this.#used ??= Number(this.#database.prepare('SELECT coalesce(sum(size), 0) AS bytes FROM versions').get()?.['bytes'])
    return this.#used + this.uploads.usedBytes()
  }

  setTags(object: KeptObject, tags: Readonly<Record<string, string>>): void {
    this.#database.prepare('UPDATE versions SET tags = ? WHERE id = ?').run(JSON.stringify(tags), object.id)
  }

  close(): void {
    this.#database.exec("INSERT OR REPLACE INTO state VALUES ('closed', '1')")
    this.#database.close()
  }

  /** Clears the way for a new latest version and names it. */
  #makeRoom(bucket: BucketRow, key: string, replaced: (string | null)[]): string {
    if (bucket.versioning !== 'Enabled') {
      const old = this.#statements.byVersion.get(bucket.id, key, 'null') as unknown as VersionRow | undefined
      if (old !== undefined) replaced.push(this.#drop(old))
    }
    if (bucket.versioning !== null) this.#statements.demote.run(bucket.id, key)
    return bucket.versioning === 'Enabled' ? this.newId(24, 'base64url') : 'null'
  }

  #drop(row: VersionRow): string | null {
    if (row.parts > 0) this.#statements.dropParts.run(row.id)
    this.#statements.drop.run(row.id)
    if (this.#used !== undefined) this.#used -= row.size
    return row.blob
  }

  #latest(bucket: BucketRow, key: string): KeptObject | undefined {
    const row = this.#statements.latest.get(bucket.id, key) as unknown as VersionRow | undefined
    return row === undefined || row.marker === 1 ? undefined : this.#object(bucket.name, row)
  }

  #object(bucket: string, row: VersionRow): KeptObject {
    return toObject(bucket, row, (id) => (this.#statements.parts.all(id) as unknown as PartRow[]).map(toPart))
  }

  #reload(bucket: string): void {
    this.#buckets.set(bucket, this.#database.prepare('SELECT * FROM buckets WHERE name = ?').get(bucket) as unknown as BucketRow)
  }

  /** A store that was not closed may hold files whose rows were never written; only then is looking through all of them worth its time. */
  #recover(): void {
    const closed = this.#database.prepare("SELECT value FROM state WHERE name = 'closed'").get()?.['value']
    if (closed === '0') {
      const named = this.#database.prepare(
        'SELECT 1 FROM versions WHERE blob = ?1 UNION ALL SELECT 1 FROM upload_parts WHERE blob = ?1 LIMIT 1',
      )
      this.blobs.sweep((blob) => named.get(blob) !== undefined)
    }
    this.#database.exec("INSERT OR REPLACE INTO state VALUES ('closed', '0')")
  }
}

/** The body facts of an object put in one piece. */
export function singlePut(draft: Draft, algorithm: ChecksumAlgorithm | undefined): ObjectBody {
  const value = draft.checksum
  return {
    etag: draft.md5.toString('hex'),
    checksum: algorithm === undefined || value === undefined ? undefined : { algorithm, type: 'FULL_OBJECT', value },
  }
}

function wish(options: PutOptions): { readonly algorithm: ChecksumAlgorithm | undefined; readonly expected: string | undefined } {
  if (options.checksum === 'none') return { algorithm: undefined, expected: undefined }
  return { algorithm: options.checksum?.algorithm ?? 'CRC64NVME', expected: options.checksum?.value }
}

function refused(draft: Draft, algorithm: ChecksumAlgorithm | undefined): S3Error {
  draft.discard()
  return new S3Error('BadDigest', 400, `The ${algorithm ?? 'MD5'} you specified did not match the calculated checksum.`)
}

/** Under KMS the ETag is no MD5 of anything a caller could know; only its form and the "-N" stay. */
function kmsEtag(blob: string, body: ObjectBody): string {
  const hex = createHash('md5').update(`aws:kms ${blob}`).digest('hex')
  return body.parts === undefined ? hex : `${hex}-${body.parts.length}`
}
