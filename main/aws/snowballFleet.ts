/** SnowballFleet: ordering and following devices through the Snowball job management API (2016-06-30). */
import {
  CancelJobCommand,
  CreateAddressCommand,
  CreateJobCommand,
  DescribeAddressesCommand,
  DescribeJobCommand,
  GetJobManifestCommand,
  GetJobUnlockCodeCommand,
  GetSnowballUsageCommand,
  ListJobsCommand,
  UpdateJobCommand,
  type Address,
  type CreateJobCommandInput,
  type JobMetadata,
  type SnowballClient,
} from '@aws-sdk/client-snowball'
import { Fault } from '../../shared/faults/fault.ts'
import type { DeviceFleet, DeviceOrder, JobSnapshot, OrderChange, ShippingAddress } from '../../shared/ports/deviceFleet.ts'
import type { World } from '../../shared/ports/world.ts'
import { awsErrorName, faultFromAws, type AwsCall } from './errors.ts'
import { brisk, patient, retrying, type RetryPolicy } from './retrying.ts'

type ListedJob = { readonly jobId: string; readonly state: string; readonly description: string | undefined }

/** The most that the service lists at once. */
const pageSize = 100
/** A description holds at most this many characters; the marker is never what is cut. */
const longestDescription = 1024
/** Of what AWS says of an address. */
const longestSaid = 300

export function openSnowballFleet({ client, world }: { readonly client: SnowballClient; readonly world: World }): DeviceFleet {
  return new SnowballFleet(client, world)
}

class SnowballFleet implements DeviceFleet {
  readonly #client: SnowballClient
  readonly #world: World
  constructor(client: SnowballClient, world: World) {
    this.#client = client
    this.#world = world
  }

  async usage(signal: AbortSignal): Promise<{ limit: number; inUse: number }> {
    const answer = await this.#ask('snowball:GetSnowballUsage', signal, (options) =>
      this.#client.send(new GetSnowballUsageCommand({}), options),
    )
    return {
      limit: told(answer.SnowballLimit, 'snowball:GetSnowballUsage'),
      inUse: told(answer.SnowballsInUse, 'snowball:GetSnowballUsage'),
    }
  }

  async address(address: ShippingAddress, signal: AbortSignal): Promise<string> {
    const wanted = toAws(address)
    // Looking again before each try: an answer that was lost must not leave a second, equal address on file.
    const file = async (options: Options): Promise<string> => {
      const known = await this.#addressOnFile(wanted, options)
      if (known !== undefined) return known
      const answer = await this.#client.send(new CreateAddressCommand({ Address: wanted }), options)
      return told(answer.AddressId, 'snowball:CreateAddress')
    }
    try {
      return await this.#ask('snowball:CreateAddress', signal, file)
    } catch (error) {
      throw notThere(error)
    }
  }

  async #addressOnFile(wanted: Address, options: Options): Promise<string | undefined> {
    let token: string | undefined
    do {
      const page = await this.#client.send(new DescribeAddressesCommand({ MaxResults: pageSize, ...next(token) }), options)
      const same = page.Addresses?.find((one) => one.AddressId !== undefined && sameAddress(one, wanted))
      if (same?.AddressId !== undefined) return same.AddressId
      token = page.NextToken
    } while (token !== undefined && token !== '')
    return undefined
  }

  async order(order: DeviceOrder, signal: AbortSignal): Promise<string> {
    const request = new CreateJobCommand(jobRequest(order))
    // CreateJob has no idempotency token: what tells whether an earlier try was taken is the list of jobs, read before each try.
    const place = async (options: Options): Promise<string> => {
      const placed = await this.#jobWith(order.marker, options)
      if (placed !== undefined) return placed
      const answer = await this.#client.send(request, options)
      return told(answer.JobId, 'snowball:CreateJob')
    }
    try {
      return await this.#ask('snowball:CreateJob', signal, place, patient)
    } catch (error) {
      signal.throwIfAborted()
      const fault = faultFromAws(error, 'snowball:CreateJob')
      const taken =
        fault.code === 'aws-unreachable'
          ? await this.#ask('snowball:ListJobs', signal, (options) => this.#jobWith(order.marker, options))
          : undefined
      if (taken !== undefined) return taken
      throw notForThisAccount(fault)
    }
  }

  /** A cancelled job is no order: its device may be ordered again. */
  async #jobWith(marker: string, options: Options): Promise<string | undefined> {
    let token: string | undefined
    do {
      const page = await this.#client.send(new ListJobsCommand({ MaxResults: pageSize, ...next(token) }), options)
      const same = page.JobListEntries?.find((job) => job.JobState !== 'Cancelled' && job.Description?.endsWith(mark(marker)) === true)
      if (same?.JobId !== undefined) return same.JobId
      token = page.NextToken
    } while (token !== undefined && token !== '')
    return undefined
  }

  async job(jobId: string, signal: AbortSignal): Promise<JobSnapshot> {
    const answer = await this.#ask('snowball:DescribeJob', signal, (options) =>
      this.#client.send(new DescribeJobCommand({ JobId: jobId }), options),
    )
    const job = answer.JobMetadata
    if (job === undefined) throw new Fault('aws-refused', { call: 'snowball:DescribeJob', code: 'IncompleteAnswer' })
    return snapshotOf(jobId, job)
  }

  async *jobs(signal: AbortSignal): AsyncGenerator<ListedJob, void> {
    let token: string | undefined
    do {
      const command = new ListJobsCommand({ MaxResults: pageSize, ...next(token) })
      const page = await this.#ask('snowball:ListJobs', signal, (options) => this.#client.send(command, options))
      for (const job of page.JobListEntries ?? []) {
        yield { jobId: told(job.JobId, 'snowball:ListJobs'), state: job.JobState ?? 'unknown', description: job.Description }
      }
      token = page.NextToken
    } while (token !== undefined && token !== '')
  }

  async unlockCode(jobId: string, signal: AbortSignal): Promise<string> {
    const answer = await this.#onSite('snowball:GetJobUnlockCode', signal, (options) =>
      this.#client.send(new GetJobUnlockCodeCommand({ JobId: jobId }), options),
    )
    return told(answer.UnlockCode, 'snowball:GetJobUnlockCode')
  }

  async manifestUri(jobId: string, signal: AbortSignal): Promise<string> {
    const answer = await this.#onSite('snowball:GetJobManifest', signal, (options) =>
      this.#client.send(new GetJobManifestCommand({ JobId: jobId }), options),
    )
    return told(answer.ManifestURI, 'snowball:GetJobManifest')
  }

  async change(jobId: string, to: OrderChange, signal: AbortSignal): Promise<void> {
    const command = new UpdateJobCommand({ JobId: jobId, ...changeable(to) })
    await this.#onSite('snowball:UpdateJob', signal, (options) => this.#client.send(command, options))
  }

  async cancel(jobId: string, signal: AbortSignal): Promise<void> {
    await this.#onSite('snowball:CancelJob', signal, (options) => this.#client.send(new CancelJobCommand({ JobId: jobId }), options))
  }

  /** Calls that the service allows in one state of the job only. */
  async #onSite<Result>(call: AwsCall, signal: AbortSignal, attempt: (options: Options) => Promise<Result>): Promise<Result> {
    try {
      return await this.#ask(call, signal, attempt)
    } catch (error) {
      if (error instanceof Fault && awsErrorName(error.cause) === 'InvalidJobStateException') {
        throw new Fault('device-not-here', error.facts, { cause: error })
      }
      throw error
    }
  }

  #ask<Result>(
    call: AwsCall,
    signal: AbortSignal,
    attempt: (options: Options) => Promise<Result>,
    policy: RetryPolicy = brisk,
  ): Promise<Result> {
    return retrying(call, signal, this.#world, (abort) => attempt({ abortSignal: abort }), policy)
  }
}

type Options = { readonly abortSignal: AbortSignal }

function next(token: string | undefined): { NextToken?: string } {
  return token === undefined ? {} : { NextToken: token }
}

function told<Value>(value: Value | undefined, call: AwsCall): Value {
  if (value === undefined) throw new Fault('aws-refused', { call, code: 'IncompleteAnswer' })
  return value
}

/** At the end of the description, in brackets, so that no marker is part of another. */
function mark(marker: string): string {
  return `[${marker}]`
}

function jobRequest(order: DeviceOrder): CreateJobCommandInput {
  const end = mark(order.marker)
  return {
    JobType: 'IMPORT',
    Description: `${order.description.slice(0, longestDescription - end.length - 1)} ${end}`.trimStart(),
    Resources: {
      S3Resources: order.bucketArns.map((arn) => ({
        BucketArn: arn,
        TargetOnDeviceServices: [{ ServiceName: 'S3_ON_DEVICE_SERVICE', TransferOption: 'IMPORT' }],
      })),
    },
    // The client's own lists of types and capacities end where it was generated; the service knows more, so they pass as text.
    SnowballType: order.snowballType as NonNullable<CreateJobCommandInput['SnowballType']>,
    SnowballCapacityPreference: order.capacity as NonNullable<CreateJobCommandInput['SnowballCapacityPreference']>,
    ...changeable(order),
    ...(order.kmsKeyArn === undefined ? {} : { KmsKeyARN: order.kmsKeyArn }),
  }
}

function changeable(order: OrderChange): Pick<CreateJobCommandInput, 'ShippingOption' | 'AddressId' | 'RoleARN' | 'Notification'> {
  return {
    ShippingOption: order.shippingOption as NonNullable<CreateJobCommandInput['ShippingOption']>,
    AddressId: order.addressId,
    RoleARN: order.roleArn,
    ...(order.notifyTopicArn === undefined ? {} : { Notification: { SnsTopicARN: order.notifyTopicArn, NotifyAll: true } }),
  }
}

function toAws(address: ShippingAddress): Address {
  return {
    Name: address.name,
    Street1: address.street1,
    City: address.city,
    PostalCode: address.postalCode,
    Country: address.country,
    PhoneNumber: address.phoneNumber,
    ...(address.company === undefined ? {} : { Company: address.company }),
    ...(address.street2 === undefined ? {} : { Street2: address.street2 }),
    ...(address.stateOrProvince === undefined ? {} : { StateOrProvince: address.stateOrProvince }),
  }
}

const comparedFields = ['Name', 'Company', 'Street1', 'Street2', 'City', 'StateOrProvince', 'PostalCode', 'Country', 'PhoneNumber'] as const

function sameAddress(a: Address, b: Address): boolean {
  return comparedFields.every((field) => (a[field] ?? '').trim() === (b[field] ?? '').trim())
}

function snapshotOf(jobId: string, job: JobMetadata): JobSnapshot {
  const shipping = job.ShippingDetails
  const progress = job.DataTransferProgress
  return {
    jobId,
    state: job.JobState ?? 'unknown',
    description: job.Description,
    outbound: { status: shipping?.OutboundShipment?.Status, trackingNumber: shipping?.OutboundShipment?.TrackingNumber },
    inbound: { status: shipping?.InboundShipment?.Status, trackingNumber: shipping?.InboundShipment?.TrackingNumber },
    progress:
      progress === undefined
        ? undefined
        : {
            bytes: progress.BytesTransferred ?? 0,
            objects: progress.ObjectsTransferred ?? 0,
            // 0 stands for "not counted yet" (DescribeJob, DataTransfer).
            totalBytes: progress.TotalBytes === 0 ? undefined : progress.TotalBytes,
            totalObjects: progress.TotalObjects === 0 ? undefined : progress.TotalObjects,
          },
    logs: {
      success: job.JobLogInfo?.JobSuccessLogURI,
      failure: job.JobLogInfo?.JobFailureLogURI,
      report: job.JobLogInfo?.JobCompletionReportURI,
    },
  }
}

/** AWS looks whether a carrier can deliver there, and says in words what it misses. */
function notThere(error: unknown): unknown {
  if (!(error instanceof Fault) || !(error.cause instanceof Error)) return error
  if (!['InvalidAddressException', 'UnsupportedAddressException'].includes(awsErrorName(error.cause) ?? '')) return error
  return new Fault('address-refused', { ...error.facts, said: error.cause.message.slice(0, longestSaid) }, { cause: error })
}

/** Snowball is closed to new customers: the service then refuses the account, not the order (AWS Snowball availability change, 2025-11-07). */
function notForThisAccount(fault: Fault): Fault {
  const name = awsErrorName(fault.cause)
  const said = fault.cause instanceof Error ? fault.cause.message : ''
  const closed =
    name === 'AccessDeniedException' &&
    /no longer available|not (?:available|subscribed|supported)|existing customers|new customers/i.test(said)
  return closed ? new Fault('snowball-not-available', fault.facts, { cause: fault }) : fault
}
