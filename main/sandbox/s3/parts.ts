/** Cuts one stream into parts of given sizes while it passes, keeping each part's MD5 and checksum. */
import { createHash } from 'node:crypto'
import { S3Error, type ChecksumAlgorithm, type StoredPart } from '../contract.ts'
import { startChecksum } from './checksums.ts'

/** Appends to `parts` as they end. @throws S3Error IncompleteBody when the sizes do not add up to the body. */
export async function* splitIntoParts(
  body: AsyncIterable<Uint8Array>,
  sizes: readonly number[],
  algorithm: ChecksumAlgorithm | undefined,
  parts: StoredPart[],
): AsyncGenerator<Uint8Array> {
  let open = openPart(algorithm)
  const closeFull = (): void => {
    while (parts.length < sizes.length && open.size === sizes[parts.length]) {
      parts.push({ partNumber: parts.length + 1, size: open.size, ...open.end() })
      open = openPart(algorithm)
    }
  }
  closeFull()
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length;) {
      const wanted = sizes[parts.length]
      if (wanted === undefined) throw wrongSizes()
      const piece = chunk.subarray(at, at + wanted - open.size)
      open.update(piece)
      at += piece.length
      closeFull()
    }
    yield chunk
  }
  if (parts.length !== sizes.length) throw wrongSizes()
}

function openPart(algorithm: ChecksumAlgorithm | undefined) {
  const md5 = createHash('md5')
  const checksum = algorithm === undefined ? undefined : startChecksum(algorithm)
  return {
    size: 0,
    update(bytes: Uint8Array): void {
      md5.update(bytes)
      checksum?.update(bytes)
      this.size += bytes.length
    },
    end: () => ({ md5: md5.digest(), checksum: checksum?.digest().toString('base64') }),
  }
}

function wrongSizes(): S3Error {
  return new S3Error('IncompleteBody', 400, 'The sizes of the parts do not add up to the size of the body.')
}
