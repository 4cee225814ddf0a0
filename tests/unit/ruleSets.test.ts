/** Saved rules: which studies of which patients stay, as versions that are never changed. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { previewRules, rulesNamed, saveRules } from '../../main/engine/ruleSets.ts'
import { makePlan } from '../../main/plan/makePlan.ts'
import { parsePlanAnswers } from '../../shared/contract/planAnswers.ts'
import { studyRule, type StudyRuleInput } from '../../shared/domain/studyRule.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathText } from '../../shared/units/itemPath.ts'
import { outcomeOfStage, patientKey, scanInto, testMigration, type Planted, type TestMigration } from './planKit.ts'

const never = new AbortController().signal
const today = '2026-11-24'
const ada = 'Ada Example'

let migration: TestMigration
beforeEach(() => {
  migration = testMigration()
})
afterEach(() => migration.close())

const at = () => ({ journal: migration.journal, world: migration.world, patientKey })
const save = async (rule: StudyRuleInput, name = 'cold', keepPatients?: string) =>
  (await saveRules(at(), { name, person: ada, rule, keepPatients })).saved

/** Folders of the studies that a rule takes; each study of these tests lies in one of its own. */
function taken(rule: StudyRuleInput): string[] {
  const folders = new Set<string>()
  for (const { id } of migration.journal.studies(bytes(1), studyRule.parse(rule), today))
    for (const { path } of migration.journal.itemsOf(id)) folders.add((pathText(path) ?? '').split('/')[0] ?? '')
  return [...folders].toSorted()
}

const study = (folder: string, patient: string | undefined, studyDate: string | undefined, items = 2): Planted[] =>
  Array.from({ length: items }, (_, nth) => ({
    path: `${folder}/${nth}.dcm`,
    size: 100,
    study: folder,
    ...(patient === undefined ? {} : { patient }),
    ...(studyDate === undefined ? {} : { studyDate }),
  }))

describe('Of each patient', () => {
  it('the newest studies stay, and so does what has no date, no patient, or more than one', () => {
    scanInto(migration, [
      ...study('a-old', 'A', '20100101'),
      ...study('a-mid', 'A', '20150101'),
      ...study('a-new', 'A', '20200101'),
      ...study('b-only', 'B', '19990101'),
      ...study('a-undated', 'A', undefined),
      ...study('nobody', undefined, '19980101'),
      ...study('two', 'A', '19970101', 1),
      { path: 'two/9.dcm', size: 100, study: 'two', studyDate: '19970101', patient: 'B' },
      { path: 'readme/notes.txt', size: 5 },
    ])
    expect(taken({ keepNewest: 1 })).toEqual(['a-mid', 'a-old'])
    expect(taken({ keepNewest: 2 })).toEqual(['a-old'])
    expect(taken({ keepNewest: 3 })).toEqual([])
    expect(taken({ keepNewest: 1, studyDateTo: '20120101' })).toEqual(['a-old'])
  })

  it('the newest are counted over all archives and whatever was sent, not over what the rest of the rule takes', () => {
    scanInto(migration, [...study('ct', 'A', '20100101'), ...study('mr', 'A', '20200101').map((one) => ({ ...one, modality: 'MR' }))])
    // The newest of the patient is the MR; that the rule takes CT alone does not make an older CT the newest.
    expect(taken({ keepNewest: 1, modalities: ['CT'] })).toEqual(['ct'])
    expect(taken({ keepNewest: 1, modalities: ['MR'] })).toEqual([])
  })

  it('who is on a list stays with all studies, and so does whoever is not known', async () => {
    scanInto(migration, [
      ...study('a1', 'A', '20100101'),
      ...study('a2', 'A', '20200101'),
      ...study('b1', 'B', '20200101'),
      ...study('x', undefined, '20200101'),
    ])
    const list = join(migration.folder, 'worklist.csv')
    writeFileSync(list, 'name,patient_id\nsomebody,A\n')
    const { rule } = await save({}, 'worklist', list)
    expect(taken(rule)).toEqual(['b1'])
    expect(JSON.stringify(migration.journal.ruleSets())).not.toContain('"A"')
    expect([...migration.journal.events()].at(-1)).toMatchObject({ kind: 'rules-saved' })
  })

  it('exactly those stay that a person would pick by hand, whatever the archive holds', () => {
    const one = fc.record({
      patient: fc.constantFrom('A', 'B', 'C', undefined),
      date: fc.constantFrom('20100101', '20150615', '20150616', '20240101', undefined),
    })
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 14 }), fc.integer({ min: 1, max: 3 }), (studies, keepNewest) => {
        migration.close()
        migration = testMigration()
        const all = studies.map((of, nth) => ({ ...of, folder: `s${String(nth).padStart(2, '0')}` }))
        scanInto(
          migration,
          all.flatMap(({ folder, patient, date }) => study(folder, patient, date)),
        )
        const goes = new Set(taken({ keepNewest }))
        for (const { folder, patient, date } of all) {
          if (patient === undefined || date === undefined) {
            expect(goes.has(folder)).toBe(false)
            continue
          }
          const newer = all.filter((other) => other.patient === patient && other.date !== undefined && other.date > date).length
          const same = all.filter((other) => other.patient === patient && other.date === date).length
          if (newer >= keepNewest) expect(goes.has(folder)).toBe(true)
          if (newer + same <= keepNewest) expect(goes.has(folder)).toBe(false)
        }
        for (const patient of ['A', 'B', 'C']) {
          const dated = all.filter((of) => of.patient === patient && of.date !== undefined)
          expect(dated.filter(({ folder }) => !goes.has(folder)).length).toBe(Math.min(keepNewest, dated.length))
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('Excluded folders', () => {
  it('keep every study of which anything lies below them', () => {
    scanInto(migration, [
      ...study('a', 'A', '20100101'),
      ...study('teaching', 'A', '20100101'),
      { path: 'teaching2/1.dcm', size: 1, study: 'teaching2' },
      { path: 'mixed/1.dcm', size: 1, study: 'mixed' },
      { path: 'teaching/odd.dcm', size: 1, study: 'mixed' },
    ])
    expect(taken({ excludeFolders: ['/teaching/'] })).toEqual(['a', 'teaching2'])
    expect(taken({ excludeFolders: ['teaching', 'a'] })).toEqual(['teaching2'])
    expect(taken({ excludeFolders: ['nowhere'] })).toEqual(['a', 'mixed', 'teaching', 'teaching2'])
  })
})

describe('A saved rule', () => {
  it('is kept in versions; a plan by it names the version, and later ones do not change it', async () => {
    scanInto(migration, [...study('old', 'A', '20100101'), ...study('new', 'A', '20200101')])
    await save({ studyDateTo: '20120101' })
    await save({ studyDateTo: '20220101' })
    expect(rulesNamed(migration.journal, 'cold')).toMatchObject({ version: 2, person: ada })
    const first = rulesNamed(migration.journal, 'cold@1')
    expect(first.rule).toMatchObject({ studyDateTo: '20120101', named: { name: 'cold', version: 1 } })
    const { journal, world } = migration
    const answers = parsePlanAnswers({ today, division: { kind: 'one-lane', route: 'link' } })
    await outcomeOfStage(makePlan({ journal, archives: journal.archives(), answers, world, rule: first.rule }, never))
    expect(journal.currentPlan()?.rule.named).toEqual({ name: 'cold', version: 1 })
    expect([...journal.waiting({ route: 'link' })].map(({ key }) => key)).toEqual(['pacs/old/0.dcm', 'pacs/old/1.dcm'])
    for (const wanted of ['cold@3', 'warm', ''])
      expect(() => rulesNamed(journal, wanted), wanted).toThrow(expect.objectContaining({ code: 'bad-input' }) as Error)
    const database = new DatabaseSync(join(migration.folder, 'journal.db'))
    for (const sql of ['UPDATE rule_sets SET rule = 1', 'DELETE FROM rule_sets'])
      expect(() => database.exec(sql)).toThrow(/stays as it was saved/)
    database.close()
  })

  it('is counted before anything moves, with a sample spread over all that it takes', async () => {
    scanInto(
      migration,
      Array.from({ length: 300 }, (_, nth) =>
        study(`s${String(nth).padStart(3, '0')}`, `P${nth}`, nth < 200 ? '20100101' : '20200101', 1),
      ).flat(),
    )
    const preview = previewRules(at(), await save({ studyDateTo: '20120101' }))
    expect(preview).toMatchObject({ studies: 200, items: 200, bytes: 20_000, of: { studies: 300, items: 300, bytes: 30_000 } })
    expect(preview.sample.length).toBeGreaterThanOrEqual(5)
    expect(preview.sample.length).toBeLessThanOrEqual(10)
    expect((preview.sample.at(-1)?.id ?? 0) - (preview.sample[0]?.id ?? 0)).toBeGreaterThan(100)
  })

  it.each<[string, StudyRuleInput, string]>([
    ['cold', { keepNewest: 0 }, 'keepNewest'],
    ['cold', { studyDateFrom: '2010' }, 'studyDateFrom'],
    ['a/b', {}, '--save'],
    ['', {}, '--save'],
  ])('of the name "%s" with %j is refused, naming the field', async (name, rule, field) => {
    await expect(save(rule, name)).rejects.toMatchObject({ code: 'bad-input', facts: { field } })
    expect(migration.journal.ruleSets()).toEqual([])
  })
})
