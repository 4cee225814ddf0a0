/** What loading and pushing would have written into a journal, and the end of a stage: for measurements that need something to verify or to look at. */
import type { OpenJournal } from '../main/journal/openJournal.ts'
import type { StageEvent } from '../shared/flow/stage.ts'
import { bytes } from '../shared/units/bytes.ts'
import { digests, itemSize } from './syntheticTree.ts'

/** Intent and outcome of every transfer, as loading and pushing journal them. */
export function recordSent(journal: OpenJournal): void {
  for (const { id: deviceId } of journal.devices()) {
    for (const batch of journal.waitingBatches(deviceId)) {
      journal.intendBatch(batch.id)
      const members = journal.members(batch.id).map(({ itemId }, at) => ({ itemId, offset: at * (itemSize + 512), ...digests }))
      journal.packed(batch.id, members)
      journal.batchSent(batch.id, { bytes: bytes(members.length * (itemSize + 512)), etag: undefined })
    }
    sendAlone(journal, { route: 'device', deviceId })
  }
  sendAlone(journal, { route: 'share' })
}

function sendAlone(journal: OpenJournal, lane: Parameters<OpenJournal['waiting']>[0]): void {
  let waiting: Parameters<OpenJournal['sent']>[0][number][] = []
  const flush = (): void => {
    journal.intend(waiting.map(({ itemId }) => itemId))
    journal.sent(waiting)
    waiting = []
  }
  for (const { itemId } of journal.waiting(lane)) {
    waiting.push({ itemId, etag: undefined, versionId: undefined, ...digests })
    if (waiting.length === 1000) flush()
  }
  flush()
}

export async function outcomeOf<Outcome>(stage: AsyncIterable<StageEvent<Outcome>>): Promise<Outcome> {
  for await (const event of stage) {
    if (event.kind === 'trouble') throw event.fault
    if (event.kind === 'finished') return event.outcome
  }
  throw new Error('a stage ends with an outcome')
}
