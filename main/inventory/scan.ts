/** The scan: walks an archive into the journal, folder by folder, then compares what shares an identity. Goes on where it was cut off. */
import type { Archive } from '../../shared/domain/archive.ts'
import { Fault } from '../../shared/faults/fault.ts'
import { runStage, type StageEvent, type StageReport } from '../../shared/flow/stage.ts'
import type { EventLog, EvidenceJournal, InventoryJournal, ScanCounts, ScanId } from '../../shared/ports/journal.ts'
import type { FolderPart, Source } from '../../shared/ports/source.ts'
import type { World } from '../../shared/ports/world.ts'
import { rootPath, type ItemPath } from '../../shared/units/itemPath.ts'
import { compareDuplicates } from './compareDuplicates.ts'
import { ScanLedger } from './scanLedger.ts'

export type ScanInput = {
  readonly archive: Archive
  readonly source: Source
  readonly journal: InventoryJournal & EventLog & Pick<EvidenceJournal, 'inventory'>
  readonly world: World
  /** Folders read at once; 24 unless told. Memory holds at most two parts of each. */
  readonly folderWidth?: number
}

/**
 * @throws Fault archive-missing or source-unreadable when the archive as a whole is not there (then nothing is marked as vanished), faults of the journal
 * Counters: folders, foldersLeft (known so far and not read yet), unchanged, ignored, anomalies, compared.
 */
export function scan(input: ScanInput, signal: AbortSignal): AsyncGenerator<StageEvent<ScanCounts>, void> {
  const { archive, source, journal, world } = input
  return runStage('scan', world.clock, signal, async (report) => {
    await source.check(signal)
    const { id, resumed } = journal.beginScan(archive.id, world.clock.now())
    journal.append('scan-started', { archive: archive.id, scan: id, resumed })
    if (resumed) await refuseBlankRoot(input, signal)
    await readFolders(input, id, report, signal)
    await source.check(signal)
    signal.throwIfAborted()
    journal.settle(id, archive.id)
    await compareDuplicates({ archive, source, journal }, report, signal)
    const counts = journal.finishScan(id, world.clock.now())
    journal.append('scan-finished', { archive: archive.id, scan: id, ...counts })
    return counts
  })
}

/**
 * Takes pending folders from the journal, a bounded number at a time, so that neither depth nor breadth of the tree costs memory.
 * The first failure stops the taking; what is in flight is waited for, and what was read whole is kept.
 */
async function readFolders(input: ScanInput, scanId: ScanId, report: StageReport, signal: AbortSignal): Promise<void> {
  const width = input.folderWidth ?? 24
  const ledger = new ScanLedger(input.journal, scanId, input.archive.id, signal)
  const running = new Map<string, Promise<void>>()
  let pending: ItemPath[] = []
  let failure: { readonly error: unknown } | undefined
  report.also('foldersLeft', input.journal.countPendingFolders(scanId))
  const take = (): ItemPath | undefined => {
    if (pending.length === 0) {
      ledger.flush()
      pending = input.journal.pendingFolders(scanId, taken + running.size).filter((folder) => !running.has(nameOf(folder)))
    }
    return pending.shift()
  }
  for (;;) {
    while (running.size < width && failure === undefined && !signal.aborted) {
      const folder = take()
      if (folder === undefined) break
      const reading = readFolder(input, ledger, folder, report, signal)
        .catch((error: unknown) => {
          failure ??= { error }
        })
        .finally(() => running.delete(nameOf(folder)))
      running.set(nameOf(folder), reading)
    }
    if (running.size === 0) break
    await Promise.race(running.values())
  }
  ledger.flush()
  if (failure !== undefined) throw failure.error
  signal.throwIfAborted()
}

/** Folders taken from the journal at once: many enough that asking costs little, few enough to keep going deep first. */
const taken = 128

function nameOf(folder: ItemPath): string {
  return Buffer.from(folder).toString('latin1')
}

async function readFolder(input: ScanInput, ledger: ScanLedger, folder: ItemPath, report: StageReport, signal: AbortSignal): Promise<void> {
  const { archive, source, journal } = input
  let ignored = 0
  let entries = 0
  for await (const part of source.listFolder(folder, archive.clutter, (paths) => journal.known(archive.id, paths), signal)) {
    signal.throwIfAborted()
    ledger.part(part)
    ignored += part.ignored
    entries += entriesOf(part)
    count(part, report)
  }
  signal.throwIfAborted()
  if (folder.length === 0 && entries === 0) refuseIfKnown(input)
  ledger.folderDone(folder, ignored)
  report.also('folders', 1)
  report.also('foldersLeft', -1)
}

/** An unmounted archive leaves an empty folder behind. Before a scan goes on, its root must still show something. */
async function refuseBlankRoot(input: ScanInput, signal: AbortSignal): Promise<void> {
  const { archive, source, journal } = input
  for await (const part of source.listFolder(rootPath, archive.clutter, (paths) => journal.known(archive.id, paths), signal)) {
    if (entriesOf(part) > 0) return
  }
  refuseIfKnown(input)
}

function refuseIfKnown({ archive, journal }: ScanInput): void {
  const { items } = journal.inventory(archive.id)
  if (items > 0) throw new Fault('archive-missing', { reason: 'the root folder is empty', itemsKnown: items })
}

function entriesOf(part: FolderPart): number {
  return part.items.length + part.unchanged.length + part.folders.length
}

function count(part: FolderPart, report: StageReport): void {
  report.add(
    part.items.length + part.unchanged.length,
    part.items.reduce((sum, item) => sum + item.size, 0),
  )
  report.also('foldersLeft', part.folders.length)
  report.also('unchanged', part.unchanged.length)
  report.also('ignored', part.ignored)
  report.also(
    'anomalies',
    part.items.reduce((sum, item) => sum + item.anomalies.length, 0),
  )
}
