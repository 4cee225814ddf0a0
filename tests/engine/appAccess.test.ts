/** The test of an access to AWS, against the simulated AWS over real HTTP with the real clients: what answers, what is missing, what to do. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessSteps } from '../../main/engine/accessSteps.ts'
import { profileNames } from '../../main/engine/awsProfiles.ts'
import { probeAccess } from '../../main/aws/accessProbe.ts'
import type { Endpoint } from '../../main/aws/clients.ts'
import { startSandbox, type Sandbox } from '../../main/sandbox/start.ts'
import { scratch } from '../kit/firn.ts'
import { testWorld } from '../kit/world.ts'

const place = scratch('access')
const never = new AbortController().signal
let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await startSandbox({
    folder: join(place.folder, 'sandbox'),
    buckets: [{ name: 'hospital-archive', versioning: 'Enabled' }, { name: 'without-versions' }],
    shareBucket: 'hospital-archive',
    sharePrefix: '',
  })
})
afterAll(async () => {
  await sandbox.close()
  place.remove()
})

function reached(change: Partial<Endpoint> = {}): Endpoint {
  const { accessKeyId, secretAccessKey, cloud, region } = sandbox.endpoints
  return { url: cloud, region, credentials: { accessKeyId, secretAccessKey }, ...change }
}

async function stepsOf(endpoint: Endpoint, bucket: string | null = 'hospital-archive', world = testWorld()) {
  const probe = probeAccess(endpoint, world)
  try {
    return new Map((await accessSteps(probe, bucket, never)).map((step) => [step.step, step]))
  } finally {
    probe.close()
  }
}

const states = (steps: ReadonlyMap<string, { state: string }>): Record<string, string> =>
  Object.fromEntries([...steps].map(([name, { state }]) => [name, state]))

test('with keys that may do everything each step is good, and no more of the key is shown than its end', async () => {
  const steps = await stepsOf(reached(), 'hospital-archive', { ...testWorld(), clock: { ...testWorld().clock, now: () => Date.now() } })
  expect(states(steps)).toEqual({
    credentials: 'good',
    identity: 'good',
    clock: 'good',
    bucket: 'good',
    versions: 'good',
    Snowball: 'good',
    'file share': 'good',
  })
  const said = JSON.stringify([...steps.values()])
  expect(said).toContain(sandbox.endpoints.accessKeyId.slice(-4))
  expect(said).not.toContain(sandbox.endpoints.accessKeyId)
  expect(said).not.toContain(sandbox.endpoints.secretAccessKey)
})

test('without a bucket named, none is asked for', async () => {
  expect([...(await stepsOf(reached(), null)).keys()]).toEqual(['credentials', 'identity', 'clock', 'Snowball', 'file share'])
})

test('a wrong secret is refused by every service, and it says so', async () => {
  const steps = await stepsOf(reached({ credentials: { accessKeyId: sandbox.endpoints.accessKeyId, secretAccessKey: 'not-the-secret' } }))
  expect(states(steps)).toMatchObject({ credentials: 'good', identity: 'bad', bucket: 'bad', Snowball: 'bad', 'file share': 'bad' })
  expect(steps.get('identity')?.message).toContain('signature')
  expect(steps.get('identity')?.todo).toContain('keys')
  expect(JSON.stringify([...steps.values()])).not.toContain('not-the-secret')
})

test('a bucket without versions, and one that is not there, are named as that', async () => {
  const versions = (await stepsOf(reached(), 'without-versions')).get('versions')
  expect(versions?.state).toBe('bad')
  expect(versions?.todo).toContain('versioning')
  const missing = await stepsOf(reached(), 'nobodys-bucket')
  expect(missing.get('bucket')?.state).toBe('bad')
  expect(missing.get('bucket')?.message).toContain('does not exist')
})

test('a clock that is off is seen before AWS refuses it', async () => {
  const world = testWorld()
  const late = { ...world, clock: { ...world.clock, now: () => Date.now() + 5 * 60_000 } }
  const clock = (await stepsOf(reached(), null, late)).get('clock')
  expect(clock?.state).toBe('bad')
  // Their clock is told in whole seconds.
  expect(clock?.message).toMatch(/^30[01] s from the clock of AWS$/)
})

test('nothing that answers is said to be just that', async () => {
  const steps = await stepsOf(reached({ url: 'http://127.0.0.1:9' }), null)
  expect(states(steps)).toMatchObject({ credentials: 'good', identity: 'bad', clock: 'unknown' })
}, 120_000)

test('a profile of ~/.aws is found, and one that is not there leaves the other steps unasked', async () => {
  const folder = join(place.folder, 'aws')
  mkdirSync(folder)
  const { accessKeyId, secretAccessKey } = sandbox.endpoints
  const files = { AWS_CONFIG_FILE: join(folder, 'config'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') }
  writeFileSync(files.AWS_CONFIG_FILE, '[default]\nregion=us-east-1\n[profile imaging]\nregion=us-east-1\n[sso-session hospital]\n')
  writeFileSync(
    files.AWS_SHARED_CREDENTIALS_FILE,
    `[imaging]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n[old]\naws_access_key_id=A\n`,
  )
  expect(profileNames(files)).toEqual(['default', 'imaging', 'old'])

  const before = { ...process.env }
  Object.assign(process.env, files)
  try {
    const { url = '', region } = reached()
    expect(states(await stepsOf({ url, region, profile: 'imaging' }))).toMatchObject({
      credentials: 'good',
      identity: 'good',
      bucket: 'good',
      Snowball: 'good',
      'file share': 'good',
    })
    const missing = await stepsOf({ url, region, profile: 'nobody' })
    expect(states(missing)).toMatchObject({ credentials: 'bad', identity: 'unknown', bucket: 'unknown', Snowball: 'unknown' })
  } finally {
    for (const name of Object.keys(files)) delete process.env[name]
    Object.assign(process.env, before)
  }
})
