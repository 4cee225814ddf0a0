/** Photos and papers of custody: a copy of each beside the migration, under its SHA-256. Of the name it had nothing is kept: it may tell of a patient. */
import { createHash } from 'node:crypto'
import { constants, createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { mostAttachments, type AttachmentState, type CustodyAttachment } from '../../shared/domain/custody.ts'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import type { Random } from '../../shared/ports/world.ts'
import { diskFault } from '../evidence/fileSink.ts'
import { syncFolder } from '../evidence/syncFolder.ts'

const largestAttachment = 50_000_000
const extensions = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/heic': 'heic',
  'image/tiff': 'tif',
  'application/pdf': 'pdf',
} as const satisfies Record<CustodyAttachment['type'], string>
const headLength = 16

export function attachmentFile(folder: string, { sha256, type }: Pick<CustodyAttachment, 'sha256' | 'type'>): string {
  return join(folder, `${sha256}.${extensions[type]}`)
}

/** Durable when it resolves. Files of equal bytes are kept once. @throws Fault attachment-unfit, disk-full. */
export async function keepAttachments(
  folder: string,
  files: readonly string[],
  random: Random,
  signal: AbortSignal,
): Promise<CustodyAttachment[]> {
  if (files.length > mostAttachments) throw new Fault('attachment-unfit', { files: files.length, most: mostAttachments })
  const kept: CustodyAttachment[] = []
  for (const file of files) {
    const one = await keep(folder, file, random, signal)
    if (!kept.some(({ sha256 }) => sha256 === one.sha256)) kept.push(one)
  }
  return kept
}

async function keep(folder: string, file: string, random: Random, signal: AbortSignal): Promise<CustodyAttachment> {
  const source = await opened(file)
  const partial = join(folder, `.partial-${random.uuid()}`)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const head = Buffer.alloc(headLength)
    await source.read(head, 0, headLength, 0)
    const type = typeOf(head)
    if (type === undefined) throw new Fault('attachment-unfit', { problem: 'neither a photo nor a PDF' })
    const hash = createHash('sha256')
    let bytes = 0
    const counted = async function* (): AsyncGenerator<Buffer, void> {
      for await (const chunk of source.createReadStream({ start: 0, autoClose: false }) as AsyncIterable<Buffer>) {
        bytes += chunk.length
        if (bytes > largestAttachment) throw new Fault('attachment-unfit', { problem: 'too large', largest: largestAttachment })
        hash.update(chunk)
        yield chunk
      }
    }
    await pipeline(Readable.from(counted()), createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true }), { signal })
    const attachment = { sha256: hash.digest('hex'), bytes, type }
    await rename(partial, attachmentFile(folder, attachment))
    await syncFolder(folder)
    return attachment
  } catch (error) {
    await rm(partial, { force: true })
    signal.throwIfAborted()
    throw isFault(error) ? error : diskFault(error)
  } finally {
    await source.close()
  }
}

/** A file only: a pipe would be waited for, for ever. */
async function opened(file: string): Promise<FileHandle> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
    if ((await handle.stat()).isFile()) return handle
    await handle.close()
  } catch (error) {
    throw new Fault('attachment-unfit', { problem: 'cannot be read' }, { cause: error })
  }
  throw new Fault('attachment-unfit', { problem: 'not a file' })
}

/** By the first bytes, whatever the name says. HEIC: ISO/IEC 23008-12, brand in the first box. */
function typeOf(head: Buffer): CustodyAttachment['type'] | undefined {
  const text = head.toString('latin1')
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'image/webp'
  if (/^.{4}ftyp(heic|heix|mif1|msf1)/s.test(text)) return 'image/heic'
  if (text.startsWith('II*\0') || text.startsWith('MM\0*')) return 'image/tiff'
  return text.startsWith('%PDF-') ? 'application/pdf' : undefined
}

/** Whether the copy is there and still has its digest. */
export async function attachmentState(folder: string, attachment: CustodyAttachment): Promise<AttachmentState> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(attachmentFile(folder, attachment)), hash)
  } catch {
    return 'missing'
  }
  return hash.digest('hex') === attachment.sha256 ? 'whole' : 'changed'
}
