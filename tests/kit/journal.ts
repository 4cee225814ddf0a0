/** A journal in a folder of its own, and items to put into it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { FoundAnomaly } from '../../shared/domain/anomaly.ts'
import type { DicomHeader, FoundItem } from '../../shared/domain/item.ts'
import type { FolderPart } from '../../shared/ports/source.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { pathFromText } from '../../shared/units/itemPath.ts'
import { steps } from '../../main/journal/migrations.ts'
import { createJournal, type OpenJournal } from '../../main/journal/openJournal.ts'
import { testWorld, type TestWorld } from './world.ts'

export type JournalKit = {
  readonly file: string
  readonly folder: string
  readonly journal: OpenJournal
  readonly world: TestWorld
  remove(): void
}

export function journalKit(): JournalKit {
  const folder = mkdtempSync(join(tmpdir(), 'firn-journal-'))
  const file = join(folder, 'journal.db')
  const world = testWorld()
  const journal = createJournal(file, world, { name: 'Test', kind: 'rehearsal' })
  journal.addArchive({ root: '/archive', bucket: 'bucket', prefix: 'p/', clutter: { ignore: [] } })
  return {
    file,
    folder,
    journal,
    world,
    remove() {
      journal.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const noHeader: DicomHeader = {
  studyUid: undefined,
  seriesUid: undefined,
  sopUid: undefined,
  sopClass: undefined,
  modality: undefined,
  studyDate: undefined,
  transferSyntax: undefined,
  patientHash: undefined,
  accessionHash: undefined,
}

export function foundItem(
  path: string,
  size: number,
  more: { study?: string; sop?: string; date?: string; anomalies?: FoundAnomaly[]; mtimeUs?: number } = {},
): FoundItem {
  const dicom = more.study !== undefined || more.sop !== undefined
  return {
    path: pathFromText(path),
    kind: 'file',
    size: bytes(size),
    mtimeUs: more.mtimeUs ?? 1,
    inode: 1,
    header: dicom ? { ...noHeader, studyUid: more.study, sopUid: more.sop, studyDate: more.date, modality: 'CT' } : undefined,
    anomalies: more.anomalies ?? [],
  }
}

export function folderPart(part: Partial<FolderPart>): FolderPart {
  return { items: [], unchanged: [], folders: [], ignored: 0, ...part }
}

/** One whole scan that finds just these items. */
export function scanned(
  journal: OpenJournal,
  items: readonly FoundItem[],
  unchanged: readonly string[] = [],
): ReturnType<OpenJournal['finishScan']> {
  const scan = journal.beginScan(1, 1)
  journal.recordPart(scan.id, 1, folderPart({ items, unchanged: unchanged.map(pathFromText) }))
  journal.foldersDone(
    scan.id,
    journal.pendingFolders(scan.id, 10).map((folder) => ({ folder, ignored: 0 })),
  )
  journal.settle(scan.id, 1)
  return journal.finishScan(scan.id, 2)
}

/** Takes away the tables, indexes and columns that came after a version. A table that a later step made anew is the caller's. */
export function asOfVersion(database: DatabaseSync, version: number): void {
  const later = steps
    .filter(({ number }) => number > version)
    .map(({ sql }) => sql)
    .join('\n')
  for (const [, index] of later.matchAll(/^CREATE INDEX (\w+)/gm)) database.exec(`DROP INDEX IF EXISTS ${index}`)
  for (const [, table] of later.matchAll(/^CREATE TABLE (\w+)/gm)) database.exec(`DROP TABLE IF EXISTS ${table}`)
  for (const [, table, column] of later.matchAll(/^ALTER TABLE (\w+) ADD COLUMN (\w+)/gm))
    database.exec(`ALTER TABLE ${table} DROP COLUMN ${column}`)
  database.exec(`PRAGMA user_version = ${version}`)
}
