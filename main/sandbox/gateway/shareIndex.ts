/** What the gateway knows of the share: every file with its size and change stamp, and whether it still has to go up. Kept on disk. */
import { count, text, type ControlState, type Row } from '../control/state.ts'

/** dirty: to be uploaded. failing: given up, still in the cache. clean: in S3. */
export type ShareFileState = 'dirty' | 'failing' | 'clean'

export type ShareFile = {
  /** Folder within the share, '' for its root; steps joined by '/'. */
  readonly parent: string
  readonly name: string
  readonly folder: boolean
  readonly size: number
  /** Changes whenever the file was written. */
  readonly stamp: string
  readonly state: ShareFileState
}

export type ShareTotals = {
  readonly bytes: number
  readonly dirtyBytes: number
  readonly dirtyFiles: number
  readonly failingFiles: number
}

export interface ShareIndex {
  readonly totals: ShareTotals
  /** All entries of one folder by name. */
  entries(parent: string): ReadonlyMap<string, ShareFile>
  put(file: ShareFile): void
  /** Marks the file with this stamp; a file written again meanwhile stays as it is. @returns whether it was marked. */
  mark(file: ShareFile, state: ShareFileState): boolean
  /** Forgets an entry, a folder with all that is in it. @returns what was forgotten, files only. */
  remove(file: ShareFile): readonly ShareFile[]
  /** Entries waiting to go up, from after the one given. */
  dirty(after: ShareFile | undefined, limit: number): readonly ShareFile[]
  failing(limit: number): readonly ShareFile[]
}

export function pathOf(file: Pick<ShareFile, 'parent' | 'name'>): string {
  return file.parent === '' ? file.name : `${file.parent}/${file.name}`
}

export function openShareIndex(state: ControlState): ShareIndex {
  const sums = state.row(
    `SELECT coalesce(sum(size), 0) AS bytes, coalesce(sum(size) FILTER (WHERE state <> 'clean'), 0) AS dirtyBytes,
     count(*) FILTER (WHERE state = 'dirty') AS dirtyFiles, count(*) FILTER (WHERE state = 'failing') AS failingFiles FROM share_files`,
  )
  const totals = {
    bytes: count(sums?.['bytes']),
    dirtyBytes: count(sums?.['dirtyBytes']),
    dirtyFiles: count(sums?.['dirtyFiles']),
    failingFiles: count(sums?.['failingFiles']),
  }
  const tally = (file: ShareFile, sign: 1 | -1): void => {
    totals.bytes += sign * file.size
    if (file.state !== 'clean') totals.dirtyBytes += sign * file.size
    if (file.state === 'dirty') totals.dirtyFiles += sign
    if (file.state === 'failing') totals.failingFiles += sign
  }
  const find = (file: Pick<ShareFile, 'parent' | 'name'>): ShareFile | undefined => {
    const row = state.row('SELECT * FROM share_files WHERE parent = ? AND name = ?', file.parent, file.name)
    return row === undefined ? undefined : fileOf(row)
  }
  const index: ShareIndex = {
    totals,
    entries: (parent) =>
      new Map(state.rows('SELECT * FROM share_files WHERE parent = ?', parent).map((row) => [text(row['name']) ?? '', fileOf(row)])),
    put(file) {
      const before = find(file)
      if (before !== undefined) tally(before, -1)
      state.run(
        'INSERT OR REPLACE INTO share_files VALUES (?, ?, ?, ?, ?, ?)',
        file.parent,
        file.name,
        file.folder ? 1 : 0,
        file.size,
        file.stamp,
        file.state,
      )
      tally(file, 1)
    },
    mark(file, to) {
      const now = find(file)
      if (now === undefined || now.stamp !== file.stamp) return false
      index.put({ ...now, state: to })
      return true
    },
    remove(file) {
      const gone: ShareFile[] = []
      const known = find(file)
      if (known === undefined) return gone
      tally(known, -1)
      state.run('DELETE FROM share_files WHERE parent = ? AND name = ?', known.parent, known.name)
      if (!known.folder) return [known]
      for (const child of index.entries(pathOf(known)).values()) gone.push(...index.remove(child))
      return gone
    },
    dirty: (after, limit) =>
      state
        .rows(
          "SELECT * FROM share_files WHERE state = 'dirty' AND (parent, name) > (?, ?) ORDER BY parent, name LIMIT ?",
          after?.parent ?? '',
          after?.name ?? '',
          limit,
        )
        .map(fileOf),
    failing: (limit) => state.rows("SELECT * FROM share_files WHERE state = 'failing' ORDER BY parent, name LIMIT ?", limit).map(fileOf),
  }
  return index
}

function fileOf(row: Row): ShareFile {
  return {
    parent: text(row['parent']) ?? '',
    name: text(row['name']) ?? '',
    folder: row['folder'] === 1,
    size: count(row['size']),
    stamp: text(row['stamp']) ?? '',
    state: text(row['state']) as ShareFileState,
  }
}
