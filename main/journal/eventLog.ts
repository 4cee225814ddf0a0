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
      let previous: Uint8Array = beforeTheFirst
      let entries = 0
      for (const event of events()) {
        entries += 1
        const sound = event.sequence === entries && sameBytes(event.previous, previous) && sameBytes(event.hash, eventHash(event))
        if (!sound) return { whole: false, entries, brokenAt: event.sequence }
        previous = event.hash
      }
      return { whole: true, entries }
    },
  }
}

function eventHash(event: Omit<LoggedEvent, 'hash'>): Uint8Array {
  const text = [event.sequence, event.at, event.kind, event.body, Buffer.from(event.previous).toString('hex')].join('\n')
  return createHash('sha256').update(text).digest()
}

/** Keys in order, no white space: the same facts always give the same bytes. */
function canonicalJson(facts: Facts): string {
  return JSON.stringify(Object.fromEntries(Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1))))
}

function eventOf(row: Row): LoggedEvent {
  return {
    sequence: numberOf(row, 'sequence'),
    at: numberOf(row, 'at'),
    kind: textOf(row, 'kind'),
    body: textOf(row, 'body'),
    previous: blobOf(row, 'previous'),
    hash: blobOf(row, 'hash'),
  }
}
