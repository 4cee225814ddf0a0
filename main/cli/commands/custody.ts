/** firn custody: who had each device when; records steps and corrections, and writes the record of its movements. */
import { InvalidArgumentError, type Command } from 'commander'
import { corrections, stepsByHand, type ChainedEntry, type StepByHand } from '../../../shared/domain/custody.ts'
import { custodyNoteText, custodyPlace, custodyStepWords } from '../../../shared/domain/custodyWords.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import type { FleetRecord } from '../../../shared/ports/journal.ts'
import { correctCustody, recordCustody } from '../../engine/custody.ts'
import type { OpenMigration } from '../../engine/migrationFolder.ts'
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
    .option('--export <file>', 'new CSV file with every entry, its time of entry and its hash')
  action(command, async (session) =>
    session.withMigration(async ({ migration }) => {
      const options = command.opts<Options>()
      const { journal } = migration
      // A correction and what is right instead are entered together or not at all.
      journal.together(() => enter(migration, options))
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
      if (options.export !== undefined)
        await write(
          options.export,
          told.flatMap(({ entries }) => entries),
        )
      return {
        exitCode: told.every(({ chain }) => chain.whole) ? exitCodes.done : exitCodes.needsPerson,
        summary: { devices: told },
      }
    }),
  )
}

function enter(migration: OpenMigration, options: Options): void {
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
    recordCustody(migration, device, { step: record, person, place, note: correct === undefined ? note : '', from, to, at })
  }
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
    by === undefined ? '' : `[does not hold: corrected by entry ${by.number}]`,
  ]
  return parts.filter((part) => part !== '').join(' · ')
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
