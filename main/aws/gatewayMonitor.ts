/** GatewayMonitor: what Storage Gateway and CloudWatch say of gateways, file shares and the cache. */
import { GetMetricDataCommand, ListMetricsCommand, type CloudWatchClient, type MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import {
  DescribeCacheCommand,
  DescribeNFSFileSharesCommand,
  DescribeSMBFileSharesCommand,
  ListFileSharesCommand,
  ListGatewaysCommand,
  NotifyWhenUploadedCommand,
  type FileShareInfo,
  type GatewayInfo,
  type StorageGatewayClient,
} from '@aws-sdk/client-storage-gateway'
import { Fault } from '../../shared/faults/fault.ts'
import type { CacheState, ShareMetrics, ShareMonitor, ShareState } from '../../shared/ports/shareMonitor.ts'
import type { World } from '../../shared/ports/world.ts'
import { day, minute, second } from '../../shared/units/duration.ts'
import type { AwsCall } from './errors.ts'
import { brisk, retrying } from './retrying.ts'

const namespace = 'AWS/StorageGateway'
const period = 5 * minute
/** Metrics arrive some minutes late: the window holds the last whole periods and the one that has begun. */
const window = 4 * period
/** A service whose clock is ahead of this one has the newest datapoints there; where it has none, asking costs nothing. */
const ahead = day
const sharesPerDescription = 10
/** What the guide and the console use; asked of CloudWatch where it has none by this name. */
const usualShareDimension = 'ShareId'

export type GatewayMonitorInput = {
  readonly gateway: StorageGatewayClient
  readonly cloudWatch: CloudWatchClient
  readonly world: World
  /** Time by the service's clock, by which datapoints are stamped. The world's, unless the service is a sandbox whose clock runs fast. */
  readonly serviceTime?: () => number
}

export function openGatewayMonitor(input: GatewayMonitorInput): ShareMonitor {
  return new GatewayMonitor(input)
}

class GatewayMonitor implements ShareMonitor {
  readonly #gateway: StorageGatewayClient
  readonly #cloudWatch: CloudWatchClient
  readonly #world: World
  readonly #serviceTime: () => number
  #shareDimension = usualShareDimension
  constructor({ gateway, cloudWatch, world, serviceTime = () => world.clock.now() }: GatewayMonitorInput) {
    this.#serviceTime = serviceTime
    this.#gateway = gateway
    this.#cloudWatch = cloudWatch
    this.#world = world
  }

  async shares(signal: AbortSignal): Promise<readonly ShareState[]> {
    const found: ShareState[] = []
    for (const { GatewayARN } of await this.#gateways(signal)) {
      if (GatewayARN === undefined) continue
      const listed = await this.#fileShares(GatewayARN, signal)
      found.push(...(await this.#describe('NFS', listed, signal)), ...(await this.#describe('SMB', listed, signal)))
    }
    return found
  }

  async #gateways(signal: AbortSignal): Promise<readonly GatewayInfo[]> {
    const found: GatewayInfo[] = []
    let marker: string | undefined
    do {
      const command = new ListGatewaysCommand(marker === undefined ? {} : { Marker: marker })
      const page = await this.#ask('storagegateway:ListGateways', signal, (options) => this.#gateway.send(command, options))
      found.push(...(page.Gateways ?? []).filter((one) => one.GatewayType === 'FILE_S3'))
      marker = onwards(marker, page.Marker)
    } while (marker !== undefined)
    return found
  }

  async #fileShares(gatewayArn: string, signal: AbortSignal): Promise<readonly FileShareInfo[]> {
    const found: FileShareInfo[] = []
    let marker: string | undefined
    do {
      const command = new ListFileSharesCommand({ GatewayARN: gatewayArn, ...(marker === undefined ? {} : { Marker: marker }) })
      const page = await this.#ask('storagegateway:ListFileShares', signal, (options) => this.#gateway.send(command, options))
      found.push(...(page.FileShareInfoList ?? []))
      marker = onwards(marker, page.NextMarker)
    } while (marker !== undefined)
    return found
  }

  async #describe(protocol: 'NFS' | 'SMB', listed: readonly FileShareInfo[], signal: AbortSignal): Promise<readonly ShareState[]> {
    const arns = listed.flatMap((share) =>
      share.FileShareType === protocol && share.FileShareARN !== undefined ? [share.FileShareARN] : [],
    )
    const found: ShareState[] = []
    for (let at = 0; at < arns.length; at += sharesPerDescription) {
      const FileShareARNList = arns.slice(at, at + sharesPerDescription)
      const details =
        protocol === 'NFS'
          ? (
              await this.#ask('storagegateway:DescribeNFSFileShares', signal, (options) =>
                this.#gateway.send(new DescribeNFSFileSharesCommand({ FileShareARNList }), options),
              )
            ).NFSFileShareInfoList
          : (
              await this.#ask('storagegateway:DescribeSMBFileShares', signal, (options) =>
                this.#gateway.send(new DescribeSMBFileSharesCommand({ FileShareARNList }), options),
              )
            ).SMBFileShareInfoList
      for (const { FileShareARN, GatewayARN, FileShareStatus, LocationARN } of details ?? []) {
        const call: AwsCall = `storagegateway:Describe${protocol}FileShares`
        found.push({
          shareArn: told(FileShareARN, call),
          gatewayArn: told(GatewayARN, call),
          protocol,
          status: FileShareStatus ?? 'unknown',
          locationArn: told(LocationARN, call),
        })
      }
    }
    return found
  }

  async cache(gatewayArn: string, signal: AbortSignal): Promise<CacheState> {
    const call = 'storagegateway:DescribeCache'
    const answer = await this.#ask(call, signal, (options) =>
      this.#gateway.send(new DescribeCacheCommand({ GatewayARN: gatewayArn }), options),
    )
    return {
      allocatedBytes: told(answer.CacheAllocatedInBytes, call),
      usedPercent: told(answer.CacheUsedPercentage, call),
      dirtyPercent: told(answer.CacheDirtyPercentage, call),
    }
  }

  async metrics(share: ShareState, signal: AbortSignal): Promise<ShareMetrics> {
    const gateway = (await this.#gateways(signal)).find((one) => one.GatewayARN === share.gatewayArn)
    const gatewayId = lastSegment(share.gatewayArn)
    const ofGateway = [
      { Name: 'GatewayId', Value: gatewayId },
      { Name: 'GatewayName', Value: gateway?.GatewayName ?? gatewayId },
    ]
    const shareId = lastSegment(share.shareArn)
    let seen = await this.#read(shareId, ofGateway, signal)
    if (seen.dirty.length === 0 && (await this.#learnShareDimension(shareId, signal))) seen = await this.#read(shareId, ofGateway, signal)
    return {
      dirtyPercent: seen.dirty.at(-1),
      filesFailingUpload: seen.failing.at(-1),
      uploadedBytes: sum(seen.uploaded),
      writtenBytes: sum(seen.written),
      periods: Math.max(seen.dirty.length, seen.failing.length, seen.uploaded.length, seen.written.length),
    }
  }

  async #read(shareId: string, ofGateway: readonly Dimension[], signal: AbortSignal) {
    const ofShare = [{ Name: this.#shareDimension, Value: shareId }]
    const queries = [
      query('dirty', 'CachePercentDirty', ofShare),
      query('failing', 'FilesFailingUpload', ofGateway),
      query('uploaded', 'CloudBytesUploaded', ofShare),
      query('written', 'WriteBytes', ofShare),
    ]
    const values = new Map<string, { at: number; value: number }[]>(queries.map((one) => [one.Id ?? '', []]))
    const now = this.#serviceTime()
    let token: string | undefined
    do {
      const command = new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime: new Date(Math.floor((now - window) / period) * period),
        EndTime: new Date(now + ahead),
        ScanBy: 'TimestampAscending',
        ...(token === undefined ? {} : { NextToken: token }),
      })
      const page = await this.#ask('cloudwatch:GetMetricData', signal, (options) => this.#cloudWatch.send(command, options))
      for (const { Id = '', Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
        Timestamps.forEach((timestamp, at) => {
          const value = Values[at]
          if (value !== undefined) values.get(Id)?.push({ at: timestamp.getTime(), value })
        })
      }
      token = onwards(token, page.NextToken)
    } while (token !== undefined)
    const inOrder = (id: string): readonly number[] => (values.get(id) ?? []).sort((a, b) => a.at - b.at).map((one) => one.value)
    return { dirty: inOrder('dirty'), failing: inOrder('failing'), uploaded: inOrder('uploaded'), written: inOrder('written') }
  }

  /** Whether CloudWatch knows the share under a dimension of another name than the one tried. */
  async #learnShareDimension(shareId: string, signal: AbortSignal): Promise<boolean> {
    const command = new ListMetricsCommand({ Namespace: namespace, MetricName: 'CachePercentDirty' })
    let answer
    try {
      answer = await this.#ask('cloudwatch:ListMetrics', signal, (options) => this.#cloudWatch.send(command, options))
    } catch (error) {
      signal.throwIfAborted()
      // Only a second guess at a name: without it the metric is not known, and said so.
      this.#world.log.warn('gateway', 'list-metrics-failed', { fault: error instanceof Fault ? error.code : 'unforeseen' })
      return false
    }
    for (const metric of answer.Metrics ?? []) {
      const named = metric.Dimensions?.find((dimension) => dimension.Value === shareId)?.Name
      if (named !== undefined && named !== this.#shareDimension) {
        this.#shareDimension = named
        return true
      }
    }
    return false
  }

  async notifyWhenUploaded(shareArn: string, signal: AbortSignal): Promise<string> {
    const call = 'storagegateway:NotifyWhenUploaded'
    const answer = await this.#ask(call, signal, (options) =>
      this.#gateway.send(new NotifyWhenUploadedCommand({ FileShareARN: shareArn }), options),
    )
    return told(answer.NotificationId, call)
  }

  #ask<Result>(call: AwsCall, signal: AbortSignal, attempt: (options: { abortSignal: AbortSignal }) => Promise<Result>): Promise<Result> {
    return retrying(call, signal, this.#world, (abort) => attempt({ abortSignal: abort }), brisk)
  }
}

type Dimension = { readonly Name: string; readonly Value: string }

function query(id: string, metric: string, dimensions: readonly Dimension[]): MetricDataQuery {
  return {
    Id: id,
    MetricStat: { Metric: { Namespace: namespace, MetricName: metric, Dimensions: [...dimensions] }, Period: period / second, Stat: 'Sum' },
    ReturnData: true,
  }
}

/** `undefined` for no datapoints: that is not 0. */
function sum(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((total, one) => total + one, 0)
}

function lastSegment(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

/** The next page's marker; one that repeats would go round for ever. */
function onwards(before: string | undefined, after: string | undefined): string | undefined {
  return after === undefined || after === '' || after === before ? undefined : after
}

function told<Value>(value: Value | undefined, call: AwsCall): Value {
  if (value === undefined) throw new Fault('aws-refused', { call, code: 'IncompleteAnswer' })
  return value
}
