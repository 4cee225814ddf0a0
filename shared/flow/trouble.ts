/** Trouble: tells the faults of one item from those of the whole lane. */
import type { ItemId } from '../domain/item.ts'
import { asFault } from '../faults/fault.ts'
import type { FaultCode } from '../faults/catalogue.ts'
import type { StageReport } from './stage.ts'

const ofOneItem: readonly FaultCode[] = [
  'aws-bad-digest',
  'aws-refused',
  'upload-gone',
  'item-too-large',
  'source-changed',
  'unforeseen',
  'share-conflict',
  'object-conflict',
]
/** So many items in a row that fail for reasons of their own do not: something is wrong with the lane. */
const troublesInARow = 20

/** Runs the work on one item or batch: a fault of its own is reported and the lane goes on, any other stops the lane. */
export class Trouble {
  readonly #report: StageReport
  #inARow = 0
  constructor(report: StageReport) {
    this.#report = report
  }
  async contain(item: ItemId | undefined, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    try {
      await work()
      this.#inARow = 0
    } catch (error) {
      signal.throwIfAborted()
      const fault = asFault(error)
      if (!ofOneItem.includes(fault.code)) throw fault
      // A whole study of another's may lie there: it must not keep all that comes after it from going, run after run.
      if (fault.code !== 'share-conflict' && fault.code !== 'object-conflict') this.#inARow += 1
      this.#report.also('failed', 1)
      this.#report.trouble(fault, item)
      if (this.#inARow >= troublesInARow) throw fault
    }
  }
}
