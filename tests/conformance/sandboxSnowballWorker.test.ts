import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListGatewaysCommand, StorageGatewayClient } from '@aws-sdk/client-storage-gateway'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox } from '../../main/sandbox/start.ts'
import { startSandboxWorker } from '../../main/sandbox/worker.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firn-worker-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})
const options = () => ({
  folder: join(folder, 'sandbox'),
  buckets: [{ name: 'archive', versioning: 'Enabled' as const }],
  shareBucket: 'archive',
  sharePrefix: '',
  quietMs: 30,
})

test('in a thread of its own the sandbox answers as in this one, and tells faults by their codes', async () => {
  const sandbox = await startSandboxWorker(options())
  try {
    const { cloud, region, accessKeyId, secretAccessKey, gatewayArn, shareFolder } = sandbox.endpoints
    const client = new StorageGatewayClient({ endpoint: cloud, region, credentials: { accessKeyId, secretAccessKey } })
    expect((await client.send(new ListGatewaysCommand({}))).Gateways?.[0]?.GatewayARN).toBe(gatewayArn)
    await expect(sandbox.ship('JID-none')).rejects.toMatchObject({ name: 'Fault', code: 'device-not-here' })
    expect(await sandbox.deviceEndpoint('JID-none')).toBeUndefined()
    expect(await sandbox.admit(10)).toBe(true)
    writeFileSync(join(shareFolder, 'a.dcm'), 'abc')
    await sandbox.settle()
    expect((await sandbox.stats()).puts.completed).toMatchObject({ 'gateway-data': 1, 'gateway-metadata': 1 })
    const before = sandbox.clock.now()
    expect(sandbox.clock.now()).toBeGreaterThanOrEqual(before)
  } finally {
    await sandbox.close()
  }
  await expect(sandbox.stats()).rejects.toThrow()
})

test('ids, keys and token stay the same when the sandbox starts again on its folder', async () => {
  const first = await startSandbox(options())
  await first.close()
  const second = await startSandbox(options())
  await second.close()
  expect(second.token).toBe(first.token)
  expect({ ...second.endpoints, cloud: '' }).toEqual({ ...first.endpoints, cloud: '' })
})

test('a folder that holds something else is refused and left alone', async () => {
  mkdirSync(join(folder, 'sandbox'))
  writeFileSync(join(folder, 'sandbox', 'thesis.docx'), 'years of work')
  await expect(startSandboxWorker(options())).rejects.toMatchObject({ code: 'sandbox-only-in-rehearsal' })
  await expect(startSandbox(options())).rejects.toMatchObject({ code: 'sandbox-only-in-rehearsal' })
})

test('a port that is taken is named', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as AddressInfo
  await expect(startSandboxWorker({ ...options(), port })).rejects.toMatchObject({ code: 'port-in-use', facts: { port } })
  other.close()
})
