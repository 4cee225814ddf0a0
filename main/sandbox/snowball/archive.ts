/** Tar batches as the import reads them: whether one is whole, and its members one after the other. */
import { Readable } from 'node:stream'
import { extract, type Header } from 'tar-stream'
import { GB } from '../../../shared/units/bytes.ts'
import type { StoredObject } from '../contract.ts'

/** Larger archives are imported but not extracted (AWS Snowball Edge Developer Guide, "Batching small files"). */
export const largestArchive = 100 * GB

/** Marked for extraction by the user metadata that was set when it was put on the device. */
export function isMarked(object: StoredObject): boolean {
  return object.metadata['snowball-auto-extract']?.toLowerCase() === 'true'
}

export type Member = {
  readonly name: string
  readonly size: number
  /** Byte offset of the member's content in the archive. */
  readonly at: number
  /** A plain file; everything else but folders cannot become an object. */
  readonly kind: 'file' | 'folder' | 'other'
  /** To be read to its end before the next member is asked for, or not at all. */
  readonly open: () => Readable
}

/** Members in the archive's order. Content that nobody has read is skipped. @throws when the archive is damaged or cut short. */
export async function* members(archive: Readable): AsyncGenerator<Member> {
  const reader = extract()
  // The reader sees a source that fails, and reading ends with its error instead of waiting.
  archive.once('error', (error) => {
    reader.destroy(error)
  })
  archive.pipe(reader)
  try {
    let any = false
    for await (const entry of reader) {
      any = true
      const header = entry.header as Header & { readonly byteOffset: number }
      let opened = false
      const open = (): Readable => {
        opened = true
        return Readable.from(entry, { objectMode: false })
      }
      yield { name: header.name, size: header.size, at: header.byteOffset, kind: kindOf(header), open }
      // Letting go of an entry half-read would end the whole archive: one that nobody opened is read into nothing.
      if (!opened) entry.resume()
    }
    if (!any) throw new Error('the archive has no members')
  } finally {
    archive.destroy()
    reader.destroy()
  }
}

/** Reads the archive once to its end. `undefined` when it is whole, else why not. */
export async function damageOf(archive: Readable, seen: (member: Member) => void): Promise<string | undefined> {
  try {
    for await (const member of members(archive)) seen(member)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : 'unreadable'
  }
}

/** The key a member becomes: beside its archive. `undefined`: not a name that can be extracted. */
export function memberKey(archiveKey: string, name: string): string | undefined {
  const bad =
    name === '' ||
    name.startsWith('/') ||
    name.includes('\uFFFD') ||
    name.split('/').some((step) => step === '.' || step === '..' || step === '')
  if (bad) return undefined
  const key = archiveKey.slice(0, archiveKey.lastIndexOf('/') + 1) + name
  return Buffer.byteLength(key) <= 1024 ? key : undefined
}

function kindOf(header: Header): Member['kind'] {
  if (header.type === 'directory') return 'folder'
  return header.type === 'file' || header.type === 'contiguous-file' ? 'file' : 'other'
}
