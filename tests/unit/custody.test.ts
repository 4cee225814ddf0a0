/** Custody of a device: entries are only added, each chained to the one before, and only people’s entries are people’s to correct. */
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { correctCustody, recordCustody, type ToldStep } from '../../main/engine/custody.ts'
import { checkCustody } from '../../main/journal/custodyJournal.ts'
import { openJournal } from '../../main/journal/openJournal.ts'
import { firnItself, standing, type ChainedEntry } from '../../shared/domain/custody.ts'
import { custodyNoteText } from '../../shared/domain/custodyWords.ts'
import type { FleetRecord } from '../../shared/ports/journal.ts'
import { hour } from '../../shared/units/duration.ts'
import { asOfVersion } from '../kit/journal.ts'
import { plannedLane, type PlannedLane } from '../kit/plannedLane.ts'
import { testWorld, type TestWorld } from '../kit/world.ts'

let world: TestWorld
let lane: PlannedLane
beforeEach(() => {
  world = testWorld()
  lane = plannedLane(world, 'device', [{ path: 'a.dcm', size: 3, mtimeUs: 1 }])
})
afterEach(() => lane.remove())

const migration = () => ({ journal: lane.journal, world })
const entries = (): readonly ChainedEntry[] => lane.journal.custody(lane.device)
function device(): FleetRecord {
  const [one] = lane.journal.fleet()
  if (one === undefined) throw new Error('the plan has a device')
  return one
}
const told: ToldStep = { step: 'received', person: 'Ada Example', place: 'Dock 2', note: 'seals whole', from: 'UPS', to: 'Radiology IT' }
const record = (change: Partial<ToldStep> = {}) => recordCustody(migration(), device(), { ...told, ...change })
const correct = (number: number, person = 'Bob Example') => correctCustody(migration(), device(), { number, person, reason: 'wrong dock' })

describe('an entry', () => {
  test('keeps when it happened apart from when it was entered, and is named with its hash in the event log', () => {
    const at = world.clock.now() - hour
    const { hash } = record({ at })
    expect(entries()).toMatchObject([{ number: 1, at, enteredAt: at + hour, from: 'UPS', to: 'Radiology IT', note: 'seals whole', hash }])
    const [event] = [...lane.journal.events()].filter(({ kind }) => kind === 'custody-added')
    expect(JSON.parse(event?.body ?? '{}')).toMatchObject({ device: lane.device, entry: 1, hash })
  })

  test('of a person is only what people see or do', () => {
    for (const step of ['ordered', 'loading', 'loaded', 'inspected', 'at-aws', 'imported', 'erased', 'given-up', 'correction'] as const)
      expect(() => record({ step })).toThrow(expect.objectContaining({ code: 'bad-input' }) as Error)
    expect(() => record({ person: 'firn' })).toThrow(expect.objectContaining({ code: 'bad-input' }) as Error)
    expect(() => record({ at: world.clock.now() + hour })).toThrow(expect.objectContaining({ code: 'bad-input' }) as Error)
    expect(() => record({ step: 'handed-over' })).toThrow(expect.objectContaining({ code: 'wrong-order' }) as Error)
    expect(entries()).toEqual([])
  })

  test('of Firn’s own is a code, spoken in the reader’s language', () => {
    const entry = lane.journal.addCustody({
      deviceId: lane.device,
      at: 1,
      step: 'loaded',
      person: firnItself,
      said: { code: 'loaded', items: 3, bytes: 2e6 },
    })
    expect(custodyNoteText(entry, 'en')).toMatch(/^3 items, 2/)
    expect(custodyNoteText(entry, 'de')).toMatch(/^3 Dateien, 2/)
    expect(custodyNoteText({ ...entry, note: 'seal 7' }, 'en')).toMatch(/^seal 7; 3 items/)
  })
})

describe('a correction', () => {
  test('is a new entry that refers to the one that does not hold', () => {
    record()
    correct(1)
    record({ place: 'Dock 3' })
    expect(entries().map(({ number, step, corrects }) => [number, step, corrects])).toEqual([
      [1, 'received', null],
      [2, 'correction', 1],
      [3, 'received', null],
    ])
    expect(standing(entries()).map(({ place }) => place)).toEqual(['Dock 3'])
  })

  test('is refused of what is not there, of one corrected already, of a correction, and of what Firn saw', () => {
    record()
    correct(1)
    lane.journal.addCustody({ deviceId: lane.device, at: 1, step: 'loading', person: firnItself })
    for (const number of [1, 2, 3, 99]) expect(() => correct(number)).toThrow(expect.objectContaining({ code: 'bad-input' }) as Error)
    expect(entries()).toHaveLength(3)
  })

  test('of a hand-over lets the right one be entered, once', () => {
    lane.journal.addCustody({ deviceId: lane.device, at: 1, step: 'handed-over', person: 'Ada Exmaple' })
    expect(() => record({ step: 'handed-over' })).toThrow()
    correct(1)
    record({ step: 'handed-over' })
    expect(() => record({ step: 'handed-over' })).toThrow()
    expect(standing(entries()).map(({ person }) => person)).toEqual(['Ada Example'])
  })
})

describe('the chain', () => {
  const five = (): readonly ChainedEntry[] => {
    for (let at = 0; at < 5; at += 1) record({ note: `entry ${at}`, step: at % 2 === 0 ? 'received' : 'moved' })
    return entries()
  }

  test('holds for what was written', () => {
    five()
    expect(lane.journal.custodyChain(lane.device)).toMatchObject({ whole: true, entries: 5, brokenAt: null })
  })

  test('breaks at the first entry that was changed, taken out, or put elsewhere', () => {
    const whole = five()
    const end = { number: 5, hash: whole[4]?.hash ?? '' }
    expect(checkCustody(whole, end).whole).toBe(true)
    const change = fc.constantFrom<Partial<ChainedEntry>>(
      { person: 'Eve' },
      { at: 7 },
      { place: 'x' },
      { note: 'y' },
      { to: 'z' },
      { corrects: 1 },
      { step: 'carrier' },
    )
    fc.assert(
      fc.property(fc.nat(4), change, (place, made) => {
        const altered = whole.map((entry, at) => (at === place ? { ...entry, ...made } : entry))
        expect(checkCustody(altered, end)).toMatchObject({ whole: false, brokenAt: place + 1 })
      }),
    )
    fc.assert(
      fc.property(fc.nat(4), (place) => {
        expect(checkCustody(whole.toSpliced(place, 1), end).whole).toBe(false)
        const other = (place + 1) % 5
        const swapped = whole.map((entry, at) => (at === place ? whole[other] : at === other ? whole[place] : entry))
        expect(checkCustody(swapped as ChainedEntry[], end).whole).toBe(false)
      }),
    )
  })

  test('tells of entries that were cut from the end, by the event log', () => {
    const whole = five()
    expect(checkCustody(whole.slice(0, 3), { number: 5, hash: whole[4]?.hash ?? '' })).toMatchObject({ whole: false, brokenAt: 4 })
  })

  test('cannot be written over in the journal itself', () => {
    five()
    const database = new DatabaseSync(lane.file)
    try {
      expect(() => database.exec(`UPDATE custody SET person = 'Eve'`)).toThrow(/append-only/)
      expect(() => database.exec('DELETE FROM custody')).toThrow(/append-only/)
      // Somebody who takes the guard away is found by the chain.
      database.exec(`DROP TRIGGER custody_is_never_changed; UPDATE custody SET person = 'Eve' WHERE number = 3`)
    } finally {
      database.close()
    }
    expect(lane.journal.custodyChain(lane.device)).toMatchObject({ whole: false, brokenAt: 3 })
  })
})

test('entries of an older journal are chained as they stand, in their order, and the event log says so', () => {
  record()
  lane.journal.close()
  const database = new DatabaseSync(lane.file)
  asOfVersion(database, 70)
  database.exec(`
DROP TABLE custody;
CREATE TABLE custody (sequence INTEGER PRIMARY KEY, device_id INTEGER NOT NULL, at INTEGER NOT NULL, step TEXT NOT NULL, person TEXT NOT NULL, place TEXT NOT NULL, note TEXT NOT NULL) STRICT;
INSERT INTO custody VALUES (1, ${lane.device}, 5, 'ordered', 'Ada', '', 'job J1'), (2, ${lane.device}, 6, 'received', 'Bob', 'Dock', '');`)
  database.close()
  const journal = openJournal(lane.file, world)
  try {
    expect(
      journal.custody(lane.device).map(({ number, step, person, note, at, enteredAt }) => [number, step, person, note, at, enteredAt]),
    ).toEqual([
      [1, 'ordered', 'Ada', 'job J1', 5, 5],
      [2, 'received', 'Bob', '', 6, 6],
    ])
    expect(journal.custodyChain(lane.device)).toMatchObject({ whole: true, entries: 2 })
    expect(JSON.parse([...journal.events()].at(-1)?.body ?? '{}')).toMatchObject({ entry: 2, chainedLater: true })
  } finally {
    journal.close()
  }
})
