/** March: two streams in UTF-8 byte order of key, walked side by side. Memory does not grow with their length. */
import { Fault } from '../../shared/faults/fault.ts'
import { compareUtf8 } from '../../shared/units/itemPath.ts'

export type Pairing<Left, Right> =
  | { readonly kind: 'both'; readonly left: Left; readonly right: Right }
  | { readonly kind: 'left-only'; readonly left: Left }
  | { readonly kind: 'right-only'; readonly right: Right }

type Stream<Value> = Iterable<Value> | AsyncIterable<Value>
export type Side<Value> = { readonly values: Stream<Value>; readonly key: (value: Value) => string; readonly name: string }

/**
 * Pairs values of equal key. On the left a key may come more than once in a row (each is paired); on the right it may not.
 * @throws Fault listing-disordered, naming the side, as soon as a key comes after a greater one: everything paired after it would be wrong.
 */
export async function* march<Left, Right>(left: Side<Left>, right: Side<Right>): AsyncGenerator<Pairing<Left, Right>, void> {
  const lefts = new Cursor(left, true)
  const rights = new Cursor(right, false)
  let rightWasPaired = false
  try {
    await lefts.advance()
    await rights.advance()
    for (;;) {
      const here = lefts.current
      const there = rights.current
      if (here === undefined && there === undefined) return
      const order = here === undefined ? 1 : there === undefined ? -1 : compareUtf8(here.key, there.key)
      if (order < 0 && here !== undefined) {
        yield { kind: 'left-only', left: here.value }
        await lefts.advance()
      } else if (order > 0 && there !== undefined) {
        if (!rightWasPaired) yield { kind: 'right-only', right: there.value }
        rightWasPaired = false
        await rights.advance()
      } else if (here !== undefined && there !== undefined) {
        rightWasPaired = true
        yield { kind: 'both', left: here.value, right: there.value }
        await lefts.advance()
      }
    }
  } finally {
    await lefts.close()
    await rights.close()
  }
}

/** Several ordered streams as one. Meant for a handful of them: each step looks at every head. */
export function* mergeOrdered<Value>(streams: readonly Iterable<Value>[], key: (value: Value) => string): Generator<Value, void> {
  const iterators = streams.map((stream) => stream[Symbol.iterator]())
  const heads = iterators.map((iterator) => iterator.next())
  try {
    for (;;) {
      let least = -1
      let leastKey = ''
      heads.forEach((head, at) => {
        if (head.done === true) return
        const candidate = key(head.value)
        if (least >= 0 && compareUtf8(candidate, leastKey) >= 0) return
        least = at
        leastKey = candidate
      })
      const head = heads[least]
      const iterator = iterators[least]
      if (head === undefined || head.done === true || iterator === undefined) return
      yield head.value
      heads[least] = iterator.next()
    }
  } finally {
    for (const iterator of iterators) iterator.return?.()
  }
}

class Cursor<Value> {
  current: { readonly key: string; readonly value: Value } | undefined
  readonly #side: Side<Value>
  readonly #repeats: boolean
  readonly #iterator: Iterator<Value> | AsyncIterator<Value>
  #ended = false
  constructor(side: Side<Value>, repeats: boolean) {
    this.#side = side
    this.#repeats = repeats
    const values = side.values
    this.#iterator = Symbol.asyncIterator in values ? values[Symbol.asyncIterator]() : values[Symbol.iterator]()
  }
  async advance(): Promise<void> {
    if (this.#ended) return
    const before = this.current?.key
    const next = await this.#iterator.next()
    if (next.done === true) {
      this.#ended = true
      this.current = undefined
      return
    }
    const key = this.#side.key(next.value)
    if (before !== undefined) {
      const order = compareUtf8(before, key)
      if (order > 0 || (order === 0 && !this.#repeats)) throw new Fault('listing-disordered', { side: this.#side.name })
    }
    this.current = { key, value: next.value }
  }
  async close(): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    await this.#iterator.return?.()
  }
}
