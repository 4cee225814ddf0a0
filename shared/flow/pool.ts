/** A bounded pool: at most `width` calls at once, the next item is taken only when a place is free. */

/**
 * Calls `handle` for each item. The first rejection stops the taking of further items, waits for those in flight, and is rethrown.
 * After an abort no further item is taken.
 */
export async function forEachBounded<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  width: number,
  signal: AbortSignal,
  handle: (item: Item) => Promise<void>,
): Promise<void> {
  if (!(width >= 1)) throw new RangeError(`a pool needs at least one place, not ${width}`)
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
      if (running.size >= width) await Promise.race(running)
    }
  } finally {
    await Promise.all(running)
  }
  if (failure !== undefined) throw failure.error
  signal.throwIfAborted()
}
