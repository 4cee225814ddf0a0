/** Compose: the only place where stages meet adapters. Says which source, which targets, which AWS, real or simulated. */
import { readFileSync } from 'node:fs'
import type { S3Client } from '@aws-sdk/client-s3'
import type { MigrationConfig } from '../../shared/contract/migrationConfig.ts'
import type { Archive } from '../../shared/domain/archive.ts'
import type { GatewayFound, Mount, ShareBucket } from '../../shared/domain/gateway.ts'
import type { ArchiveId } from '../../shared/domain/item.ts'
import type { BucketTold } from '../../shared/domain/posture.ts'
import type { DeviceId } from '../../shared/domain/transfer.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { DeviceFleet, JobSnapshot } from '../../shared/ports/deviceFleet.ts'
import type { FleetRecord, Journal } from '../../shared/ports/journal.ts'
import type { BucketFacts, ObjectStore } from '../../shared/ports/objectStore.ts'
import type { ShareMonitor, ShareState } from '../../shared/ports/shareMonitor.ts'
import type { ShareTarget } from '../../shared/ports/shareTarget.ts'
import type { Source } from '../../shared/ports/source.ts'
import type { Space, Target } from '../../shared/ports/target.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { openBucketSettings, type BucketSettings } from '../aws/bucketSettings.ts'
import { surveyBucket } from '../aws/bucketSurvey.ts'
import {
  cloudS3Client,
  cloudWatchClient,
  deviceS3Client,
  iamClient,
  snowballClient,
  storageGatewayClient,
  type AwsCredentials,
  type DeviceEndpoint,
  type Endpoint,
} from '../aws/clients.ts'
import { probeDevice } from '../aws/deviceProbe.ts'
import { openGatewayMonitor } from '../aws/gatewayMonitor.ts'
import { surveyGateways } from '../aws/gatewaySurvey.ts'
import { Reach } from '../aws/reach.ts'
import { roleTrust, type RoleTrust } from '../aws/roleTrust.ts'
import { openS3Store } from '../aws/s3Store.ts'
import { openS3Target } from '../aws/s3Target.ts'
import { lookAtShareBuckets } from '../aws/shareBuckets.ts'
import { openShareTarget } from '../aws/shareTarget.ts'
import { openSnowballFleet } from '../aws/snowballFleet.ts'
import type { ThroughGate } from '../files/shareStanding.ts'
import type { Sandbox, SandboxOptions } from '../sandbox/start.ts'
import { startSandboxWorker } from '../sandbox/worker.ts'
import { mountsOf } from '../files/mounts.ts'
import { requireApart } from './apart.ts'
import { openFolderSource } from '../source/folderSource.ts'
import type { OpenMigration } from './migrationFolder.ts'
import { pinnedEndpoint, type DeviceAccess } from './deviceReach.ts'
import { guardSandbox } from './sandboxGuard.ts'

export type Wiring = {
  readonly sourceOf: (archiveId: ArchiveId) => Source
  readonly store: ObjectStore & BucketFacts
  readonly fleet: DeviceFleet
  readonly monitor: ShareMonitor
  /** Who may take a role. @throws Fault aws-denied and others. */
  trustOf(roleArn: string, signal: AbortSignal): Promise<RoleTrust>
  /** How a bucket is set up. @throws Fault bucket-missing. */
  bucket(name: string, signal: AbortSignal): Promise<BucketTold>
  readonly bucketSettings: BucketSettings
  /** All gateways of the account, and what the buckets behind their shares do with objects. */
  gateways(signal: AbortSignal): Promise<{ readonly gateways: readonly GatewayFound[]; readonly buckets: readonly ShareBucket[] }>
  /** The share named in migration.json, or the only one of the account. @throws Fault share-not-found. */
  share(signal: AbortSignal): Promise<ShareState>
  /** All that this machine has mounted. @throws what the system could not tell. */
  mounts(signal: AbortSignal): Promise<readonly Mount[]>
  /** @throws Fault share-not-found when the share does not feed the archives' bucket. `gate`: what the folder was found to be; absent in a rehearsal. */
  shareTarget(share: ShareState, gate?: ThroughGate): ShareTarget
  /** A device that is on site and unlocked. @throws Fault device-not-here. */
  deviceTarget(device: FleetRecord, access: DeviceAccess | undefined, signal: AbortSignal): Promise<(archiveId: ArchiveId) => Target>
  readonly linkTarget: (archiveId: ArchiveId) => Target
  /** What AWS said of each device's job the last time it was asked, and when that was. */
  readonly jobs: Map<DeviceId, { readonly job: JobSnapshot; readonly at: number }>
  /** Whether AWS answers, as seen by the calls that were made anyway. */
  readonly reach: Pick<Reach, 'answeredAt' | 'fault'>
  /** The simulated AWS of a rehearsal. */
  readonly sandbox: Sandbox | undefined
  /** In a rehearsal: aborts with the fault when the simulated AWS cannot go on, for instance because its disk is full. */
  readonly broken: AbortSignal | undefined
  /** Where AWS is reached: shown to the person before anything is sent. */
  readonly awsAt: string
  close(): Promise<void>
}

export type ComposeOptions = {
  readonly sandboxPort?: number
  readonly workers?: number
  /** Keys of the secret store. Absent: the profile that migration.json names, or the SDK's usual chain. */
  readonly credentials?: AwsCredentials
}

/** @throws Fault port-in-use, sandbox-only-in-rehearsal, bad-input. Starts the simulated AWS if, and only if, the migration is a rehearsal. */
export async function compose(migration: OpenMigration, options: ComposeOptions = {}): Promise<Wiring> {
  const { config, journal, world } = migration
  // Asked for each item: read again only for one that was added since.
  let archives = journal.archives()
  const archiveOf = (archiveId: ArchiveId): Archive => {
    const known = archives.find((one) => one.id === archiveId)
    if (known !== undefined) return known
    archives = journal.archives()
    const archive = archives.find((one) => one.id === archiveId)
    if (archive === undefined) throw new Fault('archive-missing', { archive: archiveId })
    return archive
  }
  const rehearsal = journal.migration().kind === 'rehearsal'
  if (rehearsal !== (config.rehearsal !== undefined)) throw new Fault('sandbox-only-in-rehearsal')

  const sandbox = rehearsal ? await startSandboxWorker(sandboxOptions(migration, archives, options)) : undefined
  const guard = sandbox === undefined ? undefined : guardSandbox(sandbox)
  const endpoint: Endpoint =
    sandbox === undefined
      ? realEndpoint(config, options.credentials)
      : { url: sandbox.endpoints.cloud, region: sandbox.endpoints.region, credentials: sandbox.endpoints }
  const s3 = cloudS3Client(endpoint)
  const clients = {
    iam: iamClient(endpoint),
    snowball: snowballClient(endpoint),
    gateway: storageGatewayClient(endpoint),
    cloudWatch: cloudWatchClient(endpoint),
  }
  const reach = new Reach(world.clock)
  for (const client of [s3, ...Object.values(clients)]) reach.observe(client)
  const monitor = openGatewayMonitor({
    gateway: clients.gateway,
    cloudWatch: clients.cloudWatch,
    world,
    // The simulated CloudWatch stamps its datapoints with simulated time.
    ...(sandbox === undefined ? {} : { serviceTime: () => sandbox.clock.now() }),
  })
  const fleet = openSnowballFleet({ client: clients.snowball, world })
  const sources = new Map<ArchiveId, Source>()
  const deviceClients: S3Client[] = []

  return {
    sourceOf(archiveId) {
      const archive = archiveOf(archiveId)
      const source =
        sources.get(archiveId) ??
        openFolderSource(archive.root, {
          patientKey: migration.patientKey,
          prefix: archive.prefix,
          ...(options.workers === undefined ? {} : { workers: options.workers }),
        })
      sources.set(archiveId, source)
      return source
    },
    store: openS3Store({ client: s3, world }),
    fleet,
    monitor,
    trustOf: (roleArn, signal) => roleTrust({ iam: clients.iam, world }, roleArn, signal),

    bucket: (name, signal) => surveyBucket({ s3, world }, name, signal),
    bucketSettings: openBucketSettings({ s3, world }),

    async gateways(signal) {
      const gateways = await surveyGateways({ gateway: clients.gateway, world }, signal)
      const named = gateways.flatMap((gateway) => gateway.shares.flatMap(({ bucket }) => (bucket === null ? [] : [bucket])))
      return { gateways, buckets: await lookAtShareBuckets({ s3, world }, [...new Set(named)], signal) }
    },

    async share(signal) {
      const wanted = sandbox?.endpoints.shareArn ?? config.share?.shareArn
      const shares = await monitor.shares(signal)
      const found = shares.filter((share) => wanted === undefined || share.shareArn === wanted)
      const [only] = found
      if (only === undefined || found.length > 1) throw new Fault('share-not-found', { shares: found.length })
      return only
    },

    mounts: (signal) => mountsOf(signal),

    shareTarget(share, gate) {
      const folder = sandbox?.endpoints.shareFolder ?? config.share?.folder
      if (folder === undefined)
        throw new Fault('bad-input', { file: 'migration.json', field: 'share.folder', problem: 'the mount of the file share is not set' })
      requireApart(
        'share.folder',
        folder,
        journal.archives().map((archive) => archive.root),
      )
      return openShareTarget({
        folder,
        prefixInShare: prefixOf(share, bucketOf(archives), config.share?.shareArn !== undefined),
        ...(gate === undefined ? {} : { gate }),
        ...(sandbox === undefined ? {} : { admit: (size: number) => sandbox.admit(size) }),
        ...(options.workers === undefined ? {} : { workers: options.workers }),
      })
    },

    async deviceTarget(device, access, signal) {
      const reached = sandbox === undefined ? realDevice(migration, device, access) : await sandboxDevice(sandbox, fleet, device, signal)
      const client = deviceS3Client(reached)
      deviceClients.push(client)
      const targetOf = (archiveId: ArchiveId): Target =>
        openS3Target({ client, bucket: archiveOf(archiveId).bucket, dialect: 'device', world, space: async () => spaceOn(journal, device) })
      const [first] = archives
      // The simulated device takes what it takes; a real one is tried out once.
      if (sandbox === undefined && first !== undefined && journal.probed(device.id, reached.url) === undefined) {
        const { id, bucket, prefix } = first
        const takes = await probeDevice({ client, target: targetOf(id), bucket, prefix, world }, signal)
        journal.together(() => {
          journal.addProbe(device.id, reached.url, takes, world.clock.now())
          journal.append('device-probed', { device: device.id, tls: reached.certificate !== undefined, ...takes })
        })
      }
      return targetOf
    },

    linkTarget: (archiveId) =>
      openS3Target({
        client: s3,
        bucket: archiveOf(archiveId).bucket,
        dialect: 'cloud',
        world,
        seen: (error) => reach.saw(error),
        stored: config.link ?? {},
      }),
    jobs: new Map(),
    reach,
    sandbox,
    broken: guard?.broken,
    awsAt: sandbox === undefined ? `AWS, Region ${config.region}` : `simulated AWS at ${sandbox.endpoints.cloud}`,

    async close() {
      guard?.stop()
      for (const source of sources.values()) await source.close()
      for (const client of [s3, ...Object.values(clients), ...deviceClients]) client.destroy()
      await sandbox?.close()
    },
  }
}

function realEndpoint({ region, profile }: MigrationConfig, credentials: AwsCredentials | undefined): Endpoint {
  if (credentials !== undefined) return { region, credentials }
  return profile === undefined ? { region } : { region, profile }
}

/** The adapter does not tell how full a device is: what was sent to it, as the journal counts, against what it holds. */
function spaceOn(journal: Journal, device: FleetRecord): Space {
  const { doneBytes } = journal.laneTotals({ route: 'device', deviceId: device.id })
  return { total: device.usable, free: bytes(Math.max(device.usable - doneBytes, 0)) }
}

/**
 * What the share's location adds in front of its paths. A share of another bucket is refused: images would go where nobody looks for them.
 * An access point does not tell its bucket; it is taken at a person's word, who named the share.
 */
function prefixOf(share: ShareState, bucket: string, named: boolean): string {
  const location = /^arn:aws[a-z-]*:s3:::([^/]+)(?:\/(.*))?$/.exec(share.locationArn)
  if (location === null) {
    if (named) return ''
    throw new Fault('share-not-found', { location: 'not a bucket' })
  }
  if (location[1] !== bucket) throw new Fault('share-not-found', { location: 'another bucket' })
  return location[2] ?? ''
}

function bucketOf(archives: readonly Archive[]): string {
  const [first] = archives
  if (first === undefined) throw new Fault('bad-input', { field: 'archive', problem: 'the migration has no archive' })
  return first.bucket
}

function realDevice(migration: OpenMigration, device: FleetRecord, access: DeviceAccess | undefined): DeviceEndpoint {
  if (access === undefined) throw new Fault('device-not-here', { device: device.id, missing: 'endpoint and access keys of the device' })
  return pinnedEndpoint(migration, device, access)
}

async function sandboxDevice(sandbox: Sandbox, fleet: DeviceFleet, device: FleetRecord, signal: AbortSignal): Promise<DeviceEndpoint> {
  if (device.jobId === undefined) throw new Fault('device-not-here', { device: device.id, state: device.state })
  await sandbox.unlock(device.jobId, await fleet.unlockCode(device.jobId, signal))
  const there = await sandbox.deviceEndpoint(device.jobId)
  if (there === undefined) throw new Fault('device-not-here', { device: device.id, state: device.state })
  return { url: there.url, credentials: there }
}

function sandboxOptions(migration: OpenMigration, archives: readonly Archive[], options: ComposeOptions): SandboxOptions {
  const rehearsal = migration.config.rehearsal
  if (rehearsal === undefined) throw new Fault('sandbox-only-in-rehearsal')
  const bucket = bucketOf(archives)
  return {
    folder: migration.files.sandbox,
    speed: rehearsal.speed,
    buckets: [{ name: bucket, versioning: 'Enabled' }],
    shareBucket: bucket,
    sharePrefix: '',
    cacheBytes: rehearsal.cacheBytes,
    uplinkBytesPerSecond: rehearsal.uplinkBytesPerSecond,
    deviceCapacityBytes: rehearsal.deviceBytes,
    account: { deviceLimit: rehearsal.deviceLimit },
    ...(options.sandboxPort === undefined ? {} : { port: options.sandboxPort }),
    ...(rehearsal.faultPlan === undefined ? {} : { faultPlan: readFaultPlan(rehearsal.faultPlan) }),
  }
}

function readFaultPlan(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Fault('bad-input', { field: 'fault plan', problem: 'cannot be read as JSON' }, { cause: error })
  }
}
