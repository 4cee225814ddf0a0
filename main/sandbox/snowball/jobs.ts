/** Jobs on record: their state follows simulated time until the device is with the customer, and again from the handover to the import. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { KnownJobState } from '../../../shared/domain/device.ts'
import { isFinal, next, type JobEvent } from '../../../shared/lifecycle/deviceLifecycle.ts'
import { day, hour } from '../../../shared/units/duration.ts'
import type { KeptClock } from '../fastClock.ts'
import { count, text, type ControlState, type Row } from '../control/state.ts'
import type { CreateJob } from './constraints.ts'

/** What only the two who hold manifest and unlock code may know. */
export type JobSecrets = {
  readonly unlockCode: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly outboundTracking: string
  readonly inboundTracking: string
  readonly deviceId: string
}

export type Job = {
  readonly seq: number
  readonly id: string
  readonly state: KnownJobState
  /** Simulated milliseconds since 1970. */
  readonly enteredAt: number
  readonly createdAt: number
  readonly order: CreateJob
  readonly secrets: JobSecrets
  readonly unlocked: boolean
  readonly shipment: string | undefined
  /** When a return label was asked for. */
  readonly labelAt: number | undefined
}

/** How long a state lasts, and what ends it (AWS Snowball Edge Developer Guide: shipping and import times). Other states wait for an act. */
const dwells: Readonly<Partial<Record<KnownJobState, { readonly event: JobEvent; readonly lasts: (job: Job) => number }>>> = {
  New: { event: 'provisioning-began', lasts: () => 2 * hour },
  PreparingAppliance: { event: 'provisioned', lasts: () => day },
  PreparingShipment: { event: 'carrier-collected', lasts: () => day },
  InTransitToCustomer: { event: 'delivered', lasts: inTransit },
  InTransitToAWS: { event: 'reached-sorting-facility', lasts: inTransit },
  WithAWSSortingFacility: { event: 'reached-aws', lasts: () => 1.5 * day },
  WithAWS: { event: 'import-began', lasts: () => 0.75 * day },
}

function inTransit(job: Job): number {
  const days: Readonly<Record<string, number>> = { NEXT_DAY: 1, EXPRESS: 1, SECOND_DAY: 2, STANDARD: 4 }
  return (days[job.order.ShippingOption ?? ''] ?? 2) * day
}

export interface Jobs {
  create(order: CreateJob): string
  /** The job as it is at this moment of simulated time. */
  get(id: string): Job | undefined
  /** In order of creation, from after the one given. */
  list(afterSeq: number, limit: number): readonly Job[]
  /** Jobs that are neither complete nor cancelled. */
  active(): readonly Job[]
  /** @returns false when the event cannot happen now. */
  apply(id: string, event: JobEvent): boolean
  change(id: string, order: CreateJob): void
  setUnlocked(id: string): void
  setShipment(id: string, state: string): void
  setLabel(id: string): void
}

/** @param daysLate how many days later than promised a device reaches the customer. */
export function openJobs(state: ControlState, clock: KeptClock, daysLate: number): Jobs {
  const store = (id: string, to: KnownJobState, at: number): void => {
    state.run('UPDATE jobs SET state = ?, entered = ? WHERE id = ?', to, at, id)
    clock.keep()
  }
  /** Folds all steps that time alone has brought since. */
  const current = (row: Row): Job => {
    let job = jobOf(row)
    for (;;) {
      const dwell = dwells[job.state]
      if (dwell === undefined) break
      const until = job.enteredAt + dwell.lasts(job) + (job.state === 'InTransitToCustomer' ? daysLate * day : 0)
      const to = next(job.state, dwell.event)
      if (to === undefined || clock.now() < until) break
      job = { ...job, state: to, enteredAt: until }
    }
    if (job.state !== row['state']) store(job.id, job.state, job.enteredAt)
    return job
  }
  const jobs: Jobs = {
    create(order) {
      const id = `JID${randomUUID()}`
      const now = clock.now()
      state.run(
        "INSERT INTO jobs (id, state, entered, created, body, secrets) VALUES (?, 'New', ?, ?, ?, ?)",
        id,
        now,
        now,
        JSON.stringify(order),
        JSON.stringify(newSecrets()),
      )
      clock.keep()
      return id
    },
    get(id) {
      const row = state.row('SELECT * FROM jobs WHERE id = ?', id)
      return row === undefined ? undefined : current(row)
    },
    list: (afterSeq, limit) => state.rows('SELECT * FROM jobs WHERE seq > ? ORDER BY seq LIMIT ?', afterSeq, limit).map(current),
    active: () =>
      state
        .rows("SELECT * FROM jobs WHERE state NOT IN ('Complete', 'Cancelled') ORDER BY seq")
        .map(current)
        .filter((job) => !isFinal(job.state)),
    apply(id, event) {
      const job = jobs.get(id)
      const to = job === undefined ? undefined : next(job.state, event)
      if (to === undefined) return false
      store(id, to, clock.now())
      return true
    },
    change(id, order) {
      state.run('UPDATE jobs SET body = ? WHERE id = ?', JSON.stringify(order), id)
    },
    setUnlocked(id) {
      state.run('UPDATE jobs SET unlocked = 1 WHERE id = ?', id)
    },
    setShipment(id, shipment) {
      state.run('UPDATE jobs SET shipment = ? WHERE id = ?', shipment, id)
    },
    setLabel(id) {
      state.run('UPDATE jobs SET label = ? WHERE id = ?', String(clock.now()), id)
      clock.keep()
    },
  }
  return jobs
}

function jobOf(row: Row): Job {
  const label = text(row['label'])
  return {
    seq: count(row['seq']),
    id: text(row['id']) ?? '',
    state: text(row['state']) as KnownJobState,
    enteredAt: count(row['entered']),
    createdAt: count(row['created']),
    order: JSON.parse(text(row['body']) ?? '{}') as CreateJob,
    secrets: JSON.parse(text(row['secrets']) ?? '{}') as JobSecrets,
    unlocked: row['unlocked'] === 1,
    shipment: text(row['shipment']),
    labelAt: label === undefined ? undefined : Number(label),
  }
}

const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

function newSecrets(): JobSecrets {
  const draw = (letters: string, length: number): string => Array.from({ length }, () => letters[randomInt(letters.length)] ?? '').join('')
  return {
    // 25 letters and digits in five groups, as AWS writes unlock codes.
    unlockCode: Array.from({ length: 5 }, () => draw(capitals.toLowerCase(), 5)).join('-'),
    accessKeyId: `AKIA${draw(capitals, 16)}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    outboundTracking: `1Z${draw(capitals, 16)}`,
    inboundTracking: `1Z${draw(capitals, 16)}`,
    deviceId: `sbe-${draw('0123456789abcdef', 17)}`,
  }
}
