/** The single commands, one after the other, as a hospital takes them over months: each with --json as docs/command-line.md says. */
import {
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cloudS3Client } from '../../main/aws/clients.ts'
import { compose } from '../../main/engine/compose.ts'
import { openMigration } from '../../main/engine/migrationFolder.ts'
import type { ChainedEntry } from '../../shared/domain/custody.ts'
import type { Inspection } from '../../shared/domain/inspection.ts'
import { firn, scratch, summaryOf, treeHash } from '../kit/firn.ts'
import { contentsOf, deviceBefore, done, expectWholeChain, refused, smallArchive } from './failuresKit.ts'

const place = scratch('commands')
afterAll(() => place.remove())
const archive = join(place.folder, 'archive')
const migration = join(place.folder, 'migration')
const at = ['-m', migration]
const person = ['--person', 'Ada Lovelace']
let source: string

beforeAll(async () => {
  await smallArchive(archive)
  source = treeHash(archive)
})

const Bucket = 'imaging-archive'
const inBucket = async (change: (s3: S3Client) => Promise<unknown>): Promise<void> => {
  const opened = openMigration(migration, process.env)
  const wiring = await compose(opened)
  const endpoints = wiring.sandbox?.endpoints
  if (endpoints === undefined) throw new Error('a rehearsal has a simulated AWS')
  const s3 = cloudS3Client({ url: endpoints.cloud, region: endpoints.region, credentials: endpoints })
  await change(s3)
  s3.destroy()
  await wiring.close()
  opened.close()
}

const nextStep = async (): Promise<unknown> => (await done('status', ...at))['next']

test('init makes the migration and says what comes next', async () => {
  const made = await done('init', migration, '--archive', archive, '--bucket', 'imaging-archive', '--prefix', 'pacs', '--rehearsal')
  expect(made).toMatchObject({ folder: migration, archives: 1 })
  expect(await nextStep()).toBe('scan')
})

test('gateways are told with what is wrong with them, and a mount is proven before anything is sent', async () => {
  const told = await done('gateways', '--probe', ...at)
  expect(told).toMatchObject({
    gateways: [{ type: 'FILE_S3', shares: [{ bucket: 'imaging-archive' }] }],
    findings: [{ code: 'no-kms', weight: 'warning' }],
    probes: [{ removed: true, skewMs: 0 }],
  })
  const { stdout, exitCode } = await firn(['gateways', ...at])
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/FILE_S3, ACTIVE.*\n {2}share-.*\n {4}mounted at .*[\s\S]*\n1 finding, 0 grave/)
})

test('before the scan no later step is taken, and nothing changes', async () => {
  const before = contentsOf(migration)
  expect(await refused('wrong-order', 5, ['plan', ...at])).toEqual({ missing: 'scan' })
  for (const command of [['order', ...person], ['push'], ['load', '--link']]) {
    expect(await refused('wrong-order', 5, [...command, ...at])).toEqual({ missing: 'plan' })
  }
  expect(await refused('wrong-order', 5, ['track', ...at])).toEqual({ missing: 'order' })
  await refused('device-not-here', 5, ['ship', ...person, ...at])
  const { exitCode } = await firn(['verify', ...at, '--json'])
  expect(exitCode).not.toBe(0)
  const changed = [...contentsOf(migration)].filter(([file, hash]) => before.get(file) !== hash).map(([file]) => file)
  expect(changed.filter((file) => !/journal\.db|firn\.log|sandbox/.test(file))).toEqual([])
})

test('scan counts what it found, and a second scan finds nothing new', async () => {
  const first = await done('scan', ...at)
  const [counts] = first['archives'] as Record<string, number>[]
  expect(counts).toMatchObject({ changed: 0, unchanged: 0, vanished: 0 })
  expect(counts?.['added']).toBeGreaterThan(60)
  expect((first['anomalies'] as { code: string; items: number }[]).length).toBeGreaterThan(3)
  const second = await done('scan', ...at)
  expect(second['archives']).toMatchObject([{ added: 0, changed: 0, unchanged: counts?.['added'], vanished: 0 }])
  expect(await nextStep()).toBe('plan')
})

test('a policy that would turn the import away is told by posture, and by the plan before a device is ordered', async () => {
  const Statement = {
    Sid: 'Mfa',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
  }
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: { ...Statement, Condition: { Null: { 'aws:MultiFactorAuthAge': 'true' } } },
  })
  await inBucket((s3) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy })))
  const told = await firn(['posture', Bucket, '--profile', 'test', ...at, '--json'])
  expect(told.exitCode).toBe(5)
  const { findings } = summaryOf(told) as { findings: { check: string; result: string; evidence: string }[] }
  expect(findings.find(({ check }) => check === 'roles')?.evidence).toMatch(/^import: blocked \(.*s3:PutObject.*; Mfa\)/)
  const planned = await firn(['plan', ...at, '--device-before', deviceBefore])
  expect(planned.stderr).toMatch(/WARNING: The policy of imaging-archive keeps images out: import: blocked/)
  await inBucket((s3) => s3.send(new DeleteBucketPolicyCommand({ Bucket })))
  expect(await done('posture', Bucket, '--profile', 'test', ...at)).toMatchObject({ bucket: Bucket, profile: 'test' })
})

test('a weak bucket is shown what would change, changed when its name is given again, and put back', async () => {
  const fix = ['posture', Bucket, '--fix', 'tls,public-access-block', ...at]
  const shown = await firn(fix)
  expect(shown.exitCode).toBe(5)
  expect(shown.stdout).toContain('+      "Sid": "FirnTlsOnly",')
  expect(shown.stdout).toContain(`aws s3api put-bucket-policy --bucket ${Bucket} --policy '{`)
  expect(shown.stdout).toContain('Nothing was changed.')
  expect(await refused('bad-input', 2, [...fix, '--change', 'another', ...person])).toMatchObject({ field: '--change' })
  expect(await refused('bad-input', 2, [...fix, '--change', Bucket])).toMatchObject({ field: '--person' })
  const made = await done(...fix, '--change', Bucket, ...person)
  expect(made).toMatchObject({
    made: true,
    after: [
      { check: 'tls', result: 'pass' },
      { check: 'public-access-block', result: 'pass' },
    ],
  })
  expect((await firn(['posture', Bucket, ...at])).stdout).toContain('tls')
  const undo = ['posture', Bucket, '--undo', made['before'] as string, '--change', Bucket, ...person, ...at]
  expect(await done(...undo)).toMatchObject({ undone: ['policy', 'publicAccessBlock'], stays: [] })
  const again = summaryOf(await firn(['posture', Bucket, ...at, '--json']))
  expect(again['drift']).toMatchObject([
    { check: 'tls', from: 'pass', to: 'fail' },
    { check: 'public-access-block', from: 'pass', to: 'fail' },
  ])
})

test('rules are saved in versions, counted, and a plan goes by them', async () => {
  const save = ['rules', '--save', 'cold', ...at, ...person]
  const all = (await done(...save)) as { preview: { studies: number } }
  const { rules, preview } = (await done(...save, '--to', deviceBefore, '--keep-newest', '1')) as {
    rules: { version: number }[]
    preview: { studies: number }
  }
  expect(rules).toMatchObject([{ version: 2 }])
  expect(preview.studies).toBeLessThan(all.preview.studies)
  await refused('bad-input', 2, ['plan', '--rules', 'warm', ...at])
  const planned = (await done('plan', '--rules', 'cold@1', '--route', 'link', ...at)) as { lanes: { route: string; studies: number }[] }
  expect(planned.lanes.find(({ route }) => route === 'link')?.studies).toBe(all.preview.studies)
})

test('a plan that nobody has approved is shown and not carried out', async () => {
  expect(await done('plan', ...at, '--device-before', deviceBefore)).toMatchObject({ kind: 'planned', approvedBy: null })
  expect(await nextStep()).toBe('approve')
  for (const command of [['order', ...person], ['push'], ['load', '--link']]) {
    expect(await refused('wrong-order', 5, [...command, ...at])).toEqual({ missing: 'approval of the plan' })
  }
  const approved = await done('plan', ...at, '--device-before', deviceBefore, '--approve', 'Ada Lovelace')
  expect(approved).toMatchObject({ kind: 'planned', approvedBy: 'Ada Lovelace' })
  expect((approved['lanes'] as { route: string; items: number }[]).filter((lane) => lane.items > 0).map((lane) => lane.route)).toEqual([
    'device',
    'share',
  ])
  expect(await nextStep()).toBe('order')
})

test('no device is ordered for a bucket whose policy would turn the import away', async () => {
  const Resource = `arn:aws:s3:::${Bucket}/*`
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Sid: 'Closed', Effect: 'Deny', Principal: '*', Action: 's3:Put*', Resource },
  })
  await inBucket((s3) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy })))
  expect(await refused('policy-blocks-import', 5, ['order', ...at, ...person])).toMatchObject({ bucket: Bucket, statements: 'Closed' })
  await inBucket((s3) => s3.send(new DeleteBucketPolicyCommand({ Bucket })))
})

/** Simulated time of the rehearsal, so many times as fast as real time. */
function letTimePass(speed: number): void {
  const file = join(migration, 'migration.json')
  const settings = JSON.parse(readFileSync(file, 'utf8')) as { rehearsal: object }
  writeFileSync(file, JSON.stringify({ ...settings, rehearsal: { ...settings.rehearsal, speed } }))
}

test('order orders each device once', async () => {
  // As slow as real time: a busy machine must not let the device arrive between two commands.
  letTimePass(1)
  expect(await done('order', ...at, ...person)).toMatchObject({ ordered: 1, waiting: 0, devices: [{ device: 1 }] })
  expect(await done('order', ...at, ...person)).toMatchObject({ ordered: 0, waiting: 0 })
  await refused('device-not-here', 5, ['load', ...at])
  await refused('device-not-here', 5, ['ship', ...at, ...person])
  letTimePass(600_000)
})

test('track --wait lets the days of the rehearsal pass until the device is on site', async () => {
  expect(await done('track', ...at, '--wait')).toMatchObject({ travelling: 0, devices: [{ device: 1, state: 'WithCustomer' }] })
})

test('ship is refused while planned items are not on the device; after load it is recorded once', async () => {
  expect(await refused('not-ready-to-ship', 5, ['ship', ...at, ...person])).toMatchObject({
    device: 1,
    open: expect.stringContaining('all-sent, inspected') as unknown,
  })
  expect(await done('load', ...at)).toMatchObject({ waiting: 0, loaded: [{ device: 1, outcome: { leftBehind: 0 } }] })
  expect(await done('load', ...at)).toMatchObject({ waiting: 0, loaded: [{ outcome: { items: 0 } }] })
  // Before the import a verification is honest, and red.
  const early = await firn(['verify', ...at, '--json', '--quiet'])
  expect(early.exitCode).toBe(3)
  const { counts } = summaryOf(early) as { counts: Record<string, number> }
  expect(counts).toMatchObject({ verified: 0, mismatch: 0 })
  expect(counts['missing']).toBeGreaterThan(20)
  const looked = ['file-interface-stopped', 'powered-off', 'return-label-shown', 'doors-latched', 'source-kept']
  expect(await refused('not-ready-to-ship', 5, ['ship', ...at, ...person, '--checked', 'all'])).toEqual({
    device: 1,
    open: 'inspected',
    notLoaded: 0,
  })
  const { inspection } = (await done('inspect', ...at, ...person, '--seed', 'winter')) as { inspection: Inspection }
  const { items, manifestSha256, sampledItems } = inspection
  expect(inspection).toMatchObject({ person: 'Ada Lovelace', seed: 'winter', differing: 0, sampledItems: items })
  expect(sampledItems).toBeGreaterThan(20)
  const manifest = readdirSync(join(migration, 'devices', 'device-1')).find((name) => name.startsWith('manifest-'))
  expect(
    createHash('sha256')
      .update(readFileSync(join(migration, 'devices', 'device-1', String(manifest))))
      .digest('hex'),
  ).toBe(manifestSha256)
  // What was looked at before the device was read from does not count any more.
  expect(await refused('not-ready-to-ship', 5, ['ship', ...at, ...person])).toEqual({ device: 1, open: looked.join(', '), notLoaded: 0 })
  const some = looked.slice(1).join(',')
  expect(await refused('not-ready-to-ship', 5, ['ship', ...at, ...person, '--checked', some])).toMatchObject({ open: looked[0] })
  expect(await done('ship', ...at, ...person, '--checked', String(looked[0]), '--note', 'seal 4711')).toMatchObject({ device: 1 })
  await refused('device-not-here', 5, ['ship', ...at, ...person])
  await refused('device-not-here', 5, ['load', ...at])
})

test('custody is told, added to, corrected and exported; what Firn sees is not for people to enter', async () => {
  const told = ['custody', ...at, '--device', '1', ...person]
  const first = (await done(...told, '--record', 'moved', '--to', 'Radiologie', '--at', '2026-01-02T03:04Z')) as {
    devices: { entries: ChainedEntry[] }[]
  }
  const number = first.devices[0]?.entries.at(-1)?.number
  await refused('bad-input', 2, [...told, '--correct', String(number)])
  // A correction whose right entry is refused is not entered either.
  await refused('bad-input', 2, [
    ...told,
    '--correct',
    String(number),
    '--note',
    'wrong ward',
    '--record',
    'moved',
    '--at',
    '2999-01-01T00:00Z',
  ])
  const out = join(migration, 'movements.csv')
  const { devices } = (await done(
    ...told,
    '--correct',
    String(number),
    '--note',
    'wrong ward',
    '--record',
    'moved',
    '--to',
    'Cardiology',
    '--export',
    out,
  )) as {
    devices: { chain: { whole: boolean }; entries: ChainedEntry[] }[]
  }
  expect(devices[0]?.chain.whole).toBe(true)
  expect(devices[0]?.entries.slice(-3).map(({ step, to, corrects }) => [step, to, corrects])).toEqual([
    ['moved', 'Radiologie', null],
    ['correction', '', number],
    ['moved', 'Cardiology', null],
  ])
  const photo = join(migration, '../DOE^JANE.pdf')
  writeFileSync(photo, '%PDF-1.7 signed by the driver')
  await refused('bad-input', 2, [...told, '--attach', photo])
  await refused('bad-input', 2, [...told, '--record', 'carrier', '--at', '2999-01-01T00:00Z', '--attach', photo])
  expect(existsSync(join(migration, 'custody'))).toBe(false)
  const page = join(migration, 'movements.html')
  const printed = await done(...told, '--record', 'carrier', '--attach', photo, '--print', page)
  const sha256 = createHash('sha256').update(readFileSync(photo)).digest('hex')
  expect(printed['attachments']).toEqual({ [sha256]: 'whole' })
  expect(readFileSync(page, 'utf8')).toContain(sha256)
  expect(readFileSync(page, 'utf8')).not.toContain('DOE')
  rmSync(join(migration, 'custody', `${sha256}.pdf`))
  expect((await firn(['custody', ...at])).exitCode).toBe(5)
  writeFileSync(join(migration, 'custody', `${sha256}.pdf`), readFileSync(photo))
  const lines = readFileSync(out, 'utf8').trim().split('\n')
  expect(lines).toHaveLength((devices[0]?.entries.length ?? 0) + 1)
  expect(lines.at(-1)).toContain(devices[0]?.entries.at(-1)?.hash)
  await refused('bad-input', 2, [...told, '--export', out])
  expect(await done('names', ...at, '--out', join(migration, 'names.csv'))).toMatchObject({ items: 0 })
  expect(readFileSync(join(migration, 'names.csv'), 'utf8')).toBe('bucket,key,own_key,item\n')
})

test('not one item is pushed to a share whose bucket would archive it at once', async () => {
  const rule = {
    ID: 'cold',
    Status: 'Enabled' as const,
    Filter: { Prefix: '' },
    Transitions: [{ Days: 1, StorageClass: 'GLACIER' as const }],
  }
  await inBucket((s3) => s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [rule] } })))
  expect(await refused('share-unfit', 5, ['push', ...at])).toMatchObject({
    finding: 'lifecycle-archives',
    rule: 'cold',
    storageClass: 'GLACIER',
  })
  const told = await firn(['gateways', ...at])
  expect(told.exitCode).toBe(5)
  expect(told.stdout).toMatch(
    /grave: The bucket moves objects of this share to GLACIER after 1 days \(rule “cold”\)\. \[lifecycle-archives\]/,
  )
  await inBucket((s3) => s3.send(new DeleteBucketLifecycleCommand({ Bucket })))
})

test('push copies through the share and waits until the gateway has uploaded', async () => {
  expect(await done('push', ...at)).toMatchObject({ waiting: 0, landed: { ended: 'drained', drained: true } })
  expect(await done('push', ...at, '--no-wait')).toMatchObject({ waiting: 0, landed: null, pushed: { items: 0 } })
})

test('track --wait, verify, report, doctor: to the end, with every item verified', async () => {
  expect(await done('track', ...at, '--wait')).toMatchObject({ travelling: 0, devices: [{ state: 'Complete' }] })
  const verified = await done('verify', ...at)
  expect(verified).toMatchObject({
    allVerified: true,
    extras: 0,
    counts: { missing: 0, mismatch: 0, unknown: 0, present: 0, consistent: 0 },
  })
  const report = await done('report', ...at)
  expect(existsSync(join(report['folder'] as string, 'data', 'report.html'))).toBe(true)
  expect(readFileSync(join(report['folder'] as string, 'data', 'custody.csv'), 'utf8')).toMatch(
    /seal 4711; bill of materials SHA-256 [0-9a-f]{64}/,
  )
  const checked = spawnSync(process.execPath, [join(report['folder'] as string, 'verify-evidence.mjs')], { encoding: 'utf8' })
  expect(checked.stdout + checked.stderr).toMatch(/^All that was checked agrees\.$/m)
  expect(checked.status).toBe(0)
  const again = await done('report', ...at)
  expect(again['folder']).not.toBe(report['folder'])
  expect(await nextStep()).toBe('done')
  const [sums, freed] = [join(migration, '../free.sha256'), ['safe-to-free', ...at]]
  expect(await done(...freed, '--make', '--older-than', '0', ...person)).toMatchObject({ lists: [{ id: 1, signatures: [] }] })
  expect(await refused('free-list-unsigned', 5, [...freed, '--write', '1', '--sums', sums, ...person])).toMatchObject({ signatures: 0 })
  expect(existsSync(sums)).toBe(false)
  for (const name of ['Ada Lovelace', 'Ben Other']) await done(...freed, '--sign', '1', '--person', name)
  const { written } = (await done(...freed, '--write', '1', '--sums', sums, ...person)) as { written: { items: number; withdrawn: number } }
  expect(written.withdrawn).toBe(0)
  expect(readFileSync(sums, 'utf8').trim().split('\n')).toHaveLength(written.items)
  expect(written.items).toBeGreaterThan(10)
  const checkup = await done('doctor', ...at)
  expect((checkup['steps'] as { state: string }[]).every((step) => step.state === 'good')).toBe(true)
  expect(await done('plan', ...at)).toMatchObject({ kind: 'nothing-to-plan', approvedBy: null })
  expectWholeChain(migration)
  expect(treeHash(archive)).toBe(source)
})

test('what is piped has no escape codes', async () => {
  for (const command of [['status', ...at], ['scan', ...at], ['doctor', ...at], ['verify', ...at], ['--help'], ['track', '--help']]) {
    const { stdout, stderr, exitCode } = await firn(command)
    expect(exitCode, stderr).toBe(0)
    expect(stdout + stderr).not.toContain('\u001b')
    expect(stdout.length).toBeGreaterThan(10)
  }
})
