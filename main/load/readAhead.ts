/** ReadAhead: reads items before they are needed, several at once, and hands them out in the order they were given. */
import type { Transfer } from '../../shared/domain/transfer.ts'
import type { ReadOutcome } from '../../shared/ports/source.ts'

export type Ahead = {
  /** Reads under way or waiting to be taken. */
  readonly items: number
  /** Bytes of all of those together; one item larger than this is read alone. */
  readonly bytes: number
}

/** After an early end nothing is read any more when the iterator's `return` has resolved. */
export async function* readAhead<Item extends Transfer>(
  items: Iterable<Item>,
  ahead: Ahead,
  read: (item: Item) => Promise<ReadOutcome>,
): AsyncGenerator<{ readonly item: Item; readonly outcome: ReadOutcome }, void> {
  const queue: { readonly item: Item; readonly outcome: Promise<ReadOutcome> }[] = []
  const source = items[Symbol.iterator]()
  let held = 0
  let next = source.next()
  try {
    for (;;) {
      while (next.done !== true && queue.length < ahead.items && (queue.length === 0 || held + next.value.size <= ahead.bytes)) {
        const item = next.value
        const outcome = read(item)
        outcome.catch(() => undefined)
        queue.push({ item, outcome })
        held += item.size
        next = source.next()
      }
      const first = queue.shift()
      if (first === undefined) return
      const outcome = await first.outcome
      yield { item: first.item, outcome }
      held -= first.item.size
    }
  } finally {
    await Promise.allSettled(queue.map((one) => one.outcome))
  }
}
