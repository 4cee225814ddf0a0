/** Hashing of bytes in memory and of read-back streams, with what Node has built in. */
import { createHash } from 'node:crypto'
import { crc32, crc32c, type Hash } from '../../shared/domain/checksums.ts'
import type { DigestAlgorithm } from '../../shared/units/digest.ts'

const builtIn: Readonly<Partial<Record<DigestAlgorithm, string>>> = { SHA512: 'sha512', SHA256: 'sha256', SHA1: 'sha1', MD5: 'md5' }

/** @throws RangeError for CRC64NVME, which S3 never makes a composite of (AWS S3 User Guide, supported checksum types). */
export const hashOf: Hash = (algorithm, of) => {
  if (algorithm === 'CRC32') return crc32(of)
  if (algorithm === 'CRC32C') return crc32c(of)
  const name = builtIn[algorithm]
  if (name === undefined) throw new RangeError(`no composite of ${algorithm}`)
  return new Uint8Array(createHash(name).update(of).digest())
}

export async function sha256Of(body: AsyncIterable<Uint8Array>): Promise<{ readonly sha256: Uint8Array; readonly size: number }> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of body) {
    hash.update(chunk)
    size += chunk.length
  }
  return { sha256: new Uint8Array(hash.digest()), size }
}
