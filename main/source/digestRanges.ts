/** Digests of byte ranges of one file in a single pass: what several ranges share is read once, what none needs is skipped. */
import type { DigestRequest } from '../../shared/ports/source.ts'
import { digester, type Digester } from '../files/digesters.ts'
import { readFully } from '../files/openReadOnly.ts'

const chunk = 1024 * 1024

/**
 * @param alive called after each chunk read; false stops the work
 * @returns digests in the order of `wanted`, or `undefined` when the file ended early or the work was stopped
 */
export async function digestRanges(
  fd: number,
  wanted: readonly DigestRequest[],
  alive: () => boolean,
): Promise<readonly Uint8Array[] | undefined> {
  const order = wanted.map((request, at) => ({ ...request, at })).sort((a, b) => a.from - b.from)
  const digests: Uint8Array[] = wanted.map(() => new Uint8Array(0))
  const buffer = new Uint8Array(chunk)
  let active: { readonly from: number; readonly to: number; readonly at: number; readonly digester: Digester }[] = []
  let next = 0
  let position = 0
  while (next < order.length || active.length > 0) {
    if (active.length === 0) position = Math.max(position, order[next]?.from ?? position)
    for (let request = order[next]; request !== undefined && request.from <= position; request = order[next]) {
      active.push({ from: request.from, to: request.to, at: request.at, digester: await digester(request.algorithm) })
      next += 1
    }
    // Stop where a range ends or begins, so that every active range wants all of what is read.
    const border = Math.min(...active.map((range) => range.to), order[next]?.from ?? Infinity, position + chunk)
    const part = buffer.subarray(0, Math.max(0, border - position))
    if (readFully(fd, part, position) < part.length || !alive()) return undefined
    for (const range of active) range.digester.update(part)
    position += part.length
    for (const range of active) if (range.to <= position) digests[range.at] = range.digester.finish()
    active = active.filter((range) => range.to > position)
  }
  return digests
}
