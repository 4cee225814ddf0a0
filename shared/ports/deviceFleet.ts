/** DeviceFleet: ordering and following devices. The Snowball job management API is one adapter. */
import type { JobState } from '../domain/device.ts'

export type ShippingAddress = {
  readonly name: string
  readonly company?: string | undefined
  readonly street1: string
  readonly street2?: string | undefined
  readonly city: string
  readonly stateOrProvince?: string | undefined
  readonly postalCode: string
  readonly country: string
  readonly phoneNumber: string
}

export type DeviceOrder = {
  /** Unique per device of a plan. Written into the job's description: CreateJob has no idempotency token (AWS Snowball API). */
  readonly marker: string
  readonly description: string
  readonly snowballType: string
  readonly capacity: string
  readonly shippingOption: string
  readonly addressId: string
  readonly bucketArns: readonly string[]
  readonly roleArn: string
  readonly kmsKeyArn: string | undefined
  /** SNS topic for every new state of the job. */
  readonly notifyTopicArn: string | undefined
}

export type OrderChange = Pick<DeviceOrder, 'addressId' | 'roleArn' | 'shippingOption' | 'notifyTopicArn'>

export type JobSnapshot = {
  readonly jobId: string
  readonly state: JobState
  readonly description: string | undefined
  /** Back to AWS, and out to the customer. Status is a free text of AWS's. */
  readonly outbound: { readonly status: string | undefined; readonly trackingNumber: string | undefined }
  readonly inbound: { readonly status: string | undefined; readonly trackingNumber: string | undefined }
  /** Only while importing; totals are undefined until AWS has counted (it then says 0). */
  readonly progress:
    | {
        readonly bytes: number
        readonly objects: number
        readonly totalBytes: number | undefined
        readonly totalObjects: number | undefined
      }
    | undefined
  /** Presigned, live 60 minutes. */
  readonly logs: { readonly success: string | undefined; readonly failure: string | undefined; readonly report: string | undefined }
}

export interface DeviceFleet {
  usage(signal: AbortSignal): Promise<{ readonly limit: number; readonly inUse: number }>
  /** Safe to call again: an equal address already on file is used. @throws Fault address-refused with what AWS said of it. */
  address(address: ShippingAddress, signal: AbortSignal): Promise<string>
  /** Safe to call again: a job with the same marker is returned instead of ordering twice. @throws Fault snowball-not-available, aws-refused. */
  order(order: DeviceOrder, signal: AbortSignal): Promise<string>
  job(jobId: string, signal: AbortSignal): Promise<JobSnapshot>
  jobs(signal: AbortSignal): AsyncIterable<{ readonly jobId: string; readonly state: JobState; readonly description: string | undefined }>
  /** Only while WithCustomer. Never stored, never logged. */
  unlockCode(jobId: string, signal: AbortSignal): Promise<string>
  /** A presigned address of the manifest, live 60 minutes. Only while WithCustomer. */
  manifestUri(jobId: string, signal: AbortSignal): Promise<string>
  /** Only while New. The key and the buckets of a job stay as they were ordered. @throws Fault device-not-here once it is too late. */
  change(jobId: string, to: OrderChange, signal: AbortSignal): Promise<void>
  /** Only while New. @throws Fault device-not-here once it is too late. */
  cancel(jobId: string, signal: AbortSignal): Promise<void>
}
