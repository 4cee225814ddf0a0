/** Diagnostics: the check-up of `firn doctor`, and the support bundle that shows its content before it is saved. */
import { z } from 'zod'
import { call, checkStep, count, nothing } from './call.ts'

export const diagnosticCalls = {
  'diagnostics.checkup': call(nothing, z.strictObject({ steps: z.array(checkStep) })),
  /** What a support bundle would hold, file by file, as text. Nothing leaves the machine. */
  'diagnostics.supportBundle': call(
    nothing,
    z.strictObject({ files: z.array(z.strictObject({ name: z.string(), bytes: count, text: z.string() })) }),
  ),
} as const
