/** The simulated S3 behind a real listener, with the store's own handle for planting what a client could not. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { CompleteMultipartUploadCommand, CreateMultipartUploadCommand, UploadPartCommand, type S3Client } from '@aws-sdk/client-s3'
import { cloudS3Client } from '../../main/aws/clients.ts'
import { openS3Store } from '../../main/aws/s3Store.ts'
import { createS3Service } from '../../main/sandbox/s3/service.ts'
import { openObjects, type ObjectStore as SandboxStore } from '../../main/sandbox/s3/objectStore.ts'
import { noFaults, type FaultHook } from '../../main/sandbox/http/faultHook.ts'
import { listen } from '../../main/sandbox/http/server.ts'
import { onlyCredentials } from '../../main/sandbox/http/signature.ts'
import { testWorld, type TestWorld } from '../kit/world.ts'
import type { StoreWithWriter } from './objectStore.ts'

export type SandboxS3 = StoreWithWriter & {
  readonly objects: SandboxStore
  readonly client: S3Client
  readonly world: TestWorld
  close(): Promise<void>
}

const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'a-secret-of-this-test-only' }

export async function sandboxS3(
  options: { faults?: FaultHook; secret?: string; versioning?: 'Enabled' } = { versioning: 'Enabled' },
): Promise<SandboxS3> {
  const folder = mkdtempSync(join(tmpdir(), 'firn-store-'))
  const clock = { now: () => Date.now() }
  const objects = openObjects(folder, { clock })
  const bucket = 'hospital-archive'
  objects.createBucket(bucket, { versioning: options.versioning })
  const handle = createS3Service({
    objects,
    credentials: onlyCredentials(credentials.accessKeyId, credentials.secretAccessKey),
    region: 'us-east-1',
    clock,
    dialect: 'cloud',
    faults: options.faults ?? noFaults,
  })
  const listening = await listen({ port: 0, host: '127.0.0.1', handle })
  const url = `http://127.0.0.1:${listening.port}`
  const client = cloudS3Client({
    url,
    region: 'us-east-1',
    credentials: { ...credentials, secretAccessKey: options.secret ?? credentials.secretAccessKey },
  })
  const world = testWorld()
  return {
    objects,
    client,
    world,
    bucket,
    store: openS3Store({ client, world }),
    async put(key, body, how = {}) {
      const checksum = how.checksum ?? (how.sha256 === true ? ({ algorithm: 'SHA256', value: undefined } as const) : undefined)
      await objects.put(bucket, key, Readable.from([body]), {
        ...(how.encryption === undefined ? {} : { encryption: how.encryption }),
        ...(how.storageClass === undefined ? {} : { storageClass: how.storageClass }),
        ...(how.metadata === undefined ? {} : { metadata: how.metadata }),
        ...(checksum === undefined ? {} : { checksum }),
      })
    },
    async putComposite(key, parts) {
      const where = { Bucket: bucket, Key: key }
      const { UploadId } = await client.send(
        new CreateMultipartUploadCommand({ ...where, ChecksumAlgorithm: 'SHA256', ChecksumType: 'COMPOSITE' }),
      )
      const sent = []
      for (const [at, Body] of parts.entries()) {
        const part = { ...where, UploadId, PartNumber: at + 1, Body, ChecksumAlgorithm: 'SHA256' } as const
        const { ETag, ChecksumSHA256 } = await client.send(new UploadPartCommand(part))
        sent.push({ PartNumber: at + 1, ETag, ChecksumSHA256 })
      }
      await client.send(new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts: sent } }))
    },
    async putUneven(key, body, partSizes) {
      await objects.putInParts(bucket, key, Readable.from([body]), partSizes)
    },
    async remove(key) {
      objects.delete(bucket, key)
      await Promise.resolve()
    },
    async close() {
      client.destroy()
      await listening.close()
      objects.close()
      rmSync(folder, { recursive: true })
    },
  }
}
