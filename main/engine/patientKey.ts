/**
 * The key under which patient IDs and accession numbers are hashed (HMAC-SHA-256): made once per migration. Losing it loses no image: hashes of later
 * scans just no longer compare.
 */
import { randomBytes } from 'node:crypto'
import { writeSealedKey } from './sealedKey.ts'

export function createPatientKey(file: string, passphrase: string | undefined): Uint8Array {
  const key = randomBytes(32)
  writeSealedKey(file, key, passphrase)
  return key
}
