/** Each remedy that Firn makes turns its check to pass over HTTP, loses nothing that was there, and can be taken back to what was there. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openBucketSettings } from '../../main/aws/bucketSettings.ts'
import { surveyBucket } from '../../main/aws/bucketSurvey.ts'
import { applyFixes, planFixes, undoFixes } from '../../main/engine/postureFixes.ts'
import { createJournal, type OpenJournal } from '../../main/journal/openJournal.ts'
import { settingNames, type SettingText } from '../../shared/domain/bucketSettings.ts'
import { checkNames, judgeBucket, type CheckName } from '../../shared/domain/posture.ts'
import { settingOf } from '../../shared/domain/postureFix.ts'
import { bucket, startS3, type RunningS3 } from '../kit/sandboxS3.ts'
import { testWorld, type TestWorld } from '../kit/world.ts'

const never = new AbortController().signal
const roles = {
  import: 'arn:aws:iam::111122223333:role/Import',
  gateway: 'arn:aws:iam::111122223333:role/Gateway',
  batch: 'arn:aws:iam::111122223333:role/Batch',
}
const choices = {
  kmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/12345678-aaaa-bbbb-cccc-123456789012',
  exempt: Object.values(roles),
  logBucket: 'access-logs',
}
const fixable = checkNames.filter((check) => settingOf[check] !== undefined)
const somebodys = {
  Sid: 'Partner',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::444455556666:root' },
  Action: 's3:GetObject',
  Resource: `arn:aws:s3:::${bucket}/shared/*`,
}

let s3: RunningS3
let folder: string
let journal: OpenJournal
let world: TestWorld
let denied: string | undefined
beforeEach(async () => {
  denied = undefined
  const refused = { status: 403, code: 'AccessDenied' }
  s3 = await startS3({ faults: { before: ({ operation }) => Promise.resolve(operation === denied ? refused : 'continue') } })
  folder = mkdtempSync(join(tmpdir(), 'firn-posture-'))
  world = testWorld()
  journal = createJournal(join(folder, 'journal.db'), world, { name: 'posture', kind: 'rehearsal' })
})
afterEach(async () => {
  await s3.close()
  expect(s3.bugs).toEqual([])
  journal.close()
  rmSync(folder, { recursive: true })
})

function work() {
  const files = { posture: join(folder, 'posture') } as Parameters<typeof applyFixes>[0]['migration']['files']
  const config = {} as Parameters<typeof applyFixes>[0]['migration']['config']
  return {
    migration: { journal, world, files, config },
    wiring: { bucketSettings: openBucketSettings({ s3: s3.client(), world }) },
    signal: never,
  }
}

async function results(): Promise<Record<string, string>> {
  const told = await surveyBucket({ s3: s3.client(), world }, bucket, never)
  const judged = judgeBucket(told, { profile: 'strict-phi', account: '111122223333', roles })
  return Object.fromEntries(judged.map(({ check, result }) => [check, result]))
}

async function everything(): Promise<Record<string, SettingText>> {
  const { bucketSettings } = work().wiring
  return Object.fromEntries(
    await Promise.all(settingNames.map(async (name) => [name, await bucketSettings.read(bucket, name, never)] as const)),
  )
}

async function fix(checks: readonly CheckName[]): Promise<string> {
  const { changes, notFixed } = await planFixes(work(), bucket, checks, choices)
  expect(notFixed).toEqual([])
  return applyFixes(work(), bucket, changes, 'Ada Example')
}

/** What a hospital has set by itself, so that there is something to lose. */
async function settled(): Promise<void> {
  const client = s3.client()
  await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Suspended' } }))
  const Policy = `{ "Version": "2012-10-17", "Id": "kept",\n  "Statement": ${JSON.stringify(somebodys)} }`
  await client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }))
  const Rules = [
    { ID: 'reports', Status: 'Enabled' as const, Filter: { Prefix: 'reports/' }, Expiration: { Days: 30 } },
    {
      ID: 'cold',
      Status: 'Disabled' as const,
      Filter: { And: { Prefix: 'a/', Tags: [{ Key: 'kind', Value: 'cold' }] } },
      Transitions: [{ Days: 90, StorageClass: 'GLACIER_IR' as const }],
    },
  ]
  await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules } }))
  const byAes = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const }, BucketKeyEnabled: false }] }
  await client.send(new PutBucketEncryptionCommand({ Bucket: bucket, ServerSideEncryptionConfiguration: byAes }))
}

describe('A remedy', () => {
  test.each(fixable)('for %s turns that check to pass, alone', async (check) => {
    await settled()
    const before = await results()
    expect(before[check]).not.toBe('pass')
    await fix([check])
    expect(await results()).toEqual({ ...before, [check]: 'pass' })
  })

  test('for all checks at once leaves what somebody wrote, and can be taken back to the last byte', async () => {
    await settled()
    const before = await everything()
    const file = await fix(fixable)
    expect(Object.entries(await results()).filter(([check, result]) => fixable.includes(check as CheckName) && result !== 'pass')).toEqual(
      [],
    )
    const client = s3.client()
    const policy = JSON.parse((await client.send(new GetBucketPolicyCommand({ Bucket: bucket }))).Policy ?? '') as {
      Id: string
      Statement: { Sid: string }[]
    }
    expect(policy.Id).toBe('kept')
    expect(policy.Statement[0]).toEqual(somebodys)
    expect(policy.Statement.map(({ Sid }) => Sid)).toEqual(['Partner', 'FirnTlsOnly', 'FirnTls12', 'FirnMfaForDelete'])
    const { Rules } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }))
    expect(Rules?.map(({ ID }) => ID)).toEqual(['reports', 'cold', 'firn-unfinished-uploads'])
    expect(Rules?.[1]).toMatchObject({
      Filter: { And: { Tags: [{ Key: 'kind', Value: 'cold' }] } },
      Transitions: [{ StorageClass: 'GLACIER_IR' }],
    })

    expect((await undoFixes(work(), bucket, file, 'Ada Example')).stays).toEqual([])
    expect(await everything()).toEqual(before)
    expect((await undoFixes(work(), bucket, file, 'Ada Example')).undone).toEqual([])
  })

  test('of a bucket where nothing was ever set is taken back to that, but for versions, which S3 cannot forget', async () => {
    const before = await everything()
    const file = await fix(fixable)
    const { stays } = await undoFixes(work(), bucket, file, 'Ada Example')
    expect(stays).toEqual(['versioning'])
    expect(await everything()).toEqual({ ...before, versioning: '{"Status":"Enabled"}' })
  })

  test('made twice changes nothing the second time', async () => {
    await fix(fixable)
    expect((await planFixes(work(), bucket, fixable, choices)).changes).toEqual([])
  })

  test('that a person has to decide is asked for, and one that only a person can find is not made', async () => {
    const { changes, notFixed } = await planFixes(work(), bucket, checkNames, {})
    expect(notFixed.map(({ check }) => check)).toEqual(['encryption', 'mfa-deletion', 'roles', 'not-public', 'object-lock', 'access-log'])
    expect(notFixed.find(({ check }) => check === 'mfa-deletion')?.why).toContain('--exempt')
    expect(changes.map(({ setting }) => setting)).toEqual(['versioning', 'publicAccessBlock', 'ownership', 'lifecycle', 'policy'])
  })

  test('for deletion without a second factor does not lock out the roles that have none', async () => {
    await fix(['mfa-deletion'])
    expect(await results()).toMatchObject({ 'mfa-deletion': 'pass', roles: 'pass' })
  })

  test('does not write over what somebody changed since it was shown', async () => {
    const { changes } = await planFixes(work(), bucket, ['tls'], choices)
    await settled()
    const before = await everything()
    await expect(applyFixes(work(), bucket, changes, 'Ada Example')).rejects.toMatchObject({ code: 'setting-changed' })
    expect(await everything()).toEqual(before)
  })

  test('is not taken back over what somebody changed since it was made', async () => {
    const file = await fix(['tls', 'ownership'])
    await settled()
    const before = await everything()
    await expect(undoFixes(work(), bucket, file, 'Ada Example')).rejects.toMatchObject({
      code: 'setting-changed',
      facts: { setting: 'policy' },
    })
    expect(await everything()).toEqual(before)
  })

  test('that AWS denies names the permission, and what was changed before it can be taken back', async () => {
    const before = await everything()
    denied = 'PutBucketPolicy'
    await expect(fix(['tls', 'ownership'])).rejects.toMatchObject({ code: 'aws-denied', facts: { permission: 's3:PutBucketPolicy' } })
    const [file = ''] = readdirSync(join(folder, 'posture'))
    denied = undefined
    expect((await undoFixes(work(), bucket, join(folder, 'posture', file), 'Ada Example')).undone.map(({ setting }) => setting)).toEqual([
      'ownership',
    ])
    expect(await everything()).toEqual(before)
  })

  test('is in the event log with who made it, and the policy itself is not', async () => {
    await settled()
    await fix(['tls'])
    const events = [...journal.events()].filter(({ kind }) => kind.startsWith('bucket-change'))
    expect(events.map(({ kind }) => kind)).toEqual(['bucket-change-intended', 'bucket-changed'])
    expect(JSON.parse(events[1]?.body ?? '')).toMatchObject({ bucket, setting: 'policy', person: 'Ada Example' })
    expect(events.map(({ body }) => body).join()).not.toContain('Partner')
  })

  test('is not made to a policy that cannot be understood, nor to one that would grow too large', async () => {
    const Policy = (departments: number) => {
      const Resource = Array.from({ length: departments }, (_, at) => `arn:aws:s3:::${bucket}/department-${at}/*`)
      return JSON.stringify({ Version: '2012-10-17', Statement: { ...somebodys, Resource } })
    }
    let departments = 1
    while (Policy(departments).length < 20_300) departments += 1
    await s3.client().send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: Policy(departments) }))
    const { changes, notFixed } = await planFixes(work(), bucket, ['tls'], choices)
    expect([changes, notFixed.length, notFixed[0]?.why]).toEqual([[], 1, 'the policy would grow beyond the 20 KB that S3 takes'])
  })
})

test('a file that is not of an earlier change, or is of another bucket, puts nothing back', async () => {
  const rubbish = join(folder, 'rubbish.json')
  writeFileSync(rubbish, '{"format":"other"}')
  await expect(undoFixes(work(), bucket, rubbish, 'Ada Example')).rejects.toMatchObject({ code: 'bad-input' })
  const file = await fix(['tls'])
  writeFileSync(rubbish, readFileSync(file, 'utf8').replace(`"bucket": "${bucket}"`, '"bucket": "another"'))
  await expect(undoFixes(work(), bucket, rubbish, 'Ada Example')).rejects.toMatchObject({ code: 'bad-input' })
})
