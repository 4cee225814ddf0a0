/** Whether AWS's import may take the role of the order: asked of IAM before anything is ordered, and by the doctor. */
import { importTrust, wantedTrust, type Trust } from '../../shared/domain/policy/trust.ts'
import { asFault, Fault } from '../../shared/faults/fault.ts'
import type { Wiring } from './compose.ts'
import type { OpenMigration } from './migrationFolder.ts'

type Asking = {
  readonly migration: Pick<OpenMigration, 'config' | 'journal' | 'world'>
  readonly wiring: Pick<Wiring, 'trustOf'>
  readonly signal: AbortSignal
}

export type RoleSeen =
  Trust | { readonly result: 'missing' } | { readonly result: 'not asked'; readonly code: string } | { readonly result: 'none set' }

/** Never throws for what it finds: an account that may not ask IAM can still order. */
export async function importRoleSeen({ migration, wiring, signal }: Asking): Promise<RoleSeen> {
  const { snowball, region } = migration.config
  const account = accountOf(snowball?.roleArn)
  if (snowball === undefined || account === undefined) return { result: 'none set' }
  try {
    const trust = await wiring.trustOf(snowball.roleArn, signal)
    return trust.kind === 'document' ? importTrust(trust.document, { account, region }) : { result: 'missing' }
  } catch (error) {
    signal.throwIfAborted()
    return { result: 'not asked', code: asFault(error).code }
  }
}

/**
 * Only what is certain refuses: what depends on keys that AWS does not tell of, or could not be asked, is logged, and AWS's own answer to the order decides.
 * @throws Fault role-distrusts-import.
 */
export async function requireTrustedRole(asking: Asking): Promise<void> {
  const { migration } = asking
  const seen = await importRoleSeen(asking)
  if (seen.result === 'missing') throw new Fault('role-distrusts-import', { problem: 'IAM knows no role of this ARN' })
  if (seen.result === 'fail') throw new Fault('role-distrusts-import', { problem: seen.problem })
  if (seen.result === 'not asked') migration.world.log.warn('role', seen.code)
  if (seen.result === 'open') migration.journal.append('role-trust-open', { keys: seen.keys.join(', ') })
}

/** The trust policy that the role needs, as JSON for the IAM console or `aws iam update-assume-role-policy`. */
export function wantedTrustOf({ config }: Pick<OpenMigration, 'config'>): string {
  return JSON.stringify(wantedTrust({ account: accountOf(config.snowball?.roleArn) ?? 'ACCOUNT', region: config.region }), undefined, 2)
}

function accountOf(roleArn: string | undefined): string | undefined {
  return /^\d{12}$/.exec(roleArn?.split(':')[4] ?? '')?.[0]
}
