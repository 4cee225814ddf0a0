/** firn custody: who had each device when; records steps and corrections, and writes the record of its movements. */
import { InvalidArgumentError, type Command } from 'commander'
import {
  corrections,
  stepsByHand,
  type AttachmentState,
  type ChainedEntry,
  type CustodyAttachment,
  type CustodyChain,
  type StepByHand,
} from '../../../shared/domain/custody.ts'
import { custodyNoteText, custodyPlace, custodyStepWords } from '../../../shared/domain/custodyWords.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import type { FleetRecord } from '../../../shared/ports/journal.ts'
import { attachmentState, keepAttachments } from '../../engine/attachments.ts'
import { correctCustody, recordCustody, requireRecordable } from '../../engine/custody.ts'
import type { OpenMigration } from '../../engine/migrationFolder.ts'
import { movementRecord } from '../../evidence/movementRecord.ts'
import { csv, csvOfPeople, custodyColumns, custodyRow } from '../../evidence/tables.ts'
import { exitCodes } from '../exitCodes.ts'
import { writeNewFile } from '../newFile.ts'
import { action, ordinalNumber, personName } from '../session.ts'

type Options = {
  readonly device?: number
  readonly record?: StepByHand
  readonly correct?: number
  readonly person?: string
  readonly place: string
  readonly from: string
  readonly to: string
  readonly at?: number
  readonly note: string
  readonly export?: string
  readonly attach: readonly string[]
  readonly print?: string
}

export function custodyCommand(program: Command): void {
  const command = program
    .command('custody')
    .description('show who had each device when; record a step or a correction; write the record of movements (45 CFR 164.310(d)(2)(iii))')
    .option('--device <number>', 'only this device; needed to record and to correct', ordinalNumber)
    .option('--record <step>', `what happened: ${stepsByHand.join(', ')}`, stepOf)
    .option('--correct <number>', 'number of the entry that does not hold; give the reason with --note', ordinalNumber)
    .option('--person <name>', 'who did it, or corrects it', personName)
    .option('--place <place>', 'where', '')
    .option('--from <whom>', 'from whom the device came', '')
    .option('--to <whom>', 'to whom it went', '')
    .option('--at <time>', 'when it happened, as 2026-11-24T14:30 (default: now)', timeOf)
    .option('--note <note>', 'anything to remember; of a correction the reason', '')
    .option(
      '--attach <file>',
      'photo or PDF of the step that is recorded; may be given more than once',
      (file: string, before: string[]) => [...before, file],
      [],
    )
    .option('--print <file>', 'new page with the record of movements, to print and sign')
    .option('--export <file>', 'new CSV file with every entry, its time of entry and its hash')
  action(command, async (session) =>
    session.withMigration(async ({ migration }) => {
      const options = command.opts<Options>()
      const { journal } = migration
      const attachments = await attach(migration, options, session.signal)
      // A correction and what is right instead are entered together or not at all.
      journal.together(() => enter(migration, options, attachments))
      const devices = journal.fleet().filter(({ id }) => options.device === undefined || id === options.device)
      if (devices.length === 0) throw new Fault('bad-input', { field: '--device', problem: 'there is no such device' })
      const told = devices.map(({ id }) => ({ device: id, chain: journal.custodyChain(id), entries: journal.custody(id) }))
      for (const { device, chain, entries } of told) {
        session.output.line(
          `Device ${device}: ${entries.length} entries, ${chain.whole ? 'the chain of hashes holds' : `the chain BREAKS at entry ${String(chain.brokenAt)}`}`,
        )
        const corrected = corrections(entries)
        for (const entry of entries) session.output.line(`  ${lineOf(entry, corrected.get(entry.number))}`)
      }
      const attached = await statesOf(
        migration.files.custody,
        told.flatMap(({ entries }) => entries),
      )
      const lost = [...attached].filter(([, state]) => state !== 'whole')
      for (const [sha256, state] of lost)
        session.output.warning(`The copy of attachment ${sha256} is ${state}: put it back from a copy of the migration's folder.`)
      if (options.print !== undefined) await print(options.print, migration, told, attached)
      if (options.export !== undefined)
        await write(
          options.export,
          told.flatMap(({ entries }) => entries),
        )
      return {
        exitCode: lost.length === 0 && told.every(({ chain }) => chain.whole) ? exitCodes.done : exitCodes.needsPerson,
        summary: { devices: told, attachments: Object.fromEntries(attached) },
      }
    }),
  )
}

function enter(migration: OpenMigration, options: Options, attachments: readonly CustodyAttachment[]): void {
  const { record, correct } = options
  if (record === undefined && correct === undefined) return
  const device = deviceOf(migration, options.device)
  const { person, note } = options
  if (person === undefined) throw new Fault('bad-input', { field: '--person', problem: 'is needed: an entry is in a person’s name' })
  if (correct !== undefined) {
    if (note.trim() === '') throw new Fault('bad-input', { field: '--note', problem: 'is needed: a correction has a reason' })
    correctCustody(migration, device, { number: correct, person, reason: note })
  }
  if (record !== undefined) {
    const { place, from, to, at } = options
    // With --correct the note is the reason of the correction.
    recordCustody(migration, device, { step: record, person, place, note: correct === undefined ? note : '', from, to, at, attachments })
  }
}

/** Before the entry that names them, and after all that could refuse it. */
async function attach(migration: OpenMigration, options: Options, signal: AbortSignal): Promise<CustodyAttachment[]> {
  const { record, correct, attach: files, person, at } = options
  if (files.length === 0) return []
  if (record === undefined) throw new Fault('bad-input', { field: '--attach', problem: 'goes with --record' })
  if (person === undefined) throw new Fault('bad-input', { field: '--person', problem: 'is needed: an entry is in a person’s name' })
  if (correct === undefined) requireRecordable(migration, deviceOf(migration, options.device), { step: record, person, at })
  return keepAttachments(migration.files.custody, files, migration.world.random, signal)
}

/** By SHA-256: whether each copy is there and still has its digest. */
async function statesOf(folder: string, entries: readonly ChainedEntry[]): Promise<Map<string, AttachmentState>> {
  const states = new Map<string, AttachmentState>()
  for (const attachment of entries.flatMap((entry) => entry.attachments))
    if (!states.has(attachment.sha256)) states.set(attachment.sha256, await attachmentState(folder, attachment))
  return states
}

function deviceOf({ journal }: OpenMigration, wanted: number | undefined): FleetRecord {
  const fleet = journal.fleet()
  const [only] = fleet
  const device = wanted === undefined && fleet.length === 1 ? only : fleet.find(({ id }) => id === wanted)
  if (device === undefined) throw new Fault('bad-input', { field: '--device', problem: 'say which device' })
  return device
}

function lineOf(entry: ChainedEntry, by: ChainedEntry | undefined): string {
  const parts = [
    `${entry.number}.`,
    new Date(entry.at).toISOString().slice(0, 16).replace('T', ' '),
    custodyStepWords.en[entry.step],
    ...(entry.corrects === null ? [] : [`of entry ${entry.corrects}`]),
    `by ${entry.person}`,
    custodyPlace(entry, 'en'),
    entry.from === '' ? '' : `from ${entry.from}`,
    entry.to === '' ? '' : `to ${entry.to}`,
    custodyNoteText(entry, 'en'),
    ...entry.attachments.map(({ sha256 }) => `attached ${sha256.slice(0, 16)}`),
    by === undefined ? '' : `[does not hold: corrected by entry ${by.number}]`,
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

async function print(
  to: string,
  { journal, world }: OpenMigration,
  told: readonly { readonly device: number; readonly chain: CustodyChain; readonly entries: readonly ChainedEntry[] }[],
  attachments: ReadonlyMap<string, string>,
): Promise<void> {
  const fleet = new Map(journal.fleet().map((one) => [one.id, one]))
  const devices = told.map((one) => {
    const { snowballType = '', jobId, state = '' } = fleet.get(one.device) ?? {}
    return { ...one, snowballType, jobId, state }
  })
  await writeNewFile('--print', to, (sink) =>
    sink.write(movementRecord({ migration: journal.migration(), at: world.clock.now(), devices, attachments })),
  )
}

async function write(to: string, entries: readonly ChainedEntry[]): Promise<void> {
  await writeNewFile('--export', to, async (sink) => {
    await sink.write(csv([custodyColumns]))
    if (entries.length > 0) await sink.write(csvOfPeople(entries.map(custodyRow)))
  })
}

function stepOf(text: string): StepByHand {
  const step = stepsByHand.find((one) => one === text)
  if (step === undefined) throw new InvalidArgumentError(`one of ${stepsByHand.join(', ')}; the others Firn enters itself`)
  return step
}

function timeOf(text: string): number {
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new InvalidArgumentError('a time such as 2026-11-24T14:30')
  return at
}
