/** What a plan starts from where a person said nothing: today, and in a rehearsal the simulated account and the sizes of its devices and batches. */
import type { MigrationConfig } from '../../shared/contract/migrationConfig.ts'
import { parsePlanAnswers, type PlanAnswers } from '../../shared/contract/planAnswers.ts'

/** @throws Fault bad-input with the field that cannot be used. */
export function planAnswersFrom(
  given: Readonly<Record<string, unknown>>,
  { rehearsal }: Pick<MigrationConfig, 'rehearsal'>,
  now: number,
): PlanAnswers {
  const today = new Date(now).toISOString().slice(0, 10)
  if (rehearsal === undefined) return parsePlanAnswers({ today, ...given })
  return parsePlanAnswers({
    today,
    snowball: 'yes',
    snowballEnds: null,
    ...given,
    device: under(given['device'], { usableBytes: rehearsal.deviceBytes }),
    batch: under(given['batch'], { tarBytes: rehearsal.batchBytes }),
  })
}

/** What was given goes before; what is no object is left for the parser to name. */
function under(given: unknown, defaults: object): unknown {
  if (given === undefined) return defaults
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? { ...defaults, ...given } : given
}
