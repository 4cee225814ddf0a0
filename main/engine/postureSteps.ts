/** Judging how a bucket is set up, for the command line: by its own command, and beside a plan that sends devices there. */
import { judgeBucket, type PostureFinding, type ProfileName } from '../../shared/domain/posture.ts'
import { readPolicy, type Policy } from '../../shared/domain/policy/document.ts'
import { blockedRoles } from '../../shared/domain/policy/questions.ts'
import { asFault, Fault } from '../../shared/faults/fault.ts'
import type { Wiring } from './compose.ts'
import type { OpenMigration } from './migrationFolder.ts'

/** What a step has, without the stages that it may run. */
type Work = { readonly migration: OpenMigration; readonly wiring: Wiring; readonly signal: AbortSignal }

export type Asking = {
  readonly migration: Pick<OpenMigration, 'journal' | 'config'>
  readonly wiring: Pick<Wiring, 'bucket'>
  readonly signal: AbortSignal
}

/** @throws Fault bucket-missing. */
export async function checkBucket(work: Work, bucket: string, profile: ProfileName): Promise<PostureFinding[]> {
  const { migration, wiring, signal } = work
  const roleArn = migration.config.snowball?.roleArn
  const account = accountOf(roleArn)
  return judgeBucket(await wiring.bucket(bucket, signal), { profile, account, roles: roleArn === undefined ? {} : { import: roleArn } })
}

/** The buckets whose policy keeps roles from writing, or may, with what says so. A bucket that cannot be asked is only logged: `firn posture` tells it as unknown. */
export async function roleTroubles(work: Work): Promise<{ bucket: string; finding: PostureFinding }[]> {
  const { migration, signal } = work
  const troubles: { bucket: string; finding: PostureFinding }[] = []
  for (const bucket of new Set(migration.journal.archives().map((archive) => archive.bucket))) {
    try {
      const finding = (await checkBucket(work, bucket, 'test')).find(({ check }) => check === 'roles')
      if (finding !== undefined && (finding.result === 'fail' || finding.result === 'weak')) troubles.push({ bucket, finding })
    } catch (error) {
      signal.throwIfAborted()
      migration.world.log.warn('posture', asFault(error).code)
    }
  }
  return troubles
}

/**
 * Before a device is ordered, and again before it leaves: AWS's import would be refused by the bucket, and a device comes back with nothing imported.
 * What cannot be asked, or depends on what is not known of AWS's own requests, does not refuse: the plan and `firn posture` tell it.
 * @throws Fault policy-blocks-import for the place that the archives go to.
 */
export async function requireImportAllowed({ migration, wiring, signal }: Asking): Promise<void> {
  const roleArn = migration.config.snowball?.roleArn
  const account = accountOf(roleArn)
  const policies = new Map<string, Policy | undefined>()
  for (const { bucket, prefix } of migration.journal.archives()) {
    if (!policies.has(bucket)) {
      const { policy } = await wiring.bucket(bucket, signal)
      const read = typeof policy === 'object' && 'value' in policy ? readPolicy(policy.value) : undefined
      policies.set(bucket, read !== undefined && 'policy' in read ? read.policy : undefined)
    }
    const policy = policies.get(bucket)
    if (policy === undefined) continue
    const roles = roleArn === undefined ? {} : { import: roleArn }
    const blocked = blockedRoles(policy, { name: bucket, account: account ?? '' }, roles, prefix).find(
      ({ role, certain }) => role === 'import' && certain === 'blocked',
    )
    if (blocked === undefined) continue
    throw new Fault('policy-blocks-import', {
      bucket,
      statements: blocked.by.map(({ at, sid }) => sid || `statement ${at + 1}`).join(', '),
      actions: blocked.actions.join(', '),
    })
  }
}

function accountOf(roleArn: string | undefined): string | undefined {
  return /^\d{12}$/.exec(roleArn?.split(':')[4] ?? '')?.[0]
}
