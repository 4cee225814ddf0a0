import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { scan } from '../../main/inventory/scan.ts'
import { createJournal, openJournal, type OpenJournal } from '../../main/journal/openJournal.ts'
import { generateArchive, type ArchiveSummary } from '../../main/sandbox/archive/generate.ts'
import { openFolderSource } from '../../main/source/folderSource.ts'
import { anomalyCodes } from '../../shared/domain/anomaly.ts'
import { defaultClutter, type Archive } from '../../shared/domain/archive.ts'
import type { InventoryJournal, ScanCounts } from '../../shared/ports/journal.ts'
import type { World } from '../../shared/ports/world.ts'
import { pathForDisplay } from '../../shared/units/itemPath.ts'
import { testWorld } from '../kit/world.ts'
import { asOrdinaryUser, folderWith, never, treeHash } from './sourceKit.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

type Migration = { readonly journal: OpenJournal; readonly archive: Archive; readonly file: string; readonly world: World }

function migrationOf(root: string): Migration {
  const file = join(folderWith(), 'journal.db')
  const world = testWorld()
  const journal = createJournal(file, world, { name: 'test', kind: 'rehearsal' })
  cleanups.push(() => journal.close())
  return { journal, archive: journal.addArchive({ root, bucket: 'images', prefix: '', clutter: defaultClutter }), file, world }
}

async function scanned(
  { archive, world, journal }: Migration,
  more: { signal?: AbortSignal; journal?: Partial<InventoryJournal> } = {},
): Promise<ScanCounts & { inspected: number }> {
  const source = openFolderSource(archive.root, { patientKey: Buffer.from('key'), prefix: archive.prefix, workers: 2 })
  const inner: OpenJournal = { ...journal, ...more.journal }
  try {
    let counts: ScanCounts | undefined
    for await (const event of scan({ archive, source, journal: inner, world }, more.signal ?? never)) {
      if (event.kind === 'finished') counts = event.outcome
    }
    if (counts === undefined) throw new Error('a scan ends with counts')
    return { ...counts, inspected: source.counts.inspected }
  } finally {
    await source.close()
  }
}

/** Every anomaly in the journal, as "code path". */
function foundIn({ journal }: Migration): string[] {
  const found: string[] = []
  for (const item of journal.evidence()) for (const code of item.anomalies) found.push(`${code} ${pathForDisplay(item.path)}`)
  return found.sort()
}

function presentIn({ journal }: Migration): string[] {
  return [...journal.evidence()].filter(({ present }) => present).map(({ path }) => pathForDisplay(path))
}

async function generated(folder: string, options: Parameters<typeof generateArchive>[1]): Promise<ArchiveSummary> {
  const making = generateArchive(folder, options)
  for (;;) {
    const step = await making.next()
    if (step.done === true) return step.value
  }
}

describe('a first scan', () => {
  test('finds exactly the planted anomalies of a synthetic archive, counts every item, and changes nothing', async () => {
    const root = folderWith()
    const made = await generated(root, { instances: 300, meanBytes: 3000, sampleFolder: 'tests/fixtures/dicom' })
    const before = treeHash(root)
    const migration = migrationOf(root)
    const counts = await scanned(migration)
    expect(counts).toMatchObject({ added: made.items, changed: 0, unchanged: 0, vanished: 0, ignored: made.clutter })
    expect(foundIn(migration)).toEqual(made.planted.map(({ code, path }) => `${code} ${pathForDisplay(path)}`).sort())
    expect(migration.journal.inventory(migration.archive.id)).toMatchObject({ items: made.items, bytes: made.bytes })
    expect(treeHash(root)).toBe(before)
    expect([...migration.journal.events()].map(({ kind }) => kind).slice(-2)).toEqual(['scan-started', 'scan-finished'])
  })

  test('no path and no identifier reaches the event log', async () => {
    const root = folderWith()
    await generated(root, { instances: 20, meanBytes: 2000 })
    const migration = migrationOf(root)
    await scanned(migration)
    const log = [...migration.journal.events()].map(({ body }) => body).join('\n')
    expect(log).not.toMatch(/SYNTHETIC|SYN0|IM0|Invented/)
  })

  test('a link whose target lies outside is listed and the outside is never read', async () => {
    const outside = folderWith({ IM1: 'x' })
    const root = folderWith({ here: 'x' })
    symlinkSync(outside, join(root, 'link'))
    const migration = migrationOf(root)
    await scanned(migration)
    expect(foundIn(migration)).toEqual(['not-a-file link'])
    expect(presentIn(migration)).toEqual(['here', 'link'])
  })
})

describe('a second scan', () => {
  test('finds what is new, changed and gone, and opens nothing else', async () => {
    const root = folderWith({ 'a/same': 'x', 'a/grown': 'x', 'b/gone': 'x', 'b/deep/er/gone too': 'x' })
    const migration = migrationOf(root)
    await scanned(migration)
    appendFileSync(join(root, 'a/grown'), 'y')
    rmSync(join(root, 'b'), { recursive: true })
    writeFileSync(join(root, 'a/new'), 'z')
    const counts = await scanned(migration)
    expect(counts).toMatchObject({ added: 1, changed: 1, unchanged: 1, vanished: 2, inspected: 2 })
    expect(foundIn(migration)).toEqual(['vanished b/deep/er/gone too', 'vanished b/gone'])
  })

  test('of an archive that did not change opens nothing and says nothing new', async () => {
    const root = folderWith()
    await generated(root, { instances: 60, meanBytes: 2000, sampleFolder: 'tests/fixtures/dicom' })
    const migration = migrationOf(root)
    const first = await scanned(migration)
    const before = foundIn(migration)
    const again = await scanned(migration)
    expect(again).toMatchObject({ added: 0, changed: 0, unchanged: first.added, vanished: 0, inspected: 0 })
    expect(foundIn(migration)).toEqual(before)
  })

  test('a duplicate is one no longer when its twin has gone', async () => {
    const image = { 'one.dcm': await bytesOf('MR_small.dcm'), 'two.dcm': await bytesOf('MR_small.dcm') }
    const root = folderWith(image)
    const migration = migrationOf(root)
    await scanned(migration)
    expect(foundIn(migration)).toEqual(['duplicate-same-bytes one.dcm', 'duplicate-same-bytes two.dcm'])
    rmSync(join(root, 'two.dcm'))
    await scanned(migration)
    expect(foundIn(migration)).toEqual(['vanished two.dcm'])
  })

  test('a folder that has become unreadable loses none of its items; they are there again when it is readable again', async () => {
    const root = folderWith({ 'a/IM1': 'x', 'a/deep/IM2': 'x', 'b/IM3': 'x' })
    chmodSync(root, 0o755)
    const migration = migrationOf(root)
    await scanned(migration)
    chmodSync(join(root, 'a'), 0)
    await asOrdinaryUser(async () => {
      expect(await scanned(migration)).toMatchObject({ vanished: 0 })
    })
    expect(foundIn(migration)).toEqual(['not-readable a'])
    chmodSync(join(root, 'a'), 0o755)
    expect(await scanned(migration)).toMatchObject({ vanished: 0 })
    expect(foundIn(migration)).toEqual([])
  })
})

describe('an archive that is not there', () => {
  test('is refused, and nothing counts as vanished: root missing, and root empty as after an unmount', async () => {
    const root = folderWith({ 'a/IM1': 'x' })
    const migration = migrationOf(root)
    await scanned(migration)
    renameSync(root, `${root}-away`)
    await expect(scanned(migration)).rejects.toMatchObject({ code: 'archive-missing' })
    mkdirSync(root)
    await expect(scanned(migration)).rejects.toMatchObject({ code: 'archive-missing' })
    // A second try goes on with the scan just begun and must refuse as well.
    await expect(scanned(migration)).rejects.toMatchObject({ code: 'archive-missing' })
    expect(presentIn(migration)).toEqual(['a/IM1'])
    rmSync(root, { recursive: true })
    renameSync(`${root}-away`, root)
    expect(await scanned(migration)).toMatchObject({ vanished: 0, unchanged: 1 })
  })

  test('an empty archive that never held anything is simply empty', async () => {
    expect(await scanned(migrationOf(folderWith()))).toMatchObject({ added: 0, vanished: 0 })
  })
})

describe('a scan that is cut off', () => {
  test.each([1, 5, 14])('after %i folders goes on where it was and ends with the same inventory', async (after) => {
    const root = folderWith()
    await generated(root, { instances: 80, meanBytes: 1500, sampleFolder: 'tests/fixtures/dicom' })
    const undisturbed = migrationOf(root)
    await scanned(undisturbed)

    const migration = migrationOf(root)
    const aborter = new AbortController()
    let done = 0
    const foldersDone: InventoryJournal['foldersDone'] = (id, folders) => {
      const whole = folders.slice(0, after - done)
      migration.journal.foldersDone(id, whole)
      done += whole.length
      if (done === after) aborter.abort(new Error('power cut'))
    }
    await expect(scanned(migration, { signal: aborter.signal, journal: { foldersDone } })).rejects.toThrow('power cut')
    expect(done).toBe(after)
    migration.journal.close()

    const reopened = { ...migration, journal: openJournal(migration.file, migration.world) }
    cleanups.push(() => reopened.journal.close())
    const counts = await scanned(reopened)
    expect(counts.added).toBe(presentIn(undisturbed).length)
    expect(presentIn(reopened)).toEqual(presentIn(undisturbed))
    expect(foundIn(reopened)).toEqual(foundIn(undisturbed))
    expect([...reopened.journal.events()].filter(({ kind, body }) => kind === 'scan-started' && body.includes('true'))).toHaveLength(1)
  })

  test('writes nothing more to the journal after the abort', async () => {
    const root = folderWith()
    await generated(root, { instances: 60, meanBytes: 1500 })
    const migration = migrationOf(root)
    const aborter = new AbortController()
    let writesAfter = 0
    const recordPart: InventoryJournal['recordPart'] = (id, archiveId, part) => {
      if (aborter.signal.aborted) writesAfter += 1
      migration.journal.recordPart(id, archiveId, part)
      aborter.abort(new Error('stop'))
    }
    await expect(scanned(migration, { signal: aborter.signal, journal: { recordPart } })).rejects.toThrow('stop')
    expect(writesAfter).toBe(0)
  })
})

test('every anomaly a disk can hold is planted somewhere, or said not to be', async () => {
  const made = await generated(folderWith(), { instances: 1, meanBytes: 1000 })
  const covered = new Set([...made.planted, ...made.notPlanted].map(({ code }) => code))
  // These two happen to files while they are looked at.
  expect(anomalyCodes.filter((code) => !covered.has(code)).sort()).toEqual(['changed-while-read', 'vanished'])
})

async function bytesOf(name: string): Promise<Buffer> {
  const { readFile } = await import('node:fs/promises')
  return await readFile(`tests/fixtures/dicom/${name}`)
}
