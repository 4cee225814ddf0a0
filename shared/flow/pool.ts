/** A bounded pool: at most `width` calls at once, the next item is taken only when a place is free. A width that is asked for may change meanwhile. */

/**
 * Calls `handle` for each item. The first rejection stops the taking of further items, waits for those in flight, and is rethrown.
 * After an abort no further item is taken.
 */
export async function forEachBounded<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  width: number | (() => number),
  signal: AbortSignal,
  handle: (item: Item) => Promise<void>,
): Promise<void> {
  const places = typeof width === 'number' ? () => width : width
  if (!(places() >= 1)) throw new RangeError(`a pool needs at least one place, not ${places()}`)
  let failure: { error: unknown } | undefined
  const running = new Set<Promise<void>>()
  try {
    for await (const item of items) {
      if (signal.aborted || failure !== undefined) break
      const one: Promise<void> = handle(item)
        .catch((error: unknown) => {
          failure ??= { error }
        })
        .finally(() => running.delete(one))
      running.add(one)
      while (running.size >= places()) await Promise.race(running)
    }
  } finally {
    await Promise.all(running)
  }
  if (failure !== undefined) throw failure.error
  signal.throwIfAborted()
}
