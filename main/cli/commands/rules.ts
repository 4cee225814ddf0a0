/** firn rules: which studies go, saved under a name in versions, and counted before anything moves. */
import { InvalidArgumentError, type Command } from 'commander'
import { studyRule, type RuleSet, type StudyRule, type StudyRuleInput } from '../../../shared/domain/studyRule.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { formatBytes } from '../../../shared/units/bytes.ts'
import { previewRules, rulesNamed, saveRules, type RulesPreview } from '../../engine/ruleSets.ts'
import { warnOfUnknown } from '../keptPatients.ts'
import { count, type Output } from '../output.ts'
import { action, personName } from '../session.ts'

type Options = {
  readonly save?: string
  readonly show?: string
  readonly person?: string
  readonly modality?: readonly string[]
  readonly from?: string
  readonly to?: string
  readonly folder?: string
  readonly smallest?: number
  readonly largest?: number
  readonly coldYears?: number
  readonly keepNewest?: number
  readonly keepPatients?: string
  readonly exclude: readonly string[]
}

export function rulesCommand(program: Command): void {
  const command = program
    .command('rules')
    .description('say which studies go, save it under a name, and see what it takes; firn plan --rules NAME plans by it')
    .option('--save <name>', 'save these rules as the next version of this name', undefined)
    .option('--show <name>', 'count what these rules take, NAME or NAME@VERSION')
    .option('--person <name>', 'who saves them', personName)
    .option('--modality <list>', 'only these, by commas; "none" for studies without one', modalitiesOf)
    .option('--from <date>', 'only studies of this day or later, YYYYMMDD')
    .option('--to <date>', 'only studies of this day or earlier, YYYYMMDD')
    .option('--folder <path>', 'only studies that lie wholly below this folder of the archive')
    .option('--smallest <bytes>', 'only studies of so many bytes or more', wholeNumber)
    .option('--largest <bytes>', 'only studies of at most so many bytes', wholeNumber)
    .option('--cold-years <years>', 'only studies of which no file was changed for so long', amount)
    .option('--keep-newest <number>', 'the newest so many studies of each patient stay', wholeNumber)
    .option('--keep-patients <file>', 'CSV with a column patient_id: their studies stay, and those of unknown patients')
    .option(
      '--exclude <folder>',
      'studies with anything below this folder stay; may be given more than once',
      (one: string, before: string[]) => [...before, one],
      [],
    )
  action(command, async (session) =>
    session.withMigration(async (_work, migration) => {
      const options = command.opts<Options>()
      const { journal } = migration
      const { saved, patients } = options.save === undefined ? {} : await save(migration, options.save, options)
      const shown = saved ?? (options.show === undefined ? undefined : rulesNamed(journal, options.show))
      if (shown === undefined) {
        const sets = journal.ruleSets()
        if (sets.length === 0) session.output.line('There are no rules yet: firn rules --save NAME --cold-years 7 --person NAME')
        for (const one of sets) session.output.line(lineOf(one))
        return { summary: { rules: sets } }
      }
      const preview = previewRules(migration, shown)
      session.output.line(lineOf(shown))
      print(session.output, preview)
      warnOfUnknown(session.output, patients)
      return { summary: { rules: [shown], preview, ...(patients === undefined ? {} : { patients }) } }
    }),
  )
}

function save(migration: Parameters<typeof saveRules>[0], name: string, options: Options): ReturnType<typeof saveRules> {
  if (options.show !== undefined) throw new Fault('bad-input', { field: '--show', problem: 'what is saved is shown: give one of the two' })
  if (options.person === undefined) throw new Fault('bad-input', { field: '--person', problem: 'is needed: who saves the rules' })
  const rule: StudyRuleInput = {
    modalities: options.modality?.map((one) => (one === 'none' ? null : one)) ?? null,
    studyDateFrom: options.from ?? null,
    studyDateTo: options.to ?? null,
    folder: options.folder ?? null,
    smallest: options.smallest ?? null,
    largest: options.largest ?? null,
    coldYears: options.coldYears ?? null,
    keepNewest: options.keepNewest ?? null,
    excludeFolders: options.exclude.length === 0 ? null : [...options.exclude],
  }
  return saveRules(migration, { name, person: options.person, rule, keepPatients: options.keepPatients })
}

function lineOf({ name, version, person, at, rule }: RuleSet): string {
  return `${name}@${version}: ${wordsOf(rule)}; saved by ${person}, ${new Date(at).toISOString().slice(0, 16)}`
}

function wordsOf({ named: _named, ...parts }: StudyRule): string {
  const said = Object.entries(parts).flatMap(([name, value]) => (value === null ? [] : [`${name} ${JSON.stringify(value)}`]))
  return said.length === 0 ? 'every study' : said.join(', ')
}

function print(output: Output, { studies, items, bytes, of, sample }: RulesPreview): void {
  output.line(
    `  takes ${count(studies)} of ${count(of.studies)} studies, ${count(items)} items, ${formatBytes(bytes)} of ${formatBytes(of.bytes)}`,
  )
  for (const one of sample)
    output.line(
      `    study ${one.id}: ${one.modality ?? 'no modality'}, ${one.studyDate ?? 'no date'}, ${count(one.items)} items, ${formatBytes(one.bytes)}`,
    )
}

function modalitiesOf(text: string): readonly string[] {
  const all = text.split(',').map((one) => one.trim())
  if (studyRule.safeParse({ modalities: all }).success && all.every((one) => one !== '')) return all
  throw new InvalidArgumentError('modalities by commas, such as CT,MR.')
}

function amount(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new InvalidArgumentError('a number from 0.')
  return value
}

function wholeNumber(text: string): number {
  const value = amount(text)
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('a whole number.')
  return value
}
