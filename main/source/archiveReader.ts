/** What a reading thread does for each request. One reader per thread; open folders and items live here under a handle. */
import type { Transferable } from 'node:worker_threads'
import { hash, type KeyObject } from 'node:crypto'
import { lstatSync, statSync } from 'node:fs'
import { nameAnomalies } from '../../shared/domain/names.ts'
import type { ItemDigests } from '../../shared/ports/source.ts'
import { joinPath, pathFromBytes, type ItemPath } from '../../shared/units/itemPath.ts'
import { digester, type Digester } from '../files/digesters.ts'
import { digestRanges } from './digestRanges.ts'
import { FolderListing } from './folderListing.ts'
import { inspectFile } from './inspectFile.ts'
import { packInspections } from './packedInspections.ts'
import { closeQuietly, errnoOf, heldStill, openExpected, readFully, type OpenFile } from '../files/openReadOnly.ts'
import { unpackNames, type Answers, type Asks, type CallName, type Failed, type ListedEntries } from './readerProtocol.ts'
import type { Inspected } from './packedInspections.ts'

export type Answered<Value = unknown> = { readonly value: Value; readonly transfer: readonly Transferable[] }
type Calls = { [Name in CallName]: (asks: Asks<Name>, alive: () => boolean) => Answered<Answers<Name>> | Promise<Answered<Answers<Name>>> }
type OpenItem = { readonly file: OpenFile; readonly sha256: Digester; readonly crc64nvme: Digester; position: number }

/** Whole items are batched or fit in a part; larger ones are read in order. */
const largestWhole = 256 * 1024 * 1024

const plain = <Value>(value: Value): Answered<Value> => ({ value, transfer: [] })

export function archiveReader(archive: { readonly root: Uint8Array; readonly prefix: string; readonly patientKey: KeyObject }): {
  answer(name: CallName, asks: unknown, alive: () => boolean): Promise<Answered>
} {
  const folders = new Map<number, FolderListing>()
  const items = new Map<number, OpenItem>()
  let handles = 0
  const root = Buffer.from(archive.root)
  const absolute = (path: ItemPath): Buffer =>
    path.length === 0 ? Buffer.from(archive.root) : Buffer.concat([archive.root, Buffer.from('/'), path])

  const calls: Calls = {
    'root-identity': () => {
      try {
        const stats = statSync(absolute(pathFromBytes(new Uint8Array(0))), { bigint: true })
        return plain(stats.isDirectory() ? { identity: `${stats.dev}:${stats.ino}` } : { errno: 'ENOTDIR' })
      } catch (error) {
        return plain({ errno: errnoOf(error) })
      }
    },

    'open-folder': ({ folder, ignore, most }) => {
      try {
        // opendir follows links; only the root itself may be one.
        if (folder.length > 0 && !lstatSync(absolute(folder)).isDirectory()) return plain({ errno: 'ENOTDIR' })
        const listing = new FolderListing(absolute(folder), ignore)
        const handle = ++handles
        folders.set(handle, listing)
        const { value: entries, transfer } = listed(handle, listing, most)
        return { value: { handle, entries }, transfer }
      } catch (error) {
        return plain({ errno: errnoOf(error) })
      }
    },

    'next-entries': ({ handle, most }) => {
      const folder = folders.get(handle)
      if (folder === undefined) throw new RangeError('no such folder is open')
      return listed(handle, folder, most)
    },

    inspect: ({ folder, ...packed }) => {
      const rows = Array.from(unpackNames(packed), (name): Inspected => {
        const path = joinPath(folder, name)
        const seen = inspectFile(absolute(path), root, archive.patientKey)
        if (!('anomalies' in seen)) return seen
        const names = nameAnomalies(path, archive.prefix)
        return names.length === 0 ? seen : { ...seen, anomalies: [...seen.anomalies, ...names] }
      })
      const value = packInspections(rows)
      return { value, transfer: [value.kinds.buffer, value.stats.buffer, value.dicom.buffer, value.cells.buffer] }
    },

    'read-whole': async ({ path, expected }) => {
      const file = openExpected(absolute(path), root, expected)
      if ('kind' in file) return plain(file)
      try {
        if (file.size > largestWhole) throw new RangeError('too large to be read in one piece')
        const body = new Uint8Array(file.size)
        const whole = readFully(file.fd, body, 0) === body.length && heldStill(file)
        if (!whole) return plain({ kind: 'changed' })
        const digests = { sha256: new Uint8Array(hash('sha256', body, 'buffer')), crc64nvme: await crc64nvmeOf(body) }
        return { value: { kind: 'read', body, ...digests }, transfer: [body.buffer] }
      } catch (error) {
        // Not the file's fault: a caller that asks for too much.
        if (error instanceof RangeError) throw error
        return plain({ kind: 'unreadable', errno: errnoOf(error) })
      } finally {
        closeQuietly(file.fd)
      }
    },

    'open-item': async ({ path, expected }) => {
      const file = openExpected(absolute(path), root, expected)
      if ('kind' in file) return plain(file satisfies Failed)
      items.set(++handles, { file, sha256: await digester('SHA256'), crc64nvme: await digester('CRC64NVME'), position: 0 })
      return plain({ kind: 'opened', handle: handles })
    },

    'next-bytes': ({ handle, length }) => {
      const item = opened(handle)
      // Never beyond what was planned, even when the file has grown.
      const body = new Uint8Array(Math.min(length, item.file.size - item.position))
      let filled: number
      try {
        filled = readFully(item.file.fd, body, item.position)
      } catch (error) {
        return plain({ errno: errnoOf(error) })
      }
      if (filled === 0) return plain({ body: undefined })
      const part = filled === body.length ? body : body.slice(0, filled)
      item.sha256.update(part)
      item.crc64nvme.update(part)
      item.position += filled
      return { value: { body: part }, transfer: [part.buffer] }
    },

    'finish-item': ({ handle }) => {
      const item = opened(handle)
      const digests: ItemDigests = { sha256: item.sha256.finish(), crc64nvme: item.crc64nvme.finish() }
      const whole = item.position === item.file.size && heldStill(item.file)
      close(handle)
      return plain(whole ? { kind: 'read', ...digests } : { kind: 'changed' })
    },

    digests: async ({ path, expected, wanted }, alive) => {
      const file = openExpected(absolute(path), root, expected)
      if ('kind' in file) return plain(file)
      try {
        const digests = await digestRanges(file.fd, wanted, alive)
        return plain(digests === undefined || !heldStill(file) ? { kind: 'changed' } : { kind: 'read', digests })
      } catch (error) {
        return plain({ kind: 'unreadable', errno: errnoOf(error) })
      } finally {
        closeQuietly(file.fd)
      }
    },

    close: ({ handle }) => {
      close(handle)
      return plain({})
    },
  }

  function listed(handle: number, folder: FolderListing, most: number): Answered<ListedEntries> {
    const entries = folder.next(most)
    if (entries.last) folders.delete(handle)
    const columns = [entries.names, entries.lengths, entries.kinds, entries.sizes, entries.mtimesUs, entries.inodes]
    return { value: entries, transfer: columns.map((column) => column.buffer) }
  }

  function opened(handle: number): OpenItem {
    const item = items.get(handle)
    if (item === undefined) throw new RangeError('no such item is open')
    return item
  }

  function close(handle: number): void {
    folders.get(handle)?.close()
    folders.delete(handle)
    const item = items.get(handle)
    if (item !== undefined) closeQuietly(item.file.fd)
    items.delete(handle)
  }

  return {
    // The name decides the type of `asks`; both come from the same typed call on the other side.
    answer: async (name, asks, alive) => await calls[name](asks as never, alive),
  }
}

async function crc64nvmeOf(body: Uint8Array): Promise<Uint8Array> {
  const crc = await digester('CRC64NVME')
  crc.update(body)
  return crc.finish()
}
