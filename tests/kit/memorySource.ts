/** A source in memory for properties of load: items are byte strings that a test may change, remove or make unreadable at any time. */
import { createHash } from 'node:crypto'
import { Fault } from '../../shared/faults/fault.ts'
import type { Expected, FolderPart, ItemReader, ReadOutcome, Source } from '../../shared/ports/source.ts'
import { pathText, type ItemPath } from '../../shared/units/itemPath.ts'

export type MemoryItem = { body: Buffer; mtimeUs: number; errno?: string }

/** CRC64NVME is not what these tests are about: eight bytes of the SHA-256 stand for it. */
export class MemorySource implements Source {
  readonly items: Map<string, MemoryItem>
  readonly reads = new Map<string, number>()
  rootGone = false
  constructor(items: Iterable<readonly [string, MemoryItem]>) {
    this.items = new Map(items)
  }

  async check() {
    if (this.rootGone) throw new Fault('archive-missing')
  }

  async *listFolder(): AsyncGenerator<FolderPart, void> {
    yield { items: [], unchanged: this.rootGone || this.items.size === 0 ? [] : [new Uint8Array(0) as ItemPath], folders: [], ignored: 0 }
  }

  async readWhole(path: ItemPath, expected: Expected, signal: AbortSignal): Promise<ReadOutcome> {
    signal.throwIfAborted()
    const found = this.#find(path, expected)
    if ('kind' in found) return found
    this.#count(path)
    return { kind: 'read', body: Buffer.from(found.body), ...digestsOf(found.body) }
  }

  async open(path: ItemPath, expected: Expected): Promise<ItemReader | Exclude<ReadOutcome, { kind: 'read' }>> {
    const found = this.#find(path, expected)
    if ('kind' in found) return found
    this.#count(path)
    const { body } = found
    let position = 0
    return {
      next: async (length, signal) => {
        signal.throwIfAborted()
        if (position >= body.length) return undefined
        position += length
        return body.subarray(position - length, position)
      },
      finish: async () => ('kind' in this.#find(path, expected) ? { kind: 'changed' } : { kind: 'read', ...digestsOf(body) }),
      close: async () => Promise.resolve(),
    }
  }

  async digests(): Promise<never> {
    return Promise.reject(new Error('not part of load'))
  }

  async close() {
    await Promise.resolve()
  }

  #find(path: ItemPath, expected: Expected): MemoryItem | Exclude<ReadOutcome, { kind: 'read' }> {
    const item = this.rootGone ? undefined : this.items.get(pathText(path) ?? '')
    if (item === undefined) return { kind: 'vanished' }
    if (item.errno !== undefined) return { kind: 'unreadable', errno: item.errno }
    return item.body.length === expected.size && item.mtimeUs === expected.mtimeUs ? item : { kind: 'changed' }
  }

  #count(path: ItemPath): void {
    const name = pathText(path) ?? ''
    this.reads.set(name, (this.reads.get(name) ?? 0) + 1)
  }
}

export function digestsOf(body: Uint8Array): { sha256: Uint8Array; crc64nvme: Uint8Array } {
  const sha256 = new Uint8Array(createHash('sha256').update(body).digest())
  return { sha256, crc64nvme: sha256.slice(0, 8) }
}
