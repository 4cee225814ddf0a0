/**
 * Names that Snowball may refuse, under another name that it takes, when a person asks for it with the plan. The rule can be turned round without a table:
 * each such character, and `=` itself, becomes `=` and two hexadecimal digits for each byte of its UTF-8 form (as quoted-printable does, RFC 2045 6.7).
 * Snowball Edge Developer Guide, object naming.
 */
import { isUnsafeForSnowball, snowballUnsafe } from './names.ts'

const changed = new RegExp(`${snowballUnsafe.source}|=`, 'gu')
const escape = /=([0-9A-F]{2})/g
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The name on a device. A name that Snowball takes as it is stays as it is. */
export function nameOnDevice(text: string): string {
  if (!isUnsafeForSnowball(text)) return text
  return text.replaceAll(changed, (char) =>
    [...encoder.encode(char)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}

/** Whether the name looks like a changed one: others can meet none. */
export function mayBeMapped(name: string): boolean {
  return /=[0-9A-F]{2}/.test(name)
}

/** The name at the source of one that was changed; `undefined` when it is not the image of any. */
export function nameAtSource(mapped: string): string | undefined {
  const bytes: number[] = []
  let at = 0
  for (const match of mapped.matchAll(escape)) {
    bytes.push(...encoder.encode(mapped.slice(at, match.index)), Number.parseInt(match[1] ?? '', 16))
    at = match.index + match[0].length
  }
  bytes.push(...encoder.encode(mapped.slice(at)))
  try {
    const text = decoder.decode(Uint8Array.from(bytes))
    return nameOnDevice(text) === mapped ? text : undefined
  } catch {
    return undefined
  }
}
