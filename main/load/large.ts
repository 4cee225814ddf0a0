/** Large items: sent in parts, one part in flight per item while the next is read and hashed. */
import type { Transfer } from '../../shared/domain/transfer.ts'
import type { ItemDigests, ItemReader } from '../../shared/ports/source.ts'
import type { PutReceipt } from '../../shared/ports/target.ts'
import { leaveBehind } from '../../shared/flow/leaveBehind.ts'
import { ontoFor, type Loading } from './lane.ts'
import { beginUpload, dropUpload, findUpload, isOurs, PartSender, partSizeFor, type FoundUpload, type Upload } from './parts.ts'

/** User metadata that names the state of the source an upload was made from; its digest is not known when the upload begins. */
const sourceMark = 'firn-source'

function stateOf({ size, mtimeUs }: Transfer): string {
  return `${size}-${mtimeUs}`
}

/** The item must be intended in the journal. */
export async function sendLarge(loading: Loading, transfer: Transfer, signal: AbortSignal): Promise<void> {
  const found = await findUpload(loading, transfer.key, stateOf(transfer), transfer.state === 'sending', signal)
  const partSize =
    found.kind === 'open' ? found.upload.partSize : partSizeFor(transfer.size, loading.limits.partSize, loading.target.traits)
  // One part in flight, one being read.
  await loading.memory.hold(2 * partSize, async () => {
    signal.throwIfAborted()
    await sendFound(loading, transfer, found, partSize, signal)
  })
}

async function sendFound(
  loading: Loading,
  transfer: Transfer,
  found: FoundUpload,
  partSize: Upload['partSize'],
  signal: AbortSignal,
): Promise<void> {
  const opened = await loading.source(transfer.archiveId).open(transfer.path, { size: transfer.size, mtimeUs: transfer.mtimeUs }, signal)
  signal.throwIfAborted()
  if ('kind' in opened) {
    if (found.kind === 'open') await dropUpload(loading, found.upload, signal)
    return leaveBehind(loading, transfer, opened, signal)
  }
  const marks = { [sourceMark]: stateOf(transfer) }
  try {
    if (found.kind === 'gone') {
      const there = await loading.target.head(transfer.key, signal)
      if (isOurs(there, transfer.size, marks))
        return await adopt(loading, transfer, opened, { etag: there.etag, versionId: undefined }, partSize, signal)
      loading.journal.uploadEnded(transfer.key)
    }
    const upload =
      found.kind === 'open' ? found.upload : await beginUpload(loading, transfer.key, stateOf(transfer), marks, partSize, signal)
    await sendParts(loading, transfer, opened, upload, marks, signal)
  } finally {
    await opened.close()
  }
}

async function sendParts(
  loading: Loading,
  transfer: Transfer,
  reader: ItemReader,
  upload: Upload,
  marks: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const sender = new PartSender(loading, upload, signal)
  let counted = 0
  try {
    for (let partNumber = 1; ; partNumber += 1) {
      const body = await reader.next(upload.partSize, signal)
      signal.throwIfAborted()
      if (body === undefined) break
      const confirmed = upload.confirmed.get(partNumber)
      if (confirmed !== undefined && (await loading.target.holds(confirmed, body))) sender.keep(confirmed)
      else await sender.send(partNumber, body)
      counted += body.length
      loading.report.add(0, body.length)
    }
    const digests = await reader.finish()
    if (digests.kind === 'changed') {
      await sender.settle()
      await dropUpload(loading, upload, signal)
      loading.report.add(0, -counted)
      return await leaveBehind(loading, transfer, digests, signal)
    }
    const receipt = await sender.complete(transfer.size, marks, digests, ontoFor(loading, transfer))
    record(loading, transfer, receipt, digests)
  } catch (error) {
    await sender.settle()
    loading.report.add(0, -counted)
    throw error
  }
}

/** Sent whole before a crash that kept it from being recorded: read once more for its digests, not sent. */
async function adopt(
  loading: Loading,
  transfer: Transfer,
  reader: ItemReader,
  receipt: PutReceipt,
  partSize: number,
  signal: AbortSignal,
): Promise<void> {
  while ((await reader.next(partSize, signal)) !== undefined) signal.throwIfAborted()
  const digests = await reader.finish()
  if (digests.kind === 'changed') return leaveBehind(loading, transfer, digests, signal)
  loading.report.add(0, transfer.size)
  loading.report.also('adopted', 1)
  loading.tally.adopted += 1
  record(loading, transfer, receipt, digests)
}

/** Journalled at once: an upload that is completed but not recorded would cost another read of the whole item. */
function record(loading: Loading, transfer: Transfer, receipt: PutReceipt, { sha256, crc64nvme }: ItemDigests): void {
  loading.journal.sent([{ itemId: transfer.itemId, etag: receipt.etag, versionId: receipt.versionId, sha256, crc64nvme }])
  loading.journal.uploadEnded(transfer.key)
  loading.tally.items += 1
  loading.tally.bytes += transfer.size
  loading.report.add(1, 0)
}
