/** GetObject, HeadObject and GetObjectAttributes. */
import { open } from 'node:fs/promises'
import { S3Error } from '../contract.ts'
import type { Answer } from '../http/answer.ts'
import { element, xmlDocument, type Xml } from '../http/xml.ts'
import { HeaderedError, headerOf, queryOf, wholeNumber, xmlHeaders, type S3Call } from './call.ts'
import { notModified, rangeOf } from './conditions.ts'
import { checkReadable, checksumHeaders, objectHeaders, versionHeader } from './objectFacts.ts'
import type { KeptObject } from './records.ts'

/** Bodies up to here are read with one call. */
const smallBody = 1_048_576

export async function getObject(call: S3Call): Promise<Answer> {
  const object = existing(call)
  if (notModified(call, object)) return unchanged(call, object)
  checkReadable(object)
  const slice = sliceOf(call, object)
  const handle = await open(call.store.fileOf(object), 'r')
  const length = slice.to - slice.from
  if (length > smallBody) {
    const body = handle.createReadStream({ start: slice.from, end: slice.to - 1, highWaterMark: 262_144 })
    return { status: slice.status, headers: slice.headers, body }
  }
  try {
    const body = Buffer.alloc(length)
    const { bytesRead } = length === 0 ? { bytesRead: 0 } : await handle.read(body, 0, length, slice.from)
    if (bytesRead !== length) throw new Error('the file of an object is shorter than its row says')
    return { status: slice.status, headers: slice.headers, body }
  } finally {
    await handle.close()
  }
}

export function headObject(call: S3Call): Answer {
  const object = existing(call)
  if (notModified(call, object)) return unchanged(call, object)
  const { status, headers } = sliceOf(call, object)
  return { status, headers }
}

/** @throws S3Error NoSuchKey, NoSuchVersion, MethodNotAllowed (a delete marker asked for by its id) */
export function existing(call: S3Call, bucket = call.bucket, key = call.key, versionId = queryOf(call, 'versionId')): KeptObject {
  const found = call.store.version(bucket, key, versionId)
  if (found !== undefined && !found.deleteMarker) return found
  const marker = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': found?.versionId ?? '' }
  if (versionId === undefined) {
    const missing = new S3Error('NoSuchKey', 404, 'The specified key does not exist.', { Key: key })
    throw found === undefined ? missing : new HeaderedError(missing, marker)
  }
  if (found !== undefined) {
    const refused = new S3Error('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.', {
      ResourceType: 'DeleteMarker',
    })
    throw new HeaderedError(refused, { ...marker, allow: 'DELETE' })
  }
  throw new S3Error('NoSuchVersion', 404, 'The specified version does not exist.', { Key: key, VersionId: versionId })
}

type Slice = {
  readonly status: 200 | 206
  readonly from: number
  readonly to: number
  readonly headers: Record<string, string | undefined>
}

/** The whole object, a range of it or one of its parts, with the headers that go with that. */
function sliceOf(call: S3Call, object: KeptObject): Slice {
  const headers = objectHeaders(call, object)
  const wantsChecksum = call.dialect.checksums && headerOf(call, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED'
  const partNumber = queryOf(call, 'partNumber')
  if (partNumber !== undefined) {
    if (call.headers.range !== undefined) {
      throw new S3Error('InvalidRequest', 400, 'Cannot specify both Range header and partNumber query parameter')
    }
    return partOf(object, wholeNumber(partNumber, 'partNumber', 1, 10_001, 1), headers, wantsChecksum)
  }
  const range = rangeOf(call, object.size)
  if (range !== undefined) {
    headers['content-length'] = String(range.to - range.from)
    headers['content-range'] = `bytes ${range.from}-${range.to - 1}/${object.size}`
    return { status: 206, ...range, headers }
  }
  headers['content-length'] = String(object.size)
  return { status: 200, from: 0, to: object.size, headers: wantsChecksum ? { ...headers, ...checksumHeaders(object) } : headers }
}

function partOf(object: KeptObject, number: number, headers: Slice['headers'], wantsChecksum: boolean): Slice {
  const parts = object.parts ?? [{ partNumber: 1, size: object.size, checksum: undefined }]
  const part = parts[number - 1]
  if (part === undefined)
    throw new S3Error('InvalidPartNumber', 416, 'The requested partnumber is not satisfiable', { ActualPartCount: String(parts.length) })
  const from = parts.slice(0, number - 1).reduce((sum, before) => sum + before.size, 0)
  headers['content-length'] = String(part.size)
  if (part.size > 0) headers['content-range'] = `bytes ${from}-${from + part.size - 1}/${object.size}`
  if (object.parts !== undefined) headers['x-amz-mp-parts-count'] = String(parts.length)
  if (wantsChecksum && object.checksum !== undefined) {
    // A part is answered with the part's own checksum; the object's would not fit the bytes.
    if (object.parts === undefined) Object.assign(headers, checksumHeaders(object))
    else if (part.checksum !== undefined) {
      headers[`x-amz-checksum-${object.checksum.algorithm.toLowerCase()}`] = part.checksum
      headers['x-amz-checksum-type'] = object.checksum.type
    }
  }
  return { status: 206, from, to: from + part.size, headers }
}

function unchanged(call: S3Call, object: KeptObject): Answer {
  const { etag, 'last-modified': modified, 'x-amz-version-id': version } = objectHeaders(call, object)
  return { status: 304, headers: { etag, 'last-modified': modified, 'x-amz-version-id': version } }
}

const attributes = new Set(['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'])

export function getObjectAttributes(call: S3Call): Answer {
  const asked = (headerOf(call, 'x-amz-object-attributes') ?? '').split(',').map((name) => name.trim())
  if (asked.some((name) => !attributes.has(name))) {
    throw new S3Error('InvalidArgument', 400, 'Invalid attribute name specified.', { ArgumentName: 'x-amz-object-attributes' })
  }
  const object = existing(call)
  const wants = (name: string): boolean => asked.includes(name)
  const { checksum } = object
  const body = xmlDocument('GetObjectAttributesResponse', [
    element('ETag', wants('ETag') ? object.etag : undefined),
    checksum === undefined || !wants('Checksum')
      ? { xml: '' }
      : element('Checksum', [element(`Checksum${checksum.algorithm}`, checksum.value), element('ChecksumType', checksum.type)]),
    wants('ObjectParts') ? objectParts(call, object) : { xml: '' },
    element('StorageClass', wants('StorageClass') ? object.storageClass : undefined),
    element('ObjectSize', wants('ObjectSize') ? object.size : undefined),
  ])
  const headers = {
    ...xmlHeaders,
    'last-modified': new Date(object.lastModified).toUTCString(),
    'x-amz-version-id': versionHeader(call, object),
  }
  return { status: 200, headers, body }
}

/** The count is told of every multipart object; the parts themselves only where the writer chose a checksum, hence each has one. */
function objectParts(call: S3Call, object: KeptObject): Xml {
  const { parts, checksum } = object
  if (parts === undefined) return { xml: '' }
  const count = element('PartsCount', parts.length)
  if (checksum === undefined || parts.some((part) => part.checksum === undefined)) return element('ObjectParts', [count])
  const most = wholeNumber(headerOf(call, 'x-amz-max-parts'), 'x-amz-max-parts', 1_000, 1_000)
  const marker = wholeNumber(headerOf(call, 'x-amz-part-number-marker'), 'x-amz-part-number-marker', 0, 2_147_483_647)
  const page = parts.filter((part) => part.partNumber > marker).slice(0, most)
  const last = page.at(-1)?.partNumber ?? marker
  return element('ObjectParts', [
    count,
    element('PartNumberMarker', marker),
    element('NextPartNumberMarker', last),
    element('MaxParts', most),
    element('IsTruncated', last < (parts.at(-1)?.partNumber ?? 0)),
    ...page.map((part) =>
      element('Part', [
        element('PartNumber', part.partNumber),
        element('Size', part.size),
        element(`Checksum${checksum.algorithm}`, part.checksum),
      ]),
    ),
  ])
}
