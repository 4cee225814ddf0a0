/** Whole items: small enough to be read and sent in one piece. */
import { createHash } from 'node:crypto'
import type { Transfer } from '../../shared/domain/transfer.ts'
import { isFault } from '../../shared/faults/fault.ts'
import type { PutReceipt, Target } from '../../shared/ports/target.ts'
import { sameBytes, toHex } from '../../shared/units/digest.ts'
import { leaveBehind } from '../../shared/flow/leaveBehind.ts'
import { ontoFor, type Loading } from './lane.ts'

/** User metadata with the SHA-256 of the bytes, in hex: how an item sent before a crash is known again without sending it twice. */
export const sha256Mark = 'firn-sha256'

/** The item must be intended in the journal. Confirmed items go to the receipts. Its bytes are held within the memory that all of load shares. */
export async function sendWhole(loading: Loading, transfer: Transfer, signal: AbortSignal): Promise<void> {
  await loading.memory.hold(transfer.size, () => send(loading, transfer, signal))
}

async function send(loading: Loading, transfer: Transfer, signal: AbortSignal): Promise<void> {
  const { target, tally, receipts, report, pace, clock } = loading
  const asked = clock.monotonic()
  const read = await loading.source(transfer.archiveId).readWhole(transfer.path, { size: transfer.size, mtimeUs: transfer.mtimeUs }, signal)
  pace.read(clock.monotonic() - asked)
  signal.throwIfAborted()
  if (read.kind !== 'read') return leaveBehind(loading, transfer, read, signal)

  const { sha256, crc64nvme } = read
  const mark = toHex(sha256)
  /** Sent by an earlier run or try, whose answer was lost. */
  const adopted = async (): Promise<'adopted' | 'another' | 'nothing'> => {
    const there = await target.head(transfer.key, signal)
    if (there === undefined) return 'nothing'
    if (there.size !== transfer.size || there.metadata[sha256Mark] !== mark) return 'another'
    // The mark says what was sent, not what lies there: a device checks nothing, and an inspection may have found this very object altered.
    if (!target.traits.checksDigests && !(await liesThere(target, transfer, sha256, signal))) return 'another'
    receipts.push({ itemId: transfer.itemId, etag: there.etag, versionId: undefined, sha256, crc64nvme })
    tally.adopted += 1
    report.also('adopted', 1)
    count(loading, transfer)
    return 'adopted'
  }
  if (transfer.state === 'sending') {
    const found = await adopted()
    if (found === 'adopted') return
    if (found === 'another') tally.bytesResent += transfer.size
  }
  await loading.space.admit(transfer.size, signal)
  signal.throwIfAborted()
  let receipt: PutReceipt
  try {
    const marks = { [sha256Mark]: mark }
    receipt = await target.putWhole(transfer.key, read.body, marks, { sha256, crc64nvme }, signal, ontoFor(loading, transfer))
  } catch (error) {
    if (isFault(error, 'object-conflict') && (await adopted()) === 'adopted') return
    throw error
  }
  const { etag, versionId } = receipt
  receipts.push({ itemId: transfer.itemId, etag, versionId, sha256, crc64nvme })
  count(loading, transfer)
}

async function liesThere(target: Target, { key, size }: Transfer, sha256: Uint8Array, signal: AbortSignal): Promise<boolean> {
  const hash = createHash('sha256')
  if (size > 0) for await (const chunk of target.read(key, { offset: 0, length: size }, signal)) hash.update(chunk)
  return sameBytes(hash.digest(), sha256)
}

function count({ tally, report }: Loading, transfer: Transfer): void {
  tally.items += 1
  tally.bytes += transfer.size
  report.add(1, transfer.size)
}
