/** A journal of any history for tests of views: scanned, planned, sent, left behind, verified, as the real journal records it. */
import fc from 'fast-check'
import { openLooking, type Look } from '../../main/journal/views/look.ts'
import type { FoundItem } from '../../shared/domain/item.ts'
import type { AnomalyCode } from '../../shared/domain/anomaly.ts'
import type { Route } from '../../shared/domain/route.ts'
import type { Verdict } from '../../shared/domain/verification.ts'
import type { ItemEvidence } from '../../shared/ports/journal.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathFromBytes, pathFromText, pathText } from '../../shared/units/itemPath.ts'
import { folderPart, journalKit, noHeader, type JournalKit } from '../kit/journal.ts'

export type PlantedItem = {
  readonly archive: 1 | 2
  readonly folder: string
  readonly study: number | undefined
  readonly series: number
  readonly modality: string | undefined
  readonly studyDate: string | undefined
  readonly size: number
  readonly mtimeUs: number
  readonly anomaly: AnomalyCode | undefined
  /** What happens to it after it was scanned. */
  readonly fate: 'unplanned' | 'planned' | 'sending' | 'sent' | 'left-behind'
  readonly route: Route
  readonly verdict: Exclude<Verdict, 'extra'> | undefined
  /** Seen by a second scan: it has gone, or it is another file now. */
  readonly vanishes: boolean
  readonly changes: boolean
}

const day = 86_400_000_000

export const plantedItem: fc.Arbitrary<PlantedItem> = fc.record({
  archive: fc.constantFrom(1, 2),
  folder: fc.constantFrom('a', 'a/b', 'a0', 'b', 'a/b/c'),
  study: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  series: fc.integer({ min: 1, max: 3 }),
  modality: fc.constantFrom('CT', 'MR', undefined),
  studyDate: fc.constantFrom('20120229', '20191231', '20200101', undefined),
  size: fc.constantFrom(0, 1, 1023, 1024, 5000, 2_000_000),
  mtimeUs: fc.integer({ min: -10, max: 20_600 }).map((days) => days * day),
  anomaly: fc.constantFrom(
    undefined,
    undefined,
    undefined,
    'not-readable',
    'empty',
    'name-too-long',
    'name-unsafe-for-snowball',
    'not-a-file',
  ),
  fate: fc.constantFrom('unplanned', 'planned', 'sending', 'sent', 'sent', 'sent', 'left-behind'),
  route: fc.constantFrom('device', 'share', 'link'),
  verdict: fc.constantFrom(undefined, 'verified', 'verified', 'verified', 'consistent', 'present', 'mismatch', 'missing', 'unknown'),
  vanishes: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  changes: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
})

export type ViewsKit = JournalKit & { look(signal?: AbortSignal): Look; all(): ItemEvidence[] }

export function viewsKit(): ViewsKit {
  const kit = journalKit()
  kit.journal.addArchive({ root: '/second', bucket: 'bucket', prefix: 'q/', clutter: { ignore: [] } })
  const looking = openLooking(kit.file, kit.world.clock)
  return {
    ...kit,
    look: (signal = new AbortController().signal) => looking.for(signal),
    all: () => [...kit.journal.evidence()],
    remove() {
      looking.close()
      kit.remove()
    },
  }
}

/** Tells the whole history: scan, plan, transfers, a verification, and a second scan that misses what has vanished. */
export function plant({ journal }: ViewsKit, items: readonly PlantedItem[]): void {
  for (const archive of [1, 2] as const) scan(journal, archive, items, () => true)
  const plan = journal.beginPlan('{}', '{}', 10)
  const device = journal.addDevice(plan, { ordinal: 1, wave: 1, snowballType: 'V3_5S', capacity: 'T240', usable: bytes(1_000_000) })
  const batch = journal.addBatch(plan, device, `p/firn-batch-${plan}-1.tar`)
  const placed = new Map<number, PlantedItem>()
  for (const study of journal.studies(bytes(1024))) {
    const placements = []
    for (const item of journal.itemsOf(study.id)) {
      const one = items[Number(pathText(item.path)?.split('-').at(-1))]
      if (one === undefined || one.fate === 'unplanned') continue
      placed.set(item.id, one)
      const onDevice = one.route === 'device'
      const key = `${item.archiveId === 1 ? 'p/' : 'q/'}${pathText(item.path) ?? ''}`
      const batchId = onDevice && item.size < 1024 && item.archiveId === 1 ? batch : undefined
      placements.push({ item, route: one.route, key, deviceId: onDevice ? device : undefined, batchId })
    }
    journal.place(plan, placements)
  }
  journal.finishPlan(plan)
  const run = journal.beginVerification(20)
  for (const item of journal.evidence()) {
    const one = placed.get(item.id)
    if (one === undefined) continue
    if (one.fate === 'sending') journal.intend([item.id])
    if (one.fate === 'left-behind') journal.leaveBehind(item.id, 'item-too-large')
    if (one.fate === 'sent')
      journal.sent([{ itemId: item.id, etag: undefined, versionId: 'v', sha256: new Uint8Array(32), crc64nvme: new Uint8Array(8) }])
    if (one.verdict !== undefined && one.fate !== 'left-behind') {
      const sent = one.fate === 'sent'
      journal.recordVerdicts(run, [verdictOf(item, sent ? one.verdict : 'missing', sent ? undefined : 'not-sent')])
    }
  }
  journal.recordExtra(run, { archiveId: 1, key: 'p/extra', size: 3 })
  journal.finishVerification(run, 30)
  if (!items.some(({ vanishes, changes }) => vanishes || changes)) return
  const later = items.map((item) => (item.changes ? { ...item, mtimeUs: item.mtimeUs + 1, size: item.size + 1 } : item))
  for (const archive of [1, 2] as const) scan(journal, archive, later, (item) => !item.vanishes)
}

export function verdictOf(
  item: { readonly id: ItemEvidence['id']; readonly size: ItemEvidence['size'] },
  verdict: Verdict,
  reason?: string,
) {
  return {
    itemId: item.id,
    verdict,
    method: 'listing' as const,
    reason: reason ?? (verdict === 'verified' ? undefined : 'dropped'),
    bucket: 'bucket',
    key: `p/${item.id}`,
    versionId: undefined,
    size: item.size,
    algorithm: undefined,
    checksumType: undefined,
    expected: undefined,
    actual: undefined,
    storageClass: undefined,
    at: 25,
  }
}

/** One whole scan of an archive that finds the items which `there` says are there. */
export function scan(
  journal: ViewsKit['journal'],
  archive: 1 | 2,
  items: readonly PlantedItem[],
  there: (item: PlantedItem) => boolean,
): void {
  const found = items
    .map((item, at): [PlantedItem, FoundItem] => [item, foundOf(item, at)])
    .filter(([item]) => item.archive === archive && there(item))
  const run = journal.beginScan(archive, 1)
  const known = journal.known(
    archive,
    found.map(([, { path }]) => path),
  )
  journal.recordPart(
    run.id,
    archive,
    folderPart({
      items: found.filter(([, item], at) => known[at]?.mtimeUs !== item.mtimeUs).map(([, item]) => item),
      unchanged: found.filter(([, item], at) => known[at]?.mtimeUs === item.mtimeUs).map(([, { path }]) => path),
    }),
  )
  journal.foldersDone(
    run.id,
    journal.pendingFolders(run.id, 100).map((folder) => ({ folder, ignored: 1 })),
  )
  journal.settle(run.id, archive)
  journal.finishScan(run.id, 2)
}

function foundOf(item: PlantedItem, at: number): FoundItem {
  const dicom = item.study !== undefined
  return {
    path: pathFromText(`${item.folder}/i-${at}`),
    kind: item.anomaly === 'not-a-file' ? 'link' : 'file',
    size: bytes(item.size),
    mtimeUs: item.mtimeUs,
    inode: at,
    header: dicom
      ? {
          ...noHeader,
          studyUid: `1.${item.study}`,
          seriesUid: `1.${item.study}.${item.series}`,
          sopUid: `1.9.${at}`,
          modality: item.modality,
          studyDate: item.studyDate,
        }
      : undefined,
    anomalies: item.anomaly === undefined ? [] : [{ code: item.anomaly }],
  }
}

export const notUtf8 = pathFromBytes(Uint8Array.of(0x61, 0x2f, 0xff, 0x31))
