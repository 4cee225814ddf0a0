/** A work as it was asked for, with its options, checked before it is queued. */
import { z } from 'zod'
import { workToStart } from '../../../shared/contract/calls/works.ts'
import type { MigrationConfig } from '../../../shared/contract/migrationConfig.ts'
import { studyRule, type StudyRule } from '../../../shared/domain/studyRule.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { planAnswersFrom } from '../planDefaults.ts'

export const startedWork = z.discriminatedUnion('kind', [...workToStart.options, z.strictObject({ kind: z.literal('prepare') })])
/** `prepare` is begun by the engine itself, for a rehearsal whose archive is still to be made. */
export type StartedWork = z.output<typeof startedWork>

export function deviceOf(work: StartedWork): number | null {
  return work.kind === 'load' || work.kind === 'inspect' ? work.deviceId : null
}

/** @throws Fault bad-input with the field that cannot be used: said at once to whoever asked, not when its turn has come. */
export function checkOptions(work: StartedWork, config: MigrationConfig, now: number): void {
  if (work.kind !== 'plan') return
  ruleFrom(work.rule)
  planAnswersFrom(work.answers, config, now)
}

/** @throws Fault bad-input. */
export function ruleFrom(given: Readonly<Record<string, unknown>>): StudyRule {
  const parsed = studyRule.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Fault('bad-input', {
    field: ['rule', ...(issue?.path ?? [])].map(String).join('.').slice(0, 80),
    problem: issue?.message.slice(0, 200) ?? 'not understood',
  })
}
