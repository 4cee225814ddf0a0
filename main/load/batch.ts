/** Batches: tars of small items, streamed to the target in parts; a tar that was cut off is continued where the last confirmed part ends. */
import { autoExtract } from '../../shared/domain/batch.ts'
import type { BatchRecord, Transfer } from '../../shared/domain/transfer.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { PackedMember } from '../../shared/ports/journal.ts'
import type { ReadOutcome } from '../../shared/ports/source.ts'
import { bytes, MiB } from '../../shared/units/bytes.ts'
import { sameBytes } from '../../shared/units/digest.ts'
import { leaveBehind } from '../../shared/flow/leaveBehind.ts'
import type { Loading } from './lane.ts'
import { beginUpload, dropUpload, findUpload, isOurs, PartSender, partSizeFor, type FoundUpload, type Upload } from './parts.ts'
import { readAhead } from './readAhead.ts'
import { memberName, tarEnd, tarMember, tarMemberLength } from './tarMember.ts'

const ahead = { items: 32, bytes: 8 * MiB }
/** The journal's offsets say what is in a tar; its upload needs no state of a source. */
const offsetsTell = ''
/** User metadata that names the batch in the journal. */
const batchMark = 'firn-batch'

type Member = Transfer & { readonly offset: number | undefined }
/** Where packing goes on: `skip` bytes of members[from], which begins at `offset`, are in confirmed parts already. */
type Start = { readonly from: number; readonly offset: number; readonly parts: number; readonly upload: Upload | undefined }

/** Packs and sends one batch. Its members are *sent* when the whole tar is confirmed, all in one transaction. */
export async function sendBatch(loading: Loading, batch: BatchRecord, signal: AbortSignal): Promise<void> {
  if (!loading.target.traits.extractsBatches) throw new Fault('bad-input', { target: 'does not extract batches' })
  const marks = { [batchMark]: String(batch.id) }
  loading.journal.intendBatch(batch.id)
  const found = await findUpload(loading, batch.key, offsetsTell, batch.state === 'sending', signal)
  const members = loading.journal.members(batch.id)
  if (found.kind === 'gone' && (await adopt(loading, batch, members, marks, signal))) return
  const start = await startOf(loading, batch, members, found, signal)
  if (await packFrom(loading, batch, members, start, marks, signal)) return
  // What lies in the confirmed parts is not what the source holds now: the tar is begun anew.
  const confirmed = start.upload === undefined ? 0 : start.parts * start.upload.partSize
  loading.tally.bytesResent += confirmed
  await startAnew(loading, batch, start.upload, signal)
  const anew = loading.journal.members(batch.id)
  const done = await packFrom(loading, batch, anew, { from: 0, offset: 0, parts: 0, upload: undefined }, marks, signal)
  if (!done) throw new Fault('unforeseen', { batch: batch.id, packing: 'not continued' })
}

async function startAnew(loading: Loading, batch: BatchRecord, upload: Upload | undefined, signal: AbortSignal): Promise<void> {
  if (upload !== undefined) await dropUpload(loading, upload, signal)
  loading.journal.unpack(batch.id)
}

/** Finds the last member whose header lies in confirmed parts. Parts count from the first, without gaps, and only whole ones. */
async function startOf(
  loading: Loading,
  batch: BatchRecord,
  members: readonly Member[],
  found: FoundUpload,
  signal: AbortSignal,
): Promise<Start> {
  if (found.kind === 'gone') loading.journal.uploadEnded(batch.key)
  const upload = found.kind === 'open' ? found.upload : undefined
  let parts = 0
  while (upload !== undefined && upload.confirmed.get(parts + 1)?.size === upload.partSize) parts += 1
  const at = parts * (upload?.partSize ?? 0)
  const from = members.findLastIndex((member) => member.offset !== undefined && member.offset < at)
  const last = members[from]
  if (last?.offset !== undefined && isRising(members, from)) return { from, offset: last.offset, parts, upload }
  if (parts > 0) {
    loading.tally.bytesResent += at
    await startAnew(loading, batch, upload, signal)
    return { from: 0, offset: 0, parts: 0, upload: undefined }
  }
  if (members.some((member) => member.offset !== undefined)) loading.journal.unpack(batch.id)
  return { from: 0, offset: 0, parts: 0, upload }
}

function isRising(members: readonly Member[], through: number): boolean {
  let before = -1
  for (const { offset } of members.slice(0, through + 1)) {
    if (offset === undefined || offset <= before) return false
    before = offset
  }
  return true
}

/** `false`: the member at the seam is not what was packed, and nothing was sent. */
async function packFrom(
  loading: Loading,
  batch: BatchRecord,
  members: readonly Member[],
  start: Start,
  marks: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<boolean> {
  const read = async (member: Member): Promise<ReadOutcome> => {
    signal.throwIfAborted()
    await loading.roots.ready(member.archiveId, signal)
    return loading.source(member.archiveId).readWhole(member.path, { size: member.size, mtimeUs: member.mtimeUs }, signal)
  }
  const tar = new TarInParts(loading, batch, start, { ...autoExtract, ...marks }, signal)
  const kept = members.slice(0, start.from)
  let bodies = kept.reduce((sum, member) => sum + member.size, 0)
  let packed = kept.length
  let seam = start.parts > 0
  loading.report.add(0, bodies)
  try {
    for await (const { item: member, outcome } of readAhead(members.slice(start.from), ahead, read)) {
      signal.throwIfAborted()
      if (seam) {
        seam = false
        if (outcome.kind !== 'read' || member.sha256 === undefined || !sameBytes(outcome.sha256, member.sha256)) {
          loading.report.add(0, -bodies)
          return false
        }
      } else if (outcome.kind !== 'read') {
        await leaveBehind(loading, member, outcome, signal)
        continue
      }
      await tar.add(
        { itemId: member.itemId, offset: tar.length, sha256: outcome.sha256, crc64nvme: outcome.crc64nvme },
        member,
        outcome.body,
      )
      packed += 1
      bodies += member.size
      loading.report.add(0, member.size)
    }
    const receipt = packed === 0 ? await tar.abandon() : await tar.finish(marks)
    loading.journal.batchSent(batch.id, { bytes: bytes(receipt.size), etag: receipt.etag })
    if (receipt.size > 0) loading.journal.uploadEnded(batch.key)
  } catch (error) {
    loading.report.add(0, -bodies)
    throw error
  } finally {
    await tar.settle()
  }
  loading.report.add(packed, 0)
  loading.report.also('batches', 1)
  loading.tally.items += packed
  loading.tally.bytes += bodies
  loading.tally.batches += 1
  return true
}

/** A tar on its way: bytes fill one buffer while the other is in flight. */
class TarInParts {
  readonly #loading: Loading
  readonly #batch: BatchRecord
  readonly #metadata: Readonly<Record<string, string>>
  readonly #signal: AbortSignal
  readonly #buffers: readonly [Uint8Array, Uint8Array]
  readonly #partSize: Upload['partSize']
  #upload: Upload | undefined
  #sender: PartSender | undefined
  #partNumber: number
  #filled = 0
  /** Members whose header begins in a part that is not sent yet. */
  #unrecorded: PackedMember[] = []
  /** Bytes of the next chunks that are in confirmed parts. */
  #skip: number
  length: number

  constructor(loading: Loading, batch: BatchRecord, start: Start, metadata: Readonly<Record<string, string>>, signal: AbortSignal) {
    this.#loading = loading
    this.#batch = batch
    this.#metadata = metadata
    this.#signal = signal
    this.#upload = start.upload
    this.#partSize = start.upload?.partSize ?? partSizeFor(0, loading.limits.partSize, loading.target.traits)
    this.#buffers = [new Uint8Array(this.#partSize), new Uint8Array(this.#partSize)]
    this.#partNumber = start.parts + 1
    this.#skip = start.parts * this.#partSize - start.offset
    this.length = start.offset
  }

  async add(packed: PackedMember, member: Member, body: Uint8Array): Promise<void> {
    const chunks = await tarMember({ name: memberName(this.#batch.key, member.key), mtimeUs: member.mtimeUs }, body)
    this.#unrecorded.push(packed)
    for (const chunk of chunks) await this.#write(chunk)
  }

  async finish(marks: Readonly<Record<string, string>>): Promise<{ size: number; etag: string | undefined }> {
    await this.#write(tarEnd)
    if (this.#filled > 0) await this.#flush()
    const sender = await this.#open()
    const { etag } = await sender.complete(this.length, marks, undefined)
    return { size: this.length, etag }
  }

  /** Nothing was left of the batch. */
  async abandon(): Promise<{ size: 0; etag: undefined }> {
    if (this.#upload !== undefined) await dropUpload(this.#loading, this.#upload, this.#signal)
    return { size: 0, etag: undefined }
  }

  async settle(): Promise<void> {
    await this.#sender?.settle()
  }

  async #write(chunk: Uint8Array): Promise<void> {
    this.length += chunk.length
    let from = Math.min(this.#skip, chunk.length)
    this.#skip -= from
    while (from < chunk.length) {
      const fits = chunk.subarray(from, from + this.#partSize - this.#filled)
      this.#buffer().set(fits, this.#filled)
      this.#filled += fits.length
      from += fits.length
      if (this.#filled === this.#partSize) await this.#flush()
    }
  }

  async #flush(): Promise<void> {
    const sender = await this.#open()
    if (this.#unrecorded.length > 0) this.#loading.journal.packed(this.#batch.id, this.#unrecorded.splice(0))
    await sender.send(this.#partNumber, this.#buffer().subarray(0, this.#filled))
    this.#partNumber += 1
    this.#filled = 0
  }

  #buffer(): Uint8Array {
    return this.#buffers[this.#partNumber % 2 === 0 ? 0 : 1]
  }

  async #open(): Promise<PartSender> {
    if (this.#sender !== undefined) return this.#sender
    this.#upload ??= await beginUpload(this.#loading, this.#batch.key, offsetsTell, this.#metadata, this.#partSize, this.#signal)
    this.#sender = new PartSender(this.#loading, this.#upload, this.#signal)
    for (let partNumber = 1; partNumber < this.#partNumber; partNumber += 1) {
      const part = this.#upload.confirmed.get(partNumber)
      if (part !== undefined) this.#sender.keep(part)
    }
    return this.#sender
  }
}

/** Completed before a crash that kept it from being recorded: the object is there, as long as its members end where the journal says. */
async function adopt(
  loading: Loading,
  batch: BatchRecord,
  members: readonly Member[],
  marks: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<boolean> {
  const last = members.at(-1)
  if (last?.offset === undefined || !isRising(members, members.length - 1)) return false
  const size = last.offset + (await tarMemberLength(memberName(batch.key, last.key), last.size)) + tarEnd.length
  const there = await loading.target.head(batch.key, signal)
  if (!isOurs(there, size, marks)) return false
  loading.journal.batchSent(batch.id, { bytes: bytes(size), etag: there.etag })
  loading.journal.uploadEnded(batch.key)
  const bodies = members.reduce((sum, member) => sum + member.size, 0)
  loading.report.add(members.length, bodies)
  loading.report.also('adopted', members.length)
  loading.tally.items += members.length
  loading.tally.bytes += bodies
  loading.tally.batches += 1
  loading.tally.adopted += members.length
  return true
}
