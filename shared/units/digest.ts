/** Digest: the raw bytes of a checksum together with the algorithm that made them. S3 writes them as base64 of big-endian bytes. */
export const digestLengths = {
  SHA512: 64,
  SHA256: 32,
  SHA1: 20,
  MD5: 16,
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
} as const

/** The algorithms Firn can compute itself. S3 knows more (XXHASH*); those are passed over, never guessed. */
export type DigestAlgorithm = keyof typeof digestLengths

export type Digest = { readonly algorithm: DigestAlgorithm; readonly bytes: Uint8Array }

export function isDigestAlgorithm(text: string): text is DigestAlgorithm {
  return Object.hasOwn(digestLengths, text)
}

/** @throws RangeError when the length is not the algorithm's. */
export function digest(algorithm: DigestAlgorithm, raw: Uint8Array): Digest {
  if (raw.length !== digestLengths[algorithm]) throw new RangeError(`${algorithm} has ${digestLengths[algorithm]} bytes, not ${raw.length}`)
  return { algorithm, bytes: raw }
}

export function sameDigest(a: Digest, b: Digest): boolean {
  return a.algorithm === b.algorithm && sameBytes(a.bytes, b.bytes)
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false
  return true
}

const hexDigits = '0123456789abcdef'

export function toHex(raw: Uint8Array): string {
  let text = ''
  for (const byte of raw) text += (hexDigits[byte >> 4] ?? '') + (hexDigits[byte & 15] ?? '')
  return text
}

export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return undefined
  const raw = new Uint8Array(text.length / 2)
  for (let at = 0; at < raw.length; at += 1) raw[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16)
  return raw
}

const base64Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function toBase64(raw: Uint8Array): string {
  let text = ''
  for (let at = 0; at < raw.length; at += 3) {
    const left = raw.length - at
    const word = ((raw[at] ?? 0) << 16) | ((raw[at + 1] ?? 0) << 8) | (raw[at + 2] ?? 0)
    text += base64Digits[(word >> 18) & 63] ?? ''
    text += base64Digits[(word >> 12) & 63] ?? ''
    text += left > 1 ? (base64Digits[(word >> 6) & 63] ?? '') : '='
    text += left > 2 ? (base64Digits[word & 63] ?? '') : '='
  }
  return text
}

/** Strict: padding required, no white space. `undefined` when the text is not base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const raw = new Uint8Array((text.length / 4) * 3 - padding)
  let to = 0
  for (let at = 0; at < text.length; at += 4) {
    let word = 0
    for (let digit = 0; digit < 4; digit += 1) {
      const char = text[at + digit] ?? '='
      word = (word << 6) | (char === '=' ? 0 : base64Digits.indexOf(char))
    }
    for (const shift of [16, 8, 0]) if (to < raw.length) raw[to++] = (word >> shift) & 255
  }
  return raw
}
