/** A sandbox in a folder of its own with real SDK clients to talk to it: for tests of Snowball, Storage Gateway and CloudWatch. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { S3Client } from '@aws-sdk/client-s3'
import {
  CreateAddressCommand,
  CreateJobCommand,
  DescribeJobCommand,
  SnowballClient,
  type CreateJobCommandInput,
} from '@aws-sdk/client-snowball'
import { StorageGatewayClient } from '@aws-sdk/client-storage-gateway'
import { pack } from 'tar-stream'
import { loadModel, problemsOfJson } from './awsModel.ts'
import { defaultSpeed } from '../../main/sandbox/fastClock.ts'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../main/sandbox/start.ts'

export const bucket = 'hospital-archive'
export const jobOrder: Omit<CreateJobCommandInput, 'AddressId'> = {
  JobType: 'IMPORT',
  Description: 'PACS 2009 to 2014, wave 1',
  SnowballType: 'V3_5S',
  SnowballCapacityPreference: 'T240',
  ShippingOption: 'SECOND_DAY',
  KmsKeyARN: 'arn:aws:kms:us-east-1:111122223333:key/abcd1234-12ab-34cd-56ef-123456123456',
  RoleARN: 'arn:aws:iam::111122223333:role/SnowballImportRole',
  RemoteManagement: 'NOT_INSTALLED',
  Resources: {
    S3Resources: [
      { BucketArn: `arn:aws:s3:::${bucket}`, TargetOnDeviceServices: [{ ServiceName: 'S3_ON_DEVICE_SERVICE', TransferOption: 'IMPORT' }] },
    ],
  },
}
export const address = {
  Name: 'Imaging IT',
  Company: 'General Hospital',
  Street1: '123 Main Street',
  City: 'Seattle',
  StateOrProvince: 'WA',
  PostalCode: '98101',
  Country: 'US',
  PhoneNumber: '425-555-5555',
}

/** `undefined` takes a field out of the order. */
export type OrderChange = { readonly [Field in keyof CreateJobCommandInput]?: CreateJobCommandInput[Field] | undefined }

export type Site = {
  readonly folder: string
  sandbox: Sandbox
  snowball: SnowballClient
  gateway: StorageGatewayClient
  watch: CloudWatchClient
  s3: S3Client
  /** Closes the sandbox and starts it again on the same folder, with other options where given. */
  restart(options?: Partial<SandboxOptions>): Promise<void>
  order(change?: OrderChange): Promise<string>
  until(jobId: string, state: string): Promise<void>
  /** An S3 client of the device, unlocked. */
  device(jobId: string): Promise<S3Client>
  end(): Promise<void>
}

export async function openSite(options: Partial<SandboxOptions> = {}): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'firn-sandbox-'))
  const all: SandboxOptions = {
    folder,
    speed: 10 * defaultSpeed,
    buckets: [{ name: bucket, versioning: 'Enabled' }],
    shareBucket: bucket,
    sharePrefix: 'share/',
    ...options,
  }
  const sandbox = await startSandbox(all)
  const site: Site = {
    folder,
    sandbox,
    ...clientsOf(sandbox),
    async restart(change = {}) {
      await site.sandbox.close()
      site.sandbox = await startSandbox({ ...all, ...change })
      Object.assign(site, clientsOf(site.sandbox))
    },
    async order(change = {}) {
      const { AddressId } = await site.snowball.send(new CreateAddressCommand({ Address: address }))
      const { JobId } = await site.snowball.send(new CreateJobCommand({ ...jobOrder, AddressId, ...change } as CreateJobCommandInput))
      return JobId ?? ''
    },
    async until(jobId, state) {
      for (let look = 0; look < 1500; look += 1) {
        const { JobMetadata } = await site.snowball.send(new DescribeJobCommand({ JobId: jobId }))
        if (JobMetadata?.JobState === state) return
        await delay(10)
      }
      throw new Error(`the job did not become ${state}`)
    },
    async device(jobId) {
      const { GetJobUnlockCodeCommand } = await import('@aws-sdk/client-snowball')
      const { UnlockCode } = await site.snowball.send(new GetJobUnlockCodeCommand({ JobId: jobId }))
      await site.sandbox.unlock(jobId, UnlockCode ?? '')
      const there = await site.sandbox.deviceEndpoint(jobId)
      if (there === undefined) throw new Error('the device has no endpoint')
      return new S3Client({
        endpoint: there.url,
        region: 'snow',
        credentials: there,
        forcePathStyle: true,
        maxAttempts: 1,
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
      })
    },
    async end() {
      await site.sandbox.close()
      rmSync(folder, { recursive: true, force: true })
      const found = [...problems]
      problems.clear()
      if (found.length > 0) throw new Error(`messages that AWS's model does not know:\n${found.join('\n')}`)
    },
  }
  return site
}

function clientsOf({ endpoints }: Sandbox) {
  const { accessKeyId, secretAccessKey } = endpoints
  const reach = { endpoint: endpoints.cloud, region: endpoints.region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 }
  return {
    snowball: watched(new SnowballClient(reach), 'snowball-2016-06-30', ['SnowballId']),
    gateway: watched(new StorageGatewayClient(reach), 'storagegateway-2013-06-30', []),
    watch: watched(new CloudWatchClient(reach), 'monitoring-2010-08-01', []),
    s3: new S3Client({ ...reach, forcePathStyle: true }),
  }
}

/** A tar as the loader makes it. */
export async function tarOf(members: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const tar = pack()
  for (const [name, content] of Object.entries(members)) tar.entry({ name, mtime: new Date(0) }, content)
  tar.finalize()
  const pieces: Buffer[] = []
  for await (const piece of tar) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

const problems = new Set<string>()

type Exchange = { readonly response: { statusCode: number; body: unknown } }
type Stack = {
  add(
    middleware: (
      next: (args: { request: unknown }) => Promise<Exchange>,
      context: { commandName?: string },
    ) => (args: { request: unknown }) => Promise<Exchange>,
    options: { step: 'deserialize'; priority: 'low'; name: string },
  ): void
}

/** Every request and every good answer of the client is held against AWS's model; `end` of the site tells what did not fit. */
function watched<Client extends { readonly middlewareStack: unknown }>(
  client: Client,
  modelName: string,
  newer: readonly string[],
): Client {
  const model = loadModel(modelName)
  const stack = client.middlewareStack as Stack
  stack.add(
    (next, context) => async (args) => {
      const operation = (context.commandName ?? '').replace(/Command$/, '')
      if (operation === '') throw new Error('the client does not say which operation it sends')
      const known = Object.hasOwn(model.operations, operation)
      const note = (side: 'input' | 'output', body: string): void => {
        for (const problem of known ? problemsOfJson(model, operation, side, JSON.parse(body), newer) : [])
          problems.add(`${side} of ${operation}: ${problem}`)
      }
      const { body } = args.request as { body: string | Uint8Array }
      note('input', typeof body === 'string' ? body : new TextDecoder().decode(body))
      const result = await next(args)
      const bytes = await buffer(result.response.body as Readable)
      if (result.response.statusCode < 300) note('output', bytes.toString('utf8'))
      result.response.body = Readable.from([bytes])
      return result
    },
    { step: 'deserialize', priority: 'low', name: 'heldAgainstModel' },
  )
  return client
}
