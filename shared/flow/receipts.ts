/** Receipts: confirmed items, journalled in groups. */
import type { SentItem, TransferJournal } from '../ports/journal.ts'
import type { Clock } from '../ports/world.ts'

const receiptsAtOnce = 64
const receiptsWait = 200

/** Confirmed items, journalled in groups: a crash loses at most one group, whose items are then found whole on the far side. */
export class Receipts {
  readonly #journal: TransferJournal
  readonly #clock: Clock
  #items: SentItem[] = []
  #since = 0
  constructor(journal: TransferJournal, clock: Clock) {
    this.#journal = journal
    this.#clock = clock
  }
  push(item: SentItem): void {
    if (this.#items.length === 0) this.#since = this.#clock.monotonic()
    this.#items.push(item)
    if (this.#items.length >= receiptsAtOnce || this.#clock.monotonic() - this.#since >= receiptsWait) this.flush()
  }
  flush(): void {
    if (this.#items.length > 0) this.#journal.sent(this.#items.splice(0))
  }
}
