/** The steps of a migration, as the command line, the console and the desktop take them: each opens what it needs, runs one stage, journals the rest. */
import type { MigrationConfig } from '../../shared/contract/migrationConfig.ts'
import type { PlanAnswers } from '../../shared/contract/planAnswers.ts'
import type { PlanSummary } from '../../shared/contract/summary.ts'
import { firnItself } from '../../shared/domain/custody.ts'
import type { JobState } from '../../shared/domain/device.ts'
import { orderProblems } from '../../shared/domain/orderRules.ts'
import type { StudyRule } from '../../shared/domain/studyRule.ts'
import { repairedVerdicts } from '../../shared/domain/verification.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { StageEvent } from '../../shared/flow/stage.ts'
import type { FleetRecord, ScanCounts } from '../../shared/ports/journal.ts'
import type { JobSnapshot } from '../../shared/ports/deviceFleet.ts'
import { minute } from '../../shared/units/duration.ts'
import type { Signer } from '../evidence/signer.ts'
import { buildEvidence, type EvidenceOutcome } from '../evidence/buildEvidence.ts'
import { scan } from '../inventory/scan.ts'
import { load, type LoadOutcome } from '../load/load.ts'
import { makePlan } from '../plan/makePlan.ts'
import { push, type PushOutcome } from '../push/push.ts'
import { reasons } from '../verify/reasons.ts'
import { waitUntilLanded, type LandedOutcome } from '../verify/landed.ts'
import { verify, type VerificationOutcome } from '../verify/verify.ts'
import type { Wiring } from './compose.ts'
import type { DeviceAccess } from './deviceReach.ts'
import { requireFitShare } from './gatewaySteps.ts'
import { requireTrustedRole } from './importRole.ts'
import { keepJobLogs } from './jobLogs.ts'
import type { OpenMigration } from './migrationFolder.ts'
import { requireMounted } from './mountGate.ts'
import { checkBuckets, requireImportAllowed } from './postureSteps.ts'
import { requireOnSite } from './shipGate.ts'
import { requireWhole } from './workOrderRules.ts'

/** Consumes a stage, shows what happens, and returns its outcome. */
export type Watch = <Outcome>(stage: AsyncIterable<StageEvent<Outcome>>) => Promise<Outcome>

export type Work = { readonly migration: OpenMigration; readonly wiring: Wiring; readonly watch: Watch; readonly signal: AbortSignal }

/** Scans every archive; a scan that was cut off goes on. */
export async function scanArchives({ migration, wiring, watch, signal }: Work): Promise<readonly ScanCounts[]> {
  const { journal, world } = migration
  requireWhole(journal)
  const counts: ScanCounts[] = []
  for (const archive of journal.archives()) {
    counts.push(await watch(scan({ archive, source: wiring.sourceOf(archive.id), journal, world }, signal)))
  }
  return counts
}

export async function planMigration({ migration, watch, signal }: Work, answers: PlanAnswers, rule?: StudyRule): Promise<PlanSummary> {
  const { journal, world } = migration
  requireWhole(journal)
  requireScan(migration)
  return watch(makePlan({ journal, archives: journal.archives(), answers, world, ...(rule === undefined ? {} : { rule }) }, signal))
}

export function approvePlan({ journal, world }: OpenMigration, person: string): void {
  requireWhole(journal)
  const plan = journal.currentPlan()
  if (plan === undefined) throw new Fault('wrong-order', { missing: 'plan' })
  journal.approve(plan.id, person, world.clock.now())
  journal.append('plan-approved', { plan: plan.id, person })
}

/**
 * Orders the devices of the approved plan that are not ordered yet, one wave at a time as far as the account's limit allows.
 * The intent is durable before CreateJob; a job that AWS made although its answer was lost is found by its marker.
 */
export async function orderDevices({ migration, wiring, signal }: Work, person: string): Promise<readonly FleetRecord[]> {
  const { journal, world } = migration
  requireWhole(journal)
  requireApproval(migration)
  const waiting = journal.fleet().filter((device) => device.jobId === undefined)
  if (waiting.length === 0) return []
  const snowball = requireFitOrder(migration)
  await requireVersions(migration, wiring, signal)
  await requireTrustedRole({ migration, wiring, signal })
  await requireImportAllowed({ migration, wiring, signal })
  const usage = await wiring.fleet.usage(signal)
  const bucketArns = [...new Set(journal.archives().map((archive) => `arn:aws:s3:::${archive.bucket}`))]
  const addressId = await wiring.fleet.address(snowball.address, signal)
  const ordered: FleetRecord[] = []
  // An order whose answer was lost is asked for first, whatever the limit says: it may itself have taken the last place.
  const asked = waiting.filter((device) => device.state !== 'planned')
  const next = waiting.filter((device) => device.state === 'planned').slice(0, Math.max(usage.limit - usage.inUse, 0))
  for (const device of [...asked, ...next]) {
    if (device.state === 'planned') {
      journal.deviceState(device.id, 'ordering')
      journal.append('device-order-intended', { device: device.id, marker: device.marker })
    }
    const jobId = await wiring.fleet.order(
      {
        marker: device.marker,
        description: `${migration.journal.migration().kind === 'rehearsal' ? 'Rehearsal ' : ''}device ${device.id}`,
        snowballType: device.snowballType,
        capacity: device.capacity,
        shippingOption: snowball.shippingOption,
        addressId,
        bucketArns,
        roleArn: snowball.roleArn,
        kmsKeyArn: snowball.kmsKeyArn,
        notifyTopicArn: snowball.notifyTopicArn,
      },
      signal,
    )
    journal.together(() => {
      journal.deviceOrdered(device.id, jobId)
      journal.append('device-ordered', { device: device.id, job: jobId })
      journal.addCustody({ deviceId: device.id, at: world.clock.now(), step: 'ordered', person, said: { code: 'job', job: jobId } })
    })
    ordered.push(device)
  }
  return ordered
}

/** @throws Fault bad-input without settings of an order; order-unfit with every field that AWS would refuse. */
export function requireFitOrder({ config }: Pick<OpenMigration, 'config'>): NonNullable<MigrationConfig['snowball']> {
  const { snowball } = config
  if (snowball === undefined)
    throw new Fault('bad-input', { file: 'migration.json', field: 'snowball', problem: 'address, role and shipping are not set' })
  const problems = orderProblems(snowball, config.region)
  if (problems.length > 0)
    throw new Fault('order-unfit', { problems: problems.map(({ field, problem }) => `${field}: ${problem}`).join('; ') })
  return snowball
}

/** Asks AWS where each device is and journals what has changed. */
export async function trackDevices({
  migration,
  wiring,
  signal,
}: Work): Promise<readonly { readonly device: FleetRecord; readonly job: JobSnapshot }[]> {
  const { journal, world } = migration
  const seen: { device: FleetRecord; job: JobSnapshot }[] = []
  for (const device of journal.fleet()) {
    if (device.jobId === undefined) continue
    const job = await wiring.fleet.job(device.jobId, signal)
    wiring.jobs.set(device.id, { job, at: world.clock.now() })
    if (job.state !== device.state) {
      journal.together(() => {
        // Somebody else may have asked meanwhile, and recorded the same news.
        const before = journal.fleet().find((one) => one.id === device.id)?.state
        if (job.state !== before) recordState(migration, device, job.state)
      })
    }
    if (job.state === 'Complete') await keepJobLogs(migration, device, job, signal)
    seen.push({ device: { ...device, state: job.state }, job })
  }
  return seen
}

/** A state and what it says of custody are recorded together, or a crash between them would lose the entry for ever. */
function recordState({ journal, world }: OpenMigration, device: FleetRecord, state: JobState): void {
  journal.deviceState(device.id, state)
  journal.append('device-state', { device: device.id, state })
  const step = state === 'Complete' ? 'imported' : state === 'WithAWS' ? 'at-aws' : state === 'InTransitToAWS' ? 'carrier' : undefined
  if (step === undefined) return
  journal.addCustody({ deviceId: device.id, at: world.clock.now(), step, person: firnItself, said: { code: 'aws-state', state } })
}

/** Loads one device that is on site. */
export async function loadDevice(work: Work, device: FleetRecord, access: DeviceAccess | undefined): Promise<LoadOutcome> {
  const { migration, wiring, watch, signal } = work
  const { journal, world } = migration
  requireApproval(migration)
  requireOnSite(journal, device)
  const custody = journal.custody(device.id)
  const target = await wiring.deviceTarget(device, access, signal)
  const before = journal.laneTotals({ route: 'device', deviceId: device.id })
  if (before.doneItems < before.items) journal.voidInspections(device.id)
  if (!custody.some((entry) => entry.step === 'loading')) {
    journal.addCustody({ deviceId: device.id, at: world.clock.now(), step: 'loading', person: firnItself })
  }
  const lane = { route: 'device', deviceId: device.id } as const
  const outcome = await watch(load({ lane, source: wiring.sourceOf, target, journal, world }, signal))
  const left = journal.laneTotals(lane)
  if (left.doneItems === left.items && !custody.some((entry) => entry.step === 'loaded')) {
    journal.addCustody({
      deviceId: device.id,
      at: world.clock.now(),
      step: 'loaded',
      person: firnItself,
      said: { code: 'loaded', items: left.doneItems, bytes: left.doneBytes },
    })
  }
  return outcome
}

/** Straight to S3, for the items that the plan sends by link. */
export async function loadLink({ migration, wiring, watch, signal }: Work): Promise<LoadOutcome> {
  const { journal, world } = migration
  requireWhole(journal)
  requireApproval(migration)
  await requireVersions(migration, wiring, signal)
  return watch(load({ lane: { route: 'link' }, source: wiring.sourceOf, target: wiring.linkTarget, journal, world }, signal))
}

/** `acceptMount`: who says that the share is rightly mounted from elsewhere than at the first push. */
export async function pushShare(
  { migration, wiring, watch, signal }: Work,
  options: { readonly acceptMount?: string } = {},
): Promise<PushOutcome> {
  const { journal, world } = migration
  requireWhole(journal)
  requireApproval(migration)
  await requireVersions(migration, wiring, signal)
  const share = await wiring.share(signal)
  await requireFitShare({ migration, wiring, signal }, share.shareArn)
  const gate = await requireMounted({ migration, wiring, signal }, share.shareArn, options.acceptMount)
  const shareTarget = wiring.shareTarget(share, gate)
  // The simulated cache fills and drains in seconds.
  const drain = migration.config.rehearsal === undefined ? {} : { interval: 200 }
  try {
    return await watch(
      push(
        { shareTarget, monitor: wiring.monitor, share, journal, archives: journal.archives(), source: wiring.sourceOf, world, drain },
        signal,
      ),
    )
  } finally {
    await shareTarget.close()
  }
}

/** Waits for the gateway to upload what was pushed. */
export async function awaitLanding({ migration, wiring, watch, signal }: Work): Promise<LandedOutcome> {
  const { journal, world } = migration
  const share = await wiring.share(signal)
  const waits =
    migration.config.rehearsal === undefined ? { limit: 12 * 60 * minute, interval: minute } : { limit: 10 * minute, interval: 100 }
  return watch(waitUntilLanded({ monitor: wiring.monitor, share, journal, world, ...waits }, signal))
}

/**
 * What the last verification found missing or different, though it was sent, is planned for the link lane, in a person's name.
 * The next load over the link sends it; where an object is there already, S3 keeps it as an earlier version.
 */
export async function planRepair(
  { migration, signal }: Pick<Work, 'migration' | 'signal'>,
  person: string,
): Promise<{ items: number; bytes: number }> {
  const { journal, world } = migration
  requireWhole(journal)
  requireApproval(migration)
  const sum = { items: 0, bytes: 0 }
  for (const verdict of repairedVerdicts) {
    for (let after: number | undefined = 0; after !== undefined;) {
      const some = journal.repairSome(verdict, after)
      sum.items += some.items
      sum.bytes += some.bytes
      after = some.last
      // Between two transactions others have their turn.
      await world.clock.sleep(0, signal)
    }
  }
  if (sum.items > 0) journal.append('repair-planned', { ...sum, person })
  return sum
}

export async function verifyAll(
  { migration, wiring, watch, signal }: Work,
  options: { readonly readBack: boolean },
): Promise<VerificationOutcome> {
  const { journal, world } = migration
  requireWhole(journal)
  await checkBuckets({ migration, wiring, signal }, 'verify')
  const lanes = journal.laneCounts().filter((lane) => lane.state !== 'left-behind')
  const expected = { items: lanes.reduce((sum, lane) => sum + lane.items, 0), bytes: lanes.reduce((sum, lane) => sum + lane.bytes, 0) }
  return watch(
    verify(
      {
        archives: journal.archives(),
        store: wiring.store,
        sourceOf: wiring.sourceOf,
        journal,
        world,
        readBack: options.readBack,
        expected,
      },
      signal,
    ),
  )
}

export async function writeEvidence(
  { migration, watch, signal }: Omit<Work, 'wiring'>,
  options: { readonly includePaths: boolean; readonly signer?: Signer; readonly zip?: boolean },
): Promise<EvidenceOutcome> {
  const { journal, world, files, patientKey } = migration
  requireWhole(journal)
  return watch(
    buildEvidence(
      {
        journal,
        folder: files.evidence,
        world,
        includePaths: options.includePaths,
        hashKey: patientKey,
        signer: options.signer ?? migration.signer(),
        zip: options.zip ?? false,
        reasonWords: reasons,
      },
      signal,
    ),
  )
}

/** Nothing in a bucket without versions can be verified: better said before anything is sent than after. */
async function requireVersions({ journal }: OpenMigration, wiring: Wiring, signal: AbortSignal): Promise<void> {
  for (const bucket of new Set(journal.archives().map((archive) => archive.bucket))) {
    if (!(await wiring.store.versioned(bucket, signal))) throw new Fault('bucket-without-versions')
  }
}

function requireScan({ journal }: OpenMigration): void {
  for (const archive of journal.archives())
    if (journal.lastScan(archive.id) === undefined) throw new Fault('wrong-order', { missing: 'scan' })
}

export function requireApproval({ journal }: Pick<OpenMigration, 'journal'>): void {
  const plan = journal.currentPlan()
  if (plan === undefined) throw new Fault('wrong-order', { missing: 'plan' })
  if (plan.approvedBy === undefined) throw new Fault('wrong-order', { missing: 'approval of the plan' })
}
