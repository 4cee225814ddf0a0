/** Multipart uploads in progress: their parts as files of their own until Complete makes one object of them. */
import { createReadStream } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { S3Error, type ChecksumAlgorithm, type ChecksumType, type StoredPart } from '../contract.ts'
import type { Blobs, Draft } from './blobs.ts'
import { afterAllWith } from './keys.ts'
import { transaction } from './schema.ts'
import type { BucketRow, ObjectFacts } from './records.ts'

export type Upload = {
  readonly id: string
  readonly bucket: string
  readonly key: string
  readonly started: number
  readonly algorithm: ChecksumAlgorithm
  readonly type: ChecksumType
  /** Whether the caller named the algorithm; if not, S3 keeps CRC64NVME of the whole and tells no checksums of parts. */
  readonly explicit: boolean
  readonly facts: ObjectFacts
}

export type UploadedPart = StoredPart & { readonly modified: number; readonly blob: string }

type UploadRow = {
  readonly id: string
  readonly key: string
  readonly started: number
  readonly algorithm: ChecksumAlgorithm | null
  readonly type: ChecksumType | null
  readonly facts: string
}
type PartRow = {
  readonly number: number
  readonly size: number
  readonly md5: Uint8Array
  readonly checksum: string | null
  readonly modified: number
  readonly blob: string
}

/** What uploads need of the store they end up in. */
type UploadHome = {
  readonly blobs: Blobs
  newId(bytes: number, encoding: 'hex' | 'base64url'): string
  bucketRow(bucket: string): BucketRow
}

export class Uploads {
  readonly #database: DatabaseSync
  readonly #store: UploadHome
  readonly #clock: { now(): number }
  readonly #completing = new Set<string>()
  readonly #statements
  #used: number | undefined

  constructor(database: DatabaseSync, store: UploadHome, clock: { now(): number }) {
    this.#database = database
    this.#store = store
    this.#clock = clock
    this.#statements = {
      get: database.prepare('SELECT * FROM uploads WHERE id = ? AND bucket = ? AND key = ?'),
      part: database.prepare('SELECT * FROM upload_parts WHERE upload = ? AND number = ?'),
      parts: database.prepare('SELECT * FROM upload_parts WHERE upload = ? AND number > ? ORDER BY number LIMIT ?'),
      putPart: database.prepare('INSERT OR REPLACE INTO upload_parts VALUES (?, ?, ?, ?, ?, ?, ?)'),
      page: database.prepare(
        `SELECT * FROM uploads INDEXED BY uploads_by_key
         WHERE bucket = ? AND key >= max(?, ?) AND key < ? AND NOT (key = ? AND id <= ?) ORDER BY key, id LIMIT ?`,
      ),
    }
  }

  create(bucket: string, key: string, facts: ObjectFacts, wish: { algorithm: ChecksumAlgorithm; type: ChecksumType } | undefined): Upload {
    const row = this.#store.bucketRow(bucket)
    const id = this.#store.newId(48, 'base64url')
    this.#database
      .prepare('INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(id, row.id, key, this.#clock.now(), wish?.algorithm ?? null, wish?.type ?? null, JSON.stringify(facts))
    return this.get(bucket, key, id)
  }

  /** @throws S3Error NoSuchUpload */
  get(bucket: string, key: string, id: string): Upload {
    const row = this.#statements.get.get(id, this.#store.bucketRow(bucket).id, key) as unknown as UploadRow | undefined
    if (row === undefined || this.#completing.has(id)) throw noSuchUpload(id)
    return toUpload(bucket, row)
  }

  /** Replaces a part of the same number. */
  putPart(upload: Upload, number: number, draft: Draft): UploadedPart {
    try {
      this.get(upload.bucket, upload.key, upload.id)
      draft.keep()
      const old = this.#statements.part.get(upload.id, number) as unknown as PartRow | undefined
      this.#statements.putPart.run(upload.id, number, draft.size, draft.md5, draft.checksum ?? null, this.#clock.now(), draft.blob)
      if (this.#used !== undefined) this.#used += draft.size - (old?.size ?? 0)
      this.#store.blobs.remove([old?.blob ?? null])
      return toPart(this.#statements.part.get(upload.id, number) as unknown as PartRow)
    } catch (error) {
      draft.discard()
      this.#store.blobs.remove([draft.blob])
      throw error
    }
  }

  part(upload: Upload, number: number): UploadedPart | undefined {
    const row = this.#statements.part.get(upload.id, number) as unknown as PartRow | undefined
    return row === undefined ? undefined : toPart(row)
  }

  /** In order of number. limit -1 gives all, at most 10,000. */
  parts(upload: Upload, after: number, limit: number): readonly UploadedPart[] {
    return (this.#statements.parts.all(upload.id, after, limit) as unknown as PartRow[]).map(toPart)
  }

  /**
   * Copies the parts, in the order given, into one file; `algorithm` is computed over the whole when given. While it runs the upload answers
   * NoSuchUpload to everybody else. `finish` turns the draft into an object; when anything fails the upload is as it was.
   */
  async assemble<T>(
    upload: Upload,
    parts: readonly UploadedPart[],
    algorithm: ChecksumAlgorithm | undefined,
    finish: (draft: Draft) => T,
  ): Promise<T> {
    this.get(upload.bucket, upload.key, upload.id)
    this.#completing.add(upload.id)
    try {
      const draft = await this.#store.blobs.receive(this.#bytesOf(parts), algorithm, { md5: false })
      const result = finish(draft)
      this.#forget(upload.id)
      return result
    } finally {
      this.#completing.delete(upload.id)
    }
  }

  abort(upload: Upload): void {
    this.#forget(upload.id)
  }

  /** By key, then by id; from `keyMarker` on, of that key only ids after `idMarker`. */
  page(bucket: string, prefix: string, keyMarker: string, idMarker: string, limit: number): readonly Upload[] {
    const { id } = this.#store.bucketRow(bucket)
    const rows = this.#statements.page.all(id, keyMarker, prefix, afterAllWith(prefix) ?? new Uint8Array(0), keyMarker, idMarker, limit)
    return (rows as unknown as UploadRow[]).map((row) => toUpload(bucket, row))
  }

  /** Bytes of all parts that wait for their Complete. */
  usedBytes(): number {
    this.#used ??= Number(this.#database.prepare('SELECT coalesce(sum(size), 0) AS bytes FROM upload_parts').get()?.['bytes'])
    return this.#used
  }

  async *#bytesOf(parts: readonly UploadedPart[]): AsyncGenerator<Uint8Array> {
    for (const part of parts)
      yield* createReadStream(this.#store.blobs.path(part.blob), { highWaterMark: 1_048_576 }) as AsyncIterable<Buffer>
  }

  #forget(id: string): void {
    const rows = this.#statements.parts.all(id, 0, -1) as unknown as PartRow[]
    transaction(this.#database, () => {
      this.#database.prepare('DELETE FROM upload_parts WHERE upload = ?').run(id)
      this.#database.prepare('DELETE FROM uploads WHERE id = ?').run(id)
    })
    if (this.#used !== undefined) this.#used -= rows.reduce((sum, row) => sum + row.size, 0)
    this.#store.blobs.remove(rows.map((row) => row.blob))
  }
}

function noSuchUpload(id: string): S3Error {
  return new S3Error(
    'NoSuchUpload',
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId: id },
  )
}

function toUpload(bucket: string, row: UploadRow): Upload {
  return {
    id: row.id,
    bucket,
    key: row.key,
    started: row.started,
    algorithm: row.algorithm ?? 'CRC64NVME',
    type: row.type ?? 'FULL_OBJECT',
    explicit: row.algorithm !== null,
    facts: JSON.parse(row.facts) as ObjectFacts,
  }
}

function toPart(row: PartRow): UploadedPart {
  return {
    partNumber: row.number,
    size: row.size,
    md5: Buffer.from(row.md5),
    checksum: row.checksum ?? undefined,
    modified: row.modified,
    blob: row.blob,
  }
}
