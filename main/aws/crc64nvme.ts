/** CRC-64/NVME, the checksum S3 keeps by default (reflected polynomial 0x9A6C9329AC4BC9B5, initial value and output all ones). */
import { createCRC64 } from 'hash-wasm'

export type RunningCrc64 = {
  restart(): void
  update(chunk: Uint8Array): void
  /** Eight big-endian bytes, as S3 writes them before base64. */
  digest(): Uint8Array
}

const polynomial = '9a6c9329ac4bc9b5'

/** One calculator with memory of its own; used again after `restart`. */
export async function runningCrc64(): Promise<RunningCrc64> {
  const hasher = await createCRC64(polynomial)
  return {
    restart() {
      hasher.init()
    },
    update(chunk) {
      hasher.update(chunk)
    },
    digest: () => hasher.digest('binary'),
  }
}
