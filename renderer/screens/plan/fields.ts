/** Answers of a plan that a person may change: what kind of entry each is, and which of them cannot be used as they stand. */
import { gatewaySizes, planAnswers, unsafeNameWays, type PlanAnswers } from '../../../shared/contract/planAnswers.ts'
import type { GivenAnswers } from './draft.ts'
import { numberOf } from './ruleForm.ts'

export type Field =
  /** Shown = held ÷ scale. */
  | { readonly kind: 'number'; readonly unit: string; readonly scale: number; readonly whole?: boolean }
  | { readonly kind: 'span'; readonly unit: string }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'date' }

const number = (unit: string, scale = 1, whole = false): Field => ({ kind: 'number', unit, scale, whole })

/** By the dotted name that assumptions and faults use. */
export const fields = {
  'link.megabitsPerSecond': number('Mbit/s'),
  'link.share': number('%', 0.01),
  'link.hoursPerDay': number('h'),
  'link.itemsPerSecond': { kind: 'span', unit: '/s' },
  sourceMegabytesPerSecond: number('MB/s'),
  snowball: { kind: 'choice', values: ['yes', 'no', 'unknown'] },
  snowballEnds: { kind: 'date' },
  'device.usableBytes': number('TB', 1e12, true),
  'device.fill': number('%', 0.01),
  'device.atOnce': number('', 1, true),
  'device.unsafeNames': { kind: 'choice', values: unsafeNameWays },
  'device.megabytesPerSecond': number('MB/s'),
  'device.batchedItemMs': { kind: 'span', unit: 'ms' },
  'device.loneItemMs': { kind: 'span', unit: 'ms' },
  'gateway.size': { kind: 'choice', values: gatewaySizes },
  'gateway.cacheBytes': number('TB', 1e12, true),
  'gateway.filesPerSecond': number('/s'),
  verifyItemsPerSecond: { kind: 'span', unit: '/s' },
} as const satisfies Readonly<Record<string, Field>>
export type FieldName = keyof typeof fields

export function isField(name: string): name is FieldName {
  return Object.hasOwn(fields, name)
}

/** Answers as the contract wants them: { 'link.share': 1 } becomes { link: { share: 1 } }. */
export function nested(given: GivenAnswers, today: string): Record<string, unknown> {
  const answers: Record<string, unknown> = { today }
  for (const [name, value] of Object.entries(given)) {
    const [head = '', rest] = name.split('.')
    if (rest === undefined) answers[head] = value
    else answers[head] = { ...(answers[head] as object | undefined), [rest]: value }
  }
  return answers
}

/** The answers with their defaults; `undefined` while one cannot be used. And the dotted names of those that cannot. */
export function judged(
  given: GivenAnswers,
  today: string,
): { readonly answers: PlanAnswers | undefined; readonly problems: ReadonlySet<string> } {
  const parsed = planAnswers.safeParse(nested(given, today))
  const problems = new Set<string>()
  if (!parsed.success) for (const { path } of parsed.error.issues) problems.add(nameOfPath(path.map(String)))
  const { deadline } = given
  if (typeof deadline === 'string' && parsed.success && deadline < today) problems.add('deadline')
  return { answers: parsed.success && problems.size === 0 ? parsed.data : undefined, problems }
}

/** The field that a path lies in: device.loneItemMs.low lies in device.loneItemMs. */
function nameOfPath(path: readonly string[]): string {
  const two = path.slice(0, 2).join('.')
  return isField(two) || two === 'link.windows' || two.startsWith('prices.') ? two : (path[0] ?? '')
}

/** What is held for a text: a number where it is one, else the text, so that it is refused by name. */
export function heldNumber(text: string, field: Extract<Field, { kind: 'number' }>): number | string {
  const value = numberOf(text)
  if (value === undefined) return text
  const held = value * field.scale
  return field.whole === true ? Math.round(held) : Number(held.toPrecision(12))
}

export function shownNumber(held: unknown, field: Extract<Field, { kind: 'number' }>, decimal: string): string {
  if (typeof held !== 'number') return typeof held === 'string' ? held : ''
  return String(Number((held / field.scale).toPrecision(12))).replace('.', decimal)
}

/** The value under a dotted name. */
export function valueAt(of: unknown, name: string): unknown {
  return name
    .split('.')
    .reduce<unknown>((value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined), of)
}
