/** Starts the simulated AWS in this process: one port for S3, Snowball, Storage Gateway and CloudWatch, one more per device on site. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { GiB, MiB, TB } from '../../shared/units/bytes.ts'
import { createCloudWatchService } from './control/cloudWatchService.ts'
import { answerIam, isIamRequest, type IamDoor } from './control/iamDoor.ts'
import { answerJson, isJsonRequest, type JsonDoor } from './control/jsonDoor.ts'
import { openMetrics } from './control/metrics.ts'
import { answerOwn, ownPath, type OwnActs } from './control/ownDoor.ts'
import { presign, type Presigner } from './control/presign.ts'
import { openState, type ControlState } from './control/state.ts'
import type { FastClock, FaultPlan, SandboxEndpoints } from './contract.ts'
import { createDevice } from './device/device.ts'
import { CloudStore, countPuts, putBy, putCounts, type PutCounts } from './countedStore.ts'
import { openFastClock } from './fastClock.ts'
import { noFaults, openFaults, parseFaultPlan, type Planted } from './faultPlan.ts'
import { gatewayIdentity, type GatewayTraits } from './gateway/gatewayParts.ts'
import { createGatewayService } from './gateway/gatewayService.ts'
import { openShare } from './gateway/share.ts'
import { listen, type Handler } from './http/server.ts'
import { onlyCredentials } from './http/signature.ts'
import { isDiskFull } from './diskFull.ts'
import { claimFolder } from './marker.ts'
import { createS3Service } from './s3/service.ts'
import { openDevices, type DeviceAccess } from './snowball/devices.ts'
import { systemBucket } from './snowball/importLog.ts'
import { openJobs } from './snowball/jobs.ts'
import { createSnowballService, type SnowballAccount } from './snowball/snowballService.ts'

export type SandboxBucket = {
  readonly name: string
  readonly versioning?: 'Enabled' | 'Suspended'
  readonly encryption?: 'AES256' | 'aws:kms'
}

export type SandboxOptions = {
  /** New, empty, or one that an earlier sandbox has marked. */
  readonly folder: string
  readonly buckets: readonly SandboxBucket[]
  readonly shareBucket: string
  /** '' or a prefix ending with '/'. */
  readonly sharePrefix: string
  /** The cloud's port; any free one by default. */
  readonly port?: number | undefined
  /** Simulated milliseconds per real one. */
  readonly speed?: number | undefined
  /** Read by parseFaultPlan. Absent: the plan that the folder has from before, else none. */
  readonly faultPlan?: unknown
  readonly cacheBytes?: number | undefined
  readonly uplinkBytesPerSecond?: number | undefined
  readonly deviceCapacityBytes?: number | undefined
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined
  readonly account?: Partial<SnowballAccount> | undefined
  /** Trust policies by name of role, as JSON; absent: every role trusts the import service. */
  readonly roles?: Readonly<Record<string, string>> | undefined
  readonly shareProtocol?: 'NFS' | 'SMB' | undefined
  readonly gatewayTraits?: GatewayTraits | undefined
  /** Whether folders of the share become zero-byte objects "name/", as AWS's gateway makes them; on by default. */
  readonly folderObjects?: boolean | undefined
  /** How long (real time) a file of the share must have been left alone before it goes up. */
  readonly quietMs?: number | undefined
  readonly multipartAbove?: number | undefined
  /** Whether a tar batch stays beside its extracted members; off by default. */
  readonly keepArchives?: boolean | undefined
}

export type SandboxStats = {
  readonly puts: PutCounts
  /** What the fault plan has done to data at rest or on the road. */
  readonly planted: readonly Planted[]
  /** Errors of the sandbox's own that it tried again or answered as InternalError. */
  readonly troubles: number
  readonly failingUploads: number
}

export interface Sandbox {
  readonly endpoints: SandboxEndpoints
  /** Simulated time. CloudWatch's datapoints are kept by it. */
  readonly clock: FastClock
  /** For the calls under /__sandbox/, in the header x-sandbox-token. */
  readonly token: string
  /** Hands the device over to the carrier. Again for one that is on its way does nothing. @throws Fault device-not-here. */
  ship(jobId: string): Promise<void>
  /** @throws Fault device-not-here, bad-input for a wrong code. */
  unlock(jobId: string, code: string): Promise<void>
  deviceEndpoint(jobId: string): Promise<DeviceAccess | undefined>
  /** Whether the share's cache takes this many more bytes. */
  admit(bytes: number): Promise<boolean>
  /** Resolves when all that was written to the share is in S3 or given up. */
  settle(): Promise<void>
  stats(): Promise<SandboxStats>
  /** Whether something could not be kept because the disk below the sandbox is full. */
  diskFull(): Promise<boolean>
  close(): Promise<void>
}

const region = 'us-east-1'
const account = '111122223333'
const gatewayName = 'firn-rehearsal-gateway'
const keepClockMs = 500

/** @throws Fault sandbox-only-in-rehearsal, port-in-use, bad-input for a fault plan that cannot be read. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  claimFolder(options.folder)
  const plan = planOf(options)
  const state = openState(join(options.folder, 'control.db'))
  const clock = openFastClock(state, options.speed)
  const wholeClock = { now: () => Math.round(clock.now()) }
  const realClock = { now: () => Date.now() }
  const faults = openFaults(state, plan, async (milliseconds) => {
    await delay(milliseconds)
  })
  const metrics = openMetrics(state, clock)
  const credentials = options.credentials ?? keptCredentials(state)
  const secretOf = onlyCredentials(credentials.accessKeyId, credentials.secretAccessKey)
  const token = kept(state, 'token', () => randomBytes(24).toString('base64url'))
  let bugs = 0
  let full = false
  const onTrouble = (error: unknown): void => {
    full ||= isDiskFull(error)
  }
  const onBug = (error: unknown): void => {
    bugs += 1
    onTrouble(error)
  }
  const keepTime = (): void => {
    try {
      clock.keep()
    } catch (error) {
      onBug(error)
    }
  }

  const cloud = countPuts(new CloudStore(join(options.folder, 'cloud'), { clock: wholeClock }), state, 'link', '')
  cloud.hide(systemBucket)
  cloud.createBucket(systemBucket)
  for (const { name, ...settings } of options.buckets) cloud.createBucket(name, settings)

  const identity = gatewayIdentity(state, region, account, gatewayName)
  const shareFolder = join(options.folder, 'share')
  const share = openShare(
    {
      root: shareFolder,
      bucket: options.shareBucket,
      prefix: options.sharePrefix,
      gatewayId: identity.gatewayId,
      cacheBytes: options.cacheBytes ?? 150 * GiB,
      uplinkBytesPerSecond: options.uplinkBytesPerSecond,
      quietMs: options.quietMs ?? 200,
      multipartAbove: options.multipartAbove ?? 8 * MiB,
      folderObjects: options.folderObjects ?? true,
      restMs: 50,
    },
    { state, clock, cloud, faults, metrics, onTrouble },
  )
  const jobs = openJobs(state, clock, faults.daysLate)
  const devices = openDevices({
    folder: join(options.folder, 'devices'),
    state,
    cloud,
    faults,
    jobs,
    keepArchives: options.keepArchives ?? false,
    clock: wholeClock,
    onTrouble,
    async serve(folder, job, buckets) {
      const device = createDevice({
        folder,
        buckets,
        jobId: job.id,
        capacityBytes: options.deviceCapacityBytes ?? 210 * TB,
        credentials: onlyCredentials(job.secrets.accessKeyId, job.secrets.secretAccessKey),
        clock: wholeClock,
        signingClock: realClock,
        faults,
        onBug,
      })
      countPuts(device.objects, state, 'device', job.id)
      const there = await listen({ port: 0, host: '127.0.0.1', handle: device.handle, maxConnections: 1000 })
      return {
        url: `http://127.0.0.1:${there.port}`,
        async close() {
          await there.close()
          device.objects.close()
        },
      }
    },
  })

  let presigner: Presigner = { endpoint: '', region, ...credentials, now: realClock.now }
  const link = (bucket: string, key: string): string => presign(presigner, bucket, key)
  const door: JsonDoor = {
    services: [
      createSnowballService({
        state,
        clock,
        jobs,
        objects: cloud,
        account: { deviceLimit: 1, closed: false, supportEnded: false, ...options.account },
        presign: link,
      }),
      createGatewayService({
        state,
        clock,
        share,
        facts: {
          ...identity,
          traits: options.gatewayTraits ?? {},
          protocol: options.shareProtocol ?? 'NFS',
          region,
          locationArn: `arn:aws:s3:::${options.shareBucket}${options.sharePrefix === '' ? '' : `/${options.sharePrefix}`}`,
          role: `arn:aws:iam::${account}:role/FileShareRole`,
          logs: `arn:aws:logs:${region}:${account}:log-group:`,
        },
        writeReport: async (bucket, key, text) => {
          await cloud.put(bucket, key, Readable.from([Buffer.from(text)]), putBy('own', { contentType: 'text/csv' }))
        },
      }),
      createCloudWatchService(metrics, identity),
    ],
    faults,
    secretOf,
    region,
    now: realClock.now,
    onBug,
  }
  const stats = (): SandboxStats => ({
    puts: putCounts(state),
    planted: faults.planted(),
    troubles: bugs + share.troubles + devices.troubles,
    failingUploads: share.books().failingFiles,
  })
  const acts: OwnActs = {
    ship: (jobId) => devices.ship(jobId),
    unlock: (jobId, code) => devices.unlock(jobId, code),
    admit: (bytes) => share.admit(bytes),
    stats,
    time: () => ({ now: clock.now(), speed: clock.speed }),
    notifications: () => state.rows('SELECT id, kind, asked, done FROM notifications ORDER BY asked DESC LIMIT 1000'),
  }
  const s3 = createS3Service({ objects: cloud, credentials: secretOf, region, clock: realClock, dialect: 'cloud', faults, onBug })
  const iam: IamDoor = { account, roles: options.roles, faults, secretOf, region, now: realClock.now, onBug }
  const handle: Handler = (request, response) => {
    if ((request.url ?? '').startsWith(ownPath)) return answerOwn(acts, token, request, response)
    if (isIamRequest(request)) return answerIam(iam, request, response)
    return isJsonRequest(request) ? answerJson(door, request, response) : s3(request, response)
  }

  const ticking = setInterval(keepTime, keepClockMs)
  const closing = new AbortController()
  const shut = async (): Promise<void> => {
    clearInterval(ticking)
    closing.abort(new Error('the sandbox is closing'))
    await devices.close()
    await share.close()
    keepTime()
    cloud.close()
    state.close()
  }
  const listening = await listen({ port: options.port ?? 0, host: '127.0.0.1', handle }).catch(async (error: unknown) => {
    await shut()
    throw error
  })
  presigner = { ...presigner, endpoint: `http://127.0.0.1:${listening.port}` }
  let closed: Promise<void> | undefined

  return {
    endpoints: {
      cloud: presigner.endpoint,
      region,
      ...credentials,
      shareFolder,
      shareArn: identity.shareArn,
      gatewayArn: identity.gatewayArn,
      gatewayName,
    },
    clock,
    token,
    ship: (jobId) => devices.ship(jobId),
    unlock: (jobId, code) => devices.unlock(jobId, code),
    deviceEndpoint: (jobId) => Promise.resolve(devices.endpoint(jobId)),
    admit: (bytes) => Promise.resolve(share.admit(bytes)),
    settle: () => share.settle(closing.signal),
    stats: () => Promise.resolve(stats()),
    diskFull: () => Promise.resolve(full),
    close() {
      closed ??= listening.close().then(shut)
      return closed
    },
  }
}

/** The plan given, or the one in the folder; a plan once given stays with the folder. */
function planOf(options: SandboxOptions): FaultPlan {
  const file = join(options.folder, 'faultPlan.json')
  if (options.faultPlan !== undefined) {
    const plan = parseFaultPlan(options.faultPlan)
    writeFileSync(file, JSON.stringify(plan, undefined, 2))
    return plan
  }
  return existsSync(file) ? parseFaultPlan(JSON.parse(readFileSync(file, 'utf8'))) : noFaults
}

function kept(state: ControlState, name: string, make: () => string): string {
  const value = state.note(name) ?? make()
  state.setNote(name, value)
  return value
}

/** Keys that exist in this sandbox alone. */
function keptCredentials(state: ControlState) {
  return {
    accessKeyId: kept(state, 'access-key', () => `AKIA${randomBytes(8).toString('hex').toUpperCase()}`),
    secretAccessKey: kept(state, 'secret-key', () => randomBytes(30).toString('base64url')),
  }
}
