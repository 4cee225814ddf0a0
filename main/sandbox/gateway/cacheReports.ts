/** Cache reports: a list, in a bucket, of the files that a share's gateway cannot upload. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { minute } from '../../../shared/units/duration.ts'
import { S3Error } from '../contract.ts'
import { parse, present, seconds, type Json, type Operations } from '../control/jsonService.ts'
import { count, text, type Row } from '../control/state.ts'
import type { GatewayFacts, GatewayParts } from './gatewayParts.ts'

const lasts = 5 * minute
const mostReports = 10
const mostRows = 100_000
const filter = z.object({ Name: z.enum(['UploadState', 'UploadFailureReason']), Values: z.array(z.string()).min(1) })
const start = z.object({
  FileShareARN: z.string().min(50).max(500),
  Role: z.string().min(20).max(2048),
  LocationARN: z.string().min(16).max(1400),
  BucketRegion: z.string().min(1).max(25),
  ClientToken: z.string().min(5).max(100),
  VPCEndpointDNSName: z.string().optional(),
  InclusionFilters: z.array(filter).optional(),
  ExclusionFilters: z.array(filter).optional(),
  Tags: z.array(z.unknown()).optional(),
})
type Start = z.output<typeof start>

export function cacheReportOperations(parts: GatewayParts, theShare: (facts: GatewayFacts, asked: string) => void): Operations {
  const { state, clock, facts } = parts
  const finish = async (row: Row): Promise<Json> => {
    const arn = text(row['arn']) ?? ''
    const asked = JSON.parse(text(row['body']) ?? '{}') as Start
    const began = count(row['asked'])
    let done = typeof row['done'] === 'number' ? row['done'] : undefined
    if (done === undefined && clock.now() >= began + lasts) {
      await parts.writeReport(...placeOf(asked, arn), rowsFor(parts, asked))
      done = began + lasts
      state.run('UPDATE cache_reports SET done = ? WHERE arn = ?', done, arn)
    }
    return present({
      CacheReportARN: arn,
      CacheReportStatus: done === undefined ? 'IN_PROGRESS' : 'COMPLETED',
      ReportCompletionPercent: done === undefined ? Math.floor((99 * (clock.now() - began)) / lasts) : 100,
      StartTime: seconds(began),
      EndTime: done === undefined ? undefined : seconds(done),
      Role: asked.Role,
      FileShareARN: asked.FileShareARN,
      LocationARN: asked.LocationARN,
      InclusionFilters: asked.InclusionFilters,
      ExclusionFilters: asked.ExclusionFilters,
      ReportName: done === undefined ? undefined : placeOf(asked, arn)[1],
    })
  }
  return {
    async StartCacheReport(input) {
      const asked = parse(start, input)
      theShare(facts, asked.FileShareARN)
      if ((asked.InclusionFilters ?? asked.ExclusionFilters ?? []).length === 0) throw refused('At least one filter is required.')
      const reports = state.rows('SELECT * FROM cache_reports')
      for (const report of reports) {
        if ((JSON.parse(text(report['body']) ?? '{}') as Start).ClientToken === asked.ClientToken)
          return { CacheReportARN: text(report['arn']) ?? '' }
        if ((await finish(report))['CacheReportStatus'] === 'IN_PROGRESS')
          throw refused('A cache report is already in progress for the file share.')
      }
      if (reports.length >= mostReports) throw refused('The file share has the maximum number of cache reports.')
      const arn = `${facts.shareArn}/cache-report/report-${randomBytes(4).toString('hex').toUpperCase()}`
      state.run('INSERT INTO cache_reports VALUES (?, ?, ?, NULL)', arn, clock.now(), JSON.stringify(asked))
      return { CacheReportARN: arn }
    },
    async DescribeCacheReport(input) {
      const { CacheReportARN } = parse(z.object({ CacheReportARN: z.string().min(50).max(500) }), input)
      const row = state.row('SELECT * FROM cache_reports WHERE arn = ?', CacheReportARN)
      if (row === undefined) throw refused('The specified cache report was not found.')
      return { CacheReportInfo: await finish(row) }
    },
    async ListCacheReports(input) {
      parse(z.object({ Marker: z.string().optional() }), input)
      const list: Json[] = []
      for (const row of state.rows('SELECT * FROM cache_reports ORDER BY arn')) list.push(await finish(row))
      return { CacheReportList: list }
    },
  }
}

/** Only what fails is known with its reason; a filter on anything else gives an empty list. */
function rowsFor({ share }: GatewayParts, asked: Start): string {
  const wantsFailing = (asked.InclusionFilters ?? []).some((one) => one.Name === 'UploadState' && one.Values.includes('FailingUpload'))
  const keys = wantsFailing ? share.failing(mostRows) : []
  return `ObjectKey,UploadState,UploadFailureReason\n${keys.map((key) => `"${key.replaceAll('"', '""')}",FailingUpload,S3AccessDenied\n`).join('')}`
}

function placeOf(asked: Start, arn: string): [bucket: string, key: string] {
  const [bucket = '', ...prefix] = (asked.LocationARN.split(':::').at(-1) ?? '').split('/')
  const folder = prefix.filter((step) => step !== '').join('/')
  const name = `${arn.split('/').at(-1) ?? ''}.csv`
  return [bucket, folder === '' ? name : `${folder}/${name}`]
}

function refused(message: string): S3Error {
  return new S3Error('InvalidGatewayRequestException', 400, message, { errorCode: 'InvalidParameters' })
}
