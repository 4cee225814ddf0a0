/** JournalHealth: whether the journal takes writes, as its claim shows when it is renewed, and as the faults of works tell. */
import type { MigrationSnapshot, WorkState } from '../../../shared/contract/snapshot.ts'
import type { FaultCode } from '../../../shared/faults/catalogue.ts'
import { second } from '../../../shared/units/duration.ts'
import type { Clock } from '../../../shared/ports/world.ts'
import type { OpenJournal } from '../../journal/openJournal.ts'
import { systemFault } from '../systemFault.ts'

const looksEvery = 10 * second
const ofTheJournal: ReadonlySet<string> = new Set<FaultCode>(['journal-lost-lease', 'journal-not-writable', 'journal-damaged', 'disk-full'])

export class JournalHealth {
  readonly #journal: Pick<OpenJournal, 'renewLease'>
  readonly #clock: Clock
  #state: MigrationSnapshot['journal']
  #lookAgainAt = Number.NEGATIVE_INFINITY

  constructor(journal: Pick<OpenJournal, 'renewLease'>, clock: Clock) {
    this.#journal = journal
    this.#clock = clock
    this.#state = { state: 'ok', at: clock.now() }
  }

  look(works: readonly WorkState[]): MigrationSnapshot['journal'] {
    const failed = works.some((work) => work.fault !== null && ofTheJournal.has(work.fault.code) && (work.endedAt ?? 0) > this.#state.at)
    const now = this.#clock.monotonic()
    if (failed || now >= this.#lookAgainAt) {
      this.#lookAgainAt = now + looksEvery
      this.#state = { state: this.#renew(), at: this.#clock.now() }
    }
    return this.#state
  }

  #renew(): MigrationSnapshot['journal']['state'] {
    try {
      this.#journal.renewLease()
      return 'ok'
    } catch (error) {
      return systemFault(error).code === 'journal-lost-lease' ? 'lease-lost' : 'failing'
    }
  }
}
