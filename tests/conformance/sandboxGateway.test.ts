import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch'
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, ListObjectVersionsCommand } from '@aws-sdk/client-s3'
import {
  DescribeBandwidthRateLimitScheduleCommand,
  DescribeCacheCommand,
  DescribeCacheReportCommand,
  DescribeGatewayInformationCommand,
  DescribeNFSFileSharesCommand,
  DescribeSMBFileSharesCommand,
  DescribeSMBSettingsCommand,
  ListCacheReportsCommand,
  ListFileSharesCommand,
  ListGatewaysCommand,
  ListLocalDisksCommand,
  NotifyWhenUploadedCommand,
  RefreshCacheCommand,
  StartCacheReportCommand,
} from '@aws-sdk/client-storage-gateway'
import { afterEach, expect, test } from 'vitest'
import { oddParts } from '../../main/sandbox/gateway/upload.ts'
import { bucket, openSite, type Site } from '../kit/sandboxControl.ts'

let site: Site
afterEach(async () => {
  await site.end()
})

const MiB = 1024 * 1024
const write = (name: string, content: string | Buffer): string => {
  const path = join(site.sandbox.endpoints.shareFolder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, content)
  return path
}
const versions = async () => {
  const { Versions } = await site.s3.send(new ListObjectVersionsCommand({ Bucket: bucket }))
  return Versions?.map((version) => version.Key) ?? []
}

test('a file goes up data first and metadata second, folders become zero-byte objects', async () => {
  site = await openSite({ quietMs: 30 })
  const path = write('study/1.dcm', 'bytes of the first')
  utimesSync(path, 1_700_000_000, 1_700_000_000.25)
  await site.sandbox.settle()
  expect(await versions()).toEqual(['share/study/', 'share/study/1.dcm', 'share/study/1.dcm'])
  const head = await site.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'share/study/1.dcm', ChecksumMode: 'ENABLED' }))
  expect(head.Metadata).toMatchObject({
    'file-mtime': '1700000000250000000ns',
    'file-permissions': expect.stringMatching(/^0100\d{3}$/) as string,
  })
  expect(head.ChecksumType).toBe('FULL_OBJECT')
  expect((await site.sandbox.stats()).puts.completed).toMatchObject({ 'gateway-data': 2, 'gateway-metadata': 1 })
})

test('a large file goes up in parts whose sizes follow no rule', async () => {
  site = await openSite({ quietMs: 30, multipartAbove: 5 * MiB, folderObjects: false })
  const content = Buffer.alloc(13 * MiB + 17, 3)
  write('wholeSlide.dcm', content)
  await site.sandbox.settle()
  const sizes = oddParts(content.length)
  expect(sizes.length).toBeGreaterThan(1)
  expect(sizes.slice(0, -1).every((size) => size >= 5 * MiB)).toBe(true)
  for (const [at, size] of sizes.entries()) {
    const part = await site.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'share/wholeSlide.dcm', PartNumber: at + 1 }))
    expect(part).toMatchObject({ ContentLength: size, PartsCount: sizes.length })
  }
  expect(await versions()).toHaveLength(2)
})

test('after a restart nothing that is in S3 goes up again; what was changed does, and what was removed goes', async () => {
  site = await openSite({ quietMs: 30, folderObjects: false })
  write('a.dcm', 'a')
  write('b.dcm', 'b')
  const gone = write('.firn-probe-1', 'probe')
  await site.sandbox.settle()
  await site.restart()
  await site.sandbox.settle()
  expect(await versions()).toHaveLength(6)
  write('b.dcm', 'B!')
  rmSync(gone)
  await site.sandbox.settle()
  const text = await (await site.s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'share/b.dcm' }))).Body?.transformToString()
  expect(text).toBe('B!')
  const { Contents } = await site.s3.send(new ListObjectsV2Command({ Bucket: bucket }))
  expect(Contents?.map((object) => object.Key)).toEqual(['share/a.dcm', 'share/b.dcm'])
})

test('a slow line fills the cache: at 90 percent dirty the share takes no more, and takes again when the line has caught up', async () => {
  site = await openSite({ quietMs: 30, cacheBytes: 1_000_000, uplinkBytesPerSecond: 1_500_000, folderObjects: false })
  expect(await site.sandbox.admit(950_000)).toBe(true)
  write('large.dcm', Buffer.alloc(950_000))
  expect(await site.sandbox.admit(1)).toBe(false)
  const { GatewayARN } = { GatewayARN: site.sandbox.endpoints.gatewayArn }
  expect((await site.gateway.send(new DescribeCacheCommand({ GatewayARN }))).CacheDirtyPercentage).toBe(95)
  const asked = await fetch(`${site.sandbox.endpoints.cloud}/__sandbox/share/admit`, {
    method: 'POST',
    headers: { 'x-sandbox-token': site.sandbox.token },
    body: JSON.stringify({ bytes: 1 }),
  })
  expect(asked.status).toBe(507)
  await site.sandbox.settle()
  expect(await site.sandbox.admit(1)).toBe(true)
})

test('a file that the plan lets fail stays in the cache, is counted, and is named in a cache report', async () => {
  site = await openSite({ quietMs: 30, folderObjects: false, faultPlan: { rest: [{ kind: 'fail-upload', key: { endsWith: 'bad.dcm' } }] } })
  write('good.dcm', 'good')
  write('bad.dcm', 'bad')
  await site.sandbox.settle()
  expect(await versions()).toEqual(['share/good.dcm', 'share/good.dcm'])
  const { shareArn, gatewayArn, gatewayName } = site.sandbox.endpoints
  const now = site.sandbox.clock.now()
  const gatewayDimensions = [
    { Name: 'GatewayId', Value: gatewayArn.split('/').at(-1) },
    { Name: 'GatewayName', Value: gatewayName },
  ]
  const { MetricDataResults } = await site.watch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - 1_800_000),
      EndTime: new Date(now),
      MetricDataQueries: [
        {
          Id: 'failing',
          MetricStat: {
            Metric: { Namespace: 'AWS/StorageGateway', MetricName: 'FilesFailingUpload', Dimensions: gatewayDimensions },
            Period: 300,
            Stat: 'Sum',
          },
        },
      ],
    }),
  )
  expect(MetricDataResults?.[0]?.Values?.[0]).toBe(1)

  const start = new StartCacheReportCommand({
    FileShareARN: shareArn,
    Role: 'arn:aws:iam::111122223333:role/Reports',
    LocationARN: `arn:aws:s3:::${bucket}/reports`,
    BucketRegion: 'us-east-1',
    ClientToken: 'once-only',
    InclusionFilters: [{ Name: 'UploadState', Values: ['FailingUpload'] }],
  })
  const { CacheReportARN } = await site.gateway.send(start)
  expect((await site.gateway.send(start)).CacheReportARN).toBe(CacheReportARN)
  await delay(20)
  const { CacheReportInfo } = await site.gateway.send(new DescribeCacheReportCommand({ CacheReportARN }))
  expect(CacheReportInfo).toMatchObject({ CacheReportStatus: 'COMPLETED', ReportCompletionPercent: 100 })
  const report = await site.s3.send(new GetObjectCommand({ Bucket: bucket, Key: CacheReportInfo?.ReportName }))
  expect(await report.Body?.transformToString()).toContain('"share/bad.dcm",FailingUpload')
  expect((await site.gateway.send(new ListCacheReportsCommand({}))).CacheReportList).toHaveLength(1)
})

test('a byte that rots on the way up leaves an object whose own checksum fits its rotten bytes', async () => {
  site = await openSite({ quietMs: 30, folderObjects: false, faultPlan: { rest: [{ kind: 'rot-byte', key: { endsWith: 'x.dcm' } }] } })
  write('x.dcm', 'abc')
  await site.sandbox.settle()
  const object = await site.s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'share/x.dcm' }))
  expect(await object.Body?.transformToString()).toBe('acc')
  expect((await site.sandbox.stats()).planted).toEqual([{ kind: 'rot-byte', key: 'share/x.dcm' }])
})

test('metrics tell a drained share from an idle one: gauges always have a datapoint, counters only when something moved', async () => {
  site = await openSite({ quietMs: 30, folderObjects: false })
  const from = site.sandbox.clock.now()
  write('a.dcm', Buffer.alloc(1000))
  await site.sandbox.settle()
  const share = [{ Name: 'ShareId', Value: site.sandbox.endpoints.shareArn.split('/').at(-1) }]
  const query = (Id: string, MetricName: string, Dimensions = share) => ({
    Id,
    MetricStat: { Metric: { Namespace: 'AWS/StorageGateway', MetricName, Dimensions }, Period: 300, Stat: 'Sum' },
  })
  const MetricDataQueries = [
    query('dirty', 'CachePercentDirty'),
    query('up', 'CloudBytesUploaded'),
    query('written', 'WriteBytes'),
    query('wrong', 'WriteBytes', [{ Name: 'FileShareId', Value: 'x' }]),
  ]
  const ask = async (StartTime: number, EndTime: number) => {
    const { MetricDataResults } = await site.watch.send(
      new GetMetricDataCommand({
        MetricDataQueries,
        StartTime: new Date(StartTime),
        EndTime: new Date(EndTime),
        ScanBy: 'TimestampAscending',
      }),
    )
    return Object.fromEntries((MetricDataResults ?? []).map((one): [string, number[]] => [one.Id ?? '', one.Values ?? []]))
  }
  // Days pass in milliseconds: the counters are asked over the whole time, the gauge at its end.
  const now = site.sandbox.clock.now()
  const whole = await ask(from - 600_000, Math.min(now, from + 300 * 86_400_000 * 20))
  expect(whole['written']?.reduce((sum, value) => sum + value, 0)).toBe(1000)
  expect(whole['up']?.reduce((sum, value) => sum + value, 0)).toBe(1000)
  expect(whole['wrong']).toEqual([])
  const last = await ask(now - 1_800_000, now)
  expect(last['dirty']?.length).toBeGreaterThanOrEqual(5)
  expect(last['dirty']?.every((value) => value === 0)).toBe(true)
  expect(last['up']).toEqual([])
  await expect(ask(now, now)).rejects.toMatchObject({ name: 'InvalidParameterValueException' })
  const { Metrics } = await site.watch.send(new ListMetricsCommand({ Namespace: 'AWS/StorageGateway', MetricName: 'CachePercentDirty' }))
  expect(Metrics?.map((metric) => metric.Dimensions?.map((dimension) => dimension.Name))).toEqual([
    ['ShareId'],
    ['GatewayId', 'GatewayName'],
  ])
})

test('the gateway tells of itself as AWS would', async () => {
  site = await openSite({ speed: 1 })
  const { gatewayArn: GatewayARN, shareArn: FileShareARN } = site.sandbox.endpoints
  expect((await site.gateway.send(new ListGatewaysCommand({}))).Gateways?.[0]).toMatchObject({
    GatewayARN,
    GatewayOperationalState: 'ACTIVE',
  })
  expect((await site.gateway.send(new ListGatewaysCommand({ Marker: GatewayARN }))).Gateways).toEqual([])
  expect((await site.gateway.send(new ListFileSharesCommand({ GatewayARN }))).FileShareInfoList?.[0]).toMatchObject({
    FileShareARN,
    FileShareType: 'NFS',
  })
  const nfs = await site.gateway.send(new DescribeNFSFileSharesCommand({ FileShareARNList: [FileShareARN] }))
  expect(nfs.NFSFileShareInfoList?.[0]).toMatchObject({ LocationARN: `arn:aws:s3:::${bucket}/share/`, FileShareStatus: 'AVAILABLE' })
  await expect(site.gateway.send(new DescribeSMBFileSharesCommand({ FileShareARNList: [FileShareARN] }))).rejects.toMatchObject({
    name: 'InvalidGatewayRequestException',
  })
  expect((await site.gateway.send(new ListLocalDisksCommand({ GatewayARN }))).Disks?.[0]?.DiskAllocationType).toBe('CACHE_STORAGE')
  expect((await site.gateway.send(new DescribeGatewayInformationCommand({ GatewayARN }))).GatewayState).toBe('RUNNING')
  expect((await site.gateway.send(new DescribeSMBSettingsCommand({ GatewayARN }))).SMBSecurityStrategy).toBeDefined()
  expect((await site.gateway.send(new DescribeBandwidthRateLimitScheduleCommand({ GatewayARN }))).BandwidthRateLimitIntervals).toEqual([])
  expect((await site.gateway.send(new NotifyWhenUploadedCommand({ FileShareARN }))).NotificationId).toMatch(/^[0-9a-f-]{36}$/)
  const refresh = new RefreshCacheCommand({ FileShareARN })
  await site.gateway.send(refresh)
  await site.gateway.send(refresh)
  await expect(site.gateway.send(refresh)).rejects.toMatchObject({
    name: 'InvalidGatewayRequestException',
    error: { errorCode: 'InvalidParameters' },
  })
  const other = GatewayARN.slice(0, -1) + '_'
  await expect(site.gateway.send(new DescribeCacheCommand({ GatewayARN: other }))).rejects.toMatchObject({
    error: { errorCode: 'GatewayNotFound' },
  })
})
