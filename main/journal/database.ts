/** One SQLite file behind the journal: WAL, cached statements, transactions, and SQLite's errors turned into faults. */
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { Fault, isFault, type Facts } from '../../shared/faults/fault.ts'

export type Row = Record<string, SQLOutputValue>

export class JournalDatabase {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  #depth = 0
  #relaxed = false
  /** Called inside every outermost transaction, before its work: lets the lease refuse a writer that lost its claim. */
  beforeWrite: () => void = () => undefined
  /** Called before an outermost transaction ends; not of one that is the lease's own. */
  afterWrite: (relaxed: boolean) => void = () => undefined

  /** @throws Fault journal-damaged, disk-full. */
  constructor(file: string, mode: 'write' | 'read') {
    this.#database = guarded(() => new DatabaseSync(file, { readOnly: mode === 'read', timeout: 5000 }))
    guarded(() => {
      if (mode === 'write') this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
      this.#database.exec('PRAGMA cache_size = -32768; PRAGMA temp_store = FILE; PRAGMA wal_autocheckpoint = 4000')
    })
  }

  exec(sql: string): void {
    guarded(() => this.#database.exec(sql))
  }

  run(sql: string, ...values: SQLInputValue[]): { readonly changes: number; readonly id: number } {
    return guarded(() => {
      const done = this.#statement(sql).run(...values)
      return { changes: Number(done.changes), id: Number(done.lastInsertRowid) }
    })
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return guarded(() => this.#statement(sql).get(...values))
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return guarded(() => this.#statement(sql).all(...values))
  }

  /**
   * All rows by keyset pages: `next` makes a query from the last row seen. Safe to walk while the tables are written,
   * since no statement stays open between pages.
   */
  *pages(first: () => Row[], next: (last: Row) => Row[]): Generator<Row, void> {
    let page = first()
    while (page.length > 0) {
      yield* page
      const last = page.at(-1)
      if (last === undefined) return
      page = next(last)
    }
  }

  /** Nested calls join the outer transaction. Rolls back and rethrows when the work throws. */
  transaction<Result>(work: () => Result): Result {
    if (this.#depth > 0) return work()
    this.#mode(false)
    return this.#transact(work, () => this.afterWrite(false))
  }

  /** For what is no news to anybody: the claim on the journal. */
  quietTransaction<Result>(work: () => Result): Result {
    if (this.#depth > 0) return work()
    this.#mode(false)
    return this.#transact(work, () => undefined)
  }

  /** Consistent after a power cut, but perhaps not there: for work that is simply repeated. */
  relaxedTransaction<Result>(work: () => Result): Result {
    if (this.#depth > 0) return work()
    this.#mode(true)
    return this.#transact(work, () => this.afterWrite(true))
  }

  close(): void {
    this.#statements.clear()
    if (this.#database.isOpen) this.#database.close()
  }

  #transact<Result>(work: () => Result, after: () => void): Result {
    this.exec('BEGIN IMMEDIATE')
    this.#depth += 1
    try {
      this.beforeWrite()
      const result = work()
      after()
      this.exec('COMMIT')
      return result
    } catch (error) {
      // After SQLITE_FULL or an I/O error SQLite may have rolled back by itself already.
      if (this.#database.isTransaction) this.exec('ROLLBACK')
      throw error
    } finally {
      this.#depth -= 1
    }
  }

  #mode(relaxed: boolean): void {
    if (this.#relaxed === relaxed) return
    this.exec(`PRAGMA synchronous = ${relaxed ? 'NORMAL' : 'FULL'}`)
    this.#relaxed = relaxed
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

// SQLite result codes: https://sqlite.org/rescode.html
const busy = 5
const readOnly = 8
const inputOutput = 10
const corrupt = 11
const full = 13
const cannotOpen = 14
const notADatabase = 26

function guarded<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (isFault(error)) throw error
    const result = resultCode(error)
    if (result === undefined) throw error
    const facts: Facts = { sqlite: result }
    switch (result & 0xff) {
      case full:
      case inputOutput:
        throw new Fault('disk-full', { ...facts, disk: 'journal' }, { cause: error })
      case corrupt:
      case notADatabase:
        throw new Fault('journal-damaged', facts, { cause: error })
      case busy:
        throw new Fault('journal-held', facts, { cause: error })
      case cannotOpen:
      case readOnly:
        throw new Fault('journal-not-writable', facts, { cause: error })
      default:
        throw error
    }
  }
}

function resultCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined
}
