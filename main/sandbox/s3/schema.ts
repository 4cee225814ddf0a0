/** Tables of the object store. Keys are TEXT with SQLite's binary collation, which compares UTF-8 bytes: the order S3 lists in. */
import { DatabaseSync } from 'node:sqlite'

const schema = `
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS buckets (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created INTEGER NOT NULL, versioning TEXT, encryption TEXT, kms TEXT
);
CREATE TABLE IF NOT EXISTS bucket_documents (
  bucket INTEGER NOT NULL REFERENCES buckets(id), kind TEXT NOT NULL, name TEXT NOT NULL, xml TEXT NOT NULL, PRIMARY KEY (bucket, kind, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS versions (
  id INTEGER PRIMARY KEY, bucket INTEGER NOT NULL REFERENCES buckets(id), key TEXT NOT NULL, version TEXT NOT NULL,
  latest INTEGER NOT NULL, marker INTEGER NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, modified INTEGER NOT NULL,
  algorithm TEXT, type TEXT, checksum TEXT, parts INTEGER NOT NULL, class TEXT NOT NULL, encryption TEXT, kms TEXT,
  content_type TEXT NOT NULL, metadata TEXT NOT NULL, tags TEXT NOT NULL, blob TEXT
);
CREATE UNIQUE INDEX IF NOT EXISTS versions_by_key ON versions (bucket, key, id DESC);
CREATE UNIQUE INDEX IF NOT EXISTS latest_by_key ON versions (bucket, key) WHERE latest = 1;
CREATE INDEX IF NOT EXISTS versions_by_blob ON versions (blob) WHERE blob IS NOT NULL;
CREATE TABLE IF NOT EXISTS parts (
  object INTEGER NOT NULL, number INTEGER NOT NULL, size INTEGER NOT NULL, md5 BLOB NOT NULL, checksum TEXT, PRIMARY KEY (object, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uploads (
  id TEXT PRIMARY KEY, bucket INTEGER NOT NULL REFERENCES buckets(id), key TEXT NOT NULL, started INTEGER NOT NULL,
  algorithm TEXT, type TEXT, facts TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS uploads_by_key ON uploads (bucket, key, id);
CREATE TABLE IF NOT EXISTS upload_parts (
  upload TEXT NOT NULL, number INTEGER NOT NULL, size INTEGER NOT NULL, md5 BLOB NOT NULL, checksum TEXT, modified INTEGER NOT NULL,
  blob TEXT NOT NULL, PRIMARY KEY (upload, number)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS upload_parts_by_blob ON upload_parts (blob);
`

/**
 * WAL with synchronous NORMAL: a commit costs no disk flush, a killed process loses nothing, and only a power failure may take back the
 * last moments. A rehearsal needs no more than that.
 */
export function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16000')
  database.exec(schema)
  return database
}

/** Runs all of it or nothing. Not nested. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // After SQLITE_FULL SQLite may have rolled back by itself already.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
