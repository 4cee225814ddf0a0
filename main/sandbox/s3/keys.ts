/** Names of buckets and objects: what S3 allows, and arithmetic in the order it lists keys (bytes of UTF-8). */
import { S3Error } from '../contract.ts'

const longestKeyBytes = 1_024

/** @throws S3Error KeyTooLongError */
export function checkKey(key: string): void {
  const bytes = Buffer.byteLength(key)
  if (bytes > longestKeyBytes) {
    throw new S3Error('KeyTooLongError', 400, 'Your key is too long', { Size: String(bytes), MaxSizeAllowed: String(longestKeyBytes) })
  }
}

/** @throws S3Error InvalidBucketName. Rules of general purpose buckets. */
export function checkBucketName(name: string): void {
  const wellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(name)
  const reserved = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3)$/.test(name)
  if (!wellFormed || reserved) throw new S3Error('InvalidBucketName', 400, 'The specified bucket is not valid.', { BucketName: name })
}

/** The smallest key after this one. */
export function justAfter(key: string): string {
  return `${key}\u0000`
}

/** The smallest text after every text with this prefix; undefined when there is none. */
export function afterAllWith(prefix: string): string | undefined {
  const points = Array.from(prefix)
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const point = last.codePointAt(0) ?? 0
    // U+D800 to U+DFFF are no characters: UTF-8 goes from U+D7FF straight to U+E000.
    if (point < 0x10ffff) return points.join('') + String.fromCodePoint(point === 0xd7ff ? 0xe000 : point + 1)
  }
  return undefined
}

/** Byte order of UTF-8, which UTF-16's own order is not beyond U+FFFF. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
