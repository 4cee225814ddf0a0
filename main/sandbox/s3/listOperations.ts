/** ListObjects, ListObjectsV2 and ListObjectVersions: walks along an index in byte order of UTF-8, one page at a time. */
import { S3Error } from '../contract.ts'
import type { Answer } from '../http/answer.ts'
import { element, xmlDocument, type Xml } from '../http/xml.ts'
import { owner } from './bucketOperations.ts'
import { isoTime, queryOf, quoted, wholeNumber, xmlHeaders, type S3Call } from './call.ts'
import { afterAllWith, justAfter } from './keys.ts'
import type { KeptObject } from './records.ts'

/** Where a walk goes on: at this key (inclusive), and among the versions of that key after this one. */
type Position = { readonly key: string; readonly afterId?: number }
type Page = {
  readonly rows: readonly KeptObject[]
  readonly prefixes: readonly string[]
  readonly next: Position | undefined
  readonly last: string | undefined
}
type Walk = {
  readonly prefix: string
  readonly delimiter: string
  readonly start: Position | undefined
  readonly most: number
  readonly fetch: (from: Position, limit: number) => readonly KeptObject[]
  readonly after: (row: KeptObject) => Position
}

const largestPage = 1_000

/** Keys that share a prefix up to the delimiter are stepped over with one seek, however many they are. */
function walk({ prefix, delimiter, start, most, fetch, after }: Walk): Page {
  const rows: KeptObject[] = []
  const prefixes: string[] = []
  let last: string | undefined
  let at = start
  // A page behind a common prefix usually begins with the next one: read little first, more while whole pages are used.
  for (let batch = delimiter === '' ? largestPage : 8; at !== undefined && rows.length + prefixes.length <= most;) {
    const limit = Math.min(batch, most + 1 - rows.length - prefixes.length)
    const found = fetch(at, limit)
    let skippedTo: Position | undefined
    let used = 0
    for (const row of found) {
      const full = rows.length + prefixes.length === most
      const cut = delimiter === '' ? -1 : row.key.indexOf(delimiter, prefix.length)
      if (full) return { rows, prefixes, next: at, last }
      used += 1
      if (cut >= 0) {
        const common = row.key.slice(0, cut + delimiter.length)
        prefixes.push(common)
        last = common
        const beyond = afterAllWith(common)
        if (beyond === undefined) return { rows, prefixes, next: undefined, last }
        skippedTo = { key: beyond }
        at = skippedTo
        break
      }
      rows.push(row)
      last = row.key
      at = after(row)
    }
    if (skippedTo === undefined && used === found.length && found.length < limit) return { rows, prefixes, next: undefined, last }
    batch = skippedTo === undefined ? Math.min(batch * 4, largestPage) : 8
  }
  return { rows, prefixes, next: undefined, last }
}

export function listObjectsV2(call: S3Call): Answer {
  const { store, bucket } = call
  store.bucketRow(bucket)
  const { prefix, delimiter, encode, encodingType } = common(call)
  const most = wholeNumber(queryOf(call, 'max-keys'), 'max-keys', largestPage, largestPage)
  const token = queryOf(call, 'continuation-token')
  const startAfter = queryOf(call, 'start-after')
  const from = token === undefined ? afterMarker(startAfter, prefix, delimiter) : { key: readToken(token) }
  const page = walkLatest(call, prefix, delimiter, from, most)
  const next = page.next === undefined ? undefined : Buffer.from(`1${page.next.key}`).toString('base64url')
  const withOwner = queryOf(call, 'fetch-owner') === 'true'
  const body = xmlDocument('ListBucketResult', [
    element('Name', bucket),
    element('Prefix', encode(prefix)),
    element('StartAfter', startAfter === undefined ? undefined : encode(startAfter)),
    element('ContinuationToken', token),
    element('NextContinuationToken', next),
    element('KeyCount', page.rows.length + page.prefixes.length),
    element('MaxKeys', most),
    element('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    element('EncodingType', encodingType),
    element('IsTruncated', page.next !== undefined),
    ...page.rows.map((object) => contents(object, encode, withOwner)),
    ...commonPrefixes(page.prefixes, encode),
  ])
  return { status: 200, headers: xmlHeaders, body }
}

export function listObjects(call: S3Call): Answer {
  const { store, bucket } = call
  store.bucketRow(bucket)
  const { prefix, delimiter, encode, encodingType } = common(call)
  const most = wholeNumber(queryOf(call, 'max-keys'), 'max-keys', largestPage, largestPage)
  const marker = queryOf(call, 'marker') ?? ''
  const page = walkLatest(call, prefix, delimiter, afterMarker(marker, prefix, delimiter), most)
  // Only with a delimiter; without one the caller goes on from the last key.
  const nextMarker = page.next !== undefined && delimiter !== '' && page.last !== undefined ? encode(page.last) : undefined
  const body = xmlDocument('ListBucketResult', [
    element('Name', bucket),
    element('Prefix', encode(prefix)),
    element('Marker', encode(marker)),
    element('NextMarker', nextMarker),
    element('MaxKeys', most),
    element('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    element('EncodingType', encodingType),
    element('IsTruncated', page.next !== undefined),
    ...page.rows.map((object) => contents(object, encode, true)),
    ...commonPrefixes(page.prefixes, encode),
  ])
  return { status: 200, headers: xmlHeaders, body }
}

export function listObjectVersions(call: S3Call): Answer {
  const { store, bucket } = call
  store.bucketRow(bucket)
  const { prefix, delimiter, encode, encodingType } = common(call)
  const most = wholeNumber(queryOf(call, 'max-keys'), 'max-keys', largestPage, largestPage)
  const keyMarker = queryOf(call, 'key-marker')
  const idMarker = queryOf(call, 'version-id-marker')
  const page = walk({
    prefix,
    delimiter,
    most,
    start: most === 0 ? undefined : versionStart(call, prefix, delimiter, keyMarker, idMarker),
    fetch: (from, limit) => store.versionsPage(bucket, prefix, from.key, from.afterId, limit),
    after: (row) => ({ key: row.key, afterId: row.id }),
  })
  const lastRow = page.rows.at(-1)
  const body = xmlDocument('ListVersionsResult', [
    element('Name', bucket),
    element('Prefix', encode(prefix)),
    element('KeyMarker', encode(keyMarker ?? '')),
    element('VersionIdMarker', idMarker ?? ''),
    element('NextKeyMarker', page.next === undefined || page.last === undefined ? undefined : encode(page.last)),
    element('NextVersionIdMarker', page.next === undefined || lastRow?.key !== page.last ? undefined : lastRow?.versionId),
    element('MaxKeys', most),
    element('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    element('EncodingType', encodingType),
    element('IsTruncated', page.next !== undefined),
    ...page.rows.map((object) => version(object, encode)),
    ...commonPrefixes(page.prefixes, encode),
  ])
  return { status: 200, headers: xmlHeaders, body }
}

/** Encoding asked for, prefix and delimiter. @throws S3Error InvalidArgument */
export function common(call: S3Call) {
  const encodingType = queryOf(call, 'encoding-type')
  if (encodingType !== undefined && encodingType !== 'url') {
    throw new S3Error('InvalidArgument', 400, 'Invalid Encoding Method specified in Request', { ArgumentName: 'encoding-type' })
  }
  const encode = encodingType === 'url' ? urlEncoded : (text: string): string => text
  return { prefix: queryOf(call, 'prefix') ?? '', delimiter: queryOf(call, 'delimiter') ?? '', encode, encodingType }
}

export function commonPrefixes(prefixes: readonly string[], encode: (text: string) => string): readonly Xml[] {
  return prefixes.map((prefix) => element('CommonPrefixes', [element('Prefix', encode(prefix))]))
}

export function contents(object: KeptObject, encode: (text: string) => string, withOwner: boolean): Xml {
  return element('Contents', [
    element('Key', encode(object.key)),
    element('LastModified', isoTime(object.lastModified)),
    element('ETag', quoted(object.etag)),
    element('ChecksumAlgorithm', object.checksum?.algorithm),
    element('ChecksumType', object.checksum?.type),
    element('Size', object.size),
    withOwner ? owner : { xml: '' },
    element('StorageClass', object.storageClass),
  ])
}

function version(object: KeptObject, encode: (text: string) => string): Xml {
  const shared = [
    element('Key', encode(object.key)),
    element('VersionId', object.versionId),
    element('IsLatest', object.isLatest),
    element('LastModified', isoTime(object.lastModified)),
  ]
  if (object.deleteMarker) return element('DeleteMarker', [...shared, owner])
  return element('Version', [
    ...shared,
    element('ETag', quoted(object.etag)),
    element('ChecksumAlgorithm', object.checksum?.algorithm),
    element('ChecksumType', object.checksum?.type),
    element('Size', object.size),
    owner,
    element('StorageClass', object.storageClass),
  ])
}

function walkLatest(call: S3Call, prefix: string, delimiter: string, start: Position | undefined, most: number): Page {
  return walk({
    prefix,
    delimiter,
    most,
    start: most === 0 ? undefined : start,
    fetch: (from, limit) => call.store.page(call.bucket, prefix, from.key, limit),
    after: (row) => ({ key: justAfter(row.key) }),
  })
}

/** A marker that is itself a common prefix stands for everything under it. */
function afterMarker(marker: string | undefined, prefix: string, delimiter: string): Position | undefined {
  if (marker === undefined || marker === '') return { key: prefix }
  if (
    delimiter !== '' &&
    marker.startsWith(prefix) &&
    marker.endsWith(delimiter) &&
    marker.indexOf(delimiter, prefix.length) === marker.length - delimiter.length
  ) {
    const beyond = afterAllWith(marker)
    return beyond === undefined ? undefined : { key: beyond }
  }
  return { key: justAfter(marker) }
}

function versionStart(
  call: S3Call,
  prefix: string,
  delimiter: string,
  keyMarker: string | undefined,
  idMarker: string | undefined,
): Position | undefined {
  if (idMarker === undefined || idMarker === '') return afterMarker(keyMarker, prefix, delimiter)
  if (keyMarker === undefined) throw new S3Error('InvalidArgument', 400, 'A version-id marker cannot be specified without a key marker.')
  const found = call.store.version(call.bucket, keyMarker, idMarker)
  if (found === undefined) throw new S3Error('InvalidArgument', 400, 'Invalid version id specified', { ArgumentName: 'version-id-marker' })
  return { key: keyMarker, afterId: found.id }
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString()
  if (!text.startsWith('1') || Buffer.from(text).toString('base64url') !== token) {
    throw new S3Error('InvalidArgument', 400, 'The continuation token provided is incorrect', { ArgumentName: 'continuation-token' })
  }
  return text.slice(1)
}

/** encodeURIComponent, but S3 leaves "/" as it is, writes a space as "+", and encodes the five marks JavaScript spares. */
function urlEncoded(text: string): string {
  return encodeURIComponent(text)
    .replace(/%2F/g, '/')
    .replace(/%20/g, '+')
    .replace(/[!'()]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}
