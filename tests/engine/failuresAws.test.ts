/** Wrong keys, a wrong clock, a port that is taken: named as such, nothing written, and right again the work goes on. */
import { writeFileSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  cloudS3Client,
  deviceS3Client,
  snowballClient,
  storageGatewayClient,
  cloudWatchClient,
  type Endpoint,
} from '../../main/aws/clients.ts'
import { openGatewayMonitor } from '../../main/aws/gatewayMonitor.ts'
import { openS3Store } from '../../main/aws/s3Store.ts'
import { openS3Target } from '../../main/aws/s3Target.ts'
import { openSnowballFleet } from '../../main/aws/snowballFleet.ts'
import type { Wiring } from '../../main/engine/compose.ts'
import { realWorld } from '../../main/engine/world.ts'
import { loadDevice, loadLink, orderDevices, pushShare, trackDevices, verifyAll, type Work } from '../../main/engine/steps.ts'
import { startSandbox } from '../../main/sandbox/start.ts'
import { scratch } from '../kit/firn.ts'
import {
  copyOf,
  devicesOnSite,
  done,
  expectWholeChain,
  faultOf,
  firstOf,
  journalOf,
  planned,
  refused,
  smallArchive,
  stepWith,
} from './failuresKit.ts'

const place = scratch('failures-aws')
afterAll(() => place.remove())
const archive = join(place.folder, 'archive')
const prepared = join(place.folder, 'prepared')
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const world = realWorld(quiet)

beforeAll(async () => {
  await smallArchive(archive)
  await planned(prepared, archive)
})

type Sandboxed = NonNullable<Wiring['sandbox']>
type Wrong = { readonly secret?: string; readonly clockOffset?: number }

/** All adapters over clients that sign with a wrong secret, or at a wrong time. */
function wrongly(wiring: Wiring, wrong: Wrong): Partial<Wiring> {
  const { sandbox } = wiring
  if (sandbox === undefined) throw new Error('a rehearsal has a sandbox')
  const endpoint = endpointOf(sandbox, wrong)
  const client = skewed(cloudS3Client(endpoint), wrong)
  return {
    store: openS3Store({ client, world }),
    fleet: openSnowballFleet({ client: skewed(snowballClient(endpoint), wrong), world }),
    monitor: openGatewayMonitor({
      gateway: skewed(storageGatewayClient(endpoint), wrong),
      cloudWatch: skewed(cloudWatchClient(endpoint), wrong),
      world,
    }),
    linkTarget: () => openS3Target({ client, bucket: 'imaging-archive', dialect: 'cloud', world }),
    async deviceTarget(device, _access, signal) {
      await sandbox.unlock(device.jobId ?? '', await wiring.fleet.unlockCode(device.jobId ?? '', signal))
      const there = await sandbox.deviceEndpoint(device.jobId ?? '')
      if (there === undefined) throw new Error('the device is on site')
      const { url, accessKeyId, secretAccessKey } = there
      const credentials = { accessKeyId, secretAccessKey: wrong.secret ?? secretAccessKey }
      const reached = skewed(deviceS3Client({ url, credentials }), wrong)
      return () => openS3Target({ client: reached, bucket: 'imaging-archive', dialect: 'device', world })
    },
  }
}

function endpointOf({ endpoints }: Sandboxed, wrong: Wrong): Endpoint {
  const { cloud, region, accessKeyId, secretAccessKey } = endpoints
  return { url: cloud, region, credentials: { accessKeyId, secretAccessKey: wrong.secret ?? secretAccessKey } }
}

function skewed<Client extends { readonly config: { systemClockOffset: number } }>(client: Client, wrong: Wrong): Client {
  // The SDK would set its clock by AWS's answer: what is in flight beside the first refusal would go through.
  Object.defineProperty(client.config, 'systemClockOffset', { get: () => wrong.clockOffset ?? 0, set() {} })
  return client
}

/** What was put anywhere, by whomever. */
async function putsIn(folder: string): Promise<unknown> {
  const sandbox = await startSandbox({ folder: join(folder, 'sandbox'), buckets: [], shareBucket: 'imaging-archive', sharePrefix: '' })
  try {
    return (await sandbox.stats()).puts.completed
  } finally {
    await sandbox.close()
  }
}

const steps: readonly (readonly [string, (work: Work) => Promise<unknown>])[] = [
  ['ordering a device', (work) => orderDevices(work, 'Ada Lovelace')],
  ['sending straight to S3', loadLink],
  ['filling the share', pushShare],
  ['verifying', (work) => verifyAll(work, { readBack: false })],
]

describe.each([
  ['a wrong secret', { secret: 'x'.repeat(40) }, 'aws-wrong-secret'],
  ['a clock that is 20 minutes wrong', { clockOffset: -20 * 60_000 }, 'aws-clock-skew'],
] as const)('%s', (_what, wrong, code) => {
  const folderOf = (name: string): string => join(place.folder, `${name}-${code}`)

  test.each(steps)('stops %s, and nothing is written', async (name, step) => {
    const folder = copyOf(prepared, folderOf(name.replaceAll(' ', '-')))
    if (name === 'sending straight to S3') await done('plan', '-m', folder, '--route', 'link', '--approve', 'Ada Lovelace')
    const before = await putsIn(folder)
    const fault = await faultOf(stepWith(folder, (wiring) => wrongly(wiring, wrong), step))
    expect(fault).toMatchObject({ code, retry: 'after-human' })
    expect(JSON.stringify(fault.facts)).not.toContain('xxxx')
    expect(await putsIn(folder)).toEqual(before)
    expect(journalOf(folder, (journal) => journal.laneCounts().filter((lane) => lane.state === 'sent'))).toEqual([])
    expect(journalOf(folder, (journal) => journal.devices().filter((device) => device.jobId !== undefined))).toEqual([])
    expectWholeChain(folder)
  })

  test('stops the load of a device; with the right keys load and hand-over go on', async () => {
    const folder = copyOf(prepared, folderOf('load'))
    const load = async (work: Work): Promise<unknown> => loadDevice(work, firstOf(await trackDevices(work)).device, undefined)
    await done('order', '-m', folder, '--person', 'Ada Lovelace')
    await stepWith(folder, () => ({}), devicesOnSite)
    const fault = await faultOf(
      stepWith(folder, (wiring) => ({ deviceTarget: wrongly(wiring, wrong).deviceTarget ?? wiring.deviceTarget }), load),
    )
    expect(fault).toMatchObject({ code, retry: 'after-human' })
    expect(journalOf(folder, (journal) => journal.laneCounts().filter((lane) => lane.state === 'sent'))).toEqual([])
    expect(await done('load', '-m', folder)).toMatchObject({ waiting: 0 })
    await done('inspect', '-m', folder, '--person', 'Ada Lovelace')
    await done('ship', '-m', folder, '--person', 'Ada Lovelace', '--checked', 'all')
  })
})

test('a wrong clock, as the command line tells it', async () => {
  const folder = copyOf(prepared, join(place.folder, 'skew-cli'))
  const plan = join(place.folder, 'skew.json')
  writeFileSync(plan, JSON.stringify({ calls: [{ service: 'snowball', operation: '*', every: 1, times: 1, effect: { kind: 'skew' } }] }))
  const file = join(folder, 'migration.json')
  const config = JSON.parse(readFileSync(file, 'utf8')) as { rehearsal: Record<string, unknown> }
  writeFileSync(file, JSON.stringify({ ...config, rehearsal: { ...config.rehearsal, faultPlan: plan } }))
  await refused('aws-clock-skew', 5, ['order', '-m', folder, '--person', 'Ada Lovelace'])
  expect(await done('order', '-m', folder, '--person', 'Ada Lovelace')).toMatchObject({ ordered: 1 })
})

test('a port that another program has: port-in-use; without --port Firn finds a free one, and a free one can be asked for', async () => {
  const folder = copyOf(prepared, join(place.folder, 'port'))
  const other = createServer()
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening))
  const { port } = other.address() as AddressInfo
  try {
    await refused('port-in-use', 5, ['order', '-m', folder, '--person', 'Ada Lovelace', '--port', String(port)])
    expect(journalOf(folder, (journal) => journal.devices().every((device) => device.jobId === undefined))).toBe(true)
    await done('order', '-m', folder, '--person', 'Ada Lovelace')
  } finally {
    await new Promise((closed) => other.close(closed))
  }
  expect(await done('track', '-m', folder, '--port', String(port))).toMatchObject({ devices: [{ device: 1 }] })
})
