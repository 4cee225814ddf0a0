/**
 * ItemPath: the path of an item below its archive's root, as the bytes the file system gave, joined by `/`.
 * A name is bytes on Linux; decoding one that is not UTF-8 would mangle it, so text is derived and may be absent.
 */
declare const pathBrand: unique symbol
export type ItemPath = Uint8Array & { readonly [pathBrand]: true }

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const slash = 0x2f

export const rootPath = new Uint8Array(0) as Uint8Array as ItemPath

export function pathFromBytes(raw: Uint8Array): ItemPath {
  return raw as ItemPath
}

export function pathFromText(text: string): ItemPath {
  return encoder.encode(text) as Uint8Array as ItemPath
}

/** The path as text, or `undefined` when its bytes are not UTF-8. */
export function pathText(path: ItemPath): string | undefined {
  try {
    return decoder.decode(path)
  } catch {
    return undefined
  }
}

/** For a person's eyes only: bytes that are not printable ASCII or part of valid UTF-8 are shown as \xNN. Not reversible. */
export function pathForDisplay(path: ItemPath): string {
  const text = pathText(path)
  if (text !== undefined) return text.replaceAll(/\p{Cc}/gu, (char) => `\\x${(char.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`)
  let shown = ''
  for (const byte of path) shown += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
  return shown
}

export function joinPath(folder: ItemPath, name: Uint8Array): ItemPath {
  if (folder.length === 0) return pathFromBytes(name.slice())
  const joined = new Uint8Array(folder.length + 1 + name.length)
  joined.set(folder)
  joined[folder.length] = slash
  joined.set(name, folder.length + 1)
  return pathFromBytes(joined)
}

/** The folder of a path; the root for a path without `/`. */
export function folderOf(path: ItemPath): ItemPath {
  const at = path.lastIndexOf(slash)
  return pathFromBytes(path.slice(0, Math.max(at, 0)))
}

export function nameOf(path: ItemPath): Uint8Array {
  return path.slice(path.lastIndexOf(slash) + 1)
}

/** Unsigned byte order: for UTF-8 text this is also the order in which S3 lists keys. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length)
  for (let at = 0; at < shorter; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Order of two texts by their UTF-8 bytes. JavaScript's `<` compares UTF-16 units and disagrees beyond U+FFFF. */
export function compareUtf8(a: string, b: string): number {
  return a === b ? 0 : compareBytes(encoder.encode(a), encoder.encode(b))
}

export function utf8Length(text: string): number {
  return encoder.encode(text).length
}
