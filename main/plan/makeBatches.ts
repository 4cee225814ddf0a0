/** Gathers small items into batches: whole studies together, never beyond the limits. Consumes and yields as it goes. */
import { tarEndBytes, tarMemberBytes, type BatchLimits } from '../../shared/domain/batch.ts'
import type { Measured } from './deviceFootprint.ts'

/** Items of one study (or of a piece of one). Batches are made within a space and never span two: a device and a destination. */
export type Group<I> = { readonly space: string | undefined; readonly items: Iterable<I> }
/** `batch`: from 1; undefined: the item travels alone. */
export type Batched<I, G extends Group<I>> = { readonly item: I; readonly group: G; readonly batch: number | undefined }

type OpenBatch = { readonly ordinal: number; members: number; bytes: number }

/**
 * Yields every item once, with its batch. Items of `smallBelow` or more, and all items of a group without a space, travel alone.
 * A group that fits one batch is never spread over two: its small items are held back (at most `members` of them) until that is known.
 * A group that does not fit one begins a batch of its own and runs on into the next. Deterministic.
 */
export function* makeBatches<I, G extends Group<I>>(
  groups: Iterable<G>,
  measure: (item: I) => Measured,
  limits: BatchLimits,
): Generator<Batched<I, G>> {
  const open = new Map<string, OpenBatch>()
  const room = limits.tarBytes - tarEndBytes
  let ordinal = 0
  const begin = (space: string): OpenBatch => {
    ordinal += 1
    const batch = { ordinal, members: 0, bytes: 0 }
    open.set(space, batch)
    return batch
  }
  const fits = (batch: OpenBatch, members: number, bytes: number): boolean =>
    batch.members + members <= limits.members && batch.bytes + bytes <= room
  const add = (batch: OpenBatch, bytes: number): number => {
    batch.members += 1
    batch.bytes += bytes
    return batch.ordinal
  }

  for (const group of groups) {
    const { space } = group
    const held: { readonly item: I; readonly bytes: number }[] = []
    let heldBytes = 0
    /** Set once the group is known to be too large for one batch. */
    let current: OpenBatch | undefined
    for (const item of group.items) {
      const { size, nameLength } = measure(item)
      if (space === undefined || size >= limits.smallBelow) {
        yield { item, group, batch: undefined }
        continue
      }
      const bytes = tarMemberBytes(nameLength, size)
      if (current !== undefined) {
        if (!fits(current, 1, bytes)) current = begin(space)
        yield { item, group, batch: add(current, bytes) }
        continue
      }
      held.push({ item, bytes })
      heldBytes += bytes
      if (held.length <= limits.members && heldBytes <= room) continue
      current = begin(space)
      for (const one of held.splice(0)) {
        if (!fits(current, 1, one.bytes)) current = begin(space)
        yield { item: one.item, group, batch: add(current, one.bytes) }
      }
    }
    if (space === undefined || held.length === 0) continue
    const last = open.get(space)
    const batch = last !== undefined && fits(last, held.length, heldBytes) ? last : begin(space)
    for (const one of held) yield { item: one.item, group, batch: add(batch, one.bytes) }
  }
}
