/** One folder being listed: names as bytes, a part at a time, so that a folder of any size costs the same memory. */
import { lstatSync, opendirSync, type Dir, type Stats } from 'node:fs'
import { clutterTest } from './clutter.ts'
import { errnoOf, statOf } from '../files/openReadOnly.ts'
import { entryKinds, packNames, type ListedEntries } from './readerProtocol.ts'

const slash = Buffer.from('/')

export class FolderListing {
  readonly #path: Buffer
  readonly #folder: Dir
  readonly #isClutter: (name: Uint8Array) => boolean
  #open = true

  /** @throws the file system's error when the folder cannot be opened */
  constructor(path: Buffer, ignore: readonly string[]) {
    this.#path = Buffer.concat([path, slash])
    this.#isClutter = clutterTest(ignore)
    // Node's types know only text names here; with encoding 'buffer' it gives bytes.
    this.#folder = opendirSync(path, { encoding: 'buffer' as BufferEncoding, bufferSize: 512 })
  }

  next(most: number): ListedEntries {
    const names: Uint8Array[] = []
    const rows: { kind: (typeof entryKinds)[number]; size: number; mtimeUs: number; inode: number }[] = []
    let ignored = 0
    let gone = 0
    let last = false
    let failed: string | undefined
    while (names.length < most) {
      let name: Uint8Array
      try {
        const entry = this.#folder.readSync()
        if (entry === null) {
          last = true
          break
        }
        name = entry.name as unknown as Uint8Array
      } catch (error) {
        failed = errnoOf(error)
        last = true
        break
      }
      if (this.#isClutter(name)) {
        ignored += 1
        continue
      }
      const row = this.#look(name)
      if (row === undefined) {
        gone += 1
        continue
      }
      names.push(name)
      rows.push(row)
    }
    if (last) this.close()
    return {
      ...packNames(names),
      kinds: Uint8Array.from(rows, ({ kind }) => entryKinds.indexOf(kind)),
      sizes: Float64Array.from(rows, ({ size }) => size),
      mtimesUs: Float64Array.from(rows, ({ mtimeUs }) => mtimeUs),
      inodes: Float64Array.from(rows, ({ inode }) => inode),
      ignored,
      gone,
      last,
      failed,
    }
  }

  close(): void {
    if (this.#open) this.#folder.closeSync()
    this.#open = false
  }

  /** `undefined`: it went away since the folder was read. */
  #look(name: Uint8Array): { kind: (typeof entryKinds)[number]; size: number; mtimeUs: number; inode: number } | undefined {
    try {
      const stats = lstatSync(Buffer.concat([this.#path, name]))
      return { kind: kindOf(stats), ...statOf(stats) }
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined
      return { kind: 'unreadable', size: 0, mtimeUs: 0, inode: 0 }
    }
  }
}

function kindOf(stats: Stats): (typeof entryKinds)[number] {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'folder'
  return stats.isSymbolicLink() ? 'link' : 'special'
}
