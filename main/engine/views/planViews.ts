/** Estimates while a person turns the knobs of a plan: planning's own arithmetic over the studies that a rule chooses. */
import { parsePlanAnswers, type PlanAnswers } from '../../../shared/contract/planAnswers.ts'
import type { Answer, Parsed } from '../../../shared/contract/bridge.ts'
import { defaultBatchLimits } from '../../../shared/domain/batch.ts'
import type { StudyRule } from '../../../shared/domain/studyRule.ts'
import { bytes } from '../../../shared/units/bytes.ts'
import { version, type Look } from '../../journal/views/look.ts'
import { countChosen, withChosenStudies } from '../../journal/views/plan.ts'
import { estimate, type LoadByRoute } from '../../plan/estimate.ts'
import { tallyLoads } from '../../plan/groupStudies.ts'

/** Speeds of the curve, in Mbit/s, so many to each tenfold. */
const slowest = 10
const fastest = 100_000
const perTenfold = 8

export async function planCount(look: Look, { rule }: Parsed<'plan.count'>): Promise<Answer<'plan.count'>> {
  return await countChosen(look, rule, today(look), defaultBatchLimits.smallBelow)
}

export async function planEstimate(look: Look, input: Parsed<'plan.estimate'>): Promise<Answer<'plan.estimate'>> {
  const answers = answersOf(look, input.answers)
  return { estimate: estimate(await loadOf(look, input.rule, answers), answers), answers }
}

export async function planCurve(look: Look, input: Parsed<'plan.curve'>): Promise<Answer<'plan.curve'>> {
  const answers = answersOf(look, input.answers)
  const load = await loadOf(look, input.rule, answers)
  const here = answers.link.megabitsPerSecond
  const steps = Math.log10(fastest / slowest) * perTenfold
  const speeds = Array.from({ length: steps + 1 }, (_, step) => slowest * 10 ** (step / perTenfold))
  const points = [...new Set([...speeds, here])]
    .toSorted((a, b) => a - b)
    .map((megabitsPerSecond) => {
      const { routes } = estimate(load, { ...answers, link: { ...answers.link, megabitsPerSecond } })
      return {
        megabitsPerSecond,
        // A route that only comes too late still has its place in the chart.
        routes: routes
          .filter(({ takes, notPossible }) => takes.items > 0 && notPossible.every(({ code }) => code === 'deadline-missed'))
          .map(({ route, days }) => ({ route, ...days })),
      }
    })
  return { points, here }
}

/** What each route could take. Of the answers only those about devices and batches bear on it. */
async function loadOf(look: Look, rule: StudyRule, answers: PlanAnswers): Promise<LoadByRoute> {
  const { device, batch } = answers
  const key = JSON.stringify(['load', rule, answers.today, device.usableBytes, device.fill, batch])
  return await look.kept.get(key, version(look), look.signal, (signal) =>
    withChosenStudies(look.with(signal), rule, answers.today, bytes(batch.smallBelow), (studies) => tallyLoads(studies, answers, signal)),
  )
}

/** @throws Fault bad-input with the field. */
function answersOf(look: Look, given: Readonly<Record<string, unknown>>): PlanAnswers {
  return parsePlanAnswers({ today: today(look), ...given })
}

function today(look: Look): string {
  return new Date(look.now()).toISOString().slice(0, 10)
}
