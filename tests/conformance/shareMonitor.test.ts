import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { EventLog } from '../../shared/ports/journal.ts'
import { cloudWatchClient, storageGatewayClient } from '../../main/aws/clients.ts'
import { openGatewayMonitor } from '../../main/aws/gatewayMonitor.ts'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../main/sandbox/start.ts'
import { waitUntilLanded } from '../../main/verify/landed.ts'
import { systemClock } from '../../main/engine/world.ts'
import { testWorld } from '../kit/world.ts'
import { outcomeOf } from '../unit/verifyFixture.ts'
import { shareMonitorConformance, theShare, type OpenMonitor } from './shareMonitor.ts'

const never = new AbortController().signal
const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function open(options: Partial<SandboxOptions> = {}): Promise<OpenMonitor & { sandbox: Sandbox }> {
  const folder = mkdtempSync(join(tmpdir(), 'firn-share-'))
  const sandbox = await startSandbox({
    folder,
    buckets: [{ name: 'hospital-archive' }],
    shareBucket: 'hospital-archive',
    sharePrefix: 'pacs/',
    ...options,
  })
  const { cloud, region, shareArn, gatewayArn, shareFolder } = sandbox.endpoints
  const endpoint = { url: cloud, region, credentials: sandbox.endpoints }
  const gateway = storageGatewayClient(endpoint)
  const cloudWatch = cloudWatchClient(endpoint)
  closing.push(async () => {
    gateway.destroy()
    cloudWatch.destroy()
    await sandbox.close()
    rmSync(folder, { recursive: true })
  })
  return {
    sandbox,
    monitor: openGatewayMonitor({ gateway, cloudWatch, world: testWorld(), serviceTime: () => sandbox.clock.now() }),
    shareArn,
    gatewayArn,
    location: 'arn:aws:s3:::hospital-archive/pacs/',
    write: (name, body) => writeFile(join(shareFolder, name), body),
    settle: () => sandbox.settle(),
  }
}

// A minute of simulated time per second: what happened a moment ago stays within the last periods.
shareMonitorConformance('Storage Gateway and CloudWatch as the sandbox plays them', (shareProtocol) => open({ shareProtocol, speed: 60 }))

describe('waiting until a share has landed', () => {
  const journal: EventLog = { append: () => undefined, events: () => [], checkChain: () => ({ whole: true, entries: 0 }) }
  const landing = async (here: OpenMonitor) =>
    outcomeOf(
      waitUntilLanded(
        {
          monitor: here.monitor,
          share: await theShare(here),
          journal,
          world: { ...testWorld(), clock: systemClock },
          limit: 20_000,
          interval: 50,
        },
        never,
      ),
    )

  test('ends drained when the gateway has uploaded everything', async () => {
    const here = await open()
    for (let at = 0; at < 20; at += 1) await here.write(`${at}.dcm`, 'pixel data')
    await here.settle()
    const { outcome, troubles } = await landing(here)
    expect(outcome).toMatchObject({ ended: 'drained', drained: true, failing: 0, dirtyPercent: 0 })
    expect(troubles).toEqual([])
  })

  test('ends with the number of files that the gateway cannot upload', async () => {
    const here = await open({ faultPlan: { seed: 1, calls: [], rest: [{ kind: 'fail-upload', key: { endsWith: '7.dcm' } }] } })
    for (let at = 0; at < 10; at += 1) await here.write(`${at}.dcm`, 'pixel data')
    await here.settle()
    const { outcome, troubles } = await landing(here)
    expect(outcome).toMatchObject({ ended: 'files-failing', drained: false, failing: 1 })
    expect(troubles.map((fault) => [fault.code, fault.facts['files']])).toEqual([['gateway-upload-failing', 1]])
  })
})
