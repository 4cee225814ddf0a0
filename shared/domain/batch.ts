/** Batches: tars of small items that S3 extracts on import (AWS Snowball guide, small-file batching). */
import { bytes, GB, GiB, MiB, type Bytes } from '../units/bytes.ts'

export type BatchLimits = {
  /** Items of this size or more travel alone. */
  readonly smallBelow: Bytes
  readonly members: number
  /** Size of the tar, headers and padding included. */
  readonly tarBytes: Bytes
}

/** AWS imports a larger archive but does not extract it. */
export const tarCeiling: Bytes = bytes(100 * GB)

export const defaultBatchLimits: BatchLimits = { smallBelow: bytes(MiB), members: 10_000, tarBytes: bytes(GiB) }

/** User metadata that makes S3 extract a batch on import. On the wire: `x-amz-meta-snowball-auto-extract: true`. */
export const autoExtract = { 'snowball-auto-extract': 'true' } as const
