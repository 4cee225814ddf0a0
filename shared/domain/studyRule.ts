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
})
export type StudyRule = z.infer<typeof studyRule>
export type StudyRuleInput = z.input<typeof studyRule>

export const everyStudy: StudyRule = studyRule.parse({})
