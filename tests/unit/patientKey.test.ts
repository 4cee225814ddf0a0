/** The key of the patient hashes: it comes back as it was made, and only to who may have it. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createPatientKey } from '../../main/engine/patientKey.ts'
import { readSealedKey } from '../../main/engine/sealedKey.ts'

const folder = mkdtempSync(join(tmpdir(), 'firn-key-'))
afterAll(() => rmSync(folder, { recursive: true }))
const keyMissing = expect.objectContaining({ code: 'key-missing' }) as unknown

test.each([undefined, 'correct horse'])('comes back (passphrase %s), readable by its owner alone', (passphrase) => {
  const file = join(folder, `key-${passphrase ?? 'none'}`)
  const key = createPatientKey(file, passphrase)
  expect(key).toHaveLength(32)
  expect(readSealedKey(file, passphrase)).toEqual(key)
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(() => createPatientKey(file, passphrase)).toThrow('EEXIST')
})

test('under a passphrase the file does not hold the key, and opens with no other', () => {
  const file = join(folder, 'sealed')
  const key = createPatientKey(file, 'correct horse')
  expect(readFileSync(file, 'utf8')).not.toContain(Buffer.from(key).toString('base64'))
  for (const wrong of [undefined, '', 'Correct horse']) expect(() => readSealedKey(file, wrong)).toThrow(keyMissing)
})

test('one flipped bit of the sealed key is noticed', () => {
  const file = join(folder, 'flipped')
  createPatientKey(file, 'correct horse')
  const stored = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  const sealed = Buffer.from(stored['key'] ?? '', 'base64')
  sealed.writeUInt8(sealed.readUInt8(0) ^ 1, 0)
  writeFileSync(file, JSON.stringify({ ...stored, key: sealed.toString('base64') }))
  expect(() => readSealedKey(file, 'correct horse')).toThrow(keyMissing)
})

test('a file that is gone or is no key', () => {
  expect(() => readSealedKey(join(folder, 'nowhere'), undefined)).toThrow(keyMissing)
  writeFileSync(join(folder, 'rubbish'), 'rubbish')
  expect(() => readSealedKey(join(folder, 'rubbish'), undefined)).toThrow(keyMissing)
})
