/** The prepared statements of the object store: one per question, each answered from an index. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { StoredPart } from '../contract.ts'

export type PartRow = { readonly number: number; readonly size: number; readonly md5: Uint8Array; readonly checksum: string | null }
export type Statements = Readonly<
  Record<
    'insert' | 'insertPart' | 'byId' | 'latest' | 'byVersion' | 'page' | 'versions' | 'demote' | 'promote' | 'drop' | 'dropParts' | 'parts',
    StatementSync
  >
>

export function prepare(database: DatabaseSync): Statements {
  return {
    insert: database.prepare(
      `INSERT INTO versions (bucket, key, version, latest, marker, size, etag, modified, algorithm, type, checksum, parts, class, encryption, kms, content_type, metadata, tags, blob)
       VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertPart: database.prepare('INSERT INTO parts VALUES (?, ?, ?, ?, ?)'),
    byId: database.prepare('SELECT * FROM versions WHERE id = ?'),
    latest: database.prepare('SELECT * FROM versions WHERE bucket = ? AND key = ? AND latest = 1'),
    byVersion: database.prepare('SELECT * FROM versions WHERE bucket = ? AND key = ? AND version = ?'),
    page: database.prepare(
      `SELECT * FROM versions INDEXED BY latest_by_key
       WHERE bucket = ? AND latest = 1 AND key >= max(?, ?) AND key < ? AND marker = 0 ORDER BY key LIMIT ?`,
    ),
    versions: database.prepare(
      `SELECT * FROM versions INDEXED BY versions_by_key
       WHERE bucket = ? AND key >= max(?, ?) AND key < ? AND NOT (key = ? AND id >= ?) ORDER BY key, id DESC LIMIT ?`,
    ),
    demote: database.prepare('UPDATE versions SET latest = 0 WHERE bucket = ? AND key = ? AND latest = 1'),
    promote: database.prepare(
      'UPDATE versions SET latest = 1 WHERE id = (SELECT id FROM versions WHERE bucket = ? AND key = ? ORDER BY id DESC LIMIT 1)',
    ),
    drop: database.prepare('DELETE FROM versions WHERE id = ?'),
    dropParts: database.prepare('DELETE FROM parts WHERE object = ?'),
    parts: database.prepare('SELECT number, size, md5, checksum FROM parts WHERE object = ? ORDER BY number'),
  }
}

export function toPart(row: PartRow): StoredPart {
  return { partNumber: row.number, size: row.size, md5: Buffer.from(row.md5), checksum: row.checksum ?? undefined }
}
