/** The checksums S3 stores: how each is computed, and what may be combined with what. Source: S3 User Guide, "Checking object integrity". */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { createCRC32, createCRC64 } from 'hash-wasm'
import type { ChecksumAlgorithm, ChecksumType } from '../contract.ts'

export type RunningChecksum = { update(bytes: Uint8Array): void; digest(): Buffer }

type Traits = {
  readonly bytes: number
  readonly start: () => RunningChecksum
  /** Types a multipart object may have; the first is the default. A single PUT is always FULL_OBJECT. */
  readonly multipart: readonly [ChecksumType, ...ChecksumType[]]
}

// One WebAssembly instance each; a running checksum keeps its own few bytes of state and lends them to the instance per update.
const crc32cEngine = (await createCRC32(0x82f63b78)).init()
const crc64Engine = (await createCRC64('9a6c9329ac4bc9b5')).init()

const traits: Readonly<Record<ChecksumAlgorithm, Traits>> = {
  CRC32: { bytes: 4, start: startCrc32, multipart: ['COMPOSITE', 'FULL_OBJECT'] },
  CRC32C: { bytes: 4, start: () => startEngine(crc32cEngine), multipart: ['COMPOSITE', 'FULL_OBJECT'] },
  CRC64NVME: { bytes: 8, start: () => startEngine(crc64Engine), multipart: ['FULL_OBJECT'] },
  SHA1: { bytes: 20, start: () => createHash('sha1'), multipart: ['COMPOSITE'] },
  SHA256: { bytes: 32, start: () => createHash('sha256'), multipart: ['COMPOSITE'] },
  SHA512: { bytes: 64, start: () => createHash('sha512'), multipart: ['COMPOSITE'] },
  MD5: { bytes: 16, start: () => createHash('md5'), multipart: ['COMPOSITE'] },
}

export const checksumAlgorithms = Object.keys(traits) as readonly ChecksumAlgorithm[]

export function isChecksumAlgorithm(text: string): text is ChecksumAlgorithm {
  return Object.hasOwn(traits, text)
}

export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  return traits[algorithm].start()
}

export function multipartTypes(algorithm: ChecksumAlgorithm): readonly [ChecksumType, ...ChecksumType[]] {
  return traits[algorithm].multipart
}

/** Whether the text is base64 of as many bytes as the algorithm has. */
export function isChecksumValue(algorithm: ChecksumAlgorithm, value: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(value) && value.length % 4 === 0 && Buffer.from(value, 'base64').length === traits[algorithm].bytes
}

/** The checksum of the parts' checksums, in base64 without "-N". */
export function compositeOf(algorithm: ChecksumAlgorithm, parts: readonly string[]): string {
  const running = startChecksum(algorithm)
  for (const part of parts) running.update(Buffer.from(part, 'base64'))
  return running.digest().toString('base64')
}

/** MD5 of the parts' MD5s with "-N": the ETag of a multipart object that is not encrypted with KMS. */
export function multipartEtag(parts: readonly Uint8Array[]): string {
  const running = createHash('md5')
  for (const part of parts) running.update(part)
  return `${running.digest('hex')}-${parts.length}`
}

function startCrc32(): RunningChecksum {
  let value = 0
  return {
    update: (bytes) => {
      value = crc32(bytes, value)
    },
    digest: () => {
      const raw = Buffer.alloc(4)
      raw.writeUInt32BE(value)
      return raw
    },
  }
}

function startEngine(engine: Awaited<ReturnType<typeof createCRC64>>): RunningChecksum {
  let state = engine.init().save()
  return {
    update: (bytes) => {
      state = engine.load(state).update(bytes).save()
    },
    digest: () => Buffer.from(engine.load(state).digest('binary')),
  }
}
