/** Which items are read back: those whose numbers, hashed with the seed, come first. The same seed chooses the same items, in whatever order they are told. */
import { createHash } from 'node:crypto'
import type { ItemId } from '../../shared/domain/item.ts'

export type Sampled = { readonly itemId: ItemId; readonly size: number }

/** Evenly distributed over 0 … 2^48. */
export function drawOf(seed: string, item: ItemId): number {
  return createHash('sha256').update(`${seed}:${item}`).digest().readUIntBE(0, 6)
}

/** Keeps the `most` items with the lowest draws of all that it is shown. Memory for so many, however many are shown. */
export class Sample<Item extends Sampled> {
  readonly #seed: string
  readonly #most: number
  /** Highest draw first: a binary heap. */
  readonly #heap: { readonly draw: number; readonly item: Item }[] = []
  constructor(seed: string, most: number) {
    this.#seed = seed
    this.#most = most
  }

  show(item: Item): void {
    const entry = { draw: drawOf(this.#seed, item.itemId), item }
    if (this.#heap.length < this.#most) {
      this.#heap.push(entry)
      this.#rise(this.#heap.length - 1)
    } else if (entry.draw < (this.#heap[0]?.draw ?? 0)) {
      this.#heap[0] = entry
      this.#sink(0)
    }
  }

  /** In order of their draws, up to the first with which so many bytes are reached. */
  drawn(mostBytes: number): Item[] {
    const taken: Item[] = []
    let bytes = 0
    for (const { item } of this.#heap.toSorted((a, b) => a.draw - b.draw)) {
      if (bytes >= mostBytes) break
      taken.push(item)
      bytes += item.size
    }
    return taken
  }

  #draw(at: number): number {
    return this.#heap[at]?.draw ?? Number.NEGATIVE_INFINITY
  }

  #rise(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1
      if (this.#draw(parent) >= this.#draw(at)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  #sink(from: number): void {
    for (let at = from; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      const child = this.#draw(right) > this.#draw(left) ? right : left
      if (this.#draw(child) <= this.#draw(at)) return
      this.#swap(at, child)
      at = child
    }
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#heap[one], this.#heap[other]]
    if (a === undefined || b === undefined) return
    this.#heap[one] = b
    this.#heap[other] = a
  }
}
