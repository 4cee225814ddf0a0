/** Inflates the beginning of a deflated data set (PS3.5 §A.5: raw deflate, RFC 1951) within a bound: a file of zeros must not fill the memory. */
import { constants, inflateRawSync } from 'node:zlib'

const mostIn = 64 * 1024
const leastIn = 1024
/** Deflate gains 1,032:1 at most, so the smallest prefix always fits. */
const mostOut = 2 * 1024 * 1024

/** As much of the inflated beginning as the bound allows; empty when the bytes are not deflate. The input may end anywhere. */
export function inflatePrefix(deflated: Uint8Array): Uint8Array {
  for (let take = mostIn; take >= leastIn; take /= 2) {
    try {
      return inflateRawSync(deflated.subarray(0, take), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostOut })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') return new Uint8Array(0)
    }
  }
  return new Uint8Array(0)
}
