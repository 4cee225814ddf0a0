/** The digests a caller sent with a body: which, where, and whether they hold. */
import { S3Error, type ChecksumAlgorithm } from '../contract.ts'
import { readAll } from '../http/body.ts'
import { parseXml, type XmlNode } from '../http/xml.ts'
import type { Draft } from './blobs.ts'
import { createHash } from 'node:crypto'
import { headerOf, type S3Call } from './call.ts'
import { checksumAlgorithms, isChecksumAlgorithm, isChecksumValue, startChecksum } from './checksums.ts'

export type RequestChecksum = {
  /** Undefined when the caller sent none. */
  readonly algorithm: ChecksumAlgorithm | undefined
  /** The value in base64; of a trailer only known once the body has been read. */
  readonly value: () => string | undefined
  readonly contentMd5: Buffer | undefined
}

const notValues = new Set(['x-amz-checksum-mode', 'x-amz-checksum-type', 'x-amz-checksum-algorithm'])
const knownElsewhere = new Set(['xxhash3', 'xxhash64', 'xxhash128'])

/** @throws S3Error InvalidRequest, InvalidDigest, or NotImplemented for the algorithms S3 knows and this sandbox does not. */
export function checksumOf(call: Pick<S3Call, 'headers' | 'body'>): RequestChecksum {
  const inHeaders = Object.keys(call.headers).filter((name) => name.startsWith('x-amz-checksum-') && !notValues.has(name))
  const inTrailers = call.body.announced.filter((name) => name.startsWith('x-amz-checksum-'))
  if (inHeaders.length + inTrailers.length > 1) {
    throw new S3Error('InvalidRequest', 400, 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.')
  }
  const contentMd5 = contentMd5Of(call)
  const [name = inTrailers[0]] = inHeaders
  const declared = headerOf(call, 'x-amz-sdk-checksum-algorithm')?.toUpperCase()
  if (name === undefined) {
    // The JavaScript client answers ChecksumAlgorithm MD5 with the old Content-MD5 header alone.
    if (declared !== undefined && !(declared === 'MD5' && contentMd5 !== undefined)) {
      throw new S3Error(
        'InvalidRequest',
        400,
        'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
      )
    }
    return { algorithm: undefined, value: () => undefined, contentMd5 }
  }
  const algorithm = algorithmNamed(name.slice('x-amz-checksum-'.length), name)
  if (declared !== undefined && declared !== algorithm) {
    throw new S3Error('InvalidRequest', 400, 'Value for x-amz-sdk-checksum-algorithm header is invalid.')
  }
  const header = headerOf(call, name)
  if (header !== undefined) checkValue(algorithm, header, name)
  return {
    algorithm,
    contentMd5,
    value: () => {
      const value = header ?? call.body.trailers.get(name)
      if (value !== undefined) checkValue(algorithm, value, name)
      return value
    },
  }
}

/** From x-amz-checksum-algorithm and the like. */
export function algorithmNamed(text: string, header: string): ChecksumAlgorithm {
  const upper = text.toUpperCase()
  if (isChecksumAlgorithm(upper)) return upper
  if (knownElsewhere.has(text.toLowerCase())) {
    throw new S3Error('NotImplemented', 501, 'This simulated S3 does not compute the checksum algorithm asked for.', { Header: header })
  }
  throw new S3Error(
    'InvalidRequest',
    400,
    `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${checksumAlgorithms.join(', ')}]`,
  )
}

/** @throws S3Error BadDigest when a digest the caller sent is not the body's. The draft stays for the caller to discard. */
export function checkDraft(checksum: RequestChecksum, draft: Draft): void {
  if (checksum.contentMd5 !== undefined && !checksum.contentMd5.equals(draft.md5)) {
    throw new S3Error('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.', {
      ExpectedDigest: checksum.contentMd5.toString('base64'),
      CalculatedDigest: draft.md5.toString('base64'),
    })
  }
  const value = checksum.value()
  if (checksum.algorithm !== undefined && value !== draft.checksum) throw badDigest(checksum.algorithm)
}

export function badDigest(algorithm: ChecksumAlgorithm): S3Error {
  return new S3Error('BadDigest', 400, `The ${algorithm} you specified did not match the calculated checksum.`)
}

/**
 * A small XML body. `digest` says what the checksum headers are about: the body (and whether they must be there), or, at
 * CompleteMultipartUpload, the object.
 */
export async function readXml(call: S3Call, root: string, limit: number, digest: Digest = 'optional'): Promise<XmlNode> {
  return (await readXmlText(call, root, limit, digest)).node
}

type Digest = 'optional' | 'required' | 'of-object'

/** The same, and the body as it came. */
export async function readXmlText(
  call: S3Call,
  root: string,
  limit: number,
  digest: Digest = 'optional',
): Promise<{ readonly node: XmlNode; readonly text: string }> {
  const checksum = digest === 'of-object' ? undefined : checksumOf(call)
  if (digest === 'required' && checksum?.algorithm === undefined && checksum?.contentMd5 === undefined) {
    throw new S3Error('InvalidRequest', 400, 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*')
  }
  const bytes = await readAll(call.body.bytes, limit)
  const md5 = createHash('md5').update(bytes).digest()
  if (checksum?.contentMd5?.equals(md5) === false)
    throw new S3Error('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.')
  if (checksum?.algorithm !== undefined) {
    const running = startChecksum(checksum.algorithm)
    running.update(bytes)
    if (running.digest().toString('base64') !== checksum.value()) throw badDigest(checksum.algorithm)
  }
  return { node: parseXml(bytes, root), text: bytes.toString('utf8') }
}

function contentMd5Of(call: Pick<S3Call, 'headers'>): Buffer | undefined {
  const text = headerOf(call, 'content-md5')
  if (text === undefined) return undefined
  if (!isChecksumValue('MD5', text))
    throw new S3Error('InvalidDigest', 400, 'The Content-MD5 you specified was invalid.', { 'Content-MD5': text })
  return Buffer.from(text, 'base64')
}

function checkValue(algorithm: ChecksumAlgorithm, value: string, header: string): void {
  if (!isChecksumValue(algorithm, value)) throw new S3Error('InvalidRequest', 400, `Value for ${header} header is invalid.`)
}
