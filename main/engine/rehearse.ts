/**
 * A whole migration against the simulated AWS: scan, plan, order, push while the device travels, load, ship, import, land, verify, evidence.
 * Every step is one of steps.ts, taken when the journal says that it is still to do: a rehearsal that was killed simply goes on.
 */
import { isHandedOver } from '../../shared/domain/custody.ts'
import { allows } from '../../shared/lifecycle/deviceLifecycle.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { EvidenceOutcome } from '../evidence/buildEvidence.ts'
import type { VerificationOutcome } from '../verify/verify.ts'
import { planAnswersFrom } from './planDefaults.ts'
import { splitDate } from './splitDate.ts'
import { inspectDevice } from './inspectDevice.ts'
import { shipDevice, tickAll } from './shipGate.ts'
import {
  approvePlan,
  awaitLanding,
  loadDevice,
  loadLink,
  orderDevices,
  planMigration,
  pushShare,
  scanArchives,
  trackDevices,
  verifyAll,
  writeEvidence,
  type Work,
} from './steps.ts'

export type RehearsalOutcome = { readonly verification: VerificationOutcome; readonly evidence: EvidenceOutcome }

/** Steps as they begin, in a person's words. */
export type Say = (text: string) => void

const person = 'Rehearsal'
const deviceShare = 0.6
const looksAt = 100
/** Real milliseconds after which a simulated device that does not move is a fault of ours. */
const patience = 15 * 60_000

export async function rehearse(work: Work, tell: Say): Promise<RehearsalOutcome> {
  const { migration } = work
  /** Nothing is begun after a stop. */
  const say: Say = (text) => {
    work.signal.throwIfAborted()
    tell(text)
  }
  const { journal } = migration
  if (journal.migration().kind !== 'rehearsal') throw new Fault('sandbox-only-in-rehearsal')

  const archives = journal.archives()
  if (journal.currentPlan() === undefined || archives.some((archive) => journal.lastScan(archive.id) === undefined)) {
    say('Scan: read names, sizes and DICOM headers')
    await scanArchives(work)
  }
  if (journal.currentPlan() === undefined) {
    say('Plan: older studies by device, newer ones through the share')
    await planMigration(work, answersFor(work))
  }
  if (journal.currentPlan() === undefined) {
    // Nothing in the archive may travel. The evidence says why, item by item.
    await writeEvidence(work, { includePaths: false })
    throw new Fault('nothing-checked', { itemsThatMayTravel: 0 })
  }
  if (journal.currentPlan()?.approvedBy === undefined) approvePlan(migration, person)

  if (journal.fleet().some((device) => device.jobId === undefined)) {
    say('Order: one Snowball job per device')
    await orderDevices(work, person)
  }
  if (waits(work, 'share')) {
    say('Push: through the Storage Gateway share, while the device is on its way')
    await pushShare(work)
  }
  if (waits(work, 'link')) {
    say('Link: what neither device nor share can take goes straight to S3')
    await loadLink(work)
  }
  await moveDevices(work, say)
  if (journal.laneCounts().some((lane) => lane.route === 'share')) {
    say('Land: wait until the gateway has uploaded what was pushed')
    await awaitLanding(work)
  }
  say('Verify: compare every item with S3')
  const verification = await verifyAll(work, { readBack: false })
  say('Evidence: write the report')
  const evidence = await writeEvidence(work, { includePaths: false })
  return { verification, evidence }
}

/** Until every device is imported: order as far as the limit allows, load what is on site, ship it, wait. */
async function moveDevices(work: Work, say: Say): Promise<void> {
  const { journal, world } = work.migration
  const { signal } = work
  let movedAt = world.clock.monotonic()
  let states = ''
  for (;;) {
    const seen = await trackDevices(work)
    const now = seen.map(({ job }) => job.state).join(' ')
    if (now !== states) {
      movedAt = world.clock.monotonic()
      states = now
      for (const { device, job } of seen) say(`Device ${device.id}: ${job.state}${transferText(job.progress)}`)
    }
    for (const { device } of seen) {
      if (device.jobId === undefined || device.givenUp || !allows(device.state, 'load')) continue
      if (isHandedOver(journal.custody(device.id))) {
        // Killed between the entry and the carrier: hand over again.
        await work.wiring.sandbox?.ship(device.jobId)
        continue
      }
      await loadDevice(work, device, undefined)
      await inspectDevice(work, device, undefined, { person })
      tickAll(work.migration, device, person)
      await shipDevice(work, device, { person, place: 'Rehearsal', note: 'sealed, E-Ink label shows the return address' })
      say(`Device ${device.id}: handed over to the carrier`)
    }
    const devices = journal.fleet()
    if (devices.every((device) => device.givenUp || device.state === 'Complete' || device.state === 'Cancelled')) return
    if (devices.some((device) => device.jobId === undefined)) await orderDevices(work, person)
    if (world.clock.monotonic() - movedAt > patience) throw new Fault('device-not-here', { states })
    await world.clock.sleep(looksAt, signal)
  }
}

function transferText(progress: { readonly objects: number; readonly totalObjects: number | undefined } | undefined): string {
  if (progress === undefined) return ''
  return progress.totalObjects === undefined ? ' (counting)' : ` (${progress.objects} of ${progress.totalObjects} objects)`
}

function waits({ migration }: Work, route: 'share' | 'link'): boolean {
  const { items, doneItems } = migration.journal.laneTotals({ route })
  return doneItems < items
}

function answersFor({ migration }: Work) {
  const { journal, config, world } = migration
  const answers = planAnswersFrom({}, config, world.clock.now())
  return {
    ...answers,
    division: { kind: 'by-study-date', deviceBefore: splitDate(journal.studies(answers.batch.smallBelow), deviceShare) },
  } as const
}
