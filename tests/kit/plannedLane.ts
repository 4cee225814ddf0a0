/** A journal whose plan sends given items by one lane: what load and push start from. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Item } from '../../shared/domain/item.ts'
import type { Route } from '../../shared/domain/route.ts'
import type { BatchId, DeviceId } from '../../shared/domain/transfer.ts'
import type { World } from '../../shared/ports/world.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathFromText, pathText } from '../../shared/units/itemPath.ts'
import { createJournal, type OpenJournal } from '../../main/journal/openJournal.ts'

export type PlannedItem = { readonly path: string; readonly size: number; readonly mtimeUs: number; readonly batch?: string }
export type PlannedLane = {
  readonly journal: OpenJournal
  readonly file: string
  readonly device: DeviceId
  readonly batches: ReadonlyMap<string, BatchId>
  /** By path. */
  readonly items: ReadonlyMap<string, Item>
  remove(): void
}

/** `batch`: key of the batch that carries the item. Keys of items are prefix + path. */
export function plannedLane(
  world: World,
  route: Route,
  planned: readonly PlannedItem[],
  options: { readonly prefix?: string; readonly root?: string } = {},
): PlannedLane {
  const prefix = options.prefix ?? ''
  const folder = mkdtempSync(join(tmpdir(), 'firn-lane-'))
  const file = join(folder, 'journal.firn')
  const journal = createJournal(file, world, { name: 'lane', kind: 'rehearsal' })
  const archive = journal.addArchive({ root: options.root ?? '/archive', bucket: 'images', prefix, clutter: { ignore: [] } })
  const scan = journal.beginScan(archive.id, world.clock.now())
  const found = planned.map((item, at) => ({
    path: pathFromText(item.path),
    kind: 'file' as const,
    size: bytes(item.size),
    mtimeUs: item.mtimeUs,
    inode: at + 1,
    header: undefined,
    anomalies: [],
  }))
  for (let from = 0; from < found.length; from += 500) {
    journal.recordPart(scan.id, archive.id, { items: found.slice(from, from + 500), unchanged: [], folders: [], ignored: 0 })
  }
  journal.foldersDone(scan.id, [{ folder: pathFromText(''), ignored: 0 }])
  journal.settle(scan.id, archive.id)
  journal.finishScan(scan.id, world.clock.now())

  const plan = journal.beginPlan('{}', '{}', world.clock.now())
  const device = journal.addDevice(plan, { ordinal: 1, wave: 1, snowballType: 'V3_5S', capacity: 'T240', usable: bytes(210e12) })
  const batches = new Map<string, BatchId>()
  for (const key of new Set(planned.flatMap((item) => item.batch ?? []))) batches.set(key, journal.addBatch(plan, device, key))
  const batchOf = new Map(planned.map((item) => [item.path, item.batch === undefined ? undefined : batches.get(item.batch)]))
  const items = new Map<string, Item>()
  for (const study of journal.studies(bytes(1))) {
    const inStudy = [...journal.itemsOf(study.id)]
    for (const item of inStudy) items.set(pathText(item.path) ?? '', item)
    journal.place(
      plan,
      inStudy.map((item) => ({
        item,
        route,
        key: prefix + (pathText(item.path) ?? ''),
        deviceId: route === 'device' ? device : undefined,
        batchId: batchOf.get(pathText(item.path) ?? ''),
      })),
    )
  }
  journal.finishPlan(plan)
  return {
    journal,
    file,
    device,
    batches,
    items,
    remove() {
      journal.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
