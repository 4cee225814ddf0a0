import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createServer } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { isFault } from '../../shared/faults/fault.ts'
import { snowballClient } from '../../main/aws/clients.ts'
import { openSnowballFleet } from '../../main/aws/snowballFleet.ts'
import { startSandbox, type SandboxOptions } from '../../main/sandbox/start.ts'
import { testWorld, type TestWorld } from '../kit/world.ts'
import { anOrder, deviceFleetConformance, hospital, jobsOf, type OpenFleet } from './deviceFleet.ts'

const never = new AbortController().signal
const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function open(options: Partial<SandboxOptions> = {}): Promise<OpenFleet & { world: TestWorld }> {
  const folder = mkdtempSync(join(tmpdir(), 'firn-fleet-'))
  const sandbox = await startSandbox({
    folder,
    buckets: [{ name: 'hospital-archive' }],
    shareBucket: 'hospital-archive',
    sharePrefix: '',
    account: { deviceLimit: 2 },
    // A journey of days takes about a second.
    speed: 300_000,
    ...options,
  })
  const client = snowballClient({ url: sandbox.endpoints.cloud, region: sandbox.endpoints.region, credentials: sandbox.endpoints })
  closing.push(async () => {
    client.destroy()
    await sandbox.close()
    rmSync(folder, { recursive: true })
  })
  const world = testWorld()
  const fleet = openSnowballFleet({ client, world })
  return {
    fleet,
    world,
    async until(jobId, state) {
      for (;;) {
        const job = await fleet.job(jobId, never)
        if (job.state === state) return job
        await delay(20)
      }
    },
  }
}

deviceFleetConformance('the Snowball API as the sandbox plays it', (time) => open(time === 'flies' ? {} : { speed: 1 }))

describe('when the answer is lost', () => {
  const lost = (operation: string, times: number) => ({
    faultPlan: { seed: 1, calls: [{ service: 'snowball', operation, every: 1, times, effect: { kind: 'reset-after' } }] },
  })

  const retried = (world: TestWorld, call: string): number =>
    world.lines.filter((line) => line.code === 'retry' && line.facts['call'] === call).length

  test('an order that AWS accepted without answering is one job', async () => {
    const { fleet, world } = await open({ speed: 1, ...lost('CreateJob', 1) })
    const jobId = await fleet.order(await anOrder(fleet, 'firn/m1/plan-1/device-1'), never)
    expect(retried(world, 'snowball:CreateJob')).toBe(1)
    expect((await jobsOf(fleet)).map((job) => job.jobId)).toEqual([jobId])
  })

  test('also when every answer to CreateJob is lost, and when the list breaks on the way', async () => {
    const calls = [
      { service: 'snowball', operation: 'CreateJob', every: 1, effect: { kind: 'reset-after' } },
      { service: 'snowball', operation: 'ListJobs', nth: 2, effect: { kind: 'reset' } },
    ]
    const { fleet, world } = await open({ speed: 1, faultPlan: { seed: 1, calls } })
    const order = await anOrder(fleet, 'firn/m1/plan-1/device-1')
    const jobId = await fleet.order(order, never)
    expect(retried(world, 'snowball:CreateJob')).toBe(2)
    expect(await fleet.order(order, never)).toBe(jobId)
    expect(await jobsOf(fleet)).toHaveLength(1)
  })

  test('an address that was taken without an answer is on file once', async () => {
    const { fleet, world } = await open({ speed: 1, ...lost('CreateAddress', 1) })
    const first = await fleet.address(hospital, never)
    expect(retried(world, 'snowball:CreateAddress')).toBe(1)
    expect(await fleet.address(hospital, never)).toBe(first)
  })
})

describe('a delivery address that AWS does not take', () => {
  test('is told with what AWS says of it, and is not tried again and again', async () => {
    const { fleet, world } = await open({ speed: 1 })
    await expect(fleet.address({ ...hospital, street1: 'P.O. Box 12' }, never)).rejects.toMatchObject({
      code: 'address-refused',
      facts: { said: expect.stringContaining('PO box') as unknown },
    })
    expect(world.lines.filter((line) => line.code === 'retry')).toEqual([])
  })
})

describe('an order with a topic', () => {
  test('has AWS tell that topic of every new state', async () => {
    const { fleet } = await open({ speed: 1 })
    const topic = 'arn:aws:sns:us-east-1:111122223333:snow'
    const jobId = await fleet.order({ ...(await anOrder(fleet, 'firn/m1/plan-1/device-1')), notifyTopicArn: topic }, never)
    expect(await fleet.job(jobId, never)).toMatchObject({ state: 'New' })
    await expect(
      fleet.order({ ...(await anOrder(fleet, 'firn/m1/plan-1/device-2')), notifyTopicArn: 'no topic' }, never),
    ).rejects.toMatchObject({ code: 'aws-refused' })
  })
})

describe('an account without Snowball', () => {
  test.each([{ closed: true }, { supportEnded: true }])('is told so, and nothing is ordered: %j', async (account) => {
    const { fleet } = await open({ speed: 1, account })
    await expect(fleet.order(await anOrder(fleet, 'firn/m1/plan-1/device-1'), never)).rejects.toSatisfy((error: unknown) =>
      isFault(error, 'snowball-not-available'),
    )
    expect(await jobsOf(fleet)).toEqual([])
  })
})

describe('what AWS says is passed on as it is', () => {
  /** A service that gives one answer, whatever is asked. */
  async function saying(answer: object): Promise<OpenFleet['fleet']> {
    const server = createServer((request, response) => {
      request
        .resume()
        .on('end', () => response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer)))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    const client = snowballClient({
      url: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    })
    closing.push(async () => {
      client.destroy()
      await new Promise((resolve) => server.close(resolve))
    })
    return openSnowballFleet({ client, world: testWorld() })
  }
  const metadata = {
    JobId: 'JID123e4567-e89b-12d3-a456-426655440000',
    JobState: 'InProgress',
    ShippingDetails: {
      ShippingOption: 'SECOND_DAY',
      OutboundShipment: { Status: 'Delivered', TrackingNumber: '1Z1' },
      InboundShipment: { Status: 'Delivered', TrackingNumber: '1Z2' },
    },
    DataTransferProgress: { BytesTransferred: 73400320000000, ObjectsTransferred: 21000000, TotalBytes: 0, TotalObjects: 0 },
  }

  test('totals of nought are not known yet, and inbound is the way back to AWS', async () => {
    const fleet = await saying({ JobMetadata: metadata, SubJobMetadata: [] })
    expect(await fleet.job(metadata.JobId, never)).toMatchObject({
      state: 'InProgress',
      outbound: { trackingNumber: '1Z1' },
      inbound: { trackingNumber: '1Z2' },
      progress: { bytes: 73400320000000, objects: 21000000, totalBytes: undefined, totalObjects: undefined },
      logs: { success: undefined, failure: undefined, report: undefined },
    })
  })

  test('a state that nobody knows keeps its own name', async () => {
    const fleet = await saying({ JobMetadata: { ...metadata, JobState: 'HeldByCustoms' }, SubJobMetadata: [] })
    expect((await fleet.job(metadata.JobId, never)).state).toBe('HeldByCustoms')
  })
})

test('the unlock code is in no line of the log', async () => {
  const { fleet, until, world } = await open()
  const jobId = await fleet.order(await anOrder(fleet, 'firn/m1/plan-1/device-1'), never)
  await until(jobId, 'WithCustomer')
  const code = await fleet.unlockCode(jobId, never)
  expect(JSON.stringify(world.lines)).not.toContain(code)
})
