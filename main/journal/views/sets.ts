/**
 * Sets of studies that a view has worked out, in temporary tables beside the journal: numbers only, no paths, nothing of it in memory. A few are kept, so that
 * the pages of a list and a knob that is turned do not work them out again; the oldest that nobody uses goes first.
 */
import type { JournalDatabase } from '../database.ts'

const mostSets = 8

/** `matched`: studies with what of them a filter leaves. `standing`: studies by their worst verdict. `loads`: what may be planned. `below`: below a folder. */
const tables = {
  matched: 'set_id INTEGER, study_id INTEGER, items INTEGER, bytes INTEGER, PRIMARY KEY (set_id, study_id)',
  standing: `set_id INTEGER, rank INTEGER, study_id INTEGER, items INTEGER, bytes INTEGER, verified INTEGER, consistent INTEGER, present INTEGER,
    mismatch INTEGER, missing INTEGER, extra INTEGER, unknown INTEGER, PRIMARY KEY (set_id, rank, study_id)`,
  loads: `set_id INTEGER, id INTEGER, archive_id INTEGER, kind TEXT, modality TEXT, study_date TEXT, items INTEGER, bytes INTEGER, small_items INTEGER,
    small_bytes INTEGER, bars_device INTEGER, bars_share INTEGER, whole_bytes INTEGER, touched_us INTEGER, PRIMARY KEY (set_id, id)`,
  below: 'set_id INTEGER, study_id INTEGER, PRIMARY KEY (set_id, study_id)',
} as const
export type SetTable = keyof typeof tables

type Held = { readonly table: SetTable; users: number; usedAt: number }

export class Sets {
  readonly #database: JournalDatabase
  readonly #held = new Map<number, Held>()
  readonly #made = new Set<SetTable>()
  #last = 0
  #uses = 0

  constructor(database: JournalDatabase) {
    this.#database = database
  }

  /** Whether the set is still there. */
  has(set: number): boolean {
    return this.#held.has(set)
  }

  /** For a query that names a table whether there is a set in it or not. */
  ready(table: SetTable): void {
    if (this.#made.has(table)) return
    this.#database.exec(`CREATE TEMP TABLE IF NOT EXISTS ${table} (${tables[table]}) WITHOUT ROWID`)
    this.#made.add(table)
  }

  /** Fills a new set; of one that is cut off nothing stays. */
  async make(table: SetTable, fill: (set: number) => Promise<void>): Promise<number> {
    this.ready(table)
    this.#last += 1
    const set = this.#last
    try {
      await fill(set)
    } catch (error) {
      this.#empty(table, set)
      throw error
    }
    this.#held.set(set, { table, users: 0, usedAt: (this.#uses += 1) })
    this.#forgetOldest(set)
    return set
  }

  /** Keeps the set while it is used. */
  async use<Result>(set: number, work: (set: number) => Result | Promise<Result>): Promise<Result> {
    const held = this.#held.get(set)
    if (held === undefined) throw new Error('a set in use is there')
    held.users += 1
    held.usedAt = this.#uses += 1
    try {
      return await work(set)
    } finally {
      held.users -= 1
    }
  }

  #forgetOldest(made: number): void {
    if (this.#held.size <= mostSets) return
    const idle = [...this.#held].filter(([set, { users }]) => users === 0 && set !== made).toSorted(([, a], [, b]) => a.usedAt - b.usedAt)
    const [oldest] = idle
    if (oldest === undefined) return
    this.#held.delete(oldest[0])
    this.#empty(oldest[1].table, oldest[0])
  }

  #empty(table: SetTable, set: number): void {
    this.#database.run(`DELETE FROM temp.${table} WHERE set_id = ?`, set)
  }
}
