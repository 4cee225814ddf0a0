/** Migrations for tests of planning and evidence: a real journal in a folder of its own, filled as a scan would fill it. */
import { createHash, createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createJournal, type OpenJournal } from '../../main/journal/openJournal.ts'
import type { FoundAnomaly } from '../../shared/domain/anomaly.ts'
import { defaultClutter, type Archive } from '../../shared/domain/archive.ts'
import type { FoundItem, ItemKind } from '../../shared/domain/item.ts'
import type { StageEvent } from '../../shared/flow/stage.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathFromBytes, pathFromText, rootPath } from '../../shared/units/itemPath.ts'
import { testWorld, type TestWorld } from '../kit/world.ts'

export type Planted = {
  readonly path: string | Uint8Array
  readonly size: number
  readonly study?: string
  readonly modality?: string
  readonly studyDate?: string
  /** As the file holds it; hashed under `patientKey`. */
  readonly patient?: string
  readonly kind?: ItemKind
  readonly anomalies?: readonly FoundAnomaly['code'][]
}

export const patientKey = createHash('sha256').update('patients').digest()

export function patientHash(id: string): Uint8Array {
  return createHmac('sha256', patientKey).update(id).digest()
}

export type TestMigration = { readonly folder: string; readonly journal: OpenJournal; readonly world: TestWorld; close(): void }

export function testMigration(): TestMigration {
  const folder = mkdtempSync(join(tmpdir(), 'firn-plan-'))
  const world = testWorld()
  const journal = createJournal(join(folder, 'journal.db'), world, { name: 'cold studies', kind: 'rehearsal' })
  return {
    folder,
    journal,
    world,
    close() {
      journal.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function foundItem(planted: Planted): FoundItem {
  return {
    path: typeof planted.path === 'string' ? pathFromText(planted.path) : pathFromBytes(planted.path),
    kind: planted.kind ?? 'file',
    size: bytes(planted.size),
    mtimeUs: 1_700_000_000_000_000,
    inode: 1,
    header:
      planted.study === undefined
        ? undefined
        : {
            studyUid: planted.study,
            seriesUid: `${planted.study}.1`,
            sopUid: undefined,
            sopClass: undefined,
            modality: planted.modality ?? 'CT',
            studyDate: planted.studyDate,
            transferSyntax: '1.2.840.10008.1.2.1',
            patientHash: planted.patient === undefined ? undefined : patientHash(planted.patient),
            accessionHash: undefined,
          },
    anomalies: (planted.anomalies ?? []).map((code) => ({ code })),
  }
}

/** Adds an archive and scans these items into it. */
export function scanInto(migration: TestMigration, items: readonly Planted[], archive: { bucket?: string; prefix?: string } = {}): Archive {
  const { journal, world } = migration
  const added = journal.addArchive({
    root: join(migration.folder, `archive-${journal.archives().length + 1}`),
    bucket: archive.bucket ?? 'hospital-images',
    prefix: archive.prefix ?? 'pacs/',
    clutter: defaultClutter,
  })
  const scan = journal.beginScan(added.id, world.clock.now())
  journal.recordPart(scan.id, added.id, { items: items.map(foundItem), unchanged: [], folders: [], ignored: 0 })
  journal.foldersDone(scan.id, [{ folder: rootPath, ignored: 0 }])
  journal.settle(scan.id, added.id)
  journal.finishScan(scan.id, world.clock.now())
  return added
}

/** Runs a stage to its end and gives its outcome. */
export async function outcomeOfStage<Outcome>(stage: AsyncIterable<StageEvent<Outcome>>): Promise<Outcome> {
  for await (const event of stage) if (event.kind === 'finished') return event.outcome
  throw new Error('the stage ended without an outcome')
}
