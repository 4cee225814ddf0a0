/** What may be planned, study by study, kept as a set so that a rule is counted while a person turns its knobs; and the plan that stands. */
import type { Answer } from '../../../shared/contract/bridge.ts'
import { planAnswers } from '../../../shared/contract/planAnswers.ts'
import { planSummary } from '../../../shared/contract/summary.ts'
import { planEstimate } from '../../../shared/domain/plan.ts'
import type { StudyLoad } from '../../../shared/domain/study.ts'
import { everyStudy, keepsBack, type StudyRule } from '../../../shared/domain/studyRule.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import type { Bytes } from '../../../shared/units/bytes.ts'
import { currentPlan, itemsOfStudy } from '../planJournal.ts'
import { numberOf } from '../rows.ts'
import { folderRange, ruleOnStudy, ruleOnWhole, ruleValues, studyLoadOf, studyLoadsSql } from '../studyLoads.ts'
import type { PlanJournal } from '../../../shared/ports/journal.ts'
import { figures } from './figures.ts'
import type { Look } from './look.ts'
import { overStudies } from './studyRanges.ts'
import { withSet } from './withSet.ts'

type Chosen = { readonly studies: number; readonly items: number; readonly bytes: number }

/** @param today ISO day from which the rule counts years back. */
export async function countChosen(look: Look, rule: StudyRule, today: string, smallBelow: Bytes): Promise<{ chosen: Chosen; all: Chosen }> {
  const count = async (of: StudyRule): Promise<Chosen> =>
    await withChosen(look, of, today, smallBelow, (query) => {
      const row = look.database.get(
        `SELECT count(*) AS studies, coalesce(sum(items), 0) AS items, coalesce(sum(bytes), 0) AS bytes FROM (${query.sql})`,
        ...query.values,
      )
      if (row === undefined) throw new Error('an aggregate always has a row')
      return { studies: numberOf(row, 'studies'), items: numberOf(row, 'items'), bytes: numberOf(row, 'bytes') }
    })
  return { chosen: await count(rule), all: await count(everyStudy) }
}

/** The chosen studies as planning walks them, for as long as `work` takes. */
export async function withChosenStudies<Result>(
  look: Look,
  rule: StudyRule,
  today: string,
  smallBelow: Bytes,
  work: (studies: Pick<PlanJournal, 'studies' | 'itemsOf'>) => Promise<Result>,
): Promise<Result> {
  return await withChosen(look, rule, today, smallBelow, (query) =>
    work({
      *studies(): Generator<StudyLoad, void> {
        for (let after = 0; ;) {
          const rows = look.database.all(`${query.sql} AND id > ?11 ORDER BY id LIMIT 1000`, ...query.values, after)
          const last = rows.at(-1)
          if (last === undefined) return
          for (const row of rows) yield studyLoadOf(row)
          after = numberOf(last, 'id')
        }
      },
      itemsOf: (study) => itemsOfStudy(look.database, study),
    }),
  )
}

type Query = { readonly sql: string; readonly values: readonly (string | number | Uint8Array | null)[] }

async function withChosen<Result>(
  look: Look,
  rule: StudyRule,
  today: string,
  smallBelow: Bytes,
  work: (query: Query) => Result | Promise<Result>,
): Promise<Result> {
  // Counted over whole patients, which a person who turns knobs cannot wait for: the command line counts it.
  if (keepsBack(rule))
    throw new Fault('bad-input', { field: 'rule', problem: 'keeps studies of patients or folders: firn rules counts it' })
  return await withSet(
    look,
    'loads',
    String(smallBelow),
    (filling, set) => fillLoads(filling, set, smallBelow),
    async (loads) => {
      // ?1 and ?2: the sets; ?4 to ?10: the rule's parts, where ruleValues puts them.
      const sql = `SELECT * FROM temp.loads s WHERE set_id = ?1 AND (?2 IS NULL OR id IN (SELECT study_id FROM temp.below WHERE set_id = ?2))
        AND ${ruleOnStudy} AND ${ruleOnWhole}`
      const query = (below: number | null): Query => ({
        sql,
        values: [loads, below, null, ...ruleValues(rule, today).slice(0, 7)],
      })
      const [from, to] = folderRange(rule.folder)
      if (from === null) {
        look.sets.ready('below')
        return await work(query(null))
      }
      return await withSet(
        look,
        'below',
        rule.folder ?? '',
        (filling, set) => fillBelow(filling, set, from, to),
        (below) => work(query(below)),
      )
    },
  )
}

async function fillLoads(look: Look, set: number, smallBelow: Bytes): Promise<void> {
  await overStudies(look, (after, last) => {
    look.database.run(
      `INSERT INTO temp.loads SELECT ?4, id, archive_id, kind, modality, study_date, items, bytes, small_items, small_bytes, bars_device, bars_share,
         whole_bytes, touched_us FROM (${studyLoadsSql('TRUE', '0')})`,
      smallBelow,
      after,
      last,
      set,
    )
  })
}

/** Studies all of whose items that are there lie below the folder: those that have as many below it as they have in all. */
async function fillBelow(look: Look, set: number, from: Uint8Array, to: Uint8Array): Promise<void> {
  const archives = look.database.all('SELECT id FROM archives ORDER BY id').map((row) => numberOf(row, 'id'))
  for (const archive of archives) {
    look.database.run(
      `INSERT INTO temp.below SELECT ?, b.study_id FROM (
         SELECT study_id, count(*) AS items FROM items WHERE archive_id = ? AND path >= ? AND path < ? AND present = 1 GROUP BY study_id) b
       WHERE b.items = (SELECT count(*) FROM items i WHERE i.study_id = b.study_id AND i.present = 1)`,
      set,
      archive,
      from,
      to,
    )
    await look.pause()
  }
}

/** A plan that another version of Firn wrote in another form is left out, not guessed at. */
export async function planCurrent(look: Look): Promise<Answer<'plan.current'>> {
  const plan = currentPlan(look.database)
  if (plan === undefined) return null
  const estimate = planEstimate.safeParse(JSON.parse(plan.estimate))
  const answers = planAnswers.safeParse(JSON.parse(plan.answers))
  const summary = planSummary.safeParse(plan.summary === undefined ? undefined : JSON.parse(plan.summary))
  if (!estimate.success || !answers.success) return null
  const sums = new Map((await figures(look)).devices.map(({ id, planned }) => [id, planned]))
  const devices = look.database.all('SELECT id, ordinal, wave, usable FROM devices WHERE plan_id = ? ORDER BY id', plan.id)
  return {
    id: plan.id,
    answers: answers.data,
    estimate: estimate.data,
    rule: plan.rule,
    approvedBy: plan.approvedBy ?? null,
    approvedAt: plan.approvedAt ?? null,
    summary: summary.success ? summary.data : null,
    devices: devices.map((row) => {
      const id = numberOf(row, 'id')
      return {
        id,
        ordinal: numberOf(row, 'ordinal'),
        wave: numberOf(row, 'wave'),
        usable: numberOf(row, 'usable'),
        ...(sums.get(id) ?? { items: 0, bytes: 0 }),
      }
    }),
  }
}
