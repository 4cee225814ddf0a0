/** The decision table: from what S3 shows of an object, the cheapest honest way to compare it with the source. Pure. */
import { parseChecksum, parseEtag, type ChecksumValue } from '../../shared/domain/checksums.ts'
import type { ObjectHead } from '../../shared/ports/objectStore.ts'
import { digestLengths, isDigestAlgorithm, type DigestAlgorithm } from '../../shared/units/digest.ts'
import type { Reason } from './reasons.ts'

/** Digests taken from the source bytes while they were sent. */
export type Journalled = { readonly sha256: Uint8Array | undefined; readonly crc64nvme: Uint8Array | undefined }

export type Choice =
  /** A checksum of the whole object against a journalled digest: nothing is read. */
  | { readonly kind: 'journalled'; readonly algorithm: DigestAlgorithm; readonly expected: Uint8Array; readonly actual: Uint8Array }
  /** A checksum or an MD5 ETag of the whole object against the source, read once more. */
  | {
      readonly kind: 'source-whole'
      readonly method: 'head-full-object' | 'etag-md5'
      readonly algorithm: DigestAlgorithm
      readonly actual: Uint8Array
    }
  /** A checksum made of part digests: the source is read in the same ranges. */
  | {
      readonly kind: 'source-parts'
      readonly method: 'parts-composite' | 'etag-multipart'
      readonly algorithm: DigestAlgorithm
      readonly actual: ChecksumValue
    }
  /** The object is fetched and hashed. */
  | { readonly kind: 'read-back' }
  | { readonly kind: 'nothing'; readonly reason: Reason }

/**
 * Read-back, where allowed, goes before a multipart ETag: the ETag can only ever say *consistent*.
 * An ETag counts only for objects that are not encrypted or with AES256: under KMS or a customer's key it is no MD5 (S3 API, Object).
 */
export function chooseMethod(head: ObjectHead, journalled: Journalled, readBack: boolean): Choice {
  const seen = comparableChecksums(head)
  for (const { algorithm, type, value } of seen) {
    const expected = type === 'FULL_OBJECT' ? journalledDigest(journalled, algorithm) : undefined
    if (expected !== undefined) return { kind: 'journalled', algorithm, expected, actual: value.bytes }
  }
  const whole = seen.find(({ type }) => type === 'FULL_OBJECT')
  if (whole !== undefined)
    return { kind: 'source-whole', method: 'head-full-object', algorithm: whole.algorithm, actual: whole.value.bytes }
  const composite = seen.find(({ type, algorithm }) => type === 'COMPOSITE' && algorithm !== 'CRC64NVME')
  if (composite !== undefined)
    return { kind: 'source-parts', method: 'parts-composite', algorithm: composite.algorithm, actual: composite.value }

  const etag = etagCounts(head) ? parseEtag(head.etag) : ({ kind: 'opaque' } as const)
  if (etag.kind === 'single') return { kind: 'source-whole', method: 'etag-md5', algorithm: 'MD5', actual: etag.bytes }
  const archived = isArchived(head.storageClass)
  if (readBack && !archived && !head.customerKey) return { kind: 'read-back' }
  if (etag.kind === 'multipart')
    return { kind: 'source-parts', method: 'etag-multipart', algorithm: 'MD5', actual: { bytes: etag.bytes, parts: etag.parts } }
  if (head.customerKey) return { kind: 'nothing', reason: 'customer-key' }
  return { kind: 'nothing', reason: readBack && archived ? 'archived' : 'no-comparable-digest' }
}

type Comparable = { readonly algorithm: DigestAlgorithm; readonly type: 'FULL_OBJECT' | 'COMPOSITE'; readonly value: ChecksumValue }

/** Stronger ones first. Algorithms that Firn cannot compute (XXHASH*) and values of a wrong length are passed over. */
const preference: readonly DigestAlgorithm[] = ['SHA512', 'SHA256', 'SHA1', 'MD5', 'CRC64NVME', 'CRC32C', 'CRC32']

function comparableChecksums(head: ObjectHead): readonly Comparable[] {
  const found: Comparable[] = []
  for (const { algorithm, value: text } of head.checksums) {
    if (!isDigestAlgorithm(algorithm)) continue
    const value = parseChecksum(text)
    if (value === undefined || value.bytes.length !== digestLengths[algorithm]) continue
    found.push({ algorithm, type: head.checksumType ?? typeOf(value, algorithm, head), value })
  }
  return found.sort((a, b) => preference.indexOf(a.algorithm) - preference.indexOf(b.algorithm))
}

/** Stores that do not name the type: `-N` says composite, and so does a multipart ETag, except for CRC64NVME, which is always of the whole. */
function typeOf(value: ChecksumValue, algorithm: DigestAlgorithm, head: ObjectHead): 'FULL_OBJECT' | 'COMPOSITE' {
  if (algorithm === 'CRC64NVME') return 'FULL_OBJECT'
  return value.parts !== undefined || /-\d+"?$/.test(head.etag ?? '') ? 'COMPOSITE' : 'FULL_OBJECT'
}

function journalledDigest(journalled: Journalled, algorithm: DigestAlgorithm): Uint8Array | undefined {
  if (algorithm === 'SHA256') return journalled.sha256
  return algorithm === 'CRC64NVME' ? journalled.crc64nvme : undefined
}

function etagCounts(head: ObjectHead): boolean {
  return !head.customerKey && (head.encryption === undefined || head.encryption === 'AES256')
}

/** Classes whose objects cannot be read before a restore (S3 User Guide, archived objects). Checksums are told all the same. */
export function isArchived(storageClass: string | undefined): boolean {
  return storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE'
}
