/** Parts: one multipart upload, begun or found again after a crash, with one part in flight while the next is filled. */
import type { Bytes } from '../../shared/units/bytes.ts'
import { bytes, MiB } from '../../shared/units/bytes.ts'
import { isFault } from '../../shared/faults/fault.ts'
import type { ItemDigests } from '../../shared/ports/source.ts'
import type { Onto, PutReceipt, SentPart, TargetHead, TargetTraits } from '../../shared/ports/target.ts'
import type { Loading } from './lane.ts'

export type Upload = {
  readonly key: string
  readonly uploadId: string
  readonly partSize: Bytes
  /** What the far side has of it, by part number. */
  readonly confirmed: ReadonlyMap<number, SentPart>
  /** Begun by an earlier run. */
  readonly resumed: boolean
}

/** gone: an upload was begun and is no longer open; its object may be there. none: nothing of an earlier run is left. */
export type FoundUpload = { readonly kind: 'open'; readonly upload: Upload } | { readonly kind: 'gone' } | { readonly kind: 'none' }

/** Large enough that the item needs no more parts than the target takes; whole MiB beyond the wanted size. */
export function partSizeFor(size: number, wanted: Bytes, traits: TargetTraits): Bytes {
  const fewest = Math.ceil(size / traits.mostParts)
  const chosen = fewest <= wanted ? wanted : Math.ceil(fewest / MiB) * MiB
  return bytes(Math.min(Math.max(chosen, traits.smallestPart), traits.largestPart))
}

/** What an earlier run left of the upload to `key`, begun from this state of the source. Uploads whose id it could not record hold no parts yet: they are aborted. */
export async function findUpload(
  loading: Loading,
  key: string,
  source: string,
  begunBefore: boolean,
  signal: AbortSignal,
): Promise<FoundUpload> {
  const known = loading.journal.openUpload(key)
  if (known !== undefined) {
    if (known.source !== source) {
      // Parts of other bytes: none of them may be kept.
      await loading.target.abortParts(key, known.uploadId, signal)
      loading.journal.uploadEnded(key)
      return { kind: 'none' }
    }
    const parts = await loading.target.listParts(key, known.uploadId, signal)
    if (parts === undefined) return { kind: 'gone' }
    const confirmed = new Map(parts.map((part) => [part.partNumber, part]))
    return { kind: 'open', upload: { key, uploadId: known.uploadId, partSize: known.partSize, confirmed, resumed: true } }
  }
  if (begunBefore) {
    for (const lost of await loading.target.openUploads(key, signal)) {
      if (lost.key === key) await loading.target.abortParts(key, lost.uploadId, signal)
    }
  }
  return { kind: 'none' }
}

/** Journalled as soon as it exists and before any part of it does. */
export async function beginUpload(
  loading: Loading,
  key: string,
  source: string,
  metadata: Readonly<Record<string, string>>,
  partSize: Bytes,
  signal: AbortSignal,
): Promise<Upload> {
  const uploadId = await loading.target.beginParts(key, metadata, signal)
  loading.journal.uploadBegun({ key, uploadId, partSize, source })
  return { key, uploadId, partSize, confirmed: new Map(), resumed: false }
}

export async function dropUpload(loading: Loading, upload: Upload, signal: AbortSignal): Promise<void> {
  await loading.target.abortParts(upload.key, upload.uploadId, signal)
  loading.journal.uploadEnded(upload.key)
}

/** Whether the object under a key is the one that this upload made: same size, and the marks given when it was begun. */
export function isOurs(head: TargetHead | undefined, size: number, marks: Readonly<Record<string, string>>): head is TargetHead {
  return head !== undefined && head.size === size && Object.entries(marks).every(([name, value]) => head.metadata[name] === value)
}

/** Sends parts in order, one in flight. The body given to `send` must stay as it is until the next `send` or `settle` has returned. */
export class PartSender {
  readonly #loading: Loading
  readonly #upload: Upload
  readonly #signal: AbortSignal
  readonly #parts: SentPart[] = []
  #flying: Promise<SentPart> | undefined
  #resent: boolean
  constructor(loading: Loading, upload: Upload, signal: AbortSignal) {
    this.#loading = loading
    this.#upload = upload
    this.#signal = signal
    this.#resent = upload.resumed
  }

  /** A part that the far side has already. */
  keep(part: SentPart): void {
    this.#parts.push(part)
  }

  async send(partNumber: number, body: Uint8Array): Promise<void> {
    await this.#land()
    this.#signal.throwIfAborted()
    await this.#loading.space.admit(body.length, this.#signal)
    // The first part sent after a resume is the one that was in flight when the earlier run was cut off.
    if (this.#resent) this.#loading.tally.bytesResent += body.length
    this.#resent = false
    const flying = this.#loading.target.putPart(this.#upload.key, this.#upload.uploadId, partNumber, body, this.#signal)
    flying.catch(() => undefined)
    this.#flying = flying
  }

  /** Waits for the part in flight, whatever becomes of it. Call before giving up. */
  async settle(): Promise<void> {
    await this.#flying?.catch(() => undefined)
    this.#flying = undefined
  }

  /** Ends the upload. An answer that was lost is made up for by looking whether the object is there. @throws Fault upload-gone. */
  async complete(
    size: number,
    marks: Readonly<Record<string, string>>,
    whole: ItemDigests | undefined,
    onto: Onto = 'anything',
  ): Promise<PutReceipt> {
    await this.#land()
    const { target, journal } = this.#loading
    const { key, uploadId } = this.#upload
    this.#signal.throwIfAborted()
    this.#parts.sort((a, b) => a.partNumber - b.partNumber)
    try {
      return await target.completeParts(key, uploadId, this.#parts, whole, this.#signal, onto)
    } catch (error) {
      const refused = isFault(error, 'object-conflict')
      if (!refused && !isFault(error, 'upload-gone')) throw error
      const head = await target.head(key, this.#signal)
      // What was sent for nothing gives its room back.
      if (refused) await dropUpload(this.#loading, this.#upload, this.#signal)
      if (isOurs(head, size, marks)) return { etag: head.etag, versionId: undefined }
      journal.uploadEnded(key)
      throw error
    }
  }

  async #land(): Promise<void> {
    const flying = this.#flying
    this.#flying = undefined
    if (flying !== undefined) this.#parts.push(await flying)
  }
}
