/** A source that is a folder tree: a mounted PACS store, a share, a disk. Only ever read. */
import { resolve } from 'node:path'
import type { ClutterPolicy } from '../../shared/domain/archive.ts'
import type { FoundItem, ItemStat } from '../../shared/domain/item.ts'
import { nameAnomalies } from '../../shared/domain/names.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { FolderPart, ItemReader, KnownItem, Source } from '../../shared/ports/source.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { joinPath, pathFromBytes, rootPath, type ItemPath } from '../../shared/units/itemPath.ts'
import { unpackInspections } from './packedInspections.ts'
import { ReaderPool, type Reader } from './readerPool.ts'
import { entryKinds, packNames, unpackNames, type ListedEntries } from './readerProtocol.ts'
import type { Inspected } from './packedInspections.ts'

export type FolderSourceOptions = {
  /** Key of the HMACs that stand for patient IDs and accession numbers. */
  readonly patientKey: Uint8Array
  /** The archive's key prefix: a key that would be too long is known from the path alone. */
  readonly prefix: string
  /** Reading threads; 4 unless told. */
  readonly workers?: number
  /** Milliseconds without a sign of life before a read is given up; 2 minutes unless told. */
  readonly patience?: number
}

/** `inspected`: files opened so far to read their header. */
export type FolderSource = Source & { readonly counts: { readonly inspected: number } }

type Entry = ItemStat & { readonly path: ItemPath; readonly name: Uint8Array; readonly kind: (typeof entryKinds)[number] }
type Step = { readonly part: FolderPart; readonly listed: ListedEntries }
type Known = (paths: readonly ItemPath[]) => readonly (KnownItem | undefined)[]

const partSize = 512
/** Small enough that one big folder keeps all threads busy, large enough that messages cost little. */
const inspectSize = 64

/**
 * @param root path of the archive's root folder; may itself be a link
 * Access times: left alone where the system lets Firn (its own files, or as root); elsewhere mount the archive with `noatime` or `ro`.
 */
export function openFolderSource(root: string, options: FolderSourceOptions): FolderSource {
  const { prefix, patientKey } = options
  const pool = new ReaderPool({
    size: options.workers ?? 4,
    root: Buffer.from(resolve(root)),
    prefix,
    patientKey,
    patience: options.patience ?? 120_000,
  })
  const counts = { inspected: 0 }
  /** Device and inode of the root when first seen: an unmounted archive leaves an empty folder behind, which is not an empty archive. */
  let identity: string | undefined

  async function checkRoot(signal: AbortSignal): Promise<void> {
    const { answer } = await pool.call('root-identity', {}, signal)
    if ('errno' in answer) {
      const missing = answer.errno === 'ENOENT' || answer.errno === 'ENOTDIR'
      throw new Fault(missing ? 'archive-missing' : 'source-unreadable', { errno: answer.errno })
    }
    identity ??= answer.identity
    if (answer.identity !== identity) throw new Fault('archive-missing', { reason: 'another folder is mounted in its place' })
  }

  /** An item is only gone when its archive is still there. */
  async function present<Outcome extends { readonly kind: string }>(outcome: Outcome, signal: AbortSignal): Promise<Outcome> {
    if (outcome.kind === 'vanished') await checkRoot(signal)
    return outcome
  }

  async function inspect(folder: ItemPath, entries: readonly Entry[], signal: AbortSignal): Promise<FoundItem[]> {
    const slices: (readonly Entry[])[] = []
    for (let at = 0; at < entries.length; at += inspectSize) slices.push(entries.slice(at, at + inspectSize))
    const found = await Promise.all(
      slices.map(async (slice) => {
        counts.inspected += slice.length
        const asked = await pool.call('inspect', { folder, ...packNames(slice.map(({ name }) => name)) }, signal)
        const answer = unpackInspections(asked.answer)
        if (answer.some(({ kind }) => kind === 'vanished' || kind === 'unreadable')) await checkRoot(signal)
        return slice.flatMap((entry, at) => foundFile(entry, answer[at]))
      }),
    )
    return found.flat()
  }

  function foundFile(entry: Entry, seen: Inspected | undefined): FoundItem[] {
    const { path } = entry
    if (seen === undefined || seen.kind === 'vanished') return []
    if (seen.kind !== 'unreadable') return [{ ...seen, path }]
    const anomalies = [{ code: 'not-readable' as const, facts: { errno: seen.errno } }, ...nameAnomalies(path, prefix)]
    return [{ ...entryStat(entry), path, kind: 'file', header: undefined, anomalies }]
  }

  function foundOther(entry: Entry): FoundItem {
    const { path } = entry
    const anomaly = entry.kind === 'unreadable' ? 'not-readable' : 'not-a-file'
    const kind = entry.kind === 'unreadable' ? 'file' : entry.kind
    return { ...entryStat(entry), path, kind, header: undefined, anomalies: [{ code: anomaly }, ...nameAnomalies(path, prefix)] }
  }

  async function partOf(folder: ItemPath, listed: ListedEntries, known: Known, signal: AbortSignal): Promise<FolderPart> {
    if (listed.gone > 0) await checkRoot(signal)
    const folders: ItemPath[] = []
    const others: Entry[] = []
    for (const entry of entriesOf(folder, listed)) {
      if (entry.kind === 'folder') folders.push(entry.path)
      else others.push(entry)
    }
    const before = others.length === 0 ? [] : known(others.map(({ path }) => path))
    const unchanged: ItemPath[] = []
    const items: FoundItem[] = []
    const files: Entry[] = []
    others.forEach((entry, at) => {
      if (isUnchanged(entry, before[at])) unchanged.push(entry.path)
      else if (entry.kind === 'file') files.push(entry)
      else items.push(foundOther(entry))
    })
    items.push(...(await inspect(folder, files, signal)))
    return { items, unchanged, folders, ignored: listed.ignored }
  }

  async function* listFolder(
    folder: ItemPath,
    clutter: ClutterPolicy,
    known: Known,
    signal: AbortSignal,
  ): AsyncGenerator<FolderPart, void> {
    const { answer: opened, reader } = await pool.call('open-folder', { folder, ignore: clutter.ignore, most: partSize }, signal)
    if ('errno' in opened) {
      await checkRoot(signal)
      if (folder.length === 0) throw new Fault('source-unreadable', { errno: opened.errno })
      // Gone since its parent was listed: its items will be found missing.
      if (opened.errno !== 'ENOENT' && opened.errno !== 'ENOTDIR') yield unreadableFolder(folder, opened.errno)
      return
    }
    const { handle, entries } = opened
    const nextPart = async (): Promise<Step> => {
      const { answer: listed } = await pool.call('next-entries', { handle, most: partSize }, signal, reader)
      return { part: await partOf(folder, listed, known, signal), listed }
    }
    let ahead: Promise<Step> | undefined = partOf(folder, entries, known, signal).then((part) => ({ part, listed: entries }))
    let open = true
    try {
      while (ahead !== undefined) {
        const { part, listed }: Step = await ahead
        open = !listed.last
        // One part ahead: the threads read on while the caller writes down the last part.
        ahead = open ? nextPart() : undefined
        ahead?.catch(() => undefined) // its failure is met at the next turn, if there is one
        yield part
        if (listed.failed === undefined) continue
        await checkRoot(signal)
        if (folder.length === 0) throw new Fault('source-unreadable', { errno: listed.failed })
        yield unreadableFolder(folder, listed.failed)
      }
    } finally {
      await ahead?.catch(() => undefined)
      if (open) await closeHandle(pool, handle, reader)
    }
  }

  return {
    counts,
    listFolder,
    async check(signal) {
      await checkRoot(signal)
      const { answer, reader } = await pool.call('open-folder', { folder: rootPath, ignore: [], most: 1 }, signal)
      if ('errno' in answer) throw new Fault('archive-missing', { errno: answer.errno })
      await closeHandle(pool, answer.handle, reader)
    },
    async readWhole(path, expected, signal) {
      return await present((await pool.call('read-whole', { path, expected }, signal)).answer, signal)
    },
    async open(path, expected, signal) {
      const { answer, reader } = await pool.call('open-item', { path, expected }, signal)
      return answer.kind === 'opened' ? itemReader(pool, reader, answer.handle) : await present(answer, signal)
    },
    async digests(path, expected, wanted, signal) {
      return await present((await pool.call('digests', { path, expected, wanted }, signal)).answer, signal)
    },
    async close() {
      await pool.close()
    },
  }
}

/** Tidying up must happen after an abort as well, so it has a signal of its own; a thread that was given up has closed everything. */
const always = new AbortController().signal

async function closeHandle(pool: ReaderPool, handle: number, reader: Reader): Promise<void> {
  await pool.call('close', { handle }, always, reader).catch((error: unknown) => {
    if (!(error instanceof Fault)) throw error
  })
}

function itemReader(pool: ReaderPool, reader: Reader, handle: number): ItemReader {
  return {
    async next(length, signal) {
      const { answer } = await pool.call('next-bytes', { handle, length }, signal, reader)
      if ('errno' in answer) throw new Fault('source-unreadable', { errno: answer.errno })
      return answer.body
    },
    finish: async () => (await pool.call('finish-item', { handle }, always, reader)).answer,
    close: async () => await closeHandle(pool, handle, reader),
  }
}

/** All paths share one buffer: a buffer each would cost more memory outside the heap than all else that is known of an entry. */
function* entriesOf(folder: ItemPath, listed: ListedEntries): Generator<Entry, void> {
  const before = folder.length === 0 ? folder : joinPath(folder, rootPath)
  const room = new Uint8Array(listed.names.length + before.length * listed.lengths.length)
  let at = 0
  let filled = 0
  for (const name of unpackNames(listed)) {
    const path = room.subarray(filled, (filled += before.length + name.length))
    path.set(before)
    path.set(name, before.length)
    yield {
      path: pathFromBytes(path),
      name,
      kind: entryKinds[listed.kinds[at] ?? 0] ?? 'unreadable',
      size: bytes(listed.sizes[at] ?? 0),
      mtimeUs: listed.mtimesUs[at] ?? 0,
      inode: listed.inodes[at] ?? 0,
    }
    at += 1
  }
}

function entryStat({ size, mtimeUs, inode }: Entry): ItemStat {
  return { size, mtimeUs, inode }
}

function isUnchanged(entry: Entry, before: KnownItem | undefined): boolean {
  if (before === undefined) return false
  return before.kind === entry.kind && before.size === entry.size && before.mtimeUs === entry.mtimeUs && before.inode === entry.inode
}

function unreadableFolder(folder: ItemPath, errno: string): FolderPart {
  const anomalies = [{ code: 'not-readable', facts: { errno } }] as const
  return {
    items: [{ path: folder, kind: 'folder', size: bytes(0), mtimeUs: 0, inode: 0, header: undefined, anomalies }],
    unchanged: [],
    folders: [],
    ignored: 0,
  }
}
