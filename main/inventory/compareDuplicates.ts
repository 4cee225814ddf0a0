/** Items that claim to be the same instance (same SOP Instance UID): are they the same bytes? */
import type { Archive } from '../../shared/domain/archive.ts'
import type { Item } from '../../shared/domain/item.ts'
import { forEachBounded } from '../../shared/flow/pool.ts'
import type { StageReport } from '../../shared/flow/stage.ts'
import type { InventoryJournal } from '../../shared/ports/journal.ts'
import type { Source } from '../../shared/ports/source.ts'
import { toHex } from '../../shared/units/digest.ts'

type Comparison = { readonly archive: Archive; readonly source: Source; readonly journal: InventoryJournal }

const groupsAtOnce = 4

/**
 * Marks each item of a group: duplicate-same-bytes when another has its very bytes, duplicate-different-bytes when another has not; both can hold.
 * Only items of equal size are read, and their digests kept in the journal, so that going on after a crash reads none twice.
 */
export async function compareDuplicates({ archive, source, journal }: Comparison, report: StageReport, signal: AbortSignal): Promise<void> {
  await forEachBounded(journal.duplicates(archive.id), groupsAtOnce, signal, async ({ items }) => {
    const ofSize = Map.groupBy(items, ({ size }) => size)
    const contents = new Map<string, Item[]>()
    for (const item of items) {
      const content = ofSize.get(item.size)?.length === 1 ? `size ${item.size}` : await contentOf(item)
      if (content === undefined) continue
      const same = contents.get(content)
      if (same === undefined) contents.set(content, [item])
      else same.push(item)
    }
    for (const same of contents.values()) {
      for (const { id } of same) {
        if (same.length > 1) journal.recordAnomaly(id, { code: 'duplicate-same-bytes', facts: { copies: same.length } })
        if (contents.size > 1) journal.recordAnomaly(id, { code: 'duplicate-different-bytes', facts: { versions: contents.size } })
      }
    }
    report.also('compared', items.length)
  })

  /** `undefined`: it could not be read as it was listed, which is noted; what it holds is then not known. */
  async function contentOf(item: Item): Promise<string | undefined> {
    if (item.sha256 !== undefined) return toHex(item.sha256)
    const whole = { from: 0, to: item.size }
    const wanted = [{ algorithm: 'SHA256', ...whole } as const, { algorithm: 'CRC64NVME', ...whole } as const]
    const outcome = await source.digests(item.path, item, wanted, signal)
    signal.throwIfAborted()
    if (outcome.kind === 'read') {
      const [sha256, crc64nvme] = outcome.digests
      if (sha256 === undefined || crc64nvme === undefined) throw new RangeError('two digests were asked for')
      journal.recordDigests(item.id, { sha256, crc64nvme })
      return toHex(sha256)
    }
    if (outcome.kind === 'changed') journal.recordAnomaly(item.id, { code: 'changed-while-read' })
    else if (outcome.kind === 'vanished') journal.recordAnomaly(item.id, { code: 'vanished' })
    else journal.recordAnomaly(item.id, { code: 'not-readable', facts: { errno: outcome.errno } })
    return undefined
  }
}
