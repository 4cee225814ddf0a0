/** Which studies a rule takes: the journal's SQL says the same as the sentence in the rule's own comments, study by study. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answers } from '../../main/engine/views/answers.ts'
import { countChosen, withChosenStudies } from '../../main/journal/views/plan.ts'
import { everyStudy, studyRule, type StudyRule } from '../../shared/domain/studyRule.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathText } from '../../shared/units/itemPath.ts'
import { plant, plantedItem, viewsKit, type PlantedItem, type ViewsKit } from './viewsKit.ts'

const today = '2026-06-15'
const smallBelow = bytes(1024)

const parts = {
  archiveIds: fc.subarray([1, 2, 3]),
  modalities: fc.subarray(['CT', 'MR', 'US', null]),
  studyDateFrom: fc.constantFrom('20120229', '20150101', '20200101'),
  studyDateTo: fc.constantFrom('20120229', '20191231', '20300101'),
  folder: fc.constantFrom('', '/', 'a', 'a/', '/a/b', 'b', 'a/b/c', 'nowhere', 'a%', "a' OR 1=1 --"),
  smallest: fc.constantFrom(0, 1, 1024, 6000),
  largest: fc.constantFrom(0, 5000, 2_100_000),
  coldYears: fc.constantFrom(0, 0.5, 7, 25, 50, 100),
}
const plain: PlantedItem = {
  archive: 1,
  folder: 'a',
  study: 1,
  series: 1,
  modality: 'CT',
  studyDate: '20200101',
  size: 100,
  mtimeUs: 0,
  anomaly: undefined,
  fate: 'unplanned',
  route: 'share',
  verdict: undefined,
  vanishes: false,
  changes: false,
}

const names = Object.keys(parts)
const ruleOf = (whole: object, chosen: readonly string[]): StudyRule =>
  studyRule.parse(Object.fromEntries(Object.entries(whole).filter(([part]) => chosen.includes(part))))
/** Each part alone, and some in pairs: of many together nothing passes. */
const rules: fc.Arbitrary<readonly StudyRule[]> = fc
  .tuple(
    fc.array(fc.record(parts), { minLength: 16, maxLength: 16 }),
    fc.array(fc.subarray(names, { minLength: 2, maxLength: 2 }), { minLength: 8, maxLength: 8 }),
  )
  .map(([wholes, pairs]) => wholes.map((whole, at) => ruleOf(whole, pairs[at - names.length] ?? names.slice(at, at + 1))))

/** The rule, read out loud. */
function takes(rule: StudyRule, studyId: number, kit: ViewsKit): boolean {
  const there = kit.all().filter((item) => item.studyId === studyId && item.present)
  const [first] = there
  if (first === undefined) return false
  const { modality, studyDate } = studyOf(kit, studyId)
  const size = there.reduce((sum, item) => sum + item.size, 0)
  const folder = rule.folder?.split('/').filter((part) => part !== '') ?? []
  const since = Date.parse(`${today}T00:00:00Z`) - (rule.coldYears ?? 0) * 365.25 * 86_400_000
  return (
    (rule.archiveIds === null || rule.archiveIds.includes(first.archiveId)) &&
    (rule.modalities === null || rule.modalities.includes(modality ?? null)) &&
    (rule.studyDateFrom === null || (studyDate !== undefined && studyDate >= rule.studyDateFrom)) &&
    (rule.studyDateTo === null || (studyDate !== undefined && studyDate <= rule.studyDateTo)) &&
    there.every((item) => {
      const parts = pathText(item.path)?.split('/') ?? []
      return parts.length > folder.length && folder.every((part, at) => parts[at] === part)
    }) &&
    (rule.smallest === null || size >= rule.smallest) &&
    (rule.largest === null || size <= rule.largest) &&
    (rule.coldYears === null || there.every((item) => item.kind !== 'file' || item.mtimeUs / 1000 < since))
  )
}

const known = new Map<ViewsKit, Map<number, { modality: string | undefined; studyDate: string | undefined }>>()
/** A study has the modality and date of its first item. */
function studyOf(kit: ViewsKit, studyId: number): { modality: string | undefined; studyDate: string | undefined } {
  let studies = known.get(kit)
  if (studies === undefined) {
    studies = new Map()
    for (const item of kit.all().toSorted((a, b) => a.id - b.id)) if (!studies.has(item.studyId)) studies.set(item.studyId, item)
    known.set(kit, studies)
  }
  return studies.get(studyId) ?? { modality: undefined, studyDate: undefined }
}

const histories = fc.array(plantedItem, { minLength: 20, maxLength: 50 })

test('a rule takes just the studies for which every part of it holds, for the planner and for the live count alike', async () => {
  await fc.assert(
    fc.asyncProperty(histories, rules, async (items, some) => {
      const kit = viewsKit()
      try {
        plant(kit, items)
        const all = [...kit.journal.studies(smallBelow)]
        for (const rule of some) {
          const expected = all.filter((study) => takes(rule, study.id, kit))
          expect([...kit.journal.studies(smallBelow, rule, today)], JSON.stringify(rule)).toEqual(expected)
          const live = await withChosenStudies(
            kit.look(),
            rule,
            today,
            smallBelow,
            async (studies) => await Promise.resolve([...studies.studies(smallBelow)]),
          )
          expect(live, JSON.stringify(rule)).toEqual(expected)
          const sum = (of: typeof all) => ({
            studies: of.length,
            items: of.reduce((total, study) => total + study.items, 0),
            bytes: of.reduce((total, study) => total + study.bytes, 0),
          })
          expect(await countChosen(kit.look(), rule, today, smallBelow)).toEqual({ chosen: sum(expected), all: sum(all) })
        }
      } finally {
        kit.remove()
      }
    }),
    { numRuns: 20 },
  )
})

test('a folder takes what lies wholly below it: no neighbour whose name begins alike, no study with an item elsewhere that is still there', async () => {
  const kit = viewsKit()
  const at = (folder: string, study: number | undefined, more: Partial<PlantedItem> = {}): PlantedItem => ({
    ...plain,
    folder,
    study,
    ...more,
  })
  plant(kit, [
    at('a', undefined),
    at('a0', undefined),
    at('a/b', 1),
    at('a', 1),
    at('a', 2),
    at('b', 2),
    at('a', 3),
    at('b', 3, { vanishes: true }),
  ])
  const rule = studyRule.parse({ folder: 'a' })
  const of = (number: number) => kit.all()[number]?.studyId
  // In byte order of path: a/b/i-2, a/i-0, a/i-3, a/i-4, a/i-6, a0/i-1, b/i-5, b/i-7.
  const expected = [of(1), of(0), of(4)]
  expect([...kit.journal.studies(smallBelow, rule, today)].map(({ id }) => id)).toEqual(expected.toSorted((a = 0, b = 0) => a - b))
  expect((await countChosen(kit.look(), rule, today, smallBelow)).chosen).toEqual({ studies: 3, items: 4, bytes: 400 })
  kit.remove()
})

test('an empty rule takes every study', () => {
  expect(studyRule.parse({})).toEqual(everyStudy)
  const kit = viewsKit()
  plant(kit, fc.sample(histories, { numRuns: 1, seed: 5 })[0] ?? [])
  expect([...kit.journal.studies(smallBelow, everyStudy, today)]).toEqual([...kit.journal.studies(smallBelow)])
  kit.remove()
})

test('an estimate over chosen studies counts them only, and its curve tells the days of each route at every speed', async () => {
  const kit = viewsKit()
  plant(kit, fc.sample(fc.array(plantedItem, { minLength: 40, maxLength: 40 }), { numRuns: 1, seed: 7 })[0] ?? [])
  const rule = studyRule.parse({ modalities: ['CT'] })
  const { chosen } = await answers['plan.count'](kit.look(), { rule })
  const { estimate } = await answers['plan.estimate'](kit.look(), { rule, answers: { link: { megabitsPerSecond: 50 } } })
  expect(chosen.items).toBeGreaterThan(0)
  expect(estimate.load).toMatchObject({ studies: chosen.studies, items: chosen.items, bytes: chosen.bytes })
  const curve = await answers['plan.curve'](kit.look(), { rule, answers: { link: { megabitsPerSecond: 50 } } })
  expect(curve.here).toBe(50)
  expect(curve.points.length).toBeLessThanOrEqual(40)
  const atHere = curve.points.find((point) => point.megabitsPerSecond === 50)
  expect(atHere?.routes.find(({ route }) => route === 'link')).toEqual({
    route: 'link',
    ...estimate.routes.find(({ route }) => route === 'link')?.days,
  })
  await expect(answers['plan.estimate'](kit.look(), { rule, answers: { link: { share: 7 } } })).rejects.toMatchObject({
    code: 'bad-input',
    facts: { field: 'link.share' },
  })
  kit.remove()
})
