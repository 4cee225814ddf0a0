/** The Snowball job management API of the sandbox: import jobs only, with AWS's rules, refusals and shapes (API 2016-06-30). */
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { isFinal, allows } from '../../../shared/lifecycle/deviceLifecycle.ts'
import { minute } from '../../../shared/units/duration.ts'
import { S3Error, type SandboxObjects } from '../contract.ts'
import { putBy } from '../countedStore.ts'
import type { KeptClock } from '../fastClock.ts'
import { callOperation, parse, present, seconds, type Json, type JsonService, type Operations } from '../control/jsonService.ts'
import { text, type ControlState } from '../control/state.ts'
import {
  address,
  addressId,
  clusterId,
  createJob,
  jobId,
  judgeAddress,
  judgeCombination,
  shippingOption,
  updateJob,
  type Address,
  type CreateJob,
} from './constraints.ts'
import { importProgress, systemBucket, systemKeys } from './importLog.ts'
import type { Job, Jobs } from './jobs.ts'

export type SnowballAccount = {
  /** Devices at once; AWS's default is 1 per Region. */
  readonly deviceLimit: number
  /** Since 2025-11-07 accounts without earlier jobs cannot order. */
  readonly closed: boolean
  /** AWS ends support in commercial Regions on 2026-12-31: no more orders. */
  readonly supportEnded: boolean
}

export type SnowballParts = {
  readonly state: ControlState
  readonly clock: KeptClock
  readonly jobs: Jobs
  readonly objects: SandboxObjects
  readonly account: SnowballAccount
  readonly presign: (bucket: string, key: string) => string
}

export function createSnowballService(parts: SnowballParts): JsonService {
  const operations: Operations = { ...addressOperations(parts), ...jobOperations(parts), ...shippingOperations(parts), ...emptyLists }
  return {
    service: 'snowball',
    target: 'AWSIESnowballJobManagementService',
    jsonVersion: '1.1',
    call: (operation, input) => callOperation(operations, operation, input),
  }
}

const page = z.object({ MaxResults: z.number().int().min(0).max(100).optional(), NextToken: z.string().min(1).max(1024).optional() })
const withJob = z.object({ JobId: jobId })

function addressOperations({ state, clock }: SnowballParts): Operations {
  return {
    CreateAddress(input) {
      const given = parse(z.object({ Address: address }), input).Address
      judgeAddress(given)
      const id = `ADID${randomUUID()}`
      state.run('INSERT INTO addresses VALUES (?, ?, ?)', id, Math.round(clock.now()), JSON.stringify({ ...given, AddressId: id }))
      return { AddressId: id }
    },
    DescribeAddress(input) {
      return { Address: knownAddress(state, parse(z.object({ AddressId: addressId }), input).AddressId) }
    },
    DescribeAddresses(input) {
      const asked = parse(page, input)
      const limit = asked.MaxResults || 100
      const after = asked.NextToken === undefined ? '' : fromToken(asked.NextToken, 'addresses')
      const rows = state.rows('SELECT id, body FROM addresses WHERE id > ? ORDER BY id LIMIT ?', after, limit + 1)
      const last = rows.length > limit ? text(rows[limit - 1]?.['id']) : undefined
      return present({
        Addresses: rows.slice(0, limit).map((row) => JSON.parse(text(row['body']) ?? '{}') as Json),
        NextToken: last === undefined ? undefined : token('addresses', last),
      })
    },
  }
}

function jobOperations(parts: SnowballParts): Operations {
  const { state, jobs, objects, account, presign } = parts
  const judge = (order: CreateJob): void => {
    if (order.ClusterId !== undefined) throw noResource('Cluster', `The cluster ${order.ClusterId} does not exist.`)
    if (order.LongTermPricingId !== undefined)
      throw noResource('LongTermPricing', `The pricing plan ${order.LongTermPricingId} does not exist.`)
    const country = order.AddressId === undefined ? undefined : knownAddress(state, order.AddressId).Country
    judgeCombination(order, country)
    if (order.ForwardingAddressId !== undefined) knownAddress(state, order.ForwardingAddressId)
    for (const { BucketArn } of order.Resources?.S3Resources ?? []) {
      const bucket = BucketArn?.split(':').at(-1)
      if (bucket === undefined || objects.bucket(bucket) === undefined)
        throw noResource('S3Bucket', `The bucket ${BucketArn ?? '(none given)'} does not exist.`)
    }
  }
  return {
    CreateJob(input) {
      const order = parse(createJob, input)
      if (account.supportEnded) throw new S3Error('AccessDeniedException', 400, 'AWS Snowball is no longer available in this Region.')
      if (account.closed) throw new S3Error('AccessDeniedException', 400, 'AWS Snowball is available to existing customers only.')
      judge(order)
      if (jobs.active().length >= account.deviceLimit) {
        throw new S3Error('ClusterLimitExceededException', 400, `This account may have ${account.deviceLimit} device(s) at once.`)
      }
      return { JobId: jobs.create(order) }
    },
    UpdateJob(input) {
      const { JobId, ...changes } = parse(updateJob, input)
      const job = knownJob(jobs, JobId)
      if (!allows(job.state, 'update')) throw wrongState(job, 'updated')
      const order = { ...job.order, ...changes }
      judge(order)
      jobs.change(JobId, order)
      return {}
    },
    CancelJob(input) {
      const job = knownJob(jobs, parse(withJob, input).JobId)
      if (!jobs.apply(job.id, 'cancelled')) throw wrongState(job, 'cancelled')
      return {}
    },
    DescribeJob(input) {
      return { JobMetadata: metadata(parts, knownJob(jobs, parse(withJob, input).JobId)), SubJobMetadata: [] }
    },
    ListJobs(input) {
      const asked = parse(page, input)
      const limit = asked.MaxResults || 100
      const after = asked.NextToken === undefined ? 0 : Number(fromToken(asked.NextToken, 'jobs'))
      const found = jobs.list(after, limit + 1)
      const last = found.length > limit ? found[limit - 1] : undefined
      return present({
        JobListEntries: found.slice(0, limit).map((job) =>
          present({
            JobId: job.id,
            JobState: job.state,
            IsMaster: false,
            JobType: job.order.JobType,
            SnowballType: job.order.SnowballType,
            CreationDate: seconds(job.createdAt),
            Description: job.order.Description,
          }),
        ),
        NextToken: last === undefined ? undefined : token('jobs', String(last.seq)),
      })
    },
    async GetJobManifest(input) {
      const job = knownJob(jobs, parse(withJob, input).JobId)
      if (!allows(job.state, 'get-manifest')) throw wrongState(job, 'given its manifest')
      const key = systemKeys(job.id).manifest
      // The real manifest is an encrypted blob that only the device reads; the sandbox's says which job it is.
      if (objects.head(systemBucket, key) === undefined) {
        await objects.put(
          systemBucket,
          key,
          Readable.from([Buffer.from(`sandbox manifest ${job.id}\n`)]),
          putBy('own', { contentType: 'application/octet-stream' }),
        )
      }
      return { ManifestURI: presign(systemBucket, key) }
    },
    GetJobUnlockCode(input) {
      const job = knownJob(jobs, parse(withJob, input).JobId)
      if (!allows(job.state, 'get-unlock-code')) throw wrongState(job, 'given its unlock code')
      return { UnlockCode: job.secrets.unlockCode }
    },
    GetSoftwareUpdates(input) {
      const job = knownJob(jobs, parse(withJob, input).JobId)
      throw wrongState(job, 'given a software update: there is none')
    },
    GetSnowballUsage: () => ({ SnowballLimit: account.deviceLimit, SnowballsInUse: jobs.active().length }),
  }
}

function shippingOperations({ clock, jobs, objects, presign }: SnowballParts): Operations {
  const labelReady = (job: Job): boolean => job.labelAt !== undefined && clock.now() - job.labelAt >= 10 * minute
  return {
    UpdateJobShipmentState(input) {
      const asked = parse(z.object({ JobId: jobId, ShipmentState: z.enum(['RECEIVED', 'RETURNED']) }), input)
      const job = knownJob(jobs, asked.JobId)
      if (job.state !== 'WithCustomer') throw wrongState(job, `marked ${asked.ShipmentState}`)
      jobs.setShipment(job.id, asked.ShipmentState)
      return {}
    },
    CreateReturnShippingLabel(input) {
      const job = knownJob(jobs, parse(z.object({ JobId: jobId, ShippingOption: shippingOption.optional() }), input).JobId)
      if (job.state !== 'WithCustomer') throw wrongState(job, 'given a return label')
      if (job.labelAt !== undefined)
        throw new S3Error('ReturnShippingLabelAlreadyExistsException', 400, 'The job already has a return label.')
      jobs.setLabel(job.id)
      return { Status: 'InProgress' }
    },
    async DescribeReturnShippingLabel(input) {
      const job = knownJob(jobs, parse(withJob, input).JobId)
      if (job.labelAt === undefined) throw wrongState(job, 'asked for a return label that nobody ordered')
      if (!labelReady(job)) return { Status: 'InProgress' }
      const key = systemKeys(job.id).label
      if (objects.head(systemBucket, key) === undefined) {
        await objects.put(
          systemBucket,
          key,
          Readable.from([Buffer.from(`return label ${job.secrets.inboundTracking}\n`)]),
          putBy('own', { contentType: 'text/plain' }),
        )
      }
      return {
        Status: 'Succeeded',
        ExpirationDate: seconds(job.labelAt + 7 * 24 * 60 * minute),
        ReturnShippingLabelURI: presign(systemBucket, key),
      }
    },
  }
}

/** What an account without clusters, images, long-term pricing and pick-up places answers. */
const emptyLists: Operations = {
  ListClusters: (input) => emptyPage(input, 'ClusterListEntries'),
  ListCompatibleImages: (input) => emptyPage(input, 'CompatibleImages'),
  ListLongTermPricing: (input) => emptyPage(input, 'LongTermPricingEntries'),
  ListPickupLocations: (input) => emptyPage(input, 'Addresses'),
  ListClusterJobs: (input) => noCluster(input),
  DescribeCluster: (input) => noCluster(input),
  CancelCluster: (input) => noCluster(input),
  UpdateCluster: (input) => noCluster(input),
  ListServiceVersions(input) {
    const asked = parse(
      page.extend({ ServiceName: z.enum(['KUBERNETES', 'EKS_ANYWHERE']), DependentServices: z.array(z.unknown()).optional() }),
      input,
    )
    return { ServiceVersions: [], ServiceName: asked.ServiceName }
  },
}

function emptyPage(input: Json, member: string): Json {
  if (parse(page, input).NextToken !== undefined) throw badToken()
  return { [member]: [] }
}

function noCluster(input: Json): never {
  const { ClusterId } = parse(z.object({ ClusterId: clusterId }), input)
  throw noResource('Cluster', `The cluster ${ClusterId} does not exist.`)
}

function metadata({ state, presign }: SnowballParts, job: Job): Json {
  const outboundSeen = !['New', 'PreparingAppliance', 'Cancelled'].includes(job.state)
  const inboundSeen = ['InTransitToAWS', 'WithAWSSortingFacility', 'WithAWS', 'InProgress', 'Complete'].includes(job.state)
  const progress = job.state === 'InProgress' ? importProgress(state, job.id) : undefined
  const links = systemKeys(job.id)
  const { ShippingOption, ...order } = job.order
  return present({
    ...order,
    JobId: job.id,
    JobState: job.state,
    CreationDate: seconds(job.createdAt),
    SnowballId: outboundSeen ? job.secrets.deviceId : undefined,
    ShippingDetails: present({
      ShippingOption,
      OutboundShipment: outboundSeen ? { Status: outboundStatus(job), TrackingNumber: job.secrets.outboundTracking } : undefined,
      InboundShipment: inboundSeen
        ? { Status: job.state === 'InTransitToAWS' ? 'In transit' : 'Delivered', TrackingNumber: job.secrets.inboundTracking }
        : undefined,
    }),
    DataTransferProgress:
      progress === undefined
        ? undefined
        : {
            BytesTransferred: progress.bytes,
            ObjectsTransferred: progress.objects,
            TotalBytes: progress.counted ? progress.totalBytes : 0,
            TotalObjects: progress.counted ? progress.totalObjects : 0,
          },
    JobLogInfo:
      job.state === 'Complete'
        ? {
            JobCompletionReportURI: presign(systemBucket, links.report),
            JobSuccessLogURI: presign(systemBucket, links.success),
            JobFailureLogURI: presign(systemBucket, links.failure),
          }
        : undefined,
  })
}

function outboundStatus(job: Job): string {
  if (job.state === 'PreparingShipment') return 'Preparing'
  return job.state === 'InTransitToCustomer' ? 'In transit' : 'Delivered'
}

function knownJob(jobs: Jobs, id: string): Job {
  const job = jobs.get(id)
  if (job === undefined) throw noResource('Job', `The job ${id} does not exist.`)
  return job
}

function knownAddress(state: ControlState, id: string): Address {
  const body = text(state.row('SELECT body FROM addresses WHERE id = ?', id)?.['body'])
  if (body === undefined) throw noResource('Address', `The address ${id} does not exist.`)
  return JSON.parse(body) as Address
}

function noResource(type: string, message: string): S3Error {
  return new S3Error('InvalidResourceException', 400, message, { ResourceType: type })
}

function wrongState(job: Job, verb: string): S3Error {
  const why = isFinal(job.state) ? 'it has ended' : `it is in state ${job.state}`
  return new S3Error('InvalidJobStateException', 400, `The job cannot be ${verb}: ${why}.`)
}

function badToken(): S3Error {
  return new S3Error('InvalidNextTokenException', 400, 'The NextToken is not one that this service has given out.')
}

function token(list: string, last: string): string {
  return Buffer.from(JSON.stringify([list, last])).toString('base64url')
}

function fromToken(given: string, list: string): string {
  const read = (): unknown => {
    try {
      return JSON.parse(Buffer.from(given, 'base64url').toString())
    } catch {
      return undefined
    }
  }
  const parsed = z.tuple([z.literal(list), z.string()]).safeParse(read())
  if (!parsed.success || (list === 'jobs' && !/^\d+$/.test(parsed.data[1]))) throw badToken()
  return parsed.data[1]
}
