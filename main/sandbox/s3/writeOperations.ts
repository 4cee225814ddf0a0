/** PutObject, CopyObject, DeleteObject, DeleteObjects and object tagging. */
import { createReadStream } from 'node:fs'
import { S3Error, type ChecksumAlgorithm } from '../contract.ts'
import type { Answer } from '../http/answer.ts'
import { children, element, malformedXml, textOf, xmlDocument, type Xml } from '../http/xml.ts'
import type { Draft } from './blobs.ts'
import { headerOf, isoTime, queryOf, quoted, xmlHeaders, type S3Call } from './call.ts'
import { notModified, writeCondition } from './conditions.ts'
import { checkKey } from './keys.ts'
import { checkReadable, checksumHeaders, checkTags, factsOf, versionHeader, writtenHeaders } from './objectFacts.ts'
import { singlePut } from './objectStore.ts'
import { existing } from './readOperations.ts'
import type { KeptObject, ObjectFacts } from './records.ts'
import { algorithmNamed, checkDraft, checksumOf, readXml } from './requestChecksum.ts'
import type { Upload } from './uploads.ts'

export const largestPut = 5 * 1024 ** 3

export async function putObject(call: S3Call): Promise<Answer> {
  const { store, bucket, key } = call
  checkKey(key)
  const facts = factsOf(call)
  const condition = writeCondition(call)
  if (call.dialect.deletesBeforeWriting) store.delete(bucket, key)
  const draft = await takeIn(call, largestPut)
  const object = store.commit(bucket, key, draft.draft, facts, singlePut(draft.draft, draft.algorithm), condition)
  return { status: 200, headers: { etag: quoted(object.etag), ...writtenHeaders(call, object), ...checksumHeaders(object) } }
}

/** Reads the body of a PUT or of a part to disk and checks every digest that came with it; of a part also that it is the upload's kind. */
export async function takeIn(call: S3Call, largest: number, upload?: Upload) {
  const { body, dialect, store } = call
  if (call.headers['content-length'] === undefined && call.headers['transfer-encoding'] === undefined) {
    throw new S3Error('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.')
  }
  if (body.length > largest) {
    throw new S3Error('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size', {
      ProposedSize: String(body.length),
      MaxSizeAllowed: String(largest),
    })
  }
  dialect.makeRoom?.(body.length)
  const checksum = dialect.checksums ? checksumOf(call) : undefined
  if (checksum !== undefined && upload !== undefined) checkPartKind(upload, checksum.algorithm)
  const algorithm = dialect.checksums ? (checksum?.algorithm ?? upload?.algorithm ?? 'CRC64NVME') : undefined
  const draft: Draft = await store.blobs.receive(body.bytes, algorithm)
  try {
    if (checksum !== undefined) checkDraft(checksum, draft)
  } catch (error) {
    draft.discard()
    throw error
  }
  return { draft, algorithm, sent: checksum?.algorithm }
}

/** A composite needs the caller's checksum of every part; S3 computes the missing ones only where the whole is covered. */
function checkPartKind(upload: Upload, sent: ChecksumAlgorithm | undefined): void {
  if (sent === upload.algorithm || (sent === undefined && upload.type === 'FULL_OBJECT')) return
  const [expected, actual] = [upload.explicit ? upload.algorithm : undefined, sent].map((name) => name?.toLowerCase() ?? 'null')
  throw new S3Error(
    'InvalidRequest',
    400,
    `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${actual}`,
  )
}

export async function copyObject(call: S3Call): Promise<Answer> {
  const { store, bucket, key } = call
  checkKey(key)
  store.bucketRow(bucket)
  const directive = headerOf(call, 'x-amz-metadata-directive') ?? 'COPY'
  const condition = writeCondition(call)
  const source = copySource(call)
  const given = factsOf(call)
  const changes = directive === 'REPLACE' || given.storageClass !== undefined || given.encryption !== undefined
  if (
    source.bucket === bucket &&
    source.key === key &&
    source.isLatest &&
    !changes &&
    call.headers['x-amz-checksum-algorithm'] === undefined
  ) {
    throw new S3Error(
      'InvalidRequest',
      400,
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    )
  }
  if (source.size > largestPut)
    throw new S3Error(
      'InvalidRequest',
      400,
      'The specified copy source is larger than the maximum allowable size for a copy source: 5368709120',
    )
  const kept: ObjectFacts = directive === 'REPLACE' ? {} : { metadata: source.metadata, contentType: source.contentType }
  const tags = headerOf(call, 'x-amz-tagging-directive') === 'REPLACE' ? (given.tags ?? {}) : source.tags
  const asked = headerOf(call, 'x-amz-checksum-algorithm')
  const algorithm = asked === undefined ? (source.checksum?.algorithm ?? 'CRC64NVME') : algorithmNamed(asked, 'x-amz-checksum-algorithm')
  const draft = await store.blobs.receive(createReadStream(store.fileOf(source)) as AsyncIterable<Buffer>, algorithm)
  const object = store.commit(bucket, key, draft, { ...given, ...kept, tags }, singlePut(draft, algorithm), condition)
  const body = xmlDocument('CopyObjectResult', [
    element('ETag', quoted(object.etag)),
    element('LastModified', isoTime(object.lastModified)),
    ...checksumElements(object),
  ])
  return {
    status: 200,
    headers: { ...xmlHeaders, ...writtenHeaders(call, object), 'x-amz-copy-source-version-id': sourceVersion(call, source) },
    body,
  }
}

/** The object x-amz-copy-source names, its conditions checked. @throws S3Error */
export function copySource(call: S3Call): KeptObject {
  const text = headerOf(call, 'x-amz-copy-source') ?? ''
  const [path = '', query = ''] = text.split('?')
  const [, bucket = '', key = ''] = /^\/?([^/]+)\/(.+)$/s.exec(decodeSource(path)) ?? []
  if (key === '') throw new S3Error('InvalidArgument', 400, 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey')
  const versionId = new URLSearchParams(query).get('versionId') ?? undefined
  const source = existing(call, bucket, key, versionId)
  if (notModified(call, source, 'x-amz-copy-source-')) {
    throw new S3Error('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold')
  }
  checkReadable(source)
  return source
}

export function sourceVersion(call: S3Call, source: KeptObject): string | undefined {
  return call.store.bucket(source.bucket)?.versioning === undefined ? undefined : source.versionId
}

export function checksumElements(object: KeptObject): readonly Xml[] {
  const { checksum } = object
  if (checksum === undefined) return []
  const value = checksum.type === 'COMPOSITE' ? `${checksum.value}-${object.partsCount}` : checksum.value
  return [element(`Checksum${checksum.algorithm}`, value), element('ChecksumType', checksum.type)]
}

export function deleteObject(call: S3Call): Answer {
  const removed = call.store.remove(call.bucket, call.key, queryOf(call, 'versionId'))
  return {
    status: 204,
    headers: { 'x-amz-version-id': removed.versionId, 'x-amz-delete-marker': removed.deleteMarker ? 'true' : undefined },
  }
}

export async function deleteObjects(call: S3Call): Promise<Answer> {
  const { store, bucket } = call
  store.bucketRow(bucket)
  const request = await readXml(call, 'Delete', 2_097_152, 'required')
  const asked = children(request, 'Object')
  if (asked.length === 0 || asked.length > 1_000) throw malformedXml()
  const quiet = textOf(request, 'Quiet') === 'true'
  const results = asked.map((one) => {
    const key = textOf(one, 'Key')
    if (key === undefined || key === '') throw malformedXml()
    const versionId = textOf(one, 'VersionId')
    const removed = store.remove(bucket, key, versionId)
    if (quiet) return { xml: '' }
    return element('Deleted', [
      element('Key', key),
      element('VersionId', versionId),
      element('DeleteMarker', removed.deleteMarker ? true : undefined),
      element('DeleteMarkerVersionId', removed.deleteMarker ? removed.versionId : undefined),
    ])
  })
  return { status: 200, headers: xmlHeaders, body: xmlDocument('DeleteResult', results) }
}

export function getObjectTagging(call: S3Call): Answer {
  const object = existing(call)
  const tags = Object.entries(object.tags).map(([key, value]) => element('Tag', [element('Key', key), element('Value', value)]))
  return {
    status: 200,
    headers: { ...xmlHeaders, 'x-amz-version-id': versionHeader(call, object) },
    body: xmlDocument('Tagging', [element('TagSet', tags)]),
  }
}

export async function putObjectTagging(call: S3Call): Promise<Answer> {
  const request = await readXml(call, 'Tagging', 65_536)
  const [set] = children(request, 'TagSet')
  if (set === undefined) throw malformedXml()
  const tags = checkTags(children(set, 'Tag').map((tag) => [textOf(tag, 'Key') ?? '', textOf(tag, 'Value') ?? ''] as const))
  const object = existing(call)
  call.store.setTags(object, tags)
  return { status: 200, headers: { 'x-amz-version-id': versionHeader(call, object) } }
}

export function deleteObjectTagging(call: S3Call): Answer {
  const object = existing(call)
  call.store.setTags(object, {})
  return { status: 204, headers: { 'x-amz-version-id': versionHeader(call, object) } }
}

function decodeSource(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw new S3Error('InvalidArgument', 400, 'Invalid copy source encoding.')
  }
}
