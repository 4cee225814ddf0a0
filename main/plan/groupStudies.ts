/** Walks the studies of a journal and gives each its lane and device: the part of planning that comes before batches. */
import { setImmediate as breathe } from 'node:timers/promises'
import type { PlanAnswers } from '../../shared/contract/planAnswers.ts'
import type { ArchiveId, Item, StudyId } from '../../shared/domain/item.ts'
import { emptyLoad, type PlanLoad } from '../../shared/domain/plan.ts'
import type { Route } from '../../shared/domain/route.ts'
import type { StudyLoad } from '../../shared/domain/study.ts'
import { nameOnDevice } from '../../shared/domain/nameMapping.ts'
import type { PlanJournal } from '../../shared/ports/journal.ts'
import { pathText, utf8Length } from '../../shared/units/itemPath.ts'
import { cutForDevices, footprintBound, type Measured, type Pieces } from './deviceFootprint.ts'
import type { LaneChoice, RerouteReason, Traveller } from './divide.ts'
import type { LoadByRoute } from './estimate.ts'
import { devicePacker, openDevices } from './packDevices.ts'

export type Studies = Pick<PlanJournal, 'studies' | 'itemsOf'>

/** Items of one study (or of one piece of it) with the place they go to. Fits makeBatches. */
export type ItemGroup = {
  readonly study: StudyId
  /** From 0. Other than 0 only for a study that exceeds a device. */
  readonly piece: number
  readonly archiveId: ArchiveId
  readonly route: Route
  /** Ordinal of the device, from 1. */
  readonly device: number | undefined
  readonly space: string | undefined
  readonly items: Iterable<Item>
}

export type RouteCounts = { reroute(reason: RerouteReason): void; splitOverDevices(pieces: number): void }

export function measureItem(item: Item, { device }: Pick<PlanAnswers, 'device'>): Measured {
  const text = device.unsafeNames === 'map' ? pathText(item.path) : undefined
  return { size: item.size, nameLength: text === undefined ? item.path.length : utf8Length(nameOnDevice(text)) }
}

/** What one device is filled with. */
export function deviceCapacity(answers: PlanAnswers): number {
  return Math.floor(answers.device.usableBytes * answers.device.fill)
}

/** First walk: sums what there is, and what each route could take of it. */
export async function tallyLoads(journal: Studies, answers: PlanAnswers, signal: AbortSignal): Promise<LoadByRoute> {
  const load = { all: { ...emptyLoad }, device: { ...emptyLoad }, share: { ...emptyLoad }, link: { ...emptyLoad } }
  let studies = 0
  for (const study of journal.studies(answers.batch.smallBelow)) {
    add(load.all, study)
    add(load.link, study)
    if (!study.barredFromShare) add(load.share, study)
    if (!study.barredFromDevice && piecesOf(journal, study, answers).kind === 'pieces') add(load.device, study)
    studies += 1
    if (studies % 1000 === 0) {
      await breathe()
      signal.throwIfAborted()
    }
  }
  return load
}

/**
 * Second walk: studies in the order of the journal, each with its lane; those that go by device packed onto devices.
 * Lazy: a group's items must be walked before the next group is asked for.
 */
export function* groupsOf(
  journal: Studies,
  answers: PlanAnswers,
  choose: (study: Traveller) => LaneChoice,
  counts: RouteCounts,
): Generator<ItemGroup> {
  const deviceFor = devicePacker({ capacity: deviceCapacity(answers), open: openDevices })
  for (const study of journal.studies(answers.batch.smallBelow)) {
    const plain = choose({ ...study, tooLargeForDevice: false })
    const cut = plain.route === 'device' ? piecesOf(journal, study, answers) : undefined
    const lane = cut?.kind === 'item-too-large' ? choose({ ...study, tooLargeForDevice: true }) : plain
    if (lane.rerouted !== undefined) counts.reroute(lane.rerouted)
    const common = { study: study.id, archiveId: study.archiveId, route: lane.route }
    if (lane.route !== 'device' || cut?.kind !== 'pieces') {
      yield { ...common, piece: 0, device: undefined, space: undefined, items: journal.itemsOf(study.id) }
      continue
    }
    if (cut.pieces.length > 1) counts.splitOverDevices(cut.pieces.length)
    const items = journal.itemsOf(study.id)[Symbol.iterator]()
    for (const [piece, { items: count, bytes }] of cut.pieces.entries()) {
      const device = deviceFor(bytes)
      // A batch holds members of one archive: its key and theirs share a bucket and a prefix.
      yield { ...common, piece, device, space: `${device}/${study.archiveId}`, items: next(items, count) }
    }
  }
}

function* next(items: Iterator<Item>, count: number): Generator<Item> {
  for (let taken = 0; taken < count; taken += 1) {
    const one = items.next()
    if (one.done === true) return
    yield one.value
  }
}

function* measured(items: Iterable<Item>, answers: PlanAnswers): Generator<Measured> {
  for (const item of items) yield measureItem(item, answers)
}

function add(load: { -readonly [Field in keyof PlanLoad]: number }, study: StudyLoad): void {
  load.studies += 1
  load.items += study.items
  load.bytes += study.bytes
  load.smallItems += study.smallItems
  load.smallBytes += study.smallBytes
}

/** Whole when even the upper bound fits; otherwise its items are looked at one by one. */
function piecesOf(journal: Studies, study: StudyLoad, answers: PlanAnswers): Pieces {
  const capacity = deviceCapacity(answers)
  const bound = footprintBound(study, answers.batch)
  if (bound <= capacity) return { kind: 'pieces', pieces: [{ items: study.items, bytes: bound }] }
  return cutForDevices(measured(journal.itemsOf(study.id), answers), answers.batch, capacity)
}
