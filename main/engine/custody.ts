/** What people enter into the custody of a device: steps that they saw or did, and corrections of what they entered before. */
import {
  corrections,
  firnItself,
  isByFirn,
  isHandedOver,
  standing,
  stepsByHand,
  type ChainedEntry,
  type CustodyAttachment,
  type CustodyStep,
} from '../../shared/domain/custody.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { FleetRecord } from '../../shared/ports/journal.ts'
import { minute } from '../../shared/units/duration.ts'
import type { OpenMigration } from './migrationFolder.ts'
import { requireNotLent } from './workOrderRules.ts'

type Migration = Pick<OpenMigration, 'journal' | 'world'>

export type ToldStep = {
  readonly step: CustodyStep
  readonly person: string
  readonly place: string
  readonly note: string
  readonly from: string
  readonly to: string
  /** When it happened; absent: now. Milliseconds since 1970. */
  readonly at?: number | undefined
  /** Kept already: their copies are durable before the entry that names them. */
  readonly attachments?: readonly CustodyAttachment[]
}

/** Clocks of two machines differ by so much. */
const ahead = 5 * minute

/**
 * @throws Fault bad-input for a step that Firn observes itself, a time to come, or Firn's own name; wrong-order for a hand-over that was not corrected before:
 * shipping records it.
 */
export function recordCustody(migration: Migration, device: FleetRecord, told: ToldStep): ChainedEntry {
  requireRecordable(migration, device, told)
  const { at = migration.world.clock.now(), step, person, place, note, from, to, attachments = [] } = told
  return migration.journal.addCustody({ deviceId: device.id, at, step, person, place, note, from, to, attachments })
}

/** Asked before attachments are copied, so that what is refused leaves nothing behind, and again when it is recorded. @throws as recordCustody. */
export function requireRecordable(
  { journal, world }: Migration,
  device: FleetRecord,
  told: Pick<ToldStep, 'step' | 'person' | 'at'>,
): void {
  requirePerson(told.person)
  requireNotLent(journal, device.id)
  if (!(stepsByHand as readonly CustodyStep[]).includes(told.step))
    throw new Fault('bad-input', { field: 'step', problem: `${told.step} is entered by Firn itself, when it sees it or AWS says so` })
  if (told.step === 'handed-over') {
    const entries = journal.custody(device.id)
    if (!isHandedOver(entries) || isHandedOver(standing(entries)))
      throw new Fault('wrong-order', { device: device.id, missing: 'ship checklist' })
  }
  if (told.at !== undefined && told.at > world.clock.now() + ahead)
    throw new Fault('bad-input', { field: 'at', problem: 'lies in the future' })
}

/**
 * The entry does not hold, for a reason; it stays, and what is right is entered anew. A corrected hand-over still keeps the device from being loaded again.
 * @throws Fault bad-input for an entry that is not there, is corrected already, or is Firn's own.
 */
export function correctCustody(
  { journal, world }: Migration,
  device: FleetRecord,
  { number, person, reason }: { readonly number: number; readonly person: string; readonly reason: string },
): ChainedEntry {
  requirePerson(person)
  requireNotLent(journal, device.id)
  const entries = journal.custody(device.id)
  const entry = entries.find((one) => one.number === number)
  const refuse = (problem: string): never => {
    throw new Fault('bad-input', { field: 'number', problem })
  }
  if (entry === undefined) return refuse('there is no such entry')
  if (corrections(entries).has(number)) return refuse('is corrected already')
  if (entry.step === 'correction') return refuse('is a correction itself: enter what is right')
  if (isByFirn(entry)) return refuse('was entered by Firn from what it saw: it is not a person’s to correct')
  return journal.addCustody({ deviceId: device.id, at: world.clock.now(), step: 'correction', person, note: reason, corrects: number })
}

function requirePerson(person: string): void {
  if (person.trim().toLowerCase() === firnItself.toLowerCase())
    throw new Fault('bad-input', { field: 'person', problem: 'is the name under which the program enters what it saw' })
}
