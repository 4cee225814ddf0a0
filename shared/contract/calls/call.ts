/** One call: what goes in, what comes back. And the shapes that several areas share. */
import { z } from 'zod'

export type Call = { readonly input: z.ZodType; readonly answer: z.ZodType }

export function call<Input extends z.ZodType, Answer extends z.ZodType>(
  input: Input,
  answer: Answer,
): { readonly input: Input; readonly answer: Answer } {
  return { input, answer }
}

export const nothing = z.strictObject({})
/** Milliseconds since 1970. */
export const time = z.number()
export const count = z.number().int().nonnegative()
export const id = z.number().int().nonnegative()
/** A name that people sign with. */
export const person = z.string().trim().min(1).max(120)
export const text = z.string().max(500)
/** Stands for a path that the host knows and a screen never sends: from a dialog, a dropped folder, or the console's own list of folders. */
export const pathToken = z.string().regex(/^path-[0-9a-f]{32}$/, 'is not a place that was chosen')
export const chosenPath = z.strictObject({
  token: pathToken,
  /** For the eyes of the person who chose it. */
  label: z.string(),
})
export type ChosenPath = z.infer<typeof chosenPath>

/** Keyset pages: `after` is the `next` of the page before; `null` begins. */
export const cursor = z.string().max(2000).nullable()
export const pageInput = { after: cursor.default(null), limit: z.number().int().min(1).max(500).default(100) }
export function page<Row extends z.ZodType>(row: Row) {
  return z.strictObject({ rows: z.array(row), next: cursor })
}

export const amount = z.strictObject({ items: count, bytes: count })
export const rangeMs = z.strictObject({ low: z.number(), high: z.number() })
export const route = z.enum(['device', 'share', 'link'])

/** One look of a check-up: what was seen, and what to do when that is not good. */
export const checkStep = z.strictObject({
  step: z.string(),
  state: z.enum(['good', 'bad', 'unknown']),
  message: z.string(),
  todo: z.string().nullable(),
  durationMs: count,
})
export type CheckStep = z.infer<typeof checkStep>
