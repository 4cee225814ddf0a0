/** Compares the routes for what there is to travel: days as ranges, what rules them, and which route to take. Pure. */
import type { PlanAnswers } from '../../shared/contract/planAnswers.ts'
import { isoDay } from '../../shared/domain/notice.ts'
import type { PlanEstimate, PlanLoad, PlanNote, RouteEstimate } from '../../shared/domain/plan.ts'
import { laneNames, type Route } from '../../shared/domain/route.ts'
import { day, formatDurationRange } from '../../shared/units/duration.ts'
import { assumptionsOf } from './assumptions.ts'
import { estimateDevice } from './estimateDevice.ts'
import { estimateLink, estimateShare } from './estimateOnline.ts'

/** What there is in all, and how much of it each route can take. */
export type LoadByRoute = { readonly all: PlanLoad } & Readonly<Record<Route, PlanLoad>>

/** @param load loads in items and bytes. @returns all three routes, the possible ones marked by an empty `notPossible`. */
export function estimate(load: LoadByRoute, answers: PlanAnswers): PlanEstimate {
  const routes = [estimateDevice(load.device, answers), estimateShare(load.share, answers), estimateLink(load.link, answers)].map((one) =>
    judge(one, load.all, answers),
  )
  return { load: load.all, routes, ...recommend(routes, answers), assumptions: assumptionsOf(answers) }
}

/** What holds for every route: the deadline, and what it cannot take. */
function judge(one: RouteEstimate, all: PlanLoad, answers: PlanAnswers): RouteEstimate {
  const notPossible: PlanNote[] = [...one.notPossible]
  const warnings: PlanNote[] = [...one.warnings]
  if (one.takes.items === 0) notPossible.push({ code: 'takes-nothing', text: 'It can take none of the items.' })
  const others = all.items - one.takes.items
  if (others > 0 && one.takes.items > 0)
    warnings.push({
      code: 'not-all',
      text: `${others} ${others === 1 ? 'item' : 'items'} must go by another lane, with the studies they belong to. Their time is not in this figure.`,
    })
  if (answers.deadline !== undefined) {
    const left = (isoDay(answers.deadline) - isoDay(answers.today)) / day
    if (one.days.low > left)
      notPossible.push({
        code: 'deadline-missed',
        text: `Even the low figure ends after the deadline ${answers.deadline}, ${left} days away.`,
      })
    else if (one.days.high > left)
      warnings.push({ code: 'deadline-tight', text: `The high figure ends after the deadline ${answers.deadline}, ${left} days away.` })
  }
  return { ...one, notPossible, warnings }
}

/** Of equal routes the one with the least handling. */
const preference: readonly Route[] = ['link', 'share', 'device']

function recommend(routes: readonly RouteEstimate[], answers: PlanAnswers): Pick<PlanEstimate, 'recommended' | 'why'> {
  const possible = routes
    .filter((one) => one.notPossible.length === 0)
    .toSorted((a, b) => a.days.high - b.days.high || preference.indexOf(a.route) - preference.indexOf(b.route))
  const [soonest, next] = possible
  if (soonest === undefined) {
    const reasons = routes.map((one) => `${laneNames[one.route]}: ${one.notPossible[0]?.text ?? ''}`)
    return { recommended: null, why: `No route can be taken. ${reasons.join(' ')}` }
  }
  const unsure = soonest.route === 'device' && answers.snowball === 'unknown'
  // A route that may not exist is recommended only when every other is clearly later.
  if (unsure && next !== undefined && next.days.low <= soonest.days.high)
    return { recommended: next.route, why: `${sentence(next)} The device lane might end sooner, if the account still has Snowball.` }
  const than = next === undefined ? 'It is the only route that can be taken.' : `Next best: ${laneNames[next.route]}, ${span(next)}.`
  return {
    recommended: soonest.route,
    why: `${sentence(soonest)} ${than}${unsure ? ' First make sure that the account still has Snowball.' : ''}`,
  }
}

function sentence(one: RouteEstimate): string {
  const rules = { items: 'the number of items', bytes: 'the bytes', calendar: 'shipping and import' }[one.bottleneck]
  return `The ${laneNames[one.route]} takes ${span(one)}, ruled by ${rules}.`
}

function span(one: RouteEstimate): string {
  return formatDurationRange({ low: one.days.low * day, high: one.days.high * day })
}
