/** The rule as a person types it, and the rule it makes: what cannot be understood is named by its field. Pure. */
import { everyStudy, type StudyRule, type StudyRuleInput } from '../../../shared/domain/studyRule.ts'

export type RuleForm = {
  readonly archiveIds: readonly number[]
  /** '' stands for studies without a modality. */
  readonly modalities: readonly string[]
  /** YYYY-MM-DD, or what was typed of it so far. */
  readonly from: string
  readonly to: string
  readonly folder: string
  /** Megabytes of a whole study. */
  readonly smallest: string
  readonly largest: string
  readonly coldYears: string
}

export const emptyForm: RuleForm = {
  archiveIds: [],
  modalities: [],
  from: '',
  to: '',
  folder: '',
  smallest: '',
  largest: '',
  coldYears: '',
}

export type RuleField = 'from' | 'to' | 'folder' | 'smallest' | 'largest' | 'coldYears'
export type RuleProblem = 'date' | 'order' | 'number' | 'years' | 'long'

const megabyte = 1e6

/** "1,5" and "1.5" alike; `undefined`: not a number. */
export function numberOf(text: string): number | undefined {
  const plain = text.trim().replace(',', '.')
  if (!/^\d+(\.\d+)?$|^\.\d+$/.test(plain)) return undefined
  const value = Number(plain)
  return Number.isFinite(value) ? value : undefined
}

function dateOf(text: string): string | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (found === null) return undefined
  const at = new Date(`${text}T00:00:00Z`)
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text ? undefined : text.replaceAll('-', '')
}

export function ruleOf(form: RuleForm): {
  readonly rule: StudyRule
  readonly problems: Readonly<Partial<Record<RuleField, RuleProblem>>>
} {
  const problems: Partial<Record<RuleField, RuleProblem>> = {}
  const date = (field: 'from' | 'to'): string | null => {
    if (form[field].trim() === '') return null
    const value = dateOf(form[field])
    if (value === undefined) problems[field] = 'date'
    return value ?? null
  }
  const megabytes = (field: 'smallest' | 'largest'): number | null => {
    if (form[field].trim() === '') return null
    const value = numberOf(form[field])
    if (value === undefined) problems[field] = 'number'
    return value === undefined ? null : Math.round(value * megabyte)
  }
  const studyDateFrom = date('from')
  const studyDateTo = date('to')
  if (studyDateFrom !== null && studyDateTo !== null && studyDateFrom > studyDateTo) problems.to = 'order'
  const smallest = megabytes('smallest')
  const largest = megabytes('largest')
  if (smallest !== null && largest !== null && smallest > largest) problems.largest = 'order'
  let coldYears: number | null = null
  if (form.coldYears.trim() !== '') {
    const years = numberOf(form.coldYears)
    if (years === undefined || years > 100) problems.coldYears = 'years'
    else coldYears = years
  }
  const folder = form.folder.trim().replace(/^\/+|\/+$/g, '')
  if (folder.length > 1000) problems.folder = 'long'
  return {
    rule: {
      ...everyStudy,
      archiveIds: form.archiveIds.length === 0 ? null : [...form.archiveIds],
      modalities: form.modalities.length === 0 ? null : form.modalities.map((one) => (one === '' ? null : one)),
      studyDateFrom,
      studyDateTo,
      folder: folder === '' ? null : folder.slice(0, 1000),
      smallest,
      largest,
      coldYears,
    },
    problems,
  }
}

function dashed(date: string | null | undefined): string {
  return date === null || date === undefined ? '' : `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`
}

export function formOf(rule: StudyRuleInput): RuleForm {
  const megabytes = (bytes: number | null | undefined): string => (bytes === null || bytes === undefined ? '' : String(bytes / megabyte))
  return {
    archiveIds: rule.archiveIds ?? [],
    modalities: (rule.modalities ?? []).map((one) => one ?? ''),
    from: dashed(rule.studyDateFrom),
    to: dashed(rule.studyDateTo),
    folder: rule.folder ?? '',
    smallest: megabytes(rule.smallest),
    largest: megabytes(rule.largest),
    coldYears: rule.coldYears === null || rule.coldYears === undefined ? '' : String(rule.coldYears),
  }
}
