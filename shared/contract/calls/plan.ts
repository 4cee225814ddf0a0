/** Planning: what goes, what each route would take for it, and the plan that was made of it. */
import { z } from 'zod'
import { planEstimate } from '../../domain/plan.ts'
import { studyRule } from '../../domain/studyRule.ts'
import { planAnswers } from '../planAnswers.ts'
import { planSummary } from '../summary.ts'
import { amount, call, count, id, nothing, person, time } from './call.ts'

/** Answers as a screen sends them: raw; whoever answers parses them and names the field that cannot be used. */
const answersInput = z.record(z.string().max(64), z.unknown())

export const planCalls = {
  /** What the rule takes of all that may still be planned; live, while a person turns the knobs. */
  'plan.count': call(
    z.strictObject({ rule: studyRule }),
    z.strictObject({ chosen: amount.extend({ studies: count }), all: amount.extend({ studies: count }) }),
  ),
  /** The routes side by side. Makes nothing. @throws Fault bad-input with the field. */
  'plan.estimate': call(
    z.strictObject({ rule: studyRule, answers: answersInput }),
    z.strictObject({ estimate: planEstimate, answers: planAnswers }),
  ),
  /** Days of each route against the speed of the link, for the small chart: at most 40 points. */
  'plan.curve': call(
    z.strictObject({ rule: studyRule, answers: answersInput }),
    z.strictObject({
      points: z.array(
        z.strictObject({
          megabitsPerSecond: z.number(),
          routes: z.array(z.strictObject({ route: z.string(), low: z.number(), high: z.number() })),
        }),
      ),
      here: z.number(),
    }),
  ),
  /** The plan that stands, or `null`. */
  'plan.current': call(
    nothing,
    z
      .strictObject({
        id,
        answers: planAnswers,
        estimate: planEstimate,
        rule: studyRule,
        approvedBy: z.string().nullable(),
        approvedAt: time.nullable(),
        summary: planSummary.nullable(),
        devices: z.array(z.strictObject({ id, ordinal: id, wave: id, items: count, bytes: count, usable: count })),
      })
      .nullable(),
  ),
  /** @throws Fault wrong-order when there is no plan, or `planId` is not the one that stands. */
  'plan.approve': call(z.strictObject({ planId: id, person }), nothing),
} as const
