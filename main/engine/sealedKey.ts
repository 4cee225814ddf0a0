/** A secret key in a file of its own that only its owner can read, encrypted when a passphrase is given. */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { Fault } from '../../shared/faults/fault.ts'

const keyFile = z.discriminatedUnion('encryption', [
  z.strictObject({ format: z.literal(1), encryption: z.literal('none'), key: z.base64() }),
  z.strictObject({
    format: z.literal(1),
    encryption: z.literal('scrypt-aes-256-gcm'),
    salt: z.base64(),
    iv: z.base64(),
    tag: z.base64(),
    key: z.base64(),
  }),
])
type KeyFile = z.infer<typeof keyFile>

const cipher = 'aes-256-gcm'
/** RFC 7914 parameters: about 0.1 s and 32 MiB to try one passphrase. */
const scryptCost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }

/** The file must not be there yet. It is on the disk when this returns. */
export function writeSealedKey(file: string, key: Uint8Array, passphrase: string | undefined): void {
  const text = (raw: Uint8Array): string => Buffer.from(raw).toString('base64')
  let written: KeyFile = { format: 1, encryption: 'none', key: text(key) }
  if (passphrase !== undefined) {
    const salt = randomBytes(16)
    const iv = randomBytes(12)
    const encrypting = createCipheriv(cipher, scryptSync(passphrase, salt, 32, scryptCost), iv)
    const sealed = Buffer.concat([encrypting.update(key), encrypting.final()])
    written = {
      format: 1,
      encryption: 'scrypt-aes-256-gcm',
      salt: text(salt),
      iv: text(iv),
      tag: text(encrypting.getAuthTag()),
      key: text(sealed),
    }
  }
  writeFileSync(file, '', { mode: 0o600, flag: 'wx' })
  try {
    writeFileSync(file, `${JSON.stringify(written)}\n`, { flush: true })
    chmodSync(file, 0o600)
  } catch (error) {
    // Half a key would look like one that cannot be opened.
    rmSync(file, { force: true })
    throw error
  }
}

/** @throws Fault key-missing when the file is not there, not a key, or the passphrase is not the right one. */
export function readSealedKey(file: string, passphrase: string | undefined): Uint8Array {
  try {
    const stored = keyFile.parse(JSON.parse(readFileSync(file, 'utf8')))
    const raw = (text: string): Buffer => Buffer.from(text, 'base64')
    if (stored.encryption === 'none') return raw(stored.key)
    if (passphrase === undefined) throw new Fault('key-missing', { passphrase: 'needed' })
    const opening = createDecipheriv(cipher, scryptSync(passphrase, raw(stored.salt), 32, scryptCost), raw(stored.iv))
    opening.setAuthTag(raw(stored.tag))
    return Buffer.concat([opening.update(raw(stored.key)), opening.final()])
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault('key-missing', {}, { cause: error })
  }
}
