/** Keys at rest: encrypted by the system, or not kept. Against a stand-in of safeStorage. */
import { describe, expect, test } from 'vitest'
import { openSecrets, type Store } from '../../main/security/secrets.ts'
import { electronStandIn } from '../kit/electronStandIn.ts'

const store = (more: Partial<Store> = {}): Store => ({ ...(electronStandIn().electron.safeStorage as unknown as Store), ...more })
const refused = expect.objectContaining({ code: 'secrets-not-kept' }) as unknown

describe('the secret store', () => {
  test.each(['linux', 'darwin', 'win32'] as const)('on %s keeps what it can give back, and not as it was', async (platform) => {
    const secrets = await openSecrets(store(), platform)
    expect(secrets.available()).toBe(true)
    const kept = await secrets.encrypt('wJalrXUtnFEMI')
    expect(Buffer.from(kept).toString()).not.toContain('wJalrXUtnFEMI')
    expect(await secrets.decrypt(new Uint8Array(kept))).toBe('wJalrXUtnFEMI')
  })

  test.each(['basic_text', 'unknown'] as const)('on Linux is refused when all there is is %s', async (backend) => {
    const secrets = await openSecrets(store({ getSelectedStorageBackend: () => backend }), 'linux')
    expect(secrets.available()).toBe(false)
    await expect(secrets.encrypt('x')).rejects.toEqual(refused)
    await expect(secrets.decrypt(new Uint8Array(1))).rejects.toEqual(refused)
  })

  test('is not asked for a backend where there is only one', async () => {
    const getSelectedStorageBackend = () => {
      throw new Error('Linux only')
    }
    expect((await openSecrets(store({ getSelectedStorageBackend }), 'darwin')).available()).toBe(true)
  })

  test.each([
    ['says no', () => Promise.resolve(false)],
    ['fails', () => Promise.reject(new Error('locked'))],
  ])('is refused when the system %s', async (_how, isAsyncEncryptionAvailable) => {
    expect((await openSecrets(store({ isAsyncEncryptionAvailable }), 'win32')).available()).toBe(false)
  })

  test('that cannot decrypt any more says so by its code, without what was in it', async () => {
    const secrets = await openSecrets(store({ decryptStringAsync: () => Promise.reject(new Error('key changed')) }), 'darwin')
    await expect(secrets.decrypt(new Uint8Array(3))).rejects.toEqual(refused)
  })
})
