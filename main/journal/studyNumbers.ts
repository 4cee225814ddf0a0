/** Numbers of studies, with the most recent ones at hand: items of a study lie close together on disk. */
import type { ArchiveId } from '../../shared/domain/item.ts'
import type { JournalDatabase } from './database.ts'
import { numberOf } from './rows.ts'

export class StudyNumbers {
  readonly #database: JournalDatabase
  readonly #recent = new Map<string, number>()
  constructor(database: JournalDatabase) {
    this.#database = database
  }

  /** Numbers given in a transaction that was rolled back are not there: forget them all. */
  forgetUnless(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#recent.clear()
      throw error
    }
  }

  /** @param name one character a byte (latin1): a UID, or the path of a folder */
  of(archiveId: ArchiveId, kind: 'dicom' | 'folder', name: string, modality?: string, studyDate?: string): number {
    const cacheKey = `${archiveId}:${kind}:${name}`
    const recent = this.#recent.get(cacheKey)
    if (recent !== undefined) return recent
    const bytesOfName = Buffer.from(name, 'latin1')
    this.#database.run(
      'INSERT OR IGNORE INTO studies (archive_id, kind, name, modality, study_date) VALUES (?, ?, ?, ?, ?)',
      archiveId,
      kind,
      bytesOfName,
      modality ?? null,
      studyDate ?? null,
    )
    const row = this.#database.get('SELECT id FROM studies WHERE archive_id = ? AND kind = ? AND name = ?', archiveId, kind, bytesOfName)
    if (row === undefined) throw new Error('a study just recorded is there')
    const id = numberOf(row, 'id')
    if (this.#recent.size >= 4096) this.#recent.clear()
    this.#recent.set(cacheKey, id)
    return id
  }
}
