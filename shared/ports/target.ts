/** Target: where load writes. A device's S3 adapter, or S3 itself for the link lane. tests/conformance/target.ts checks each line. */
import type { Bytes } from '../units/bytes.ts'
import type { ItemDigests } from './source.ts'

export type TargetTraits = {
  /** Tars with the auto-extract mark become their members on import. */
  readonly extractsBatches: boolean
  readonly largestItem: Bytes
  readonly smallestPart: Bytes
  readonly largestPart: Bytes
  readonly mostParts: number
  /** Stores and checks digests that the caller sends. */
  readonly checksDigests: boolean
  /** Writes only where nothing lies, if told so. */
  readonly conditional: boolean
}

export type SentPart = { readonly partNumber: number; readonly size: number; readonly etag: string; readonly crc64nvme?: string }
export type PutReceipt = { readonly etag: string | undefined; readonly versionId: string | undefined }
export type TargetHead = { readonly size: number; readonly etag: string | undefined; readonly metadata: Readonly<Record<string, string>> }
/** nothing: refused where an object lies under the key. anything: what lies there becomes an earlier version, or is gone where the target keeps none. */
export type Onto = 'nothing' | 'anything'
/** At least one byte. */
export type ByteRange = { readonly offset: number; readonly length: number }
export type Space = { readonly total: Bytes; readonly free: Bytes }

export interface Target {
  readonly traits: TargetTraits
  /** What is really there. `undefined` means "not there", never "could not tell". */
  head(key: string, signal: AbortSignal): Promise<TargetHead | undefined>
  /**
   * @throws Fault object-conflict with `onto: 'nothing'` where an object lies under the key, be it of an earlier try whose answer was lost.
   * Whole or not at all: after a rejection `head` sees the old object or nothing. Safe to call again.
   */
  putWhole(
    key: string,
    body: Uint8Array,
    metadata: Readonly<Record<string, string>>,
    digests: ItemDigests,
    signal: AbortSignal,
    onto?: Onto,
  ): Promise<PutReceipt>
  /** Begins a multipart upload. Nothing is visible under the key until completeParts. Metadata cannot be added later. */
  beginParts(key: string, metadata: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string>
  /** Safe to call again for the same part: the last one counts. */
  putPart(key: string, uploadId: string, partNumber: number, body: Uint8Array, signal: AbortSignal): Promise<SentPart>
  /** The truth about what arrived, in order of part number. `undefined`: the upload is gone (completed or aborted). */
  listParts(key: string, uploadId: string, signal: AbortSignal): Promise<readonly SentPart[] | undefined>
  /** Whether a confirmed part holds these bytes, by the best digest the target keeps of it; by size alone where it keeps none. */
  holds(part: SentPart, body: Uint8Array): Promise<boolean>
  /**
   * `whole`: digests of all parts together, where the caller has them. After a rejection the object is there whole or not at all.
   * @throws Fault upload-gone when the upload is no longer open: completed by an earlier try whose answer was lost, or aborted.
   */
  completeParts(
    key: string,
    uploadId: string,
    parts: readonly SentPart[],
    whole: ItemDigests | undefined,
    signal: AbortSignal,
    onto?: Onto,
  ): Promise<PutReceipt>
  abortParts(key: string, uploadId: string, signal: AbortSignal): Promise<void>
  /**
   * These bytes of the object, in order. A broken connection is begun again where it broke. Ends early where the object does.
   * @throws Fault object-missing.
   */
  read(key: string, range: ByteRange, signal: AbortSignal): AsyncIterable<Uint8Array>
  /** Uploads begun and not completed, for finding those whose id was lost in a crash. */
  openUploads(prefix: string, signal: AbortSignal): Promise<readonly { readonly key: string; readonly uploadId: string }[]>
  /** Free space, or `undefined` when the target does not tell. */
  space(signal: AbortSignal): Promise<Space | undefined>
  close(): Promise<void>
}
