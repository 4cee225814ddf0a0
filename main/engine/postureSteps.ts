/** Judging how a bucket is set up, for the command line: by its own command, and beside a plan that sends devices there. */
import { judgeBucket, type PostureFinding, type ProfileName } from '../../shared/domain/posture.ts'
import { asFault } from '../../shared/faults/fault.ts'
import type { Work } from './steps.ts'

/** @throws Fault bucket-missing. */
export async function checkBucket(
  work: Pick<Work, 'migration' | 'wiring' | 'signal'>,
  bucket: string,
  profile: ProfileName,
): Promise<PostureFinding[]> {
  const { migration, wiring, signal } = work
  const roleArn = migration.config.snowball?.roleArn
  const account = /^\d{12}$/.exec(roleArn?.split(':')[4] ?? '')?.[0]
  return judgeBucket(await wiring.bucket(bucket, signal), { profile, account, roles: roleArn === undefined ? {} : { import: roleArn } })
}

/** The buckets whose policy keeps roles from writing, or may, with what says so. A bucket that cannot be asked is only logged: `firn posture` tells it as unknown. */
export async function roleTroubles(
  work: Pick<Work, 'migration' | 'wiring' | 'signal'>,
): Promise<{ bucket: string; finding: PostureFinding }[]> {
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
