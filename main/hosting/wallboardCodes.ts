/** Tokens for screens, and the codes that people type instead. */
import { createHash } from 'node:crypto'
import type { Random } from '../../shared/ports/world.ts'

/** Crockford's base 32: no letter that can be taken for a digit or another letter. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const codeLength = 8

export function newToken(random: Pick<Random, 'bytes'>): string {
  return Buffer.from(random.bytes(32)).toString('base64url')
}

/** 40 bits. `plain` is what is hashed, `shown` what a person reads. */
export function newCode(random: Pick<Random, 'bytes'>): { readonly plain: string; readonly shown: string } {
  const plain = [...random.bytes(codeLength)].map((byte) => alphabet[byte % alphabet.length] ?? '').join('')
  return { plain, shown: `${plain.slice(0, 4)}-${plain.slice(4)}` }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** As people type it: small letters, spaces and hyphens make no difference, nor does a letter that looks like a digit. */
export function plainCode(typed: string): string {
  return typed
    .toUpperCase()
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
    .replaceAll(/[^0-9A-Z]/g, '')
}
