/**
 * The S3 adapter of one Snowball: an old, small subset of S3 over the device's own store. What the adapter does not know is refused by name,
 * so that a client which works here has asked for nothing a device lacks. Source: Snowball Edge Developer Guide, "Supported REST API actions".
 */
import { createHash } from 'node:crypto'
import { S3Error } from '../contract.ts'
import type { Answer } from '../http/answer.ts'
import type { FaultHook } from '../http/faultHook.ts'
import type { Handler } from '../http/server.ts'
import type { SigningPolicy } from '../http/signature.ts'
import { element, xmlDocument } from '../http/xml.ts'
import { headBucket, listBuckets } from '../s3/bucketOperations.ts'
import { queryOf, wholeNumber, xmlHeaders, type Dialect, type Operation, type S3Call } from '../s3/call.ts'
import { contents } from '../s3/listOperations.ts'
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from '../s3/multipartOperations.ts'
import { openObjects, type ObjectStore } from '../s3/objectStore.ts'
import { getObject, headObject } from '../s3/readOperations.ts'
import { createS3Service } from '../s3/service.ts'
import { deleteObject, putObject } from '../s3/writeOperations.ts'

export type DeviceOptions = {
  /** Where the device keeps its objects; the import reads the same folder after the device has gone back. */
  readonly folder: string
  readonly jobId: string
  /** Only the buckets of the job exist. */
  readonly buckets: readonly string[]
  readonly capacityBytes: number
  /** Keys are valid on this device only. */
  readonly credentials: SigningPolicy['secretOf']
  /** The sandbox's time, for Last-Modified. */
  readonly clock: { now(): number }
  /** Real time, by which callers sign; `clock` when absent. */
  readonly signingClock?: { now(): number }
  readonly faults: FaultHook
  readonly onBug?: (error: unknown) => void
}

export type Space = { readonly totalBytes: number; readonly freeBytes: number }

export type Device = {
  readonly jobId: string
  readonly handle: Handler
  readonly objects: ObjectStore
  /** As `snowballEdge describe-service` tells it. */
  space(): Space
}

/** The name a client must sign with. */
export const deviceRegion = 'snow'
/** Beyond this share of its capacity a device takes no more: writing to a full device can corrupt data. */
const fullAt = 0.95
const largestPart = 2 * 1024 ** 3
const largestList = 1_000

export function createDevice(options: DeviceOptions): Device {
  const objects = openObjects(options.folder, { clock: options.clock })
  for (const bucket of options.buckets) objects.createBucket(bucket, { encryption: undefined })
  const space = (): Space => ({ totalBytes: options.capacityBytes, freeBytes: Math.max(0, options.capacityBytes - objects.usedBytes()) })
  const dialect: Dialect = {
    service: 'device',
    server: 'AWSSnowball',
    operations,
    // Digest headers have no effect and none are kept: the adapter is older than all of them. Content-MD5 is ignored with them.
    checksums: false,
    deletesBeforeWriting: true,
    largestPart,
    refuse: refuseUnsupported,
    makeRoom: (bytes) => {
      const left = options.capacityBytes * fullAt - objects.usedBytes()
      // No code is documented for a full device. This one names the cause and, being a 4xx, is not retried by the SDK.
      if (bytes > left)
        throw new S3Error('InsufficientCapacity', 400, 'The device is full.', { FreeBytes: String(Math.max(0, Math.floor(left))) })
    },
  }
  const handle = createS3Service({
    objects,
    credentials: options.credentials,
    region: deviceRegion,
    clock: options.signingClock ?? options.clock,
    dialect,
    faults: options.faults,
    ...(options.onBug === undefined ? {} : { onBug: options.onBug }),
  })
  return { jobId: options.jobId, handle, objects, space }
}

/**
 * ListParts is not in the adapter's list of actions by name, but resuming an upload, which the list does cover by "List Multipart Uploads",
 * needs it; it is taken as supported.
 */
const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    ListBuckets: listBuckets,
    HeadBucket: headBucket,
    ListObjects: listSome,
    PutObject: putObject,
    GetObject: getObject,
    HeadObject: headObject,
    DeleteObject: deleteObject,
    CreateMultipartUpload: createMultipartUpload,
    UploadPart: uploadPart,
    CompleteMultipartUpload: completeMultipartUpload,
    AbortMultipartUpload: abortMultipartUpload,
    ListMultipartUploads: listMultipartUploads,
    ListParts: listParts,
  }),
)

const unknownParameters = ['marker', 'delimiter', 'versionId', 'encoding-type', 'partNumber'] as const

function refuseUnsupported({ operation, headers, query }: Parameters<NonNullable<Dialect['refuse']>>[0]): void {
  if (!operations.has(operation)) throw notSupported(operation === 'Unknown' ? 'This request' : operation)
  if (headers['transfer-encoding'] !== undefined) throw notSupported('Transfer-Encoding')
  if (String(headers['x-amz-content-sha256']).startsWith('STREAMING-')) throw notSupported('A chunked body')
  if (headers['content-encoding']?.includes('aws-chunked') === true) throw notSupported('The content encoding aws-chunked')
  if (headers['x-amz-trailer'] !== undefined) throw notSupported('A trailer')
  if (headers['x-amz-tagging'] !== undefined) throw notSupported('Tagging')
  if (headers['if-match'] !== undefined || headers['if-none-match'] !== undefined) throw notSupported('A conditional request')
  for (const name of unknownParameters) {
    if (query.has(name) && !(name === 'partNumber' && operation === 'UploadPart')) throw notSupported(`The parameter ${name}`)
  }
}

/** Up to 1,000 objects in no order, with no way to go on: a device is not meant to be listed, the loader keeps its own manifest. */
function listSome(call: S3Call): Answer {
  const { store, bucket } = call
  const prefix = queryOf(call, 'prefix') ?? ''
  const most = wholeNumber(queryOf(call, 'max-keys'), 'max-keys', largestList, largestList)
  const found = store.page(bucket, prefix, prefix, most + 1)
  const page = found.slice(0, most).map((object) => ({ object, place: createHash('md5').update(object.key).digest('hex') }))
  page.sort((a, b) => (a.place < b.place ? -1 : 1))
  const body = xmlDocument('ListBucketResult', [
    element('Name', bucket),
    element('Prefix', prefix),
    element('Marker', ''),
    element('MaxKeys', most),
    element('IsTruncated', found.length > page.length),
    ...page.map(({ object }) => contents(object, (text) => text, true)),
  ])
  return { status: 200, headers: xmlHeaders, body }
}

function notSupported(what: string): S3Error {
  return new S3Error('NotImplemented', 501, `${what} is not supported by the S3 interface of this device.`)
}
