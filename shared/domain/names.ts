/** Names: what a path alone tells about the lanes an item can take. Pure rules over bytes; nothing is renamed. */
import { TB, type Bytes } from '../units/bytes.ts'
import { pathText, utf8Length, type ItemPath } from '../units/itemPath.ts'
import type { FoundAnomaly } from './anomaly.ts'

/** S3: a key is at most 1,024 bytes of UTF-8. Snowball wants fewer than 1,024. */
export const longestKey = 1024
/** Storage Gateway: a file name is at most 255 bytes of UTF-8. */
export const longestName = 255
/** Snowball says 5 TB, File Gateway 5 TiB: the smaller of the two. S3 itself takes more. */
export const largestItem = 5 * TB

const slash = 0x2f

/**
 * Characters Snowball asks to avoid: control characters, `\ { } [ ] < > ^ % backtick " ' ~ # |`, and characters 128 to 255.
 * The last are taken as code points U+0080 to U+00FF: `ü` in composed form is one, Greek or Japanese letters are not.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
export const snowballUnsafe = /[\u0000-\u001f\u007f-\u00ff\\{}[\]<>^%`"'~#|]/u

/**
 * Parts of a path that Windows cannot hold, or holds under another name: names of devices whatever their extension, a point or a space at the end, and
 * `: * ?` (those of `< > " |` and of control characters are unsafe for a Snowball too). Microsoft, "Naming Files, Paths, and Namespaces".
 */
const notForWindows = /(?:^|\/)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.[^/]*)?(?:\/|$)|[. ](?:\/|$)|[:*?<>"|]/iu

export function isUnsafeForSnowball(text: string): boolean {
  return snowballUnsafe.test(text)
}

/** What is to be known of an item because of its path. `prefix` is the archive's: the key is prefix + path. */
export function nameAnomalies(path: ItemPath, prefix: string): FoundAnomaly[] {
  const found: FoundAnomaly[] = []
  const text = pathText(path)
  const key = utf8Length(prefix) + path.length
  if (text === undefined) found.push({ code: 'name-not-utf8' })
  else if (isUnsafeForSnowball(text)) found.push({ code: 'name-unsafe-for-snowball' })
  else if (key === longestKey) found.push({ code: 'name-unsafe-for-snowball', facts: { keyBytes: key } })
  if (text !== undefined && notForWindows.test(text)) found.push({ code: 'name-not-for-windows' })
  const name = longestComponent(path)
  if (name > longestName) found.push({ code: 'name-too-long', facts: { nameBytes: name } })
  if (key > longestKey) found.push({ code: 'key-too-long', facts: { keyBytes: key } })
  return found
}

/** What is to be known of a regular file because of its size. */
export function sizeAnomalies(size: Bytes): FoundAnomaly[] {
  if (size === 0) return [{ code: 'empty' }]
  return size > largestItem ? [{ code: 'too-large' }] : []
}

/**
 * The path as file systems that ignore case and Unicode form see it: two items collide when these are equal.
 * `undefined` for a path that is not UTF-8: such an item does not travel, so it collides with nothing.
 */
export function foldedName(path: ItemPath): string | undefined {
  // Lower case last and once more composed: lower-casing can decompose (U+0130).
  return pathText(path)?.normalize('NFC').toLowerCase().normalize('NFC')
}

function longestComponent(path: ItemPath): number {
  let longest = 0
  let begin = 0
  for (let at = 0; at <= path.length; at += 1) {
    if (at < path.length && path[at] !== slash) continue
    longest = Math.max(longest, at - begin)
    begin = at + 1
  }
  return longest
}
