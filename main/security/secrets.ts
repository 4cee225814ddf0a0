/** Keys at rest: encrypted by the operating system's own secret store, or not kept at all. */
import type { SafeStorage } from 'electron'
import { Fault } from '../../shared/faults/fault.ts'
import type { Secrets } from '../hosting/abilities.ts'

export type Store = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>

/** Asked once, when the application is ready: the system's answer does not change while it runs. */
export async function openSecrets(store: Store, platform: NodeJS.Platform): Promise<Secrets> {
  const available = (await store.isAsyncEncryptionAvailable().catch(() => false)) && !isPlain(store, platform)
  const demand = (): void => {
    if (!available) throw new Fault('secrets-not-kept')
  }
  return {
    available: () => available,
    async encrypt(text) {
      demand()
      return await store.encryptStringAsync(text).catch(unkept)
    },
    async decrypt(bytes) {
      demand()
      return (await store.decryptStringAsync(Buffer.from(bytes)).catch(unkept)).result
    },
  }
}

/** Without a key ring, Linux "encrypts" with a password that is the same everywhere. */
function isPlain(store: Store, platform: NodeJS.Platform): boolean {
  if (platform !== 'linux') return false
  const backend = store.getSelectedStorageBackend()
  return backend === 'basic_text' || backend === 'unknown'
}

function unkept(cause: unknown): never {
  throw new Fault('secrets-not-kept', {}, { cause })
}
