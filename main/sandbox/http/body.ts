/** The body of a request: read whole within a limit, or as a stream that checks the SHA-256 the caller claimed for it. */
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { S3Error } from '../contract.ts'
import { decodeChunked } from './chunkedBody.ts'
import type { Verified } from './signature.ts'

export type RequestBody = {
  /** Decoded bytes. Rejects with an S3Error when the payload hash, a chunk signature or the framing is wrong. */
  readonly bytes: AsyncIterable<Uint8Array>
  readonly length: number
  /** Trailers by lower-case name; complete once `bytes` has ended. */
  readonly trailers: ReadonlyMap<string, string>
  /** Names the caller announced in x-amz-trailer. */
  readonly announced: readonly string[]
}

/** @throws S3Error EntityTooLarge as soon as the limit is passed. */
export async function readAll(bytes: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of bytes) {
    size += piece.length
    if (size > limit)
      throw new S3Error('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size', { MaxSizeAllowed: String(limit) })
    pieces.push(piece)
  }
  return Buffer.concat(pieces, size)
}

/** How the payload of a signed S3 request is to be read. @throws S3Error for headers that contradict each other or are missing. */
export function openBody(request: IncomingMessage, verified: Verified): RequestBody {
  const { headers } = request
  // An operation that stops reading must still be able to answer on this connection.
  const incoming = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  const trailers = new Map<string, string>()
  if (verified.payloadHash.startsWith('STREAMING-')) {
    const decodedLength = Number(headers['x-amz-decoded-content-length'])
    const announced = String(headers['x-amz-trailer'] ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== '')
    if (!/^\d+$/.test(String(headers['x-amz-decoded-content-length']))) {
      throw new S3Error('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.')
    }
    const signed = verified.payloadHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD')
    const withTrailer = verified.payloadHash.endsWith('-TRAILER')
    if ((!signed && verified.payloadHash !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') || (announced.length > 0 && !withTrailer)) {
      throw new S3Error(
        'InvalidArgument',
        400,
        'x-amz-content-sha256 names a kind of streaming that is not known, or not one with trailers.',
      )
    }
    const options = { decodedLength, trailers: announced, signer: signed ? verified : undefined, received: trailers }
    return { bytes: decodeChunked(incoming, options), length: decodedLength, trailers, announced }
  }
  if (headers['transfer-encoding'] !== undefined) {
    throw new S3Error('NotImplemented', 501, 'A header you provided implies functionality that is not implemented', {
      Header: 'Transfer-Encoding',
    })
  }
  const length = Number(headers['content-length'] ?? 0)
  const bytes = verified.payloadHash === 'UNSIGNED-PAYLOAD' ? incoming : hashChecked(incoming, verified.payloadHash)
  return { bytes: wholeLength(bytes, length), length, trailers, announced: [] }
}

async function* hashChecked(body: AsyncIterable<Uint8Array>, claimed: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const piece of body) {
    hash.update(piece)
    yield piece
  }
  const computed = hash.digest('hex')
  if (computed !== claimed) {
    throw new S3Error('XAmzContentSHA256Mismatch', 400, "The provided 'x-amz-content-sha256' header does not match what was computed.", {
      ClientComputedContentSHA256: claimed,
      S3ComputedContentSHA256: computed,
    })
  }
}

async function* wholeLength(body: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const piece of body) {
    size += piece.length
    yield piece
  }
  if (size !== length)
    throw new S3Error('IncompleteBody', 400, 'You did not provide the number of bytes specified by the Content-Length HTTP header.')
}
