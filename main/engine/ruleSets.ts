/** Saved rules of which studies go: saved as versions, found by name, and counted before anything moves. */
import { ruleSetName, studyRule, type RuleSet, type StudyRuleInput } from '../../shared/domain/studyRule.ts'
import { Fault } from '../../shared/faults/fault.ts'
import { defaultBatchLimits } from '../../shared/domain/batch.ts'
import type { StudyLoad } from '../../shared/domain/study.ts'
import type { OpenMigration } from './migrationFolder.ts'
import { patientsIn, type KeptPatients } from './patientList.ts'

type Migration = Pick<OpenMigration, 'journal' | 'world' | 'patientKey'>

/** A list of patients is read, hashed and kept with the rule. @throws Fault bad-input naming what cannot be used. */
export async function saveRules(
  { journal, world, patientKey }: Migration,
  wanted: { readonly name: string; readonly person: string; readonly rule: StudyRuleInput; readonly keepPatients: string | undefined },
): Promise<{ readonly saved: RuleSet; readonly patients: KeptPatients | undefined }> {
  const { name, person, keepPatients } = wanted
  if (!ruleSetName.test(name))
    throw new Fault('bad-input', { field: '--save', problem: 'is up to 60 letters, digits, spaces, points and dashes' })
  const hashes = keepPatients === undefined ? undefined : await patientsIn(keepPatients, patientKey)
  const parsed = studyRule.safeParse(wanted.rule)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Fault('bad-input', { field: issue?.path.map(String).join('.') ?? 'rule', problem: issue?.message ?? 'not understood' })
  }
  const at = Math.round(world.clock.now())
  return journal.together(() => {
    const list = hashes === undefined ? null : journal.addPatientList(hashes, person, at)
    const saved = journal.saveRules(name, { ...parsed.data, keepPatients: list ?? parsed.data.keepPatients }, person, at)
    const patients = hashes === undefined ? undefined : { listed: hashes.length, found: journal.patientsFound(hashes) }
    journal.append('rules-saved', {
      rules: name,
      version: saved.version,
      person,
      keptPatients: patients?.listed ?? 0,
      patientsFound: patients?.found ?? 0,
    })
    return { saved, patients }
  })
}

/** `name` or `name@version`; without one the newest. @throws Fault bad-input. */
export function rulesNamed(journal: Migration['journal'], wanted: string): RuleSet {
  const [, name = wanted, version] = /^(.*)@(\d+)$/.exec(wanted) ?? []
  const versions = journal.ruleSets().filter((one) => one.name === name)
  const found = version === undefined ? versions.at(-1) : versions.find((one) => one.version === Number(version))
  if (found === undefined) throw new Fault('bad-input', { field: '--rules', problem: 'there are no rules of this name and version' })
  return found
}

export type RulesPreview = {
  readonly studies: number
  readonly items: number
  readonly bytes: number
  /** Of all that may still be planned. */
  readonly of: { readonly studies: number; readonly items: number; readonly bytes: number }
  /** The first and every so many-th study, by number: enough to look whether the rules mean what they should. */
  readonly sample: readonly Pick<StudyLoad, 'id' | 'modality' | 'studyDate' | 'items' | 'bytes'>[]
}

const sampled = 10

export function previewRules({ journal, world }: Pick<Migration, 'journal' | 'world'>, { rule }: RuleSet): RulesPreview {
  const today = new Date(world.clock.now()).toISOString().slice(0, 10)
  const { smallBelow } = defaultBatchLimits
  const of = { studies: 0, items: 0, bytes: 0 }
  for (const { items, bytes } of journal.studies(smallBelow)) add(of, items, bytes)
  const sum = { studies: 0, items: 0, bytes: 0 }
  let sample: RulesPreview['sample'][number][] = []
  let step = 1
  for (const { id, modality, studyDate, items, bytes } of journal.studies(smallBelow, rule, today)) {
    if (sum.studies % step === 0) sample.push({ id, modality, studyDate, items, bytes })
    // Spread over all of them, whatever their number, without keeping them.
    if (sample.length > 2 * sampled) {
      sample = sample.filter((_, at) => at % 2 === 0)
      step *= 2
    }
    add(sum, items, bytes)
  }
  return { ...sum, of, sample: sample.slice(0, sampled) }
}

function add(sum: { studies: number; items: number; bytes: number }, items: number, bytes: number): void {
  sum.studies += 1
  sum.items += items
  sum.bytes += bytes
}
