/** firn safe-to-free: which studies are proven and may be freed at the source, signed by two people. Firn itself deletes nothing. */
import { InvalidArgumentError, type Command } from 'commander'
import { isSigned, type FreeList } from '../../../shared/domain/freeing.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { formatBytes } from '../../../shared/units/bytes.ts'
import { makeFreeList, recordFreeList, signFreeList, writeFreeList, type Freed } from '../../engine/safeToFree.ts'
import type { KeptPatients } from '../../engine/patientList.ts'
import type { OpenMigration } from '../../engine/migrationFolder.ts'
import { exitCodes } from '../exitCodes.ts'
import { writeNewFiles } from '../newFile.ts'
import { count } from '../output.ts'
import { warnOfUnknown } from '../keptPatients.ts'
import { action, ordinalNumber, personName, type Session } from '../session.ts'

type Options = {
  readonly make: boolean
  readonly sign?: number
  readonly write?: number
  readonly person?: string
  readonly olderThan: number
  readonly keepPatients?: string
  readonly csv?: string
  readonly sums?: string
  readonly paths?: string
}

const usualAge = 30

export function safeToFreeCommand(program: Command): void {
  const command = program
    .command('safe-to-free')
    .description('list studies that are proven in S3 and may be freed here; two people sign, and people delete, never Firn')
    .option('--make', 'make a new list of what is safe to free now', false)
    .option('--older-than <days>', 'only studies of which no file was changed in so many days', daysOf, usualAge)
    .option('--keep-patients <file>', 'CSV with a column patient_id: their studies stay, and so do studies without a patient ID')
    .option('--sign <number>', 'sign this list with your name', ordinalNumber)
    .option('--write <number>', 'write the files of this list, once two people have signed it', ordinalNumber)
    .option('--csv <file>', 'new table: path, size, SHA-256, bucket, key and version of each file')
    .option('--sums <file>', 'new file for sha256sum -c')
    .option('--paths <file>', 'new file of paths, each ended by NUL: for xargs -0')
    .option('--person <name>', 'who makes, signs or writes it', personName)
  action(command, async (session) =>
    session.withMigration(async (_work, migration) => {
      const options = command.opts<Options>()
      const done = await act(session, migration, options)
      const lists = migration.journal.freeLists()
      if (lists.length === 0) session.output.line('There is no list yet: firn safe-to-free --make --person NAME')
      for (const list of lists) session.output.line(lineOf(list))
      return {
        exitCode: done.written !== undefined && done.written.withdrawn > 0 ? exitCodes.needsPerson : exitCodes.done,
        summary: { lists, ...done },
      }
    }),
  )
}

type Done = { readonly written?: Freed; readonly patients?: KeptPatients }

async function act(session: Session, migration: OpenMigration, options: Options): Promise<Done> {
  const asked = [options.make, options.sign !== undefined, options.write !== undefined].filter(Boolean).length
  if (asked === 0) return {}
  if (asked > 1) throw new Fault('bad-input', { field: '--make', problem: 'make, sign and write are three steps, by three calls' })
  const { person } = options
  if (person === undefined) throw new Fault('bad-input', { field: '--person', problem: 'is needed: who does it' })
  if (options.make) {
    const { list, patients } = await makeFreeList(migration, {
      person,
      olderThanDays: options.olderThan,
      keepPatients: options.keepPatients,
    })
    warnOfUnknown(session.output, patients)
    session.output.line(`List ${list.id} made. Two people sign it: firn safe-to-free --sign ${list.id} --person NAME`)
    return patients === undefined ? {} : { patients }
  }
  if (options.sign !== undefined) {
    const list = signFreeList(migration, options.sign, person)
    if (isSigned(list))
      session.output.line(`Signed by two people. To write its files: firn safe-to-free --write ${list.id} --csv FILE --person NAME`)
    return {}
  }
  const { csv, sums, paths } = options
  return { written: await write(session, migration, options.write ?? 0, person, { '--csv': csv, '--sums': sums, '--paths': paths }) }
}

async function write(
  session: Session,
  migration: OpenMigration,
  list: number,
  person: string,
  files: Readonly<Record<string, string | undefined>>,
): Promise<Freed> {
  const paths = Object.fromEntries(Object.entries(files).flatMap(([option, file]) => (file === undefined ? [] : [[option, file]])))
  if (Object.keys(paths).length === 0)
    throw new Fault('bad-input', { field: '--csv', problem: 'say what to write: --csv, --sums or --paths' })
  const freed = await writeNewFiles(paths, (sinks) =>
    writeFreeList(migration, list, { table: sinks.get('--csv'), sums: sinks.get('--sums'), paths: sinks.get('--paths') }, session.signal),
  )
  // Said of files that are on the disk, not of files on their way there.
  recordFreeList(migration, freed, person)
  session.output.line(
    `${count(freed.studies)} studies, ${count(freed.items)} files, ${formatBytes(freed.bytes)}. They name paths, which may be those of patients.`,
  )
  if (freed.withdrawn > 0)
    session.output.warning(
      `${count(freed.withdrawn)} studies were left out: a file of each is not at the source as it was read. Scan, and make a new list.`,
    )
  return freed
}

function lineOf(list: FreeList): string {
  const signed = list.signatures.map(({ person, at }) => `${person} (${new Date(at).toISOString().slice(0, 16)})`).join(', ')
  return `list ${list.id}: ${count(list.studies)} studies, ${count(list.items)} files, ${formatBytes(list.bytes)}; made by ${list.person}; signed by ${signed === '' ? 'nobody' : signed}; ${list.digest.slice(0, 16)}`
}

function daysOf(text: string): number {
  const days = Number(text)
  if (text.trim() === '' || !(days >= 0 && days <= 36_525)) throw new InvalidArgumentError('a number of days.')
  return days
}
