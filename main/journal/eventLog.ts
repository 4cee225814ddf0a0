/** The append-only event log: each entry carries the SHA-256 of the one before, so that a changed or missing entry shows. */
import { createHash } from 'node:crypto'
import type { Facts } from '../../shared/faults/fault.ts'
import type { ChainCheck, EventLog, LoggedEvent } from '../../shared/ports/journal.ts'
import type { Clock } from '../../shared/ports/world.ts'
import { sameBytes } from '../../shared/units/digest.ts'
import type { JournalDatabase, Row } from './database.ts'
import { blobOf, numberOf, textOf } from './rows.ts'

const beforeTheFirst = new Uint8Array(32)
const pageSize = 1000

export function eventLog(database: JournalDatabase, clock: Clock): EventLog {
  function* events(): Generator<LoggedEvent, void> {
    const page = (after: number): Row[] =>
      database.all('SELECT * FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?', after, pageSize)
    for (const row of database.pages(
      () => page(0),
      (last) => page(numberOf(last, 'sequence')),
    ))
      yield eventOf(row)
  }
  return {
    append(kind, facts) {
      database.transaction(() => {
        const last = database.get('SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1')
        const sequence = last === undefined ? 1 : numberOf(last, 'sequence') + 1
        const previous = last === undefined ? beforeTheFirst : blobOf(last, 'hash')
        const at = clock.now()
        const body = canonicalJson(facts)
        const hash = eventHash({ sequence, at, kind, body, previous })
        database.run(
          'INSERT INTO events (sequence, at, kind, body, previous, hash) VALUES (?, ?, ?, ?, ?, ?)',
          sequence,
          at,
          kind,
          body,
          previous,
          hash,
        )
      })
    },
    events,
    checkChain(): ChainCheck {
      const { entries, brokenAt } = checkEvents(events(), nothingChecked)
      return brokenAt === undefined ? { whole: true, entries } : { whole: false, entries, brokenAt }
    },
  }
}

/** How far the chain has been followed, and where it breaks. */
export type Checked = {
  readonly entries: number
  readonly last: number
  readonly previous: Uint8Array
  readonly brokenAt: number | undefined
}
export const nothingChecked: Checked = { entries: 0, last: 0, previous: beforeTheFirst, brokenAt: undefined }

/** Follows the chain on through the next events, up to its first break. */
export function checkEvents(events: Iterable<LoggedEvent>, from: Checked): Checked {
  let checked = from
  for (const event of events) {
    const entries = checked.entries + 1
    const sound = event.sequence === entries && sameBytes(event.previous, checked.previous) && sameBytes(event.hash, eventHash(event))
    checked = { entries, last: event.sequence, previous: event.hash, brokenAt: sound ? undefined : event.sequence }
    if (!sound) return checked
  }
  return checked
}

function eventHash(event: Omit<LoggedEvent, 'hash'>): Uint8Array {
  const text = [event.sequence, event.at, event.kind, event.body, Buffer.from(event.previous).toString('hex')].join('\n')
  return createHash('sha256').update(text).digest()
}

/** Keys in order, no white space: the same facts always give the same bytes. */
function canonicalJson(facts: Facts): string {
  return JSON.stringify(Object.fromEntries(Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1))))
}

export function eventOf(row: Row): LoggedEvent {
  return {
    sequence: numberOf(row, 'sequence'),
    at: numberOf(row, 'at'),
    kind: textOf(row, 'kind'),
    body: textOf(row, 'body'),
    previous: blobOf(row, 'previous'),
    hash: blobOf(row, 'hash'),
  }
}
