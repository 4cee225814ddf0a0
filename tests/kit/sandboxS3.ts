/** Starts a simulated S3 or a simulated Snowball on a free port and hands out a real SDK client for it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { createDevice, deviceRegion, type Device } from '../../main/sandbox/device/device.ts'
import { noFaults, type FaultHook } from '../../main/sandbox/http/faultHook.ts'
import { listen } from '../../main/sandbox/http/server.ts'
import { onlyCredentials } from '../../main/sandbox/http/signature.ts'
import { openObjects, type ObjectStore } from '../../main/sandbox/s3/objectStore.ts'
import { createS3Service } from '../../main/sandbox/s3/service.ts'

export const accessKeyId = 'AKIAREHEARSAL0000000'
export const secretAccessKey = 'rehearsal-secret'
export const region = 'eu-central-1'
export const bucket = 'archive-bucket'

export type RunningS3 = {
  readonly endpoint: string
  readonly folder: string
  readonly objects: ObjectStore
  /** Errors the sandbox did not foresee; a test that ends with one here has found a bug. */
  readonly bugs: unknown[]
  client(overrides?: S3ClientConfig): S3Client
  close(): Promise<void>
}

export async function startS3(
  options: { readonly faults?: FaultHook; readonly clock?: { now(): number }; readonly region?: string } = {},
): Promise<RunningS3> {
  const folder = mkdtempSync(join(tmpdir(), 'firn-s3-'))
  const objects = openObjects(folder, { clock: options.clock ?? Date })
  objects.createBucket(bucket)
  const bugs: unknown[] = []
  const handle = createS3Service({
    objects,
    credentials: onlyCredentials(accessKeyId, secretAccessKey),
    region: options.region ?? region,
    clock: Date,
    dialect: 'cloud',
    faults: options.faults ?? noFaults,
    onBug: (error) => bugs.push(error),
  })
  const { port, close } = await listen({ port: 0, host: '127.0.0.1', handle })
  const clients: S3Client[] = []
  const endpoint = `http://127.0.0.1:${port}`
  return {
    endpoint,
    folder,
    objects,
    bugs,
    client: (overrides = {}) => {
      const client = new S3Client({
        region: options.region ?? region,
        endpoint,
        forcePathStyle: true,
        maxAttempts: 1,
        credentials: { accessKeyId, secretAccessKey },
        ...overrides,
      })
      clients.push(client)
      return client
    },
    close: async () => {
      for (const client of clients) client.destroy()
      await close()
      objects.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function startDevice(capacityBytes = 1_000_000_000) {
  const folder = mkdtempSync(join(tmpdir(), 'firn-device-'))
  const bugs: unknown[] = []
  const device: Device = createDevice({
    folder,
    jobId: 'JID00000000-0000-4000-8000-000000000000',
    buckets: [bucket],
    capacityBytes,
    credentials: onlyCredentials(accessKeyId, secretAccessKey),
    clock: Date,
    faults: noFaults,
    onBug: (error) => bugs.push(error),
  })
  const { port, close } = await listen({ port: 0, host: '127.0.0.1', handle: device.handle })
  const endpoint = `http://127.0.0.1:${port}`
  const client = (overrides: S3ClientConfig = {}): S3Client =>
    new S3Client({
      region: deviceRegion,
      endpoint,
      forcePathStyle: true,
      maxAttempts: 1,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      credentials: { accessKeyId, secretAccessKey },
      ...overrides,
    })
  return {
    device,
    endpoint,
    bugs,
    client,
    close: async () => {
      await close()
      device.objects.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The name of the error a call ends with; "none" when it does not. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'none',
    (error: unknown) => (error instanceof Error ? error.name : 'unknown'),
  )
}
