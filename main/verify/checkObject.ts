/** Checks one object against one item and says what was compared with what. */
import { compositeOf, formatChecksum, formatEtag, rangesOf, type ByteRange } from '../../shared/domain/checksums.ts'
import type { ItemVerdict, Method, Verdict } from '../../shared/domain/verification.ts'
import type { ToVerify } from '../../shared/ports/journal.ts'
import type { ListedObject, ObjectHead, ObjectStore } from '../../shared/ports/objectStore.ts'
import type { Source } from '../../shared/ports/source.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { sameBytes, toBase64, toHex, type DigestAlgorithm } from '../../shared/units/digest.ts'
import { chooseMethod, type Choice } from './chooseMethod.ts'
import { hashOf, sha256Of } from './hashing.ts'
import type { Reason } from './reasons.ts'

export type Checking = {
  readonly store: ObjectStore
  readonly source: Source
  readonly bucket: string
  readonly readBack: boolean
  /** Called when the object was replaced between listing and looking. */
  readonly replaced: () => void
}

/** What a verdict says beside which item it is about. */
export type Finding = {
  readonly verdict: Verdict
  readonly method: Method
  readonly reason?: Reason | undefined
  readonly head?: ObjectHead | undefined
  readonly algorithm?: string
  readonly checksumType?: string | undefined
  readonly expected?: string
  readonly actual?: string
}

/**
 * All facts of a verdict are of one version: the one that the HEAD showed is named in every later call for parts or bytes.
 * @throws Fault when S3 or the source could not be asked; the caller decides whether that concerns one item or the run.
 */
export async function checkObject(item: ToVerify, listed: ListedObject, checking: Checking, signal: AbortSignal): Promise<Finding> {
  const { store, bucket } = checking
  let head = await store.head(bucket, item.key, signal)
  if (head !== undefined && head.size !== listed.size) {
    // Replaced since it was listed. A second look tells whether it has come to rest; what counts is what is there now.
    checking.replaced()
    head = await store.head(bucket, item.key, signal)
  }
  if (head === undefined) return { verdict: 'missing', method: 'listing', reason: 'deleted-meanwhile' }
  if (item.state !== 'sent') return { verdict: 'unknown', method: 'none', reason: 'not-sent', head }
  if (head.size !== item.size) return { verdict: 'mismatch', method: 'listing', reason: 'size', head }
  return ofNamedVersion(await compare(chooseMethod(head, item, checking.readBack), item, head, checking, signal))
}

/**
 * *Verified* is said of a named version only. Where a bucket keeps none (never versioned, or suspended: version id `null`), an equal digest says
 * what was there a moment ago: the object may have been replaced since without trace.
 */
function ofNamedVersion(finding: Finding): Finding {
  const versionId = finding.head?.versionId
  if (finding.verdict !== 'verified' || (versionId !== undefined && versionId !== 'null')) return finding
  return { ...finding, verdict: 'consistent', reason: 'no-version' }
}

async function compare(choice: Choice, item: ToVerify, head: ObjectHead, checking: Checking, signal: AbortSignal): Promise<Finding> {
  switch (choice.kind) {
    case 'journalled':
      return wholeFinding('head-full-object', choice.algorithm, choice.expected, choice.actual, head)
    case 'source-whole': {
      const taken = await takeDigests(item, [{ from: 0, to: item.size }], choice.algorithm, checking.source, signal)
      if (!Array.isArray(taken)) return { verdict: 'unknown', method: 'none', reason: taken.reason, head }
      return wholeFinding(choice.method, choice.algorithm, taken[0], choice.actual, head)
    }
    case 'source-parts':
      return comparePartwise(choice, item, head, checking, signal)
    case 'read-back':
      return readBack(item, head, checking, signal)
    case 'nothing':
      return { verdict: 'present', method: 'listing', reason: choice.reason, head }
  }
}

async function comparePartwise(
  choice: Extract<Choice, { kind: 'source-parts' }>,
  item: ToVerify,
  head: ObjectHead,
  checking: Checking,
  signal: AbortSignal,
): Promise<Finding> {
  const parts = await checking.store.parts(checking.bucket, item.key, head.versionId, signal)
  const sizes = parts?.map((part) => part.size) ?? [head.size]
  const ranges = rangesOf(sizes, head.size)
  if (ranges === undefined || (choice.actual.parts !== undefined && choice.actual.parts !== sizes.length)) {
    return { verdict: 'unknown', method: 'none', reason: 'parts-not-told', head }
  }
  const taken = await takeDigests(item, ranges, choice.algorithm, checking.source, signal)
  if (!Array.isArray(taken)) return { verdict: 'unknown', method: 'none', reason: taken.reason, head }
  const expected = compositeOf(choice.algorithm, taken, hashOf)
  const same = sameBytes(expected.bytes, choice.actual.bytes)
  const isEtag = choice.method === 'etag-multipart'
  const shown = { bytes: choice.actual.bytes, parts: sizes.length }
  return {
    verdict: same ? (isEtag ? 'consistent' : 'verified') : 'mismatch',
    method: choice.method,
    reason: same ? (isEtag ? 'multipart-etag-only' : undefined) : 'digest',
    head,
    algorithm: choice.algorithm,
    checksumType: isEtag ? 'ETAG' : 'COMPOSITE',
    expected: isEtag ? formatEtag(expected.bytes, expected.parts) : formatChecksum(expected),
    actual: isEtag ? formatEtag(shown.bytes, shown.parts) : formatChecksum(shown),
  }
}

/** SHA-256 of the object's bytes, of the version that was looked at, against the source's. */
async function readBack(item: ToVerify, head: ObjectHead, checking: Checking, signal: AbortSignal): Promise<Finding> {
  let expected = item.sha256
  if (expected === undefined) {
    const taken = await takeDigests(item, [{ from: 0, to: item.size }], 'SHA256', checking.source, signal)
    if (!Array.isArray(taken)) return { verdict: 'unknown', method: 'none', reason: taken.reason, head }
    expected = taken[0]
  }
  const back = await sha256Of(checking.store.read(checking.bucket, item.key, head.versionId, signal))
  if (back.size !== head.size) return { verdict: 'unknown', method: 'none', reason: 'changed-meanwhile', head }
  return wholeFinding('read-back', 'SHA256', expected, back.sha256, head)
}

type Digests = [Uint8Array, ...Uint8Array[]]

async function takeDigests(
  item: ToVerify,
  ranges: readonly ByteRange[],
  algorithm: DigestAlgorithm,
  source: Source,
  signal: AbortSignal,
): Promise<Digests | { readonly reason: Reason }> {
  const wanted = ranges.map(({ from, to }) => ({ algorithm, from, to }))
  const outcome = await source.digests(item.path, { size: item.size, mtimeUs: item.mtimeUs }, wanted, signal)
  if (outcome.kind !== 'read') return { reason: `source-${outcome.kind}` }
  const [first, ...others] = outcome.digests
  if (first === undefined) return { reason: 'source-unreadable' }
  return [first, ...others]
}

function wholeFinding(method: Method, algorithm: DigestAlgorithm, expected: Uint8Array, actual: Uint8Array, head: ObjectHead): Finding {
  const same = sameBytes(expected, actual)
  const write = method === 'etag-md5' ? toHex : toBase64
  return {
    verdict: same ? 'verified' : 'mismatch',
    method,
    reason: same ? undefined : 'digest',
    head,
    algorithm,
    checksumType: method === 'etag-md5' ? 'ETAG' : 'FULL_OBJECT',
    expected: write(expected),
    actual: write(actual),
  }
}

export function verdictOf(item: ToVerify, bucket: string, finding: Finding, at: number): ItemVerdict {
  const { head } = finding
  return {
    itemId: item.itemId,
    verdict: finding.verdict,
    method: finding.method,
    reason: finding.reason,
    bucket,
    key: item.key,
    versionId: head?.versionId,
    size: head === undefined ? undefined : bytes(head.size),
    algorithm: finding.algorithm,
    checksumType: finding.checksumType,
    expected: finding.expected,
    actual: finding.actual,
    storageClass: head?.storageClass,
    at,
  }
}
