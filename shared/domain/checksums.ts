/** Checksums: the arithmetic over part digests by which S3 makes COMPOSITE checksums and multipart ETags (S3 User Guide, checking object integrity). */
import { fromBase64, fromHex, toBase64, toHex, type DigestAlgorithm } from '../units/digest.ts'

/** Hashes bytes that are in memory: here never more than 10,000 part digests. */
export type Hash = (algorithm: DigestAlgorithm, of: Uint8Array) => Uint8Array

/** What S3 writes for an object: base64, with `-N` for a composite of N parts. Some calls leave the `-N` out, so both halves are kept apart. */
export type ChecksumValue = { readonly bytes: Uint8Array; readonly parts: number | undefined }

/** `undefined` when the text is not a checksum. */
export function parseChecksum(text: string): ChecksumValue | undefined {
  const match = /^([A-Za-z0-9+/]+={0,2})(?:-([1-9]\d{0,4}))?$/.exec(text)
  const raw = match?.[1] === undefined ? undefined : fromBase64(match[1])
  return raw === undefined ? undefined : { bytes: raw, parts: match?.[2] === undefined ? undefined : Number(match[2]) }
}

export function formatChecksum(value: ChecksumValue): string {
  return value.parts === undefined ? toBase64(value.bytes) : `${toBase64(value.bytes)}-${value.parts}`
}

/**
 * What the form of an ETag allows it to be. 32 hex digits may be an MD5 of the data (single part, no KMS, no customer key);
 * with `-N` an MD5 of the parts' MD5s; anything else tells nothing. Quotes are passed over: S3 writes them in some answers only.
 */
export type Etag =
  | { readonly kind: 'single'; readonly bytes: Uint8Array }
  | { readonly kind: 'multipart'; readonly bytes: Uint8Array; readonly parts: number }
  | { readonly kind: 'opaque' }

export function parseEtag(text: string | undefined): Etag {
  const match = /^"?([0-9a-f]{32})(?:-([1-9]\d{0,4}))?"?$/i.exec(text ?? '')
  const raw = match?.[1] === undefined ? undefined : fromHex(match[1])
  if (raw === undefined) return { kind: 'opaque' }
  return match?.[2] === undefined ? { kind: 'single', bytes: raw } : { kind: 'multipart', bytes: raw, parts: Number(match[2]) }
}

export function formatEtag(md5: Uint8Array, parts: number | undefined): string {
  return parts === undefined ? toHex(md5) : `${toHex(md5)}-${parts}`
}

/** H(d_1 ‖ d_2 ‖ … ‖ d_N): the composite of part digests in order. A multipart ETag is the same with MD5, written in hex. */
export function compositeOf(algorithm: DigestAlgorithm, partDigests: readonly Uint8Array[], hash: Hash): ChecksumValue {
  const joined = new Uint8Array(partDigests.reduce((sum, one) => sum + one.length, 0))
  let at = 0
  for (const one of partDigests) {
    joined.set(one, at)
    at += one.length
  }
  return { bytes: hash(algorithm, joined), parts: partDigests.length }
}

export type ByteRange = { readonly from: number; readonly to: number }

/** The byte ranges [from, to) of parts of these sizes, or `undefined` when they do not add up to the object. */
export function rangesOf(partSizes: readonly number[], objectSize: number): readonly ByteRange[] | undefined {
  const ranges: ByteRange[] = []
  let from = 0
  for (const size of partSizes) {
    ranges.push({ from, to: from + size })
    from += size
  }
  return from === objectSize ? ranges : undefined
}

/** CRC-32 (IEEE 802.3) and CRC-32C (Castagnoli, RFC 3720 appendix B.4), big-endian as S3 writes them. For composites: small inputs. */
export function crc32(of: Uint8Array): Uint8Array {
  return reflectedCrc(ieeeTable, of)
}
export function crc32c(of: Uint8Array): Uint8Array {
  return reflectedCrc(castagnoliTable, of)
}

const ieeeTable = crcTable(0xedb88320)
const castagnoliTable = crcTable(0x82f63b78)

function crcTable(polynomial: number): Uint32Array {
  const table = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte += 1) {
    let rest = byte
    for (let bit = 0; bit < 8; bit += 1) rest = (rest & 1) === 1 ? (rest >>> 1) ^ polynomial : rest >>> 1
    table[byte] = rest
  }
  return table
}

function reflectedCrc(table: Uint32Array, of: Uint8Array): Uint8Array {
  let crc = 0xffffffff
  for (const byte of of) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 255] ?? 0)
  crc = ~crc
  return Uint8Array.of((crc >>> 24) & 255, (crc >>> 16) & 255, (crc >>> 8) & 255, crc & 255)
}
