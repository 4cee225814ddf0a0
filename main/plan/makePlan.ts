/** Makes the plan: estimates, divides, packs, batches, and records where each item goes. Memory does not grow with the archive. */
import { setImmediate as breathe } from 'node:timers/promises'
import { parsePlanAnswers, type PlanAnswers } from '../../shared/contract/planAnswers.ts'
import type { PlanSummary } from '../../shared/contract/summary.ts'
import { anomalies, type AnomalyCode } from '../../shared/domain/anomaly.ts'
import type { Archive } from '../../shared/domain/archive.ts'
import type { PlanEstimate } from '../../shared/domain/plan.ts'
import { everyStudy, type StudyRule } from '../../shared/domain/studyRule.ts'
import type { Item } from '../../shared/domain/item.ts'
import { mayBeMapped, nameOnDevice } from '../../shared/domain/nameMapping.ts'
import { laneNames } from '../../shared/domain/route.ts'
import type { BatchId, DeviceId } from '../../shared/domain/transfer.ts'
import { Fault } from '../../shared/faults/fault.ts'
import { runStage, type StageEvent, type StageReport } from '../../shared/flow/stage.ts'
import type { EventLog, EvidenceJournal, PlanId, PlanJournal, Placement } from '../../shared/ports/journal.ts'
import type { World } from '../../shared/ports/world.ts'
import { bytes, type Bytes } from '../../shared/units/bytes.ts'
import { pathText } from '../../shared/units/itemPath.ts'
import { laneChooser, settleDivision, type SettledDivision } from './divide.ts'
import { estimate } from './estimate.ts'
import { makeBatches } from './makeBatches.ts'
import { emptyCounts, lanesOf, type PlanCounts } from './planCounts.ts'
import { withMappedNames } from './mapNames.ts'
import { groupsOf, measureItem, tallyLoads, type ItemGroup, type Studies } from './groupStudies.ts'

export type PlanInput = {
  readonly journal: PlanJournal & EventLog & Pick<EvidenceJournal, 'anomalyCounts'>
  readonly archives: readonly Archive[]
  readonly answers: PlanAnswers
  /** Which studies go; none given: all. */
  readonly rule?: StudyRule
  readonly world: World
}

/** Placements per transaction, and items between two breaths: the journal is synchronous, and Ctrl-C must be heard. */
const placementsAtOnce = 4000

/**
 * Replaces what an earlier plan left merely planned. Cut off at any moment, it leaves an unfinished plan that the next run drops.
 * @throws Fault bad-input · no-route · snowball-not-available · archives-overlap
 */
export function makePlan(input: PlanInput, signal: AbortSignal): AsyncGenerator<StageEvent<PlanSummary>, void> {
  return runStage('plan', input.world.clock, signal, (report) => plan(input, report, signal))
}

async function plan(input: PlanInput, report: StageReport, signal: AbortSignal): Promise<PlanSummary> {
  const { journal, world } = input
  const answers = parsePlanAnswers(input.answers)
  refuseOverlap(input.archives)
  const leftBehind = leftBehindCounts(journal)
  const rule = input.rule ?? everyStudy
  const all = {
    studies: (smallBelow: Bytes) => journal.studies(smallBelow, rule, answers.today),
    itemsOf: journal.itemsOf.bind(journal),
  }
  const chosen = withMappedNames(all, answers, input.archives, journal)
  const load = await tallyLoads(chosen, answers, signal)
  if (load.all.items === 0) {
    journal.dropUnfinishedPlan()
    return { kind: 'nothing-to-plan', leftBehind }
  }
  report.total(load.all.items, load.all.bytes)

  const estimated = estimate(load, answers)
  const division = settleDivision(answers, estimated.recommended)
  const planId = journal.beginPlan(JSON.stringify(answers), JSON.stringify(estimated), world.clock.now(), rule)
  const counts = await placeAll(input, chosen, answers, division, planId, report, signal)
  signal.throwIfAborted()
  const summary: PlanSummary = {
    kind: 'planned',
    planId,
    division: describe(division),
    lanes: lanesOf(counts, answers),
    estimate: estimated,
    rerouted: [...counts.rerouted].map(([reason, studies]) => ({ reason, studies })),
    splitOverDevices: { studies: counts.studiesSplitOverDevices, widest: counts.widestSplit },
    splitOverBatches: { studies: counts.studiesSplitOverBatches },
    renamed: counts.renamed,
    leftBehind,
  }
  journal.finishPlan(planId, JSON.stringify(summary))
  journal.append('plan-made', eventFacts(planId, division, counts, estimated))
  world.log.info('plan', 'plan-made', { plan: planId, items: counts.items })
  return summary
}

async function placeAll(
  input: PlanInput,
  chosen: Studies,
  answers: PlanAnswers,
  division: SettledDivision,
  planId: PlanId,
  report: StageReport,
  signal: AbortSignal,
): Promise<PlanCounts> {
  const { journal } = input
  const archives = new Map(input.archives.map((archive) => [archive.id, archive]))
  const devices = new Map<number, DeviceId>()
  const counts = emptyCounts()
  let batch: { readonly ordinal: number; readonly id: BatchId } | undefined
  const batches = new Map<string, { readonly ordinal: number; readonly id: BatchId }>()
  let pending: Placement[] = []
  const flush = async (): Promise<void> => {
    signal.throwIfAborted()
    journal.place(planId, pending)
    report.add(
      pending.length,
      pending.reduce((sum, one) => sum + one.item.size, 0),
    )
    pending = []
    await breathe()
  }

  const choose = laneChooser(division, answers)
  const measure = (item: Item) => measureItem(item, answers)
  let group: ItemGroup | undefined
  for (const placed of makeBatches<Item, ItemGroup>(groupsOf(chosen, answers, choose, counts), measure, answers.batch)) {
    if (placed.group !== group) {
      group = placed.group
      counts.study(group)
    }
    const archive = archives.get(group.archiveId)
    if (archive === undefined) throw new Fault('wrong-order', { archive: group.archiveId })
    const deviceId = group.device === undefined ? undefined : deviceIdOf(group.device)
    const text = pathText(placed.item.path)
    // Such a name bars every lane (anomaly name-not-utf8), so the journal never offers it here.
    if (text === undefined) throw new Fault('unforeseen', { item: placed.item.id, problem: 'name-not-utf8' })
    if (deviceId !== undefined && group.space !== undefined && placed.batch !== undefined) {
      const last = batches.get(group.space)
      if (last?.ordinal === placed.batch) batch = last
      else {
        batch = { ordinal: placed.batch, id: journal.addBatch(planId, deviceId, batchKey(archive, planId, placed.batch)) }
        batches.set(group.space, batch)
      }
    }
    const batchId = placed.batch === undefined ? undefined : batch?.id
    counts.item(group, placed.item.size, placed.batch)
    const name = group.route === 'device' && answers.device.unsafeNames === 'map' ? nameOnDevice(text) : text
    if (name !== text) counts.renamed += 1
    // Only a mapped name can meet another item's own: a file that came by later may be called so.
    if (mayBeMapped(name) && journal.isKeyTaken(archive.id, archive.prefix + name, placed.item.id))
      throw new Fault('mapped-name-taken', { item: placed.item.id })
    pending.push({ item: placed.item, route: group.route, key: archive.prefix + name, deviceId, batchId })
    if (pending.length >= placementsAtOnce) await flush()
  }
  if (pending.length > 0) await flush()
  return counts

  function deviceIdOf(ordinal: number): DeviceId {
    const known = devices.get(ordinal)
    if (known !== undefined) return known
    const { snowballType, capacity, usableBytes, atOnce } = answers.device
    const wave = Math.floor((ordinal - 1) / atOnce) + 1
    const id = journal.addDevice(planId, { ordinal, wave, snowballType, capacity, usable: bytes(usableBytes) })
    devices.set(ordinal, id)
    return id
  }
}

/** At the archive's own prefix: S3 extracts a batch beside itself, so a member named by its path lands on its key. */
function batchKey(archive: Archive, planId: PlanId, ordinal: number): string {
  return `${archive.prefix}firn-batch-${planId}-${ordinal}.tar`
}

function refuseOverlap(archives: readonly Archive[]): void {
  for (const [at, one] of archives.entries())
    for (const other of archives.slice(at + 1))
      if (one.bucket === other.bucket && (one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix)))
        throw new Fault('archives-overlap', { archive: one.id, other: other.id })
}

function leftBehindCounts(journal: Pick<EvidenceJournal, 'anomalyCounts'>): { code: AnomalyCode; items: number; bytes: number }[] {
  return journal
    .anomalyCounts()
    .filter(({ code }) => anomalies[code].blocks === 'every-lane')
    .map(({ code, items, bytes: size }) => ({ code, items, bytes: size }))
}

function describe(division: SettledDivision): string {
  if (division.kind === 'one-lane') return `everything by the ${laneNames[division.route]}`
  const { deviceBefore: date } = division
  return `studies before ${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)} by the ${laneNames.device}, the others by the ${laneNames.share}`
}

function eventFacts(
  planId: PlanId,
  division: SettledDivision,
  counts: PlanCounts,
  estimated: PlanEstimate,
): Record<string, string | number> {
  return {
    plan: planId,
    division: division.kind === 'one-lane' ? division.route : `device-before-${division.deviceBefore}`,
    recommended: estimated.recommended ?? 'none',
    items: counts.items,
    bytes: counts.bytes,
    devices: counts.lanes.device.devices.size,
    batches: counts.lanes.device.batches,
    studiesSplitOverDevices: counts.studiesSplitOverDevices,
    renamed: counts.renamed,
  }
}
