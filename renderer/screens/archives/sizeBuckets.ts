/** The histogram's buckets without the empty ones at both ends; the batch line stays in sight. Pure. */
import type { Answer } from '../../../shared/contract/bridge.ts'

export type Bucket = { readonly from: number; readonly to: number; readonly items: number; readonly bytes: number }

export function trimmed({ edges, items, bytes, batchLimit }: Answer<'archives.sizes'>): readonly Bucket[] {
  const all = items.map((count, index): Bucket => {
    const from = edges[index] ?? 0
    return { from, to: edges[index + 1] ?? from * 2, items: count, bytes: bytes[index] ?? 0 }
  })
  const filled = all.flatMap(({ items: count }, index) => (count > 0 ? [index] : []))
  const line = all.findIndex(({ from }) => from >= batchLimit)
  const first = Math.min(filled[0] ?? 0, line < 0 ? Infinity : Math.max(0, line - 1))
  const last = Math.max(filled.at(-1) ?? 0, line)
  return all.slice(first, last + 1)
}
