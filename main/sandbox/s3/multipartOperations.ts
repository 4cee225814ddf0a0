/** Multipart uploads, with the checksum rules of S3 User Guide, "Checking object integrity for multipart uploads". */
import { createReadStream } from 'node:fs'
import { S3Error, type ChecksumAlgorithm, type ChecksumType } from '../contract.ts'
import type { Answer } from '../http/answer.ts'
import { children, element, malformedXml, textOf, xmlDocument, type XmlNode } from '../http/xml.ts'
import { owner } from './bucketOperations.ts'
import { headerOf, isoTime, queryOf, quoted, wholeNumber, xmlHeaders, type S3Call } from './call.ts'
import { compositeOf, isChecksumValue, multipartEtag, multipartTypes } from './checksums.ts'
import { writeCondition } from './conditions.ts'
import { checkKey } from './keys.ts'
import { common, commonPrefixes } from './listOperations.ts'
import { encryptionHeaders, factsOf, writtenHeaders } from './objectFacts.ts'
import { algorithmNamed, badDigest, readXml } from './requestChecksum.ts'
import type { Upload, UploadedPart } from './uploads.ts'
import { checksumElements, copySource, largestPut, sourceVersion, takeIn } from './writeOperations.ts'

const smallestPart = 5 * 1024 ** 2
const mostParts = 10_000

export function createMultipartUpload(call: S3Call): Answer {
  checkKey(call.key)
  const { bucket, key } = call
  const wish = call.dialect.checksums ? wishedChecksum(call) : undefined
  const facts = factsOf(call)
  if (call.dialect.deletesBeforeWriting) call.store.delete(bucket, key)
  const upload = call.store.uploads.create(bucket, key, facts, wish)
  const body = xmlDocument('InitiateMultipartUploadResult', [
    element('Bucket', bucket),
    element('Key', key),
    element('UploadId', upload.id),
  ])
  const encryption = upload.facts.encryption ?? call.store.bucketRow(bucket).encryption ?? undefined
  return {
    status: 200,
    headers: {
      ...xmlHeaders,
      ...encryptionHeaders({ encryption, kmsKeyId: upload.facts.kmsKeyId }),
      'x-amz-checksum-algorithm': wish?.algorithm,
      'x-amz-checksum-type': wish?.type,
    },
    body,
  }
}

function wishedChecksum(call: S3Call): { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType } | undefined {
  const named = headerOf(call, 'x-amz-checksum-algorithm')
  const type = headerOf(call, 'x-amz-checksum-type')
  if (type !== undefined && type !== 'COMPOSITE' && type !== 'FULL_OBJECT') {
    throw new S3Error('InvalidRequest', 400, 'Value for x-amz-checksum-type header is invalid.')
  }
  if (named === undefined) {
    if (type === undefined) return undefined
    throw new S3Error('InvalidRequest', 400, 'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.')
  }
  const algorithm = algorithmNamed(named, 'x-amz-checksum-algorithm')
  const allowed = multipartTypes(algorithm)
  if (type !== undefined && !allowed.includes(type)) {
    throw new S3Error(
      'InvalidRequest',
      400,
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    )
  }
  return { algorithm, type: type ?? allowed[0] }
}

export async function uploadPart(call: S3Call): Promise<Answer> {
  const upload = uploadOf(call)
  const number = partNumberOf(call)
  const { draft, algorithm, sent } = await takeIn(call, Math.min(largestPut, call.dialect.largestPart), upload)
  const part = call.store.uploads.putPart(upload, number, draft)
  const headers: Record<string, string | undefined> = {
    etag: quoted(part.md5.toString('hex')),
    ...encryptionHeaders(partEncryption(call, upload)),
  }
  if (algorithm !== undefined && (upload.explicit || sent !== undefined))
    headers[`x-amz-checksum-${algorithm.toLowerCase()}`] = part.checksum
  return { status: 200, headers }
}

export async function uploadPartCopy(call: S3Call): Promise<Answer> {
  const upload = uploadOf(call)
  const number = partNumberOf(call)
  const source = copySource(call)
  const { from, to } = copyRange(call, source.size)
  if (to - from > largestPut)
    throw new S3Error(
      'InvalidRequest',
      400,
      'The specified copy source is larger than the maximum allowable size for a copy source: 5368709120',
    )
  const stream =
    to === from ? emptyBody() : (createReadStream(call.store.fileOf(source), { start: from, end: to - 1 }) as AsyncIterable<Buffer>)
  const part = call.store.uploads.putPart(upload, number, await call.store.blobs.receive(stream, upload.algorithm))
  const body = xmlDocument('CopyPartResult', [
    element('ETag', quoted(part.md5.toString('hex'))),
    element('LastModified', isoTime(part.modified)),
    element(`Checksum${upload.algorithm}`, upload.explicit ? part.checksum : undefined),
  ])
  const headers = {
    ...xmlHeaders,
    ...encryptionHeaders(partEncryption(call, upload)),
    'x-amz-copy-source-version-id': sourceVersion(call, source),
  }
  return { status: 200, headers, body }
}

export async function completeMultipartUpload(call: S3Call): Promise<Answer> {
  const { store, bucket, key, dialect } = call
  const upload = uploadOf(call)
  const request = await readXml(call, 'CompleteMultipartUpload', 8_388_608, 'of-object')
  const parts = chosenParts(call, upload, children(request, 'Part'))
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  const claimedSize = headerOf(call, 'x-amz-mp-object-size')
  if (claimedSize !== undefined && claimedSize !== String(size)) {
    throw new S3Error(
      'InvalidRequest',
      400,
      `The provided 'x-amz-mp-object-size' header value ${claimedSize} does not match what was computed: ${size}`,
    )
  }
  const claimed = dialect.checksums ? claimedChecksum(call, upload) : undefined
  const condition = writeCondition(call)
  const composite =
    dialect.checksums && upload.type === 'COMPOSITE'
      ? compositeOf(
          upload.algorithm,
          parts.map((part) => part.checksum ?? ''),
        )
      : undefined
  if (composite !== undefined && claimed !== undefined && claimed !== composite && claimed !== `${composite}-${parts.length}`)
    throw badDigest(upload.algorithm)
  const whole = dialect.checksums && upload.type === 'FULL_OBJECT' ? upload.algorithm : undefined
  const object = await store.uploads.assemble(upload, parts, whole, (draft) => {
    const value = composite ?? draft.checksum
    if (whole !== undefined && claimed !== undefined && claimed !== value) {
      draft.discard()
      throw badDigest(upload.algorithm)
    }
    const checksum = value === undefined ? undefined : { algorithm: upload.algorithm, type: upload.type, value }
    const etag = multipartEtag(parts.map((part) => part.md5))
    const layout = parts.map((part, at) => ({ ...part, partNumber: at + 1, checksum: upload.explicit ? part.checksum : undefined }))
    return store.commit(bucket, key, draft, upload.facts, { etag, checksum, parts: layout }, condition)
  })
  const body = xmlDocument('CompleteMultipartUploadResult', [
    element('Location', `http://${call.host}/${bucket}/${encodeURIComponent(key)}`),
    element('Bucket', bucket),
    element('Key', key),
    element('ETag', quoted(object.etag)),
    ...checksumElements(object),
  ])
  return { status: 200, headers: { ...xmlHeaders, ...writtenHeaders(call, object) }, body }
}

/** The value the caller claims for the whole object. @throws S3Error when algorithm or type is not the upload's */
function claimedChecksum(call: S3Call, upload: Upload): string | undefined {
  const type = headerOf(call, 'x-amz-checksum-type')
  if (type !== undefined && type !== upload.type) {
    throw new S3Error(
      'InvalidRequest',
      400,
      `The upload was created using the ${upload.type} checksum mode. The complete request must use the same checksum mode.`,
    )
  }
  const names = Object.keys(call.headers).filter((name) => /^x-amz-checksum-(?!type$|algorithm$|mode$)/.test(name))
  const [name] = names
  if (name === undefined) return undefined
  const expected = `x-amz-checksum-${upload.algorithm.toLowerCase()}`
  if (names.length > 1 || name !== expected) {
    throw new S3Error(
      'InvalidRequest',
      400,
      `The upload was created using the ${upload.algorithm} checksum algorithm; the complete request names another.`,
    )
  }
  const value = headerOf(call, name) ?? ''
  if (!isChecksumValue(upload.algorithm, value.replace(/-\d+$/, '')))
    throw new S3Error('InvalidRequest', 400, `Value for ${name} header is invalid.`)
  return value
}

/** @throws S3Error InvalidPart, InvalidPartOrder, EntityTooSmall, InvalidRequest */
function chosenParts(call: S3Call, upload: Upload, listed: readonly XmlNode[]): readonly UploadedPart[] {
  if (listed.length === 0 || listed.length > mostParts) throw malformedXml()
  const composite = call.dialect.checksums && upload.explicit && upload.type === 'COMPOSITE'
  let before = 0
  const parts = listed.map((node) => {
    const number = Number(textOf(node, 'PartNumber'))
    const etag = textOf(node, 'ETag')?.replace(/^"|"$/g, '')
    if (!Number.isInteger(number) || number < 1 || etag === undefined) throw malformedXml()
    if (number <= before) {
      throw new S3Error(
        'InvalidPartOrder',
        400,
        'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
        { UploadId: upload.id },
      )
    }
    // Documented so: with part checksums, numbers that are not consecutive from 1 end in an internal error.
    if (composite && number !== before + 1) throw new S3Error('InternalError', 500, 'We encountered an internal error. Please try again.')
    before = number
    const part = call.store.uploads.part(upload, number)
    const checksum = textOf(node, `Checksum${upload.algorithm}`)
    if (
      part === undefined ||
      etag !== part.md5.toString('hex') ||
      (call.dialect.checksums && checksum !== undefined && checksum !== part.checksum)
    ) {
      throw new S3Error(
        'InvalidPart',
        400,
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        { UploadId: upload.id, PartNumber: String(number), ETag: etag },
      )
    }
    if (composite && checksum === undefined) {
      throw new S3Error(
        'InvalidRequest',
        400,
        `The upload was created using a ${upload.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
      )
    }
    return part
  })
  for (const part of parts.slice(0, -1)) {
    if (part.size >= smallestPart) continue
    throw new S3Error('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size', {
      ProposedSize: String(part.size),
      MinSizeAllowed: String(smallestPart),
      PartNumber: String(part.partNumber),
      ETag: part.md5.toString('hex'),
    })
  }
  return parts
}

export function abortMultipartUpload(call: S3Call): Answer {
  call.store.uploads.abort(uploadOf(call))
  return { status: 204 }
}

export function listParts(call: S3Call): Answer {
  const upload = uploadOf(call)
  const most = wholeNumber(queryOf(call, 'max-parts'), 'max-parts', 1_000, 1_000)
  const marker = wholeNumber(queryOf(call, 'part-number-marker'), 'part-number-marker', 0, 2_147_483_647)
  const found = call.store.uploads.parts(upload, marker, most + 1)
  const page = found.slice(0, most)
  const told = call.dialect.checksums && upload.explicit
  const body = xmlDocument('ListPartsResult', [
    element('Bucket', call.bucket),
    element('Key', call.key),
    element('UploadId', upload.id),
    element('PartNumberMarker', marker),
    element('NextPartNumberMarker', page.at(-1)?.partNumber ?? marker),
    element('MaxParts', most),
    element('IsTruncated', found.length > page.length),
    ...page.map((part) =>
      element('Part', [
        element('PartNumber', part.partNumber),
        element('LastModified', isoTime(part.modified)),
        element('ETag', quoted(part.md5.toString('hex'))),
        element('Size', part.size),
        element(`Checksum${upload.algorithm}`, told ? part.checksum : undefined),
      ]),
    ),
    element('Initiator', [element('ID', 'arn:aws:iam::000000000000:user/rehearsal'), element('DisplayName', 'rehearsal')]),
    owner,
    element('StorageClass', upload.facts.storageClass ?? 'STANDARD'),
    element('ChecksumAlgorithm', told ? upload.algorithm : undefined),
    element('ChecksumType', told ? upload.type : undefined),
  ])
  return { status: 200, headers: xmlHeaders, body }
}

export function listMultipartUploads(call: S3Call): Answer {
  const { store, bucket } = call
  store.bucketRow(bucket)
  const { prefix, delimiter, encode, encodingType } = common(call)
  if (delimiter !== '') throw new S3Error('NotImplemented', 501, 'This simulated S3 lists uploads without a delimiter only.')
  const most = wholeNumber(queryOf(call, 'max-uploads'), 'max-uploads', 1_000, 1_000, 1)
  const keyMarker = queryOf(call, 'key-marker') ?? ''
  const idMarker = queryOf(call, 'upload-id-marker') ?? ''
  // Without an upload id the marker's own uploads are behind us; no id sorts after this one.
  const found = store.uploads.page(bucket, prefix, keyMarker, idMarker === '' && keyMarker !== '' ? '\u{10ffff}' : idMarker, most + 1)
  const page = found.slice(0, most)
  const truncated = found.length > page.length
  const last = page.at(-1)
  const body = xmlDocument('ListMultipartUploadsResult', [
    element('Bucket', bucket),
    element('KeyMarker', encode(keyMarker)),
    element('UploadIdMarker', idMarker),
    element('NextKeyMarker', truncated && last !== undefined ? encode(last.key) : undefined),
    element('NextUploadIdMarker', truncated ? last?.id : undefined),
    element('Prefix', encode(prefix)),
    element('MaxUploads', most),
    element('EncodingType', encodingType),
    element('IsTruncated', truncated),
    ...page.map((upload) =>
      element('Upload', [
        element('Key', encode(upload.key)),
        element('UploadId', upload.id),
        owner,
        element('StorageClass', upload.facts.storageClass ?? 'STANDARD'),
        element('Initiated', isoTime(upload.started)),
        element('ChecksumAlgorithm', call.dialect.checksums && upload.explicit ? upload.algorithm : undefined),
        element('ChecksumType', call.dialect.checksums && upload.explicit ? upload.type : undefined),
      ]),
    ),
    ...commonPrefixes([], encode),
  ])
  return { status: 200, headers: xmlHeaders, body }
}

function uploadOf(call: S3Call): Upload {
  return call.store.uploads.get(call.bucket, call.key, queryOf(call, 'uploadId') ?? '')
}

function partNumberOf(call: S3Call): number {
  const number = Number(queryOf(call, 'partNumber'))
  if (!Number.isInteger(number) || number < 1 || number > mostParts) {
    throw new S3Error('InvalidArgument', 400, `Part number must be an integer between 1 and ${mostParts}, inclusive`, {
      ArgumentName: 'partNumber',
    })
  }
  return number
}

function partEncryption(call: S3Call, upload: Upload) {
  return {
    encryption: upload.facts.encryption ?? call.store.bucketRow(call.bucket).encryption ?? undefined,
    kmsKeyId: upload.facts.kmsKeyId,
  }
}

function copyRange(call: S3Call, size: number): { readonly from: number; readonly to: number } {
  const text = headerOf(call, 'x-amz-copy-source-range')
  if (text === undefined) return { from: 0, to: size }
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(text) ?? []
  if (first === undefined || last === undefined) {
    throw new S3Error(
      'InvalidArgument',
      400,
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    )
  }
  if (Number(last) < Number(first) || Number(last) >= size) {
    throw new S3Error('InvalidArgument', 400, `Range specified is not valid for source object of size: ${size}`)
  }
  return { from: Number(first), to: Number(last) + 1 }
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {
  // An empty source has no bytes to yield.
}
