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

/** Two blocks of zeros end a tar (POSIX ustar). */
export const tarEndBytes = 1024

const tarBlock = 512
/** "1044 path=" and the line end around a name of at most 1,024 bytes, in a pax record (POSIX pax, extended header). */
const paxRecordExtra = 11
/** S3 keys hold at most 1,024 bytes, and a member's name is a part of its key. */
const longestName = 1024

/**
 * Upper bound of what a member takes in a tar: a pax header as every name that is longer than 100 bytes or not ASCII needs one,
 * the ustar header, and the body padded to a block. Counting the pax header for every name costs at most 1 KiB per member
 * and spares the planner from guessing how the packer writes a name.
 */
export function tarMemberBytes(nameUtf8Length: number, size: number): number {
  return tarBlock + roundUp(nameUtf8Length + paxRecordExtra) + tarBlock + roundUp(size)
}

/** Upper bound of what `items` members with `size` bytes in all take in tars, whatever their names: before names are known. */
export function tarMembersBytes(items: number, size: number): number {
  return items * (tarMemberBytes(longestName, 0) + tarBlock - 1) + size
}

function roundUp(length: number): number {
  return Math.ceil(length / tarBlock) * tarBlock
}
