/** All counted amounts of the snapshot, from one pass over the journal. */
import { anomalyCodes, type AnomalyCode } from '../../../shared/domain/anomaly.ts'
import { modalityName } from '../../../shared/domain/evidence.ts'
import type { Route } from '../../../shared/domain/route.ts'
import type { DeviceId } from '../../../shared/domain/transfer.ts'
import { noVerdicts, type Verdict, type VerdictCounts } from '../../../shared/domain/verification.ts'
import type { JournalDatabase } from '../database.ts'
import { maybeNumber, numberOf } from '../rows.ts'
import { lastFinishedRun } from '../verdictRows.ts'
import type { Look } from './look.ts'
import { barsEveryLane, standings, type Standing, type StandingGroup } from './standings.ts'

export type Amount = { readonly items: number; readonly bytes: number }

export type LaneFigures = {
  /** All that the lane holds of the plan, sent or not; what was left behind is not in it. */
  readonly planned: Amount
  readonly sent: Amount
  readonly leftBehind: Amount
  /** Sent, and seen in S3 by a verification as it was sent (verified, consistent or present). `null`: none has looked at any of it. */
  readonly landed: Amount | null
  readonly verified: Amount
}

export type JournalFigures = {
  /** Every item that the journal knows is in exactly one of the six; `inventory` is their sum. In the words of shared/domain/evidence.ts. */
  readonly totals: {
    readonly inventory: Amount
    readonly studies: number
    readonly verified: Amount
    /** Seen in S3 with the right size; not verified. */
    readonly landed: Amount
    /** Sent, and not yet (or wrongly) seen in S3. */
    readonly sent: Amount
    /** Planned or being sent. */
    readonly waiting: Amount
    readonly leftBehind: Amount
    readonly notPlanned: Amount
  }
  /** Of the last finished verification, as far as they still speak. `extra` counts extras. */
  readonly verdicts: VerdictCounts
  readonly extras: number
  /** The 40 largest, by items. */
  readonly byModality: readonly { readonly modality: string; readonly items: number; readonly verified: number }[]
  readonly lanes: Readonly<Record<Route, LaneFigures>>
  readonly devices: readonly {
    readonly id: DeviceId
    readonly planned: Amount
    readonly sent: Amount
    readonly verified: Amount
  }[]
  /** As EvidenceJournal.unverified. */
  readonly unverified: Amount
  /** When the verification ended that found everything verified; `null` while something is not. */
  readonly finishedAt: number | null
  /** Items left behind on their way: what Transfers lists under failures, without what a scan barred. */
  readonly failures: number
  /** Anomalies that a person should look at: items with one that bars a lane, or whose copies differ. */
  readonly anomalies: number
}

const mostModalities = 40
const seen: ReadonlySet<Verdict> = new Set(['verified', 'consistent', 'present'])
/** What a person should know of although it travels. */
const toLookAt: ReadonlySet<AnomalyCode> = new Set(['empty', 'header-truncated', 'duplicate-different-bytes'])

type Sum = { items: number; bytes: number }
type Lane = { planned: Sum; sent: Sum; leftBehind: Sum; landed: Sum; verified: Sum; lookedAt: boolean }

export async function figures(look: Look, { fresh = false }: { readonly fresh?: boolean } = {}): Promise<JournalFigures> {
  const { groups, studies } = await standings(look, fresh)
  const { database } = look
  const totals = {
    inventory: none(),
    verified: none(),
    landed: none(),
    sent: none(),
    waiting: none(),
    leftBehind: none(),
    notPlanned: none(),
  }
  const counts = noVerdicts()
  const unverified = none()
  const modalities = new Map<string, { items: number; verified: number }>()
  const lanes: Record<Route, Lane> = { device: noLane(), share: noLane(), link: noLane() }
  const devices = new Map<DeviceId, { planned: Sum; sent: Sum; verified: Sum }>(
    database
      .all('SELECT id FROM devices ORDER BY id')
      .map((row) => [numberOf(row, 'id'), { planned: none(), sent: none(), verified: none() }]),
  )
  let failures = 0
  for (const group of groups) {
    add(totals.inventory, group)
    add(totals[stateOf(group)], group)
    if (group.verdict !== undefined) counts[group.verdict] += group.items
    if (isUnverified(group)) add(unverified, group)
    if (group.state === 'left-behind') failures += group.items
    const name = modalityName(group.modality)
    const modality = modalities.get(name) ?? { items: 0, verified: 0 }
    modality.items += group.items
    if (group.outcome === 'verified') modality.verified += group.items
    modalities.set(name, modality)
    if (group.route !== undefined) addToLane(lanes[group.route], group)
    const device = group.deviceId === undefined ? undefined : devices.get(group.deviceId)
    if (device !== undefined && group.state !== 'left-behind') addToDevice(device, group)
  }
  const extras = extrasOf(database)
  counts.extra += extras
  return {
    totals: { ...totals, studies },
    verdicts: counts,
    extras,
    byModality: [...modalities]
      .map(([modality, sums]) => ({ modality, ...sums }))
      .toSorted((a, b) => b.items - a.items || (a.modality < b.modality ? -1 : 1))
      .slice(0, mostModalities),
    lanes: { device: laneFigures(lanes.device), share: laneFigures(lanes.share), link: laneFigures(lanes.link) },
    devices: [...devices].map(([id, sums]) => ({ id, ...sums })),
    unverified,
    finishedAt: unverified.items === 0 && counts.verified > 0 ? finishedAt(database) : null,
    failures,
    anomalies: anomaliesToLookAt(database),
  }
}

function stateOf({ outcome, state }: Standing): 'verified' | 'landed' | 'sent' | 'waiting' | 'leftBehind' | 'notPlanned' {
  if (outcome === 'verified') return 'verified'
  if (outcome === 'consistent' || outcome === 'present') return 'landed'
  if (outcome === 'left-behind') return 'leftBehind'
  if (state === 'sent') return 'sent'
  return state === undefined ? 'notPlanned' : 'waiting'
}

/** As EvidenceJournal.unverified says it. */
export function isUnverified({ file, present, barred, state, anomalies, verdict }: Standing): boolean {
  const mayTravel = !barred || state === 'left-behind' || anomalies.includes('changed-while-read') || anomalies.includes('vanished')
  return file && present && mayTravel && verdict !== 'verified'
}

function addToLane(lane: Lane, group: StandingGroup): void {
  if (group.state === 'left-behind') {
    add(lane.leftBehind, group)
    return
  }
  add(lane.planned, group)
  if (group.state !== 'sent') return
  add(lane.sent, group)
  // A verification that looked before it was sent has not seen it.
  if (group.verdict !== undefined && group.verdictReason !== 'not-sent') lane.lookedAt = true
  if (group.verdict !== undefined && seen.has(group.verdict)) add(lane.landed, group)
  if (group.verdict === 'verified') add(lane.verified, group)
}

function addToDevice(device: { planned: Sum; sent: Sum; verified: Sum }, group: StandingGroup): void {
  add(device.planned, group)
  if (group.state !== 'sent') return
  add(device.sent, group)
  if (group.verdict === 'verified') add(device.verified, group)
}

function laneFigures({ lookedAt, landed, ...lane }: Lane): LaneFigures {
  return { ...lane, landed: lookedAt ? landed : null }
}

function extrasOf(database: JournalDatabase): number {
  const row = database.get('SELECT count(*) AS extras FROM extras WHERE run_id = ?', lastFinishedRun(database))
  return row === undefined ? 0 : numberOf(row, 'extras')
}

function finishedAt(database: JournalDatabase): number | null {
  const row = database.get('SELECT finished_at FROM verifications WHERE id = ?', lastFinishedRun(database))
  return row === undefined ? null : (maybeNumber(row, 'finished_at') ?? null)
}

function anomaliesToLookAt(database: JournalDatabase): number {
  const codes = anomalyCodes.filter((code) => barsEveryLane(code) || toLookAt.has(code))
  const row = database.get(
    'SELECT count(DISTINCT item_id) AS items FROM anomalies WHERE code IN (SELECT value FROM json_each(?))',
    JSON.stringify(codes),
  )
  return row === undefined ? 0 : numberOf(row, 'items')
}

function add(sum: Sum, { items, bytes }: Amount): void {
  sum.items += items
  sum.bytes += bytes
}

function none(): Sum {
  return { items: 0, bytes: 0 }
}

function noLane(): Lane {
  return { planned: none(), sent: none(), leftBehind: none(), landed: none(), verified: none(), lookedAt: false }
}
