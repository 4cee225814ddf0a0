/** The survey and the proof of a mount, by the real clients against the simulated gateway. */
import { PutBucketIntelligentTieringConfigurationCommand, PutBucketLifecycleConfigurationCommand } from '@aws-sdk/client-s3'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { cloudS3Client, storageGatewayClient } from '../../main/aws/clients.ts'
import { surveyGateways } from '../../main/aws/gatewaySurvey.ts'
import { openS3Store } from '../../main/aws/s3Store.ts'
import { lookAtShareBuckets } from '../../main/aws/shareBuckets.ts'
import { systemClock } from '../../main/engine/world.ts'
import { openProbePlace } from '../../main/files/probePlace.ts'
import { probeShare, type ProbePlace, type ShareProbe } from '../../main/push/probeShare.ts'
import { startSandbox, type SandboxOptions } from '../../main/sandbox/start.ts'
import type { EventLog } from '../../shared/ports/journal.ts'
import { testWorld } from '../kit/world.ts'

const never = new AbortController().signal
const bucket = 'hospital-archive'
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function open(options: Partial<SandboxOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'firn-survey-'))
  const sandbox = await startSandbox({
    folder,
    buckets: [{ name: bucket, versioning: 'Enabled' }],
    shareBucket: bucket,
    sharePrefix: 'pacs/',
    ...options,
  })
  const endpoint = { url: sandbox.endpoints.cloud, region: sandbox.endpoints.region, credentials: sandbox.endpoints }
  const gateway = storageGatewayClient(endpoint)
  const s3 = cloudS3Client(endpoint)
  const world = { ...testWorld(), clock: systemClock }
  closing.push(async () => {
    gateway.destroy()
    s3.destroy()
    await sandbox.close()
    rmSync(folder, { recursive: true })
  })
  return {
    ...sandbox.endpoints,
    s3,
    world,
    store: openS3Store({ client: s3, world }),
    survey: () => surveyGateways({ gateway, world }, never),
    rules: () => lookAtShareBuckets({ s3, world }, [bucket], never),
  }
}

describe('the gateways of an account', () => {
  test('are told with their shares, cache and addresses', async () => {
    const here = await open()
    const [gateway, ...others] = await here.survey()
    expect(others).toEqual([])
    expect(gateway).toMatchObject({
      gatewayArn: here.gatewayArn,
      type: 'FILE_S3',
      operationalState: 'ACTIVE',
      state: 'RUNNING',
      healthLog: true,
      addresses: ['127.0.0.1'],
      cache: { dirtyPercent: 0 },
      unasked: [],
      shares: [
        {
          shareArn: here.shareArn,
          protocol: 'NFS',
          bucket,
          prefix: 'pacs/',
          clients: ['10.0.0.0/8'],
          squash: 'RootSquash',
          auditLog: true,
        },
      ],
    })
  })

  test('SMB shares, a second share, gateways of other types, and what is set otherwise', async () => {
    const here = await open({
      shareProtocol: 'SMB',
      gatewayTraits: {
        others: ['VTL', 'CACHED'],
        secondPrefix: '',
        share: { Authentication: 'GuestAccess', EncryptionType: 'SseKms', AuditDestinationARN: '', ReadOnly: true },
        gateway: { CloudWatchLogGroupARN: '', DeprecationDate: '2026-01-31' },
        smb: { SMBSecurityStrategy: 'ClientSpecified' },
      },
    })
    const gateways = await here.survey()
    expect(gateways.map(({ type }) => type).toSorted()).toEqual(['CACHED', 'FILE_S3', 'VTL'])
    const file = gateways.find(({ type }) => type === 'FILE_S3')
    expect(file).toMatchObject({ healthLog: false, supportEnds: Date.UTC(2026, 0, 31), smbSecurity: 'ClientSpecified' })
    expect(file?.shares.map(({ prefix }) => prefix)).toEqual(['pacs/', ''])
    expect(file?.shares[0]).toMatchObject({ authentication: 'GuestAccess', encryption: 'SseKms', auditLog: false, readOnly: true })
  })

  test('what may not be asked is said by call and reason, and the rest is told', async () => {
    const denied = { kind: 'status', code: 'AccessDeniedException', status: 400 }
    const here = await open({
      faultPlan: { seed: 1, calls: [{ service: 'storagegateway', operation: 'DescribeCache', every: 1, times: 99, effect: denied }] },
    })
    const [gateway] = await here.survey()
    expect(gateway).toMatchObject({ cache: null, unasked: [{ call: 'storagegateway:DescribeCache', code: 'aws-denied' }] })
    expect(gateway?.shares).toHaveLength(1)
  })
})

describe('rules that archive what lies below a share', () => {
  test('are found among lifecycle rules and archive tiers; a bucket without any has none', async () => {
    const here = await open()
    expect(await here.rules()).toEqual([{ bucket, archiving: [], unasked: undefined }])
    const rule = { Status: 'Enabled' as const, Filter: { Prefix: 'pacs/' } }
    const Rules = [
      {
        ...rule,
        ID: 'deep',
        Transitions: [
          { Days: 30, StorageClass: 'STANDARD_IA' as const },
          { Days: 90, StorageClass: 'DEEP_ARCHIVE' as const },
        ],
      },
      { ...rule, ID: 'off', Status: 'Disabled' as const, Transitions: [{ Days: 1, StorageClass: 'GLACIER' as const }] },
      { ...rule, ID: 'cheap', Transitions: [{ Days: 30, StorageClass: 'INTELLIGENT_TIERING' as const }] },
      { ...rule, ID: 'tidy', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
    ]
    await here.s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules } }))
    const IntelligentTieringConfiguration = {
      Id: 'rest',
      Status: 'Enabled' as const,
      Tierings: [{ Days: 90, AccessTier: 'ARCHIVE_ACCESS' as const }],
    }
    await here.s3.send(new PutBucketIntelligentTieringConfigurationCommand({ Bucket: bucket, Id: 'rest', IntelligentTieringConfiguration }))
    expect((await here.rules())[0]?.archiving).toEqual([
      { id: 'deep', prefix: 'pacs/', storageClass: 'DEEP_ARCHIVE', days: 90 },
      { id: 'rest', prefix: '', storageClass: 'ARCHIVE_ACCESS', days: 90 },
    ])
  })

  test('that may not be read are not known', async () => {
    const denied = { kind: 'status', code: 'AccessDenied', status: 403 }
    const here = await open({
      faultPlan: { seed: 1, calls: [{ service: 's3', operation: 'GetBucketLifecycleConfiguration', every: 1, times: 99, effect: denied }] },
    })
    expect(await here.rules()).toEqual([{ bucket, archiving: undefined, unasked: 'aws-denied' }])
  })
})

describe('the proof of a mount', () => {
  const events: string[] = []
  const journal: EventLog = { append: (kind) => void events.push(kind), events: () => [], checkChain: () => ({ whole: true, entries: 0 }) }
  type Here = Awaited<ReturnType<typeof open>>
  const probe = async (here: Here, place: ProbePlace, limit = 10_000): Promise<ShareProbe> => {
    const share = (await here.survey())[0]?.shares[0]
    if (share === undefined) throw new Error('the sandbox has a share')
    return probeShare({ place, share, store: here.store, journal, world: here.world, limit, interval: 20 }, never)
  }

  test('a file written through it is in the bucket with its digest, and goes with the file', async () => {
    const here = await open({ quietMs: 30, folderObjects: false })
    const { landedMs, removed, skewMs } = await probe(here, openProbePlace(here.shareFolder))
    expect(landedMs).toBeGreaterThan(0)
    expect({ removed, skewMs }).toEqual({ removed: true, skewMs: 0 })
    expect(readdirSync(here.shareFolder)).toEqual([])
    expect(events).toContain('share-probed')
  })

  test('a folder that is not the share is told, and nothing is left in it', async () => {
    const here = await open({ quietMs: 30 })
    const elsewhere = join(here.shareFolder, '..', 'elsewhere')
    mkdirSync(elsewhere)
    await expect(probe(here, openProbePlace(elsewhere), 200)).rejects.toMatchObject({ code: 'share-not-behind' })
    expect(readdirSync(elsewhere)).toEqual([])
  })

  test('other bytes in the bucket are told at once', async () => {
    const here = await open({ quietMs: 30, faultPlan: { rest: [{ kind: 'rot-byte', key: { endsWith: testWorld().random.uuid() } }] } })
    await expect(probe(here, openProbePlace(here.shareFolder))).rejects.toMatchObject({
      code: 'share-not-behind',
      facts: { bytes: 'differ' },
    })
  })

  test('a folder that is not there or takes no file is told', async () => {
    const here = await open()
    await expect(probe(here, openProbePlace(join(here.shareFolder, 'nowhere')))).rejects.toMatchObject({ code: 'share-missing' })
    const closed = join(here.shareFolder, '..', 'closed')
    mkdirSync(closed)
    chmodSync(closed, 0o500)
    // Root may write everywhere.
    if (process.getuid?.() !== 0) await expect(probe(here, openProbePlace(closed))).rejects.toMatchObject({ code: 'share-write-failed' })
  })

  test('a clock that is wrong on the share’s side is told', async () => {
    const here = await open({ quietMs: 30, folderObjects: false })
    const place = openProbePlace(here.shareFolder)
    const ahead: ProbePlace = { ...place, leave: async (...asked) => (await place.leave(...asked)) + 420_000 }
    const { skewMs } = await probe(here, ahead)
    expect(skewMs).toBeGreaterThan(419_000)
  })
})
