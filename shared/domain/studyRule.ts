/** Which studies go: a rule that a person can read. All its parts must hold; an empty rule takes every study. */
import { z } from 'zod'

export const studyRule = z.strictObject({
  archiveIds: z.array(z.number().int()).max(50).nullable().default(null),
  /** `null` in the list: studies without a modality. */
  modalities: z.array(z.string().max(16).nullable()).max(100).nullable().default(null),
  /** YYYYMMDD, both included. A study without a date is outside of any range. */
  studyDateFrom: z
    .string()
    .regex(/^\d{8}$/)
    .nullable()
    .default(null),
  studyDateTo: z
    .string()
    .regex(/^\d{8}$/)
    .nullable()
    .default(null),
  /** Folder below the archive's root, as text; every item of the study must lie below it. Empty: the whole archive. */
  folder: z.string().max(1000).nullable().default(null),
  /** Bytes of the whole study. */
  smallest: z.number().int().nonnegative().nullable().default(null),
  largest: z.number().int().nonnegative().nullable().default(null),
  /** No file of the study was touched (mtime) in the last so many years before the day of the plan. */
  coldYears: z.number().min(0).max(100).nullable().default(null),
  /** The newest so many studies of each patient stay. So does a study without a date, or whose patient is not known or not one. */
  keepNewest: z.number().int().min(1).max(1000).nullable().default(null),
  /** Number of a list of patients whose studies stay, those of unknown patients with them. */
  keepPatients: z.number().int().positive().nullable().default(null),
  /** Folders below the archive's root: a study of which any item lies below one of them stays. */
  excludeFolders: z.array(z.string().min(1).max(1000)).max(100).nullable().default(null),
  /** The saved set that this rule is. */
  named: z.strictObject({ name: z.string(), version: z.number().int().positive() }).nullable().default(null),
})
export type StudyRule = z.infer<typeof studyRule>
export type StudyRuleInput = z.input<typeof studyRule>

export const everyStudy: StudyRule = studyRule.parse({})

/** What keeps studies back by looking at others than themselves. */
export function keepsBack({ keepNewest, keepPatients, excludeFolders }: StudyRule): boolean {
  return keepNewest !== null || keepPatients !== null || (excludeFolders !== null && excludeFolders.length > 0)
}

/** A saved rule. Versions are never changed: a plan names the one it was made by. */
export type RuleSet = {
  readonly name: string
  readonly version: number
  readonly person: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly rule: StudyRule
}

export const ruleSetName = /^[\p{L}\p{N}][\p{L}\p{N} _.-]{0,59}$/u
