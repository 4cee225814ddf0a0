/** What one value of a request has to be for one value of a condition (IAM User Guide, "IAM JSON policy elements: Condition operators"). */
import { within } from './addresses.ts'
import { arnFits, fits, withoutLiterals } from './patterns.ts'

type Compare = (wanted: string, given: string) => boolean

const same: Compare = (wanted, given) => withoutLiterals(wanted) === given
const sameWhateverCase: Compare = (wanted, given) => wanted.toLowerCase() === given.toLowerCase()

const comparisons: Readonly<Record<string, Compare>> = {
  StringEquals: same,
  StringEqualsIgnoreCase: sameWhateverCase,
  StringLike: fits,
  Bool: sameWhateverCase,
  BinaryEquals: same,
  IpAddress: within,
  ArnEquals: arnFits,
  ArnLike: arnFits,
  ...ordered('Numeric', (text) => (/^\s*[-+]?\d/.test(text) ? Number(text) : Number.NaN)),
  ...ordered('Date', (text) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text))),
}

/** By the name of what they are the opposite of: true also where the key is absent. */
const opposites: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  NotIpAddress: 'IpAddress',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
}

export type Operator = {
  readonly null: boolean
  readonly compare: Compare
  readonly negated: boolean
  readonly ifExists: boolean
  /** How several values of a request count. */
  readonly over: 'each' | 'any' | undefined
}

const nullOperator = { null: true, compare: same, negated: false, ifExists: false, over: undefined } as const

export function isOperator(name: string): boolean {
  return operatorNamed(name) !== undefined
}

export function operatorNamed(name: string): Operator | undefined {
  const [, set, rest = ''] = /^(?:(ForAllValues|ForAnyValue):)?(.+)$/.exec(name) ?? []
  if (rest === 'Null') return set === undefined ? nullOperator : undefined
  const ifExists = rest.endsWith('IfExists')
  const base = ifExists ? rest.slice(0, -'IfExists'.length) : rest
  const opposite = Object.hasOwn(opposites, base) ? opposites[base] : undefined
  const plain = opposite ?? base
  const compare = Object.hasOwn(comparisons, plain) ? comparisons[plain] : undefined
  if (compare === undefined) return undefined
  const over = set === 'ForAllValues' ? 'each' : set === 'ForAnyValue' ? 'any' : undefined
  return { null: false, compare, negated: opposite !== undefined, ifExists, over }
}

function ordered(kind: 'Numeric' | 'Date', read: (text: string) => number): Record<string, Compare> {
  const by =
    (holds: (given: number, wanted: number) => boolean): Compare =>
    (wanted, given) =>
      holds(read(given), read(wanted))
  return {
    [`${kind}Equals`]: by((given, wanted) => given === wanted),
    [`${kind}LessThan`]: by((given, wanted) => given < wanted),
    [`${kind}LessThanEquals`]: by((given, wanted) => given <= wanted),
    [`${kind}GreaterThan`]: by((given, wanted) => given > wanted),
    [`${kind}GreaterThanEquals`]: by((given, wanted) => given >= wanted),
  }
}
