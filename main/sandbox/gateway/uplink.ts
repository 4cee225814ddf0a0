/** The hospital's line to AWS: bytes wait their turn at a given rate, shared by all uploads. */
import { setTimeout as delay } from 'node:timers/promises'

export interface Uplink {
  /** Passes bytes on at the line's rate and tells `seen` of each chunk. */
  pass(source: AsyncIterable<Buffer>, seen: (bytes: number) => void): AsyncGenerator<Buffer>
}

/** @param bytesPerSecond `undefined`: as fast as the disk. */
export function openUplink(bytesPerSecond: number | undefined, signal: AbortSignal): Uplink {
  if (bytesPerSecond !== undefined && !(bytesPerSecond > 0)) throw new RangeError(`an uplink carries bytes, not ${bytesPerSecond} a second`)
  let freeAt = 0
  return {
    async *pass(source, seen) {
      for await (const chunk of source) {
        signal.throwIfAborted()
        if (bytesPerSecond !== undefined) {
          const now = performance.now()
          freeAt = Math.max(freeAt, now) + (chunk.length / bytesPerSecond) * 1000
          if (freeAt > now) await delay(freeAt - now, undefined, { signal })
        }
        yield chunk
        seen(chunk.length)
      }
    },
  }
}
