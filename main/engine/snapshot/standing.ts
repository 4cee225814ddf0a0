/** Standing: the few facts of the journal, besides counted amounts, from which follow what comes next and what needs a person. Read at once, without counting. */
import { isHandedOver } from '../../../shared/domain/custody.ts'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { planEstimate, type PlanEstimate } from '../../../shared/domain/plan.ts'
import type { CustodyEntry } from '../../../shared/domain/custody.ts'
import type { JobState } from '../../../shared/domain/device.ts'
import type { DeviceId } from '../../../shared/domain/transfer.ts'
import type { FleetRecord, Journal, PlanRecord } from '../../../shared/ports/journal.ts'

const stops = ['ordered', 'handed-over', 'carrier', 'at-aws'] as const
export type Stop = (typeof stops)[number]

export type StandingDevice = {
  readonly id: DeviceId
  /** Its number in the plan, as people say it. */
  readonly ordinal: number
  readonly state: JobState
  readonly ordered: boolean
  readonly handedOver: boolean
  /** The last stop of its way that was recorded: from there the calendar counts on. */
  readonly last: { readonly step: Stop; readonly at: number } | undefined
}

export type Standing = {
  /** Archives that were never scanned whole. */
  readonly unscanned: number
  /** Something changed while it was read: only a scan finds its new state. */
  readonly changed: boolean
  readonly plan: { readonly approved: boolean; readonly estimate: PlanEstimate | undefined } | undefined
  readonly devices: readonly StandingDevice[]
}

type Looked = Pick<Journal, 'archives' | 'lastScan' | 'itemsWithAnomaly' | 'currentPlan' | 'fleet' | 'custody'>

export class StandingReader {
  readonly #journal: Looked
  #estimate: { readonly plan: number; readonly of: PlanEstimate | undefined } | undefined

  constructor(journal: Looked) {
    this.#journal = journal
  }

  read(): Standing {
    const plan = this.#journal.currentPlan()
    return {
      unscanned: this.#journal.archives().filter((archive) => this.#journal.lastScan(archive.id) === undefined).length,
      changed: this.#journal.itemsWithAnomaly('changed-while-read')[Symbol.iterator]().next().done !== true,
      plan: plan === undefined ? undefined : { approved: plan.approvedBy !== undefined, estimate: this.#estimateOf(plan) },
      devices: this.#devices().map((device) => {
        const custody = this.#journal.custody(device.id)
        return {
          id: device.id,
          ordinal: device.ordinal,
          state: device.state,
          ordered: device.jobId !== undefined,
          handedOver: isHandedOver(custody),
          last: lastStop(custody),
        }
      }),
    }
  }

  /** One that was given up waits for nothing and nobody. */
  #devices(): readonly FleetRecord[] {
    return this.#journal.fleet().filter((device) => !device.givenUp)
  }

  #estimateOf(plan: PlanRecord): PlanEstimate | undefined {
    if (this.#estimate?.plan === plan.id) return this.#estimate.of
    const parsed = planEstimate.safeParse(jsonOf(plan.estimate))
    this.#estimate = { plan: plan.id, of: parsed.success ? parsed.data : undefined }
    return this.#estimate.of
  }
}

export function isOnSite({ state, handedOver }: StandingDevice): boolean {
  return state === 'WithCustomer' && !handedOver
}

function lastStop(custody: readonly CustodyEntry[]): StandingDevice['last'] {
  for (const { step, at } of custody.toReversed()) {
    const stop = stops.find((one) => one === step)
    if (stop !== undefined) return { step: stop, at }
  }
  return undefined
}

/** Whether evidence was made since. */
export function evidenceSince(folder: string, moment: number): boolean {
  try {
    return readdirSync(folder).some((name) => !name.startsWith('.') && statSync(join(folder, name)).mtimeMs >= moment)
  } catch {
    // No evidence was made yet, or somebody took it away while it was looked at.
    return false
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
