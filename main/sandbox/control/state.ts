/** The sandbox's own memory (all but objects): one SQLite file per sandbox folder. A kill at any moment leaves it whole. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

export type Row = Readonly<Record<string, unknown>>

export interface ControlState {
  run(sql: string, ...values: SQLInputValue[]): void
  row(sql: string, ...values: SQLInputValue[]): Row | undefined
  rows(sql: string, ...values: SQLInputValue[]): readonly Row[]
  /** All or nothing. May not be nested. */
  together<Result>(work: () => Result): Result
  note(name: string): string | undefined
  setNote(name: string, value: string): void
  close(): void
}

/**
 * WAL with synchronous NORMAL: safe against a killed process; a power loss may lose the last moments, never the file.
 * @param path of the SQLite file; its folder is made.
 */
export function openState(path: string): ControlState {
  mkdirSync(dirname(path), { recursive: true })
  const db = new DatabaseSync(path)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000')
  db.exec(schema)
  const prepared = new Map<string, StatementSync>()
  const statement = (sql: string): StatementSync => {
    let one = prepared.get(sql)
    if (one === undefined) prepared.set(sql, (one = db.prepare(sql)))
    return one
  }
  let open = true
  const state: ControlState = {
    run(sql, ...values) {
      statement(sql).run(...values)
    },
    row: (sql, ...values) => statement(sql).get(...values),
    rows: (sql, ...values) => statement(sql).all(...values),
    together(work) {
      db.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        db.exec('COMMIT')
        return result
      } catch (error) {
        // After SQLITE_FULL SQLite may have rolled back by itself already.
        if (db.isTransaction) db.exec('ROLLBACK')
        throw error
      }
    },
    note(name) {
      return text(state.row('SELECT value FROM notes WHERE name = ?', name)?.['value'])
    },
    setNote(name, value) {
      state.run('INSERT INTO notes VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value', name, value)
    },
    close() {
      if (!open) return
      open = false
      prepared.clear()
      db.close()
    },
  }
  return state
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Counts and times: SQLite gives numbers for all that the sandbox stores. */
export function count(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

const schema = `
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fault_rules (rule INTEGER PRIMARY KEY, matched INTEGER NOT NULL, fired INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS planted (rule INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS addresses (id TEXT PRIMARY KEY, made INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS jobs (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, state TEXT NOT NULL, entered REAL NOT NULL, created REAL NOT NULL,
  body TEXT NOT NULL, secrets TEXT NOT NULL, late INTEGER NOT NULL DEFAULT 0, unlocked INTEGER NOT NULL DEFAULT 0, shipment TEXT, label TEXT);
CREATE TABLE IF NOT EXISTS imports (
  job TEXT PRIMARY KEY, counted INTEGER NOT NULL DEFAULT 0, total_bytes INTEGER NOT NULL DEFAULT 0, total_objects INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0, objects INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS import_results (
  job TEXT NOT NULL, bucket TEXT NOT NULL, key TEXT NOT NULL, size INTEGER NOT NULL, objects INTEGER NOT NULL, PRIMARY KEY (job, bucket, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS import_log (
  job TEXT NOT NULL, bucket TEXT NOT NULL, key TEXT NOT NULL, archive TEXT NOT NULL, size INTEGER NOT NULL, reason TEXT,
  PRIMARY KEY (job, bucket, key, archive)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS import_keys (job TEXT NOT NULL, tar INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (job, tar, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS share_files (
  parent TEXT NOT NULL, name TEXT NOT NULL, folder INTEGER NOT NULL, size INTEGER NOT NULL, stamp TEXT NOT NULL, state TEXT NOT NULL,
  PRIMARY KEY (parent, name)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS share_waiting ON share_files (state, parent, name) WHERE state <> 'clean';
CREATE TABLE IF NOT EXISTS notifications (id TEXT PRIMARY KEY, kind TEXT NOT NULL, asked REAL NOT NULL, done REAL);
CREATE TABLE IF NOT EXISTS cache_reports (arn TEXT PRIMARY KEY, asked REAL NOT NULL, body TEXT NOT NULL, done REAL);
CREATE TABLE IF NOT EXISTS metric_events (seq INTEGER PRIMARY KEY, at REAL NOT NULL, name TEXT NOT NULL, value REAL NOT NULL);
CREATE INDEX IF NOT EXISTS metric_by_name ON metric_events (name, at);
CREATE TABLE IF NOT EXISTS puts (place TEXT NOT NULL, key TEXT NOT NULL, times INTEGER NOT NULL, PRIMARY KEY (place, key)) WITHOUT ROWID;
`
