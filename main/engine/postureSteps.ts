/** Judging how a bucket is set up, for the command line: by its own command, and beside a plan that sends devices there. */
import { judgeBucket, type BucketTold, type PostureFinding, type ProfileName } from '../../shared/domain/posture.ts'
import { driftOf, type Drift } from '../../shared/domain/postureDrift.ts'
import { readPolicy, type Policy } from '../../shared/domain/policy/document.ts'
import { blockedRoles } from '../../shared/domain/policy/questions.ts'
import { asFault, Fault } from '../../shared/faults/fault.ts'
import type { PostureMoment } from '../../shared/ports/postureJournal.ts'
import type { Wiring } from './compose.ts'
import type { OpenMigration } from './migrationFolder.ts'

export type Asking = {
  readonly migration: Pick<OpenMigration, 'journal' | 'config' | 'world'>
  readonly wiring: Pick<Wiring, 'bucket'>
  readonly signal: AbortSignal
}

/** What was found is kept in the journal, for drift and for the evidence. @throws Fault bucket-missing. */
export async function checkBucket(work: Asking, bucket: string, profile: ProfileName, moment: PostureMoment): Promise<PostureFinding[]> {
  return judge(work, await work.wiring.bucket(bucket, work.signal), profile, moment)
}

function judge({ migration }: Asking, told: BucketTold, profile: ProfileName, moment: PostureMoment): PostureFinding[] {
  const { config, journal, world } = migration
  const roleArn = config.snowball?.roleArn
  const findings = judgeBucket(told, { profile, account: accountOf(roleArn), roles: roleArn === undefined ? {} : { import: roleArn } })
  const open = findings.filter(({ result }) => result !== 'pass').map(({ check, result }) => `${check} ${result}`)
  journal.together(() => {
    journal.addPosture({ bucket: told.bucket, at: Math.round(world.clock.now()), moment, profile, findings })
    journal.append('bucket-checked', { bucket: told.bucket, profile, moment, open: open.join(', ') })
  })
  return findings
}

/** The buckets of the migration as they are now. One that cannot be asked is only logged: nothing waits for it. */
export async function checkBuckets(work: Asking, moment: PostureMoment): Promise<void> {
  const { migration, signal } = work
  for (const bucket of new Set(migration.journal.archives().map((archive) => archive.bucket))) {
    try {
      await checkBucket(work, bucket, 'strict-phi', moment)
    } catch (error) {
      signal.throwIfAborted()
      migration.world.log.warn('posture', asFault(error).code)
    }
  }
}

/** What ends otherwise than at the last look at this bucket by the same profile. */
export function driftSince(
  journal: Pick<OpenMigration['journal'], 'postures'>,
  bucket: string,
  profile: ProfileName,
  findings: readonly PostureFinding[],
  before: number,
): { readonly at: number; readonly drift: readonly Drift[] } | undefined {
  const last = journal.postures().findLast((one) => one.bucket === bucket && one.profile === profile && one.at < before)
  return last === undefined ? undefined : { at: last.at, drift: driftOf(last.findings, findings) }
}

/** The buckets whose policy keeps roles from writing, or may, with what says so. A bucket that cannot be asked is only logged: `firn posture` tells it as unknown. */
export async function roleTroubles(work: Asking): Promise<{ bucket: string; finding: PostureFinding }[]> {
  const { migration, signal } = work
  const troubles: { bucket: string; finding: PostureFinding }[] = []
  for (const bucket of new Set(migration.journal.archives().map((archive) => archive.bucket))) {
    try {
      const finding = (await checkBucket(work, bucket, 'strict-phi', 'plan')).find(({ check }) => check === 'roles')
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
export async function requireImportAllowed(work: Asking): Promise<void> {
  const { migration, wiring, signal } = work
  const roleArn = migration.config.snowball?.roleArn
  const account = accountOf(roleArn)
  const policies = new Map<string, Policy | undefined>()
  for (const { bucket, prefix } of migration.journal.archives()) {
    if (!policies.has(bucket)) {
      const told = await wiring.bucket(bucket, signal)
      judge(work, told, 'strict-phi', 'device')
      const { policy } = told
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
