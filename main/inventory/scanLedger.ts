/** Gathers what was read of many small folders and writes it to the journal together: a transaction a folder costs more than reading it. */
import type { ArchiveId } from '../../shared/domain/item.ts'
import type { InventoryJournal, ReadFolder, ScanId } from '../../shared/ports/journal.ts'
import type { FolderPart } from '../../shared/ports/source.ts'
import type { ItemPath } from '../../shared/units/itemPath.ts'

const mostEntries = 2000

export class ScanLedger {
  readonly #journal: InventoryJournal
  readonly #scan: ScanId
  readonly #archive: ArchiveId
  readonly #signal: AbortSignal
  #parts: FolderPart[] = []
  #entries = 0
  #done: ReadFolder[] = []

  constructor(journal: InventoryJournal, scan: ScanId, archive: ArchiveId, signal: AbortSignal) {
    this.#journal = journal
    this.#scan = scan
    this.#archive = archive
    this.#signal = signal
  }

  part(part: FolderPart): void {
    this.#parts.push(part)
    this.#entries += part.items.length + part.unchanged.length + part.folders.length
    if (this.#entries >= mostEntries) this.flush()
  }

  folderDone(folder: ItemPath, ignored: number): void {
    this.#done.push({ folder, ignored })
  }

  /** Parts before the folders they belong to, so that a folder is never done before its items are known. Nothing after an abort. */
  flush(): void {
    if (this.#signal.aborted) return
    const parts = this.#parts
    const done = this.#done
    this.#parts = []
    this.#done = []
    this.#entries = 0
    if (parts.length > 0) {
      this.#journal.recordPart(this.#scan, this.#archive, {
        items: parts.flatMap(({ items }) => items),
        unchanged: parts.flatMap(({ unchanged }) => unchanged),
        folders: parts.flatMap(({ folders }) => folders),
        ignored: parts.reduce((sum, { ignored }) => sum + ignored, 0),
      })
    }
    if (done.length > 0 && !this.#signal.aborted) this.#journal.foldersDone(this.#scan, done)
  }
}
