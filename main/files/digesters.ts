/** Running digests: native ones of node:crypto and node:zlib, and WebAssembly (hash-wasm) for the CRCs those lack. */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { createCRC32, createCRC64, type IHasher } from 'hash-wasm'
import type { DigestAlgorithm } from '../../shared/units/digest.ts'

export interface Digester {
  update(bytes: Uint8Array): void
  /** Big-endian bytes, as S3 writes them. Ends the digester. */
  finish(): Uint8Array
}

/** Reflected polynomials: CRC-64/NVME and CRC-32C (Castagnoli), as hash-wasm takes them. */
const crc64nvmePolynomial = '9a6c9329ac4bc9b5'
const crc32cPolynomial = 0x82f63b78

const idle: Record<'CRC64NVME' | 'CRC32C', IHasher[]> = { CRC64NVME: [], CRC32C: [] }

/** WebAssembly instances are kept and used again: to make one costs more than to hash a small file. */
async function wasmDigester(algorithm: 'CRC64NVME' | 'CRC32C'): Promise<Digester> {
  const free = idle[algorithm]
  const hasher = free.pop() ?? (await (algorithm === 'CRC64NVME' ? createCRC64(crc64nvmePolynomial) : createCRC32(crc32cPolynomial)))
  hasher.init()
  return {
    update(bytes) {
      hasher.update(bytes)
    },
    finish() {
      const digest = hasher.digest('binary')
      free.push(hasher)
      return digest
    },
  }
}

export async function digester(algorithm: DigestAlgorithm): Promise<Digester> {
  switch (algorithm) {
    case 'CRC64NVME':
    case 'CRC32C':
      return await wasmDigester(algorithm)
    case 'CRC32': {
      let sum = 0
      return {
        update(bytes) {
          sum = crc32(bytes, sum)
        },
        finish() {
          const digest = new Uint8Array(4)
          new DataView(digest.buffer).setUint32(0, sum)
          return digest
        },
      }
    }
    case 'SHA512':
    case 'SHA256':
    case 'SHA1':
    case 'MD5': {
      const hash = createHash(algorithm.toLowerCase())
      return {
        update(bytes) {
          hash.update(bytes)
        },
        finish: () => new Uint8Array(hash.digest()),
      }
    }
  }
}
