/** The trust policy of the import role, asked of IAM as the sandbox plays it; an order is refused before AWS is asked for a device. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { iamClient } from '../../main/aws/clients.ts'
import { roleTrust } from '../../main/aws/roleTrust.ts'
import { importRoleSeen, requireTrustedRole } from '../../main/engine/importRole.ts'
import { startSandbox, type SandboxOptions } from '../../main/sandbox/start.ts'
import { journalKit } from '../kit/journal.ts'
import { testWorld } from '../kit/world.ts'

const never = new AbortController().signal
const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const trust = (service: string) =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }] })

async function asking(options: Partial<SandboxOptions>, role = 'SnowballImport', secret?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'firn-trust-'))
  const sandbox = await startSandbox({ folder, buckets: [{ name: 'images' }], shareBucket: 'images', sharePrefix: '', ...options })
  const { cloud: url, region, accessKeyId, secretAccessKey } = sandbox.endpoints
  const iam = iamClient({ url, region, credentials: { accessKeyId, secretAccessKey: secret ?? secretAccessKey } })
  const kit = journalKit()
  closing.push(async () => {
    kit.remove()
    iam.destroy()
    await sandbox.close()
    rmSync(folder, { recursive: true })
  })
  const world = testWorld({ now: Date.now() })
  const config = { region, snowball: { roleArn: `arn:aws:iam::111122223333:role/${role}` } }
  return {
    kit,
    work: {
      migration: { config, journal: kit.journal, world },
      wiring: { trustOf: (arn: string, signal: AbortSignal) => roleTrust({ iam, world }, arn, signal) },
      signal: never,
    } as unknown as Parameters<typeof requireTrustedRole>[0],
  }
}

test('a role that trusts the import service is good', async () => {
  const { work } = await asking({})
  expect(await importRoleSeen(work)).toEqual({ result: 'pass' })
  await requireTrustedRole(work)
})

test('a role that trusts another service, or that is not there, or of which the ARN is another, refuses the order', async () => {
  const other = await asking({ roles: { SnowballImport: trust('ec2.amazonaws.com') } })
  await expect(requireTrustedRole(other.work)).rejects.toMatchObject({ code: 'role-distrusts-import' })
  const missing = await asking({ roles: {} })
  expect(await importRoleSeen(missing.work)).toEqual({ result: 'missing' })
  await expect(requireTrustedRole(missing.work)).rejects.toMatchObject({ code: 'role-distrusts-import' })
  const path = await asking({ roles: { SnowballImport: trust('importexport.amazonaws.com') } }, 'service-role/SnowballImport')
  expect(await importRoleSeen(path.work)).toEqual({ result: 'missing' })
})

test('an account that may not ask IAM can still order, and that is logged', async () => {
  const denied = {
    seed: 1,
    calls: [{ service: 'iam', operation: 'GetRole', every: 1, effect: { kind: 'status', status: 403, code: 'AccessDenied' } }],
  }
  const { work } = await asking({ faultPlan: denied })
  expect(await importRoleSeen(work)).toEqual({ result: 'not asked', code: 'aws-denied' })
  await requireTrustedRole(work)
  const wrong = await asking({}, 'SnowballImport', 'wrong')
  expect(await importRoleSeen(wrong.work)).toEqual({ result: 'not asked', code: 'aws-wrong-secret' })
})

test('what stays open is an event that names the keys', async () => {
  const open = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { Service: 'importexport.amazonaws.com' }, Action: 'sts:AssumeRole', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }] }) // prettier-ignore
  const { work, kit } = await asking({ roles: { SnowballImport: open } })
  await requireTrustedRole(work)
  expect([...kit.journal.events()].at(-1)).toMatchObject({ kind: 'role-trust-open', body: '{"keys":"aws:sourceip"}' })
})
