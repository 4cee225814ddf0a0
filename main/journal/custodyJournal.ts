/** The custody ledger: one chain of entries a device. Each entry's hash is also in the event log, so that entries cut from the end show too. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import {
  canonicalEntry,
  custodyAttachment,
  custodyNote,
  custodySteps,
  entryOf,
  noHash,
  type ChainedEntry,
  type CustodyChain,
  type CustodyEntry,
} from '../../shared/domain/custody.ts'
import type { DeviceId } from '../../shared/domain/transfer.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { CustodyJournal } from '../../shared/ports/custodyJournal.ts'
import type { Clock } from '../../shared/ports/world.ts'
import type { JournalDatabase, Row } from './database.ts'
import { eventLog } from './eventLog.ts'
import { maybeNumber, maybeText, numberOf, oneOf, textOf } from './rows.ts'

const attachmentList = z.array(custodyAttachment)

export function custodyJournal(database: JournalDatabase, clock: Clock): CustodyJournal {
  const custody = (device: DeviceId): readonly ChainedEntry[] =>
    database.all('SELECT * FROM custody WHERE device_id = ? ORDER BY sequence', device).map((row, at) => entryOfRow(row, at + 1))
  return {
    custody,

    addCustody(draft) {
      return database.transaction(() => {
        const last = custody(draft.deviceId).at(-1)
        const entry = entryOf(draft, (last?.number ?? 0) + 1, clock.now())
        const chained = insertChained(database, 'custody', entry, last?.hash ?? noHash)
        const { deviceId: device, number, step, person, hash } = chained
        eventLog(database, clock).append('custody-added', { device, entry: number, step, person, hash })
        return chained
      })
    },

    custodyChain(device) {
      return checkCustody(custody(device), lastTold(database, device))
    },
  }
}

/** What the event log says was the last entry of this device. */
type Told = { readonly number: number; readonly hash: string }

/** Follows the chain, and holds its end against what the event log says of it. @param told `undefined`: the log does not know of any entry. */
export function checkCustody(entries: readonly ChainedEntry[], told: Told | undefined): CustodyChain {
  let previous = noHash
  const broken = (brokenAt: number): CustodyChain => ({ whole: false, entries: entries.length, brokenAt, head: previous })
  for (const [at, entry] of entries.entries()) {
    if (entry.number !== at + 1 || entry.previous !== previous || entry.hash !== hashOf(entry, previous)) return broken(at + 1)
    previous = entry.hash
  }
  const number = told?.number ?? 0
  if (number !== entries.length) return broken(Math.min(number, entries.length) + 1)
  if (told !== undefined && told.hash !== previous) return broken(number)
  return { whole: true, entries: entries.length, brokenAt: null, head: previous }
}

export function hashOf(entry: CustodyEntry, previous: string): string {
  return createHash('sha256').update(canonicalEntry(entry, previous), 'utf8').digest('hex')
}

function lastTold(database: JournalDatabase, device: DeviceId): Told | undefined {
  const row = database.get(
    `SELECT json_extract(body, '$.entry') AS entry, json_extract(body, '$.hash') AS hash FROM events
     WHERE kind = 'custody-added' AND json_extract(body, '$.device') = ? AND json_extract(body, '$.hash') IS NOT NULL ORDER BY sequence DESC LIMIT 1`,
    device,
  )
  return row === undefined ? undefined : { number: numberOf(row, 'entry'), hash: textOf(row, 'hash') }
}

function insertChained(
  database: JournalDatabase,
  into: 'custody' | 'custody_chained',
  entry: CustodyEntry,
  previous: string,
): ChainedEntry {
  const hash = hashOf(entry, previous)
  database.run(
    `INSERT INTO ${into} (device_id, number, at, entered_at, step, person, place, from_whom, to_whom, note, said, attachments, corrects, previous, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    entry.deviceId,
    entry.number,
    entry.at,
    entry.enteredAt,
    entry.step,
    entry.person,
    entry.place,
    entry.from,
    entry.to,
    entry.note,
    entry.said === null ? null : JSON.stringify(entry.said),
    JSON.stringify(entry.attachments),
    entry.corrects,
    previous,
    hash,
  )
  return { ...entry, previous, hash }
}

/** @param number of an entry that was written before entries were chained. */
function entryOfRow(row: Row, number: number): ChainedEntry {
  const old = {
    deviceId: numberOf(row, 'device_id'),
    at: numberOf(row, 'at'),
    step: oneOf(row, 'step', custodySteps),
    person: textOf(row, 'person'),
    place: textOf(row, 'place'),
    note: textOf(row, 'note'),
  }
  // Looked at, but not yet opened for work, since Firn was renewed: there are no such columns.
  if (row['hash'] === undefined) return { ...entryOf(old, number, old.at), previous: '', hash: '' }
  const said = maybeText(row, 'said')
  return {
    ...old,
    number: numberOf(row, 'number'),
    enteredAt: numberOf(row, 'entered_at'),
    from: textOf(row, 'from_whom'),
    to: textOf(row, 'to_whom'),
    said: said === undefined ? null : parsed(custodyNote, said, 'said'),
    attachments: parsed(attachmentList, textOf(row, 'attachments'), 'attachments'),
    corrects: maybeNumber(row, 'corrects') ?? null,
    previous: textOf(row, 'previous'),
    hash: textOf(row, 'hash'),
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, text: string, column: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw new Fault('journal-damaged', { column }, { cause: error })
  }
}

export const chainedCustodyTable = `
CREATE TABLE custody_chained (
  sequence INTEGER PRIMARY KEY, device_id INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, entered_at INTEGER NOT NULL,
  step TEXT NOT NULL, person TEXT NOT NULL, place TEXT NOT NULL, from_whom TEXT NOT NULL, to_whom TEXT NOT NULL, note TEXT NOT NULL,
  said TEXT, attachments TEXT NOT NULL, corrects INTEGER, previous TEXT NOT NULL, hash TEXT NOT NULL, UNIQUE (device_id, number)
) STRICT;
CREATE INDEX events_of_custody ON events (json_extract(body, '$.device'), sequence) WHERE kind = 'custody-added';
`

/** Entries of older journals are chained as they stand, in their order; the event log says so. */
export function chainOldCustody(database: JournalDatabase, clock: Clock): void {
  const last = new Map<DeviceId, ChainedEntry>()
  for (const row of database.all('SELECT * FROM custody ORDER BY sequence')) {
    const before = last.get(numberOf(row, 'device_id'))
    const { previous: _previous, hash: _hash, ...entry } = entryOfRow(row, (before?.number ?? 0) + 1)
    last.set(entry.deviceId, insertChained(database, 'custody_chained', entry, before?.hash ?? noHash))
  }
  for (const { deviceId: device, number: entry, step, person, hash } of last.values())
    eventLog(database, clock).append('custody-added', { device, entry, step, person, hash, chainedLater: true })
  database.exec(`
DROP TABLE custody;
ALTER TABLE custody_chained RENAME TO custody;
CREATE TRIGGER custody_is_never_changed BEFORE UPDATE ON custody BEGIN SELECT RAISE(ABORT, 'custody is append-only'); END;
CREATE TRIGGER custody_is_never_deleted BEFORE DELETE ON custody BEGIN SELECT RAISE(ABORT, 'custody is append-only'); END;
`)
}
