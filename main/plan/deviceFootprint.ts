/** What a study takes on a device: lone items, and small ones inside tars with their headers, padding and end blocks. Never too little. */
import { tarEndBytes, tarMemberBytes, tarMembersBytes, type BatchLimits } from '../../shared/domain/batch.ts'
import type { StudyLoad } from '../../shared/domain/study.ts'

export type Measured = { readonly size: number; /** UTF-8 bytes of the name inside the tar. */ readonly nameLength: number }
export type Piece = { readonly items: number; readonly bytes: number }
export type Pieces =
  | { readonly kind: 'pieces'; readonly pieces: readonly Piece[] }
  /** One item alone is larger than a device. */
  | { readonly kind: 'item-too-large' }

/** Upper bound from the study's counts alone, before the names of its items are known. */
export function footprintBound(study: Pick<StudyLoad, 'bytes' | 'smallItems' | 'smallBytes'>, limits: BatchLimits): number {
  const tars = tarMembersBytes(study.smallItems, study.smallBytes)
  return study.bytes - study.smallBytes + tars + endBlocks(study.smallItems, tars, limits)
}

/**
 * Cuts a study into as few pieces as fit a device each, in the order of its items, from what its items really take.
 * One piece: it fits whole after all. Memory: one entry per piece.
 */
export function cutForDevices(items: Iterable<Measured>, limits: BatchLimits, capacity: number): Pieces {
  const pieces: Piece[] = []
  let count = 0
  let lone = 0
  let small = 0
  let tars = 0
  for (const item of items) {
    const isSmall = item.size < limits.smallBelow
    const taken = isSmall ? tarMemberBytes(item.nameLength, item.size) : item.size
    const bytesWith = isSmall
      ? lone + tars + taken + endBlocks(small + 1, tars + taken, limits)
      : lone + taken + tars + endBlocks(small, tars, limits)
    if (bytesWith > capacity) {
      if (taken + (isSmall ? endBlocks(1, taken, limits) : 0) > capacity) return { kind: 'item-too-large' }
      pieces.push({ items: count, bytes: lone + tars + endBlocks(small, tars, limits) })
      count = lone = small = tars = 0
    }
    count += 1
    if (isSmall) {
      small += 1
      tars += taken
    } else lone += taken
  }
  if (count > 0) pieces.push({ items: count, bytes: lone + tars + endBlocks(small, tars, limits) })
  return { kind: 'pieces', pieces }
}

/**
 * Ends of the tars that these members can be spread over at most. A study that fits one batch ends at most one; of one that does not,
 * any two neighbouring batches hold together more than one limit of bytes, or one of them is full of members.
 */
function endBlocks(members: number, tarBytes: number, limits: BatchLimits): number {
  if (members === 0) return 0
  if (members <= limits.members && tarBytes + tarEndBytes <= limits.tarBytes) return tarEndBytes
  return tarEndBytes * (2 + Math.ceil(members / limits.members) + 2 * Math.ceil(tarBytes / (limits.tarBytes - tarEndBytes)))
}
