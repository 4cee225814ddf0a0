/**
 * Bodies in aws-chunked encoding, with or without chunk signatures and trailers.
 * Source: S3 API Reference, "Signature calculations for the Authorization header: transferring payload in multiple chunks".
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { S3Error } from '../contract.ts'

export type ChunkSigner = {
  /** Signature of the request, which the first chunk's signature goes on from. */
  readonly seed: string
  readonly longDate: string
  readonly scope: string
  readonly sign: (text: string) => string
}

export type ChunkedOptions = {
  /** From x-amz-decoded-content-length. */
  readonly decodedLength: number
  /** Names from x-amz-trailer, in lower case; exactly these must come. */
  readonly trailers: readonly string[]
  /** Present when each chunk carries its signature. */
  readonly signer: ChunkSigner | undefined
  /** Filled in when the last chunk has been read. */
  readonly received: Map<string, string>
}

const longestLine = 16_384
const smallestChunk = 8_192
const emptyHash = createHash('sha256').digest('hex')

/** Yields the decoded bytes. @throws S3Error where framing, a signature, a trailer or the length is wrong. */
export async function* decodeChunked(body: AsyncIterable<Uint8Array>, options: ChunkedOptions): AsyncGenerator<Uint8Array> {
  const reader = new Reader(body)
  try {
    yield* decodeFrom(reader, options)
  } finally {
    await reader.close()
  }
}

async function* decodeFrom(reader: Reader, options: ChunkedOptions): AsyncGenerator<Uint8Array> {
  let signature = options.signer?.seed ?? ''
  let total = 0
  for (let before: number | undefined; ;) {
    const { size, claimed } = parseChunkHeader(await reader.line())
    if (before !== undefined && before < smallestChunk && size > 0) {
      throw new S3Error('InvalidChunkSizeError', 403, 'Only the last chunk is allowed to have a size less than 8192 bytes', {
        BadChunkSize: String(before),
      })
    }
    if (total + size > options.decodedLength) throw incomplete()
    const hash = options.signer === undefined ? undefined : createHash('sha256')
    for (let left = size; left > 0;) {
      const piece = await reader.take(left)
      hash?.update(piece)
      left -= piece.length
      yield piece
    }
    total += size
    if (options.signer !== undefined && hash !== undefined) {
      signature = check(options.signer, 'AWS4-HMAC-SHA256-PAYLOAD', signature, `${emptyHash}\n${hash.digest('hex')}`, claimed)
    }
    if (size === 0) break
    await reader.lineEnd()
    before = size
  }
  if (total !== options.decodedLength) throw incomplete()
  await readTrailers(reader, options, signature)
}

async function readTrailers(reader: Reader, options: ChunkedOptions, signature: string): Promise<void> {
  let text = ''
  let claimed: string | undefined
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    if (colon < 1 || options.received.size > options.trailers.length) throw badTrailer()
    if (name === 'x-amz-trailer-signature') {
      claimed = value
      continue
    }
    if (!options.trailers.includes(name)) throw badTrailer()
    options.received.set(name, value)
    text += `${name}:${value}\n`
  }
  if (options.trailers.some((name) => !options.received.has(name))) throw badTrailer()
  if (options.signer !== undefined && options.trailers.length > 0) {
    check(options.signer, 'AWS4-HMAC-SHA256-TRAILER', signature, createHash('sha256').update(text).digest('hex'), claimed)
  }
}

function parseChunkHeader(line: string): { readonly size: number; readonly claimed: string | undefined } {
  const [, size = '', claimed] = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line) ?? []
  if (size === '') throw new S3Error('InvalidRequest', 400, 'The body is not in aws-chunked encoding.')
  return { size: Number.parseInt(size, 16), claimed }
}

function check(signer: ChunkSigner, kind: string, previous: string, hashes: string, claimed: string | undefined): string {
  const real = signer.sign(`${kind}\n${signer.longDate}\n${signer.scope}\n${previous}\n${hashes}`)
  if (claimed?.length !== real.length || !timingSafeEqual(Buffer.from(real), Buffer.from(claimed))) {
    throw new S3Error('SignatureDoesNotMatch', 403, 'The signature of a chunk or of the trailers does not match what was calculated.')
  }
  return real
}

function incomplete(): S3Error {
  return new S3Error('IncompleteBody', 400, 'The body has not the length that x-amz-decoded-content-length announced.')
}

function badTrailer(): S3Error {
  return new S3Error(
    'MalformedTrailerError',
    400,
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  )
}

/** Lines and counted bytes out of one stream; holds one incoming piece at a time. */
class Reader {
  readonly #source: AsyncIterator<Uint8Array>
  #piece: Buffer = Buffer.alloc(0)

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#source = body[Symbol.asyncIterator]()
  }

  /** Up to `most` bytes, at least one. */
  async take(most: number): Promise<Uint8Array> {
    await this.#fill()
    const taken = this.#piece.subarray(0, most)
    this.#piece = this.#piece.subarray(taken.length)
    return taken
  }

  /** Without its CRLF. */
  async line(): Promise<string> {
    let text = ''
    for (;;) {
      await this.#fill()
      const end = this.#piece.indexOf(10)
      text += this.#piece.subarray(0, end < 0 ? undefined : end).toString('latin1')
      if (text.length > longestLine) throw new S3Error('InvalidRequest', 400, 'A line of the aws-chunked body is too long.')
      this.#piece = end < 0 ? Buffer.alloc(0) : this.#piece.subarray(end + 1)
      if (end < 0) continue
      if (!text.endsWith('\r')) throw new S3Error('InvalidRequest', 400, 'The body is not in aws-chunked encoding.')
      return text.slice(0, -1)
    }
  }

  /** Lets go of the stream, so that somebody else can read on. */
  async close(): Promise<void> {
    await this.#source.return?.()
  }

  async lineEnd(): Promise<void> {
    if ((await this.line()) !== '') throw new S3Error('InvalidRequest', 400, 'A chunk of the body is longer than it says.')
  }

  async #fill(): Promise<void> {
    while (this.#piece.length === 0) {
      const next = await this.#source.next()
      if (next.done === true) throw incomplete()
      this.#piece = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength)
    }
  }
}
