/**
 * Settings of a bucket that S3 keeps as the document it was given: lifecycle rules, archive tiers, policy and others. The sandbox keeps and tells
 * them and moves no object by them: a rehearsal ends long before the first rule is due.
 */
import type { DatabaseSync } from 'node:sqlite'

export type DocumentKind =
  | 'encryption'
  | 'lifecycle'
  | 'intelligent-tiering'
  | 'policy'
  | 'publicAccessBlock'
  | 'ownershipControls'
  | 'object-lock'
  | 'tagging'
  | 'logging'

export class BucketDocuments {
  readonly #database: DatabaseSync
  constructor(database: DatabaseSync) {
    this.#database = database
  }

  set(bucket: number, kind: DocumentKind, name: string, xml: string): void {
    this.#database.prepare('INSERT OR REPLACE INTO bucket_documents VALUES (?, ?, ?, ?)').run(bucket, kind, name, xml)
  }

  remove(bucket: number, kind: DocumentKind, name: string): void {
    this.#database.prepare('DELETE FROM bucket_documents WHERE bucket = ? AND kind = ? AND name = ?').run(bucket, kind, name)
  }

  /** By name. */
  all(bucket: number, kind: DocumentKind): readonly string[] {
    const rows = this.#database.prepare('SELECT xml FROM bucket_documents WHERE bucket = ? AND kind = ? ORDER BY name').all(bucket, kind)
    return rows.map((row) => String(row['xml']))
  }
}
