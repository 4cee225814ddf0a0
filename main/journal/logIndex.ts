/** What the logs of one import say, by key: a file of its own, because a log may have 10^8 lines in no order, and gone when it was read. */
import { rmSync } from 'node:fs'
import { JournalDatabase } from './database.ts'
import { maybeText, numberOf } from './rows.ts'

export type LogLine = { readonly key: string; readonly imported: boolean; readonly reason: string | undefined }

const together = 1000

export class LogIndex {
  readonly #file: string
  readonly #database: JournalDatabase
  #waiting: LogLine[] = []

  /** Replaces what a run that was cut off left. */
  constructor(file: string) {
    this.#file = file
    removeAt(file)
    this.#database = new JournalDatabase(file, 'write')
    this.#database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF')
    this.#database.exec(
      'CREATE TABLE lines (key TEXT PRIMARY KEY, imported INTEGER NOT NULL, reason TEXT, met INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID',
    )
  }

  /** Of a key that is named twice a failure counts. */
  add(line: LogLine): void {
    this.#waiting.push(line)
    if (this.#waiting.length >= together) this.#flush()
  }

  /** @param key an object's, or its batch's. */
  find(key: string): { readonly imported: boolean; readonly reason: string | undefined } | undefined {
    this.#flush()
    const row = this.#database.get('SELECT imported, reason FROM lines WHERE key = ?', key)
    if (row === undefined) return undefined
    this.#database.run('UPDATE lines SET met = 1 WHERE key = ? AND met = 0', key)
    return { imported: numberOf(row, 'imported') === 1, reason: maybeText(row, 'reason') }
  }

  /** Lines that nobody has asked for. */
  unmet(): number {
    this.#flush()
    const row = this.#database.get('SELECT count(*) AS lines FROM lines WHERE met = 0')
    return row === undefined ? 0 : numberOf(row, 'lines')
  }

  close(): void {
    this.#database.close()
    removeAt(this.#file)
  }

  #flush(): void {
    if (this.#waiting.length === 0) return
    const lines = this.#waiting
    this.#waiting = []
    this.#database.transaction(() => {
      for (const { key, imported, reason } of lines)
        this.#database.run(
          'INSERT INTO lines (key, imported, reason) VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET imported = min(imported, ?2), reason = coalesce(reason, ?3)',
          key,
          imported ? 1 : 0,
          reason ?? null,
        )
    })
  }
}

function removeAt(file: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true })
}
