/** The part of CloudWatch that tells how a file share is doing: GetMetricData and ListMetrics of AWS/StorageGateway (awsJson1.0). */
import { z } from 'zod'
import { S3Error } from '../contract.ts'
import { callOperation, parse, present, seconds, type Json, type JsonService, type Operations } from './jsonService.ts'
import { basePeriod, counterNames, gaugeNames, type MetricName, type Metrics, type Sample } from './metrics.ts'

export type GatewayDimensions = { readonly gatewayId: string; readonly gatewayName: string; readonly shareId: string }

const namespace = 'AWS/StorageGateway'
const mostDatapoints = 100_800
const mostQueries = 500
const shareMetrics: readonly string[] = [
  'CachePercentDirty',
  'CachePercentUsed',
  'CloudBytesUploaded',
  'CloudBytesDownloaded',
  'ReadBytes',
  'WriteBytes',
]
const gatewayMetrics: readonly string[] = [...counterNames, ...gaugeNames].filter((name) => name !== 'WriteBytes' && name !== 'ReadBytes')

const dimension = z.object({ Name: z.string().min(1).max(255), Value: z.string().min(1).max(1024) })
const metric = z.object({
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(dimension).max(30).optional(),
})
const getMetricData = z.object({
  MetricDataQueries: z
    .array(
      z.object({
        Id: z.string().regex(/^[a-z][a-zA-Z0-9_]{0,254}$/, 'an id that begins with a lower-case letter'),
        MetricStat: z.object({ Metric: metric, Period: z.number().int().min(1), Stat: z.string(), Unit: z.string().optional() }).optional(),
        Expression: z.string().optional(),
        Label: z.string().optional(),
        ReturnData: z.boolean().optional(),
        Period: z.number().int().optional(),
      }),
    )
    .max(mostQueries),
  StartTime: z.number(),
  EndTime: z.number(),
  NextToken: z.string().optional(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).optional(),
  MaxDatapoints: z.number().int().min(1).max(mostDatapoints).optional(),
})
const listMetrics = z.object({
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z
    .array(z.object({ Name: z.string().min(1), Value: z.string().optional() }))
    .max(10)
    .optional(),
  NextToken: z.string().optional(),
})

export function createCloudWatchService(metrics: Metrics, gateway: GatewayDimensions): JsonService {
  const operations: Operations = {
    GetMetricData: (input) => metricData(metrics, gateway, parse(getMetricData, input)),
    ListMetrics(input) {
      const asked = parse(listMetrics, input)
      if (asked.NextToken !== undefined) throw invalid('The NextToken is not one that this service has given out.')
      const known = [
        ...shareMetrics.map((name) => series(name, [['ShareId', gateway.shareId]])),
        ...gatewayMetrics.map((name) =>
          series(name, [
            ['GatewayId', gateway.gatewayId],
            ['GatewayName', gateway.gatewayName],
          ]),
        ),
      ]
      return {
        Metrics: known.filter(
          (one) =>
            (asked.Namespace ?? namespace) === namespace &&
            (asked.MetricName ?? one.MetricName) === one.MetricName &&
            (asked.Dimensions ?? []).every((want) =>
              one.Dimensions.some((has) => has.Name === want.Name && (want.Value ?? has.Value) === has.Value),
            ),
        ),
      }
    },
  }
  return {
    service: 'monitoring',
    target: 'GraniteServiceVersion20100801',
    jsonVersion: '1.0',
    call: (operation, input) => callOperation(operations, operation, input),
  }
}

function metricData(metrics: Metrics, gateway: GatewayDimensions, asked: z.output<typeof getMetricData>): Json {
  const from = asked.StartTime * 1000
  const to = asked.EndTime * 1000
  if (from >= to)
    throw new S3Error('InvalidParameterValueException', 400, 'The parameter StartTime must be less than the parameter EndTime.')
  const ids = asked.MetricDataQueries.map((query) => query.Id)
  if (new Set(ids).size < ids.length) throw invalid('Each Id must be unique.')
  const limit = asked.MaxDatapoints ?? mostDatapoints
  if (((to - from) / basePeriod) * ids.length > 20 * mostDatapoints) throw invalid('The time range holds too many datapoints.')
  const skip = asked.NextToken === undefined ? 0 : offsetOf(asked.NextToken)

  // Datapoints of all queries in one row: pages are cut out of it.
  let passed = 0
  const results = asked.MetricDataQueries.filter((query) => query.ReturnData !== false).map((query) => {
    const stat = query.MetricStat
    if (stat === undefined) throw invalid(`The sandbox answers MetricStat queries; ${query.Id} has none.`)
    const points = datapoints(metrics, gateway, stat, from, to)
    if (asked.ScanBy !== 'TimestampAscending') points.reverse()
    const here = points.slice(Math.max(0, skip - passed), Math.max(0, skip + limit - passed))
    passed += points.length
    return {
      Id: query.Id,
      Label: query.Label ?? stat.Metric.MetricName ?? '',
      Timestamps: here.map((point) => seconds(point.at)),
      Values: here.map((point) => point.value),
      StatusCode: passed > skip + limit ? 'PartialData' : 'Complete',
    }
  })
  return present({
    MetricDataResults: results,
    Messages: [],
    NextToken: passed > skip + limit ? Buffer.from(`offset:${skip + limit}`).toString('base64url') : undefined,
  })
}

type MetricStat = NonNullable<z.output<typeof getMetricData>['MetricDataQueries'][number]['MetricStat']>

function datapoints(
  metrics: Metrics,
  gateway: GatewayDimensions,
  stat: MetricStat,
  from: number,
  to: number,
): { at: number; value: number }[] {
  const period = stat.Period * 1000
  if (![1, 5, 10, 30].includes(stat.Period) && stat.Period % 60 !== 0) throw invalid('Period must be 1, 5, 10, 30 or a multiple of 60.')
  const judge = statistics[stat.Stat]
  if (judge === undefined) throw invalid(`The sandbox knows Sum, Average, Minimum, Maximum and SampleCount, not ${stat.Stat}.`)
  if (!isKept(gateway, stat)) return []
  const groups = new Map<number, Sample[]>()
  for (const sample of metrics.samples(stat.Metric.MetricName as MetricName, from, to)) {
    const at = Math.floor(sample.at / period) * period
    const group = groups.get(at)
    if (group === undefined) groups.set(at, [sample])
    else group.push(sample)
  }
  return [...groups].map(([at, samples]) => ({ at, value: judge(samples) }))
}

const statistics: Readonly<Record<string, (samples: readonly Sample[]) => number>> = {
  Sum: (samples) => samples.reduce((sum, one) => sum + one.value, 0),
  SampleCount: (samples) => samples.reduce((sum, one) => sum + one.events, 0),
  Average: (samples) => samples.reduce((sum, one) => sum + one.value, 0) / samples.reduce((sum, one) => sum + one.events, 0),
  Minimum: (samples) => Math.min(...samples.map((one) => one.value / one.events)),
  Maximum: (samples) => Math.max(...samples.map((one) => one.value / one.events)),
}

/** CloudWatch answers a series that does not exist with no datapoints: a wrong dimension is no error. */
function isKept(gateway: GatewayDimensions, stat: MetricStat): boolean {
  const { Namespace, MetricName, Dimensions } = stat.Metric
  if (Namespace !== namespace || MetricName === undefined) return false
  const given = (Dimensions ?? []).map((one) => `${one.Name}=${one.Value}`).sort()
  const sameAs = (wanted: readonly string[]): boolean => given.join('\n') === [...wanted].sort().join('\n')
  return (
    (sameAs([`ShareId=${gateway.shareId}`]) && shareMetrics.includes(MetricName)) ||
    (sameAs([`GatewayId=${gateway.gatewayId}`, `GatewayName=${gateway.gatewayName}`]) && gatewayMetrics.includes(MetricName))
  )
}

function series(name: string, dimensions: readonly (readonly [string, string])[]) {
  return { Namespace: namespace, MetricName: name, Dimensions: dimensions.map(([Name, Value]) => ({ Name, Value })) }
}

function offsetOf(token: string): number {
  const offset = /^offset:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1]
  if (offset === undefined) throw invalid('The NextToken is not one that this service has given out.')
  return Number(offset)
}

function invalid(message: string): S3Error {
  return new S3Error('InvalidParameterValueException', 400, message)
}
