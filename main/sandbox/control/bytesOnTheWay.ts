/** Bytes on their way from one place to another: one of them may rot, and two streams may be compared. */
import { Readable } from 'node:stream'

/** Flips the lowest bit of the byte in the middle; the size stays. */
export function rot(source: Readable, size: number): Readable {
  const victim = Math.floor(size / 2)
  return Readable.from(flip(source, victim), { objectMode: false })
}

async function* flip(source: AsyncIterable<Buffer>, victim: number): AsyncGenerator<Buffer> {
  let at = 0
  for await (const chunk of source) {
    if (victim >= at && victim < at + chunk.length) {
      const copy = Buffer.from(chunk)
      copy[victim - at] = (copy[victim - at] ?? 0) ^ 1
      yield copy
    } else yield chunk
    at += chunk.length
  }
}

/** Whether two streams carry the same bytes. Ends at the first difference. */
export async function sameStreams(left: Readable, right: Readable): Promise<boolean> {
  const others = (right as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)
  try {
    for await (const chunk of left as AsyncIterable<Buffer>) {
      let at = 0
      while (at < chunk.length) {
        if (rest.length === 0) {
          const next = await others.next()
          if (next.done === true) return false
          rest = next.value
          continue
        }
        const length = Math.min(rest.length, chunk.length - at)
        if (!rest.subarray(0, length).equals(chunk.subarray(at, at + length))) return false
        rest = rest.subarray(length)
        at += length
      }
    }
    if (rest.length > 0) return false
    for (;;) {
      const next = await others.next()
      if (next.done === true) return true
      if (next.value.length > 0) return false
    }
  } finally {
    left.destroy()
    right.destroy()
  }
}
