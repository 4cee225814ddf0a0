/** Where every item stands, counted in groups: the one pass that totals, lanes, modalities, reasons and failures are all read from. */
import { anomalies, anomalyCodes, type AnomalyCode } from '../../../shared/domain/anomaly.ts'
import { outcomeOf, type Outcome } from '../../../shared/domain/evidence.ts'
import { routes, type Route } from '../../../shared/domain/route.ts'
import type { TransferState } from '../../../shared/domain/transfer.ts'
import { verdicts, type Verdict } from '../../../shared/domain/verification.ts'
import type { Row } from '../database.ts'
import { barsAll } from '../items.ts'
import { maybeNumber, maybeText, numberOf, oneOf, textOf } from '../rows.ts'
import { lastFinishedRun } from '../verdictRows.ts'
import { version, type Look } from './look.ts'
import { overStudies } from './studyRanges.ts'

/** What the outcome of an item rests on. */
export type Standing = {
  readonly present: boolean
  readonly file: boolean
  readonly barred: boolean
  readonly anomalies: readonly AnomalyCode[]
  readonly route: Route | undefined
  readonly deviceId: number | undefined
  readonly state: TransferState | undefined
  readonly leftBehindFor: string | undefined
  /** Of the last finished verification, if it still speaks for the item. */
  readonly verdict: Verdict | undefined
  readonly verdictReason: string | undefined
  readonly outcome: Outcome
  /** Why it is not verified. `undefined` for what is. */
  readonly reason: string | undefined
}

export type StandingGroup = Standing & { readonly modality: string | undefined; items: number; bytes: number }
export type Standings = { readonly groups: readonly StandingGroup[]; readonly studies: number }

const states: readonly TransferState[] = ['planned', 'sending', 'sent', 'left-behind']
const hashed = new Uint8Array(0)

/** Columns of an item `i` with its transfer `t` and verdict `v`, as standingOf reads them. Anomalies are looked up only where they decide. */
export const standingColumns = `i.present, i.kind = 'file' AS file, (i.bars & ${barsAll}) <> 0 AS barred, t.route, t.device_id, t.state, t.reason AS left_for,
  v.verdict, v.reason AS verdict_reason,
  CASE WHEN t.state = 'sent' AND v.verdict IS NULL THEN (SELECT x.sha256 IS NULL FROM items x WHERE x.id = i.id) ELSE 0 END AS unhashed,
  CASE WHEN (i.bars & ${barsAll}) <> 0 THEN (
    SELECT group_concat(a.code) FROM (SELECT code FROM anomalies WHERE item_id = i.id ORDER BY code) a) END AS codes`

/** ? is the last finished run. */
export const standingJoins = `LEFT JOIN transfers t ON t.item_id = i.id LEFT JOIN verdicts v ON v.run_id = ? AND v.item_id = i.id AND v.void = 0`

export function standingOf(row: Row): Standing {
  const verdict = row['verdict'] === null ? undefined : oneOf(row, 'verdict', verdicts)
  const known = {
    present: numberOf(row, 'present') === 1,
    file: numberOf(row, 'file') === 1,
    barred: numberOf(row, 'barred') === 1,
    anomalies: codesOf(maybeText(row, 'codes')),
    route: row['route'] === null ? undefined : oneOf(row, 'route', routes),
    deviceId: maybeNumber(row, 'device_id'),
    state: row['state'] === null ? undefined : oneOf(row, 'state', states),
    leftBehindFor: maybeText(row, 'left_for'),
    verdict,
    verdictReason: maybeText(row, 'verdict_reason'),
  }
  const { outcome, reason } = outcomeOf({
    ...known,
    transferState: known.state,
    sha256: numberOf(row, 'unhashed') === 1 ? undefined : hashed,
    verdict: verdict === undefined ? undefined : { verdict, reason: known.verdictReason },
  })
  return { ...known, outcome, reason: outcome === 'verified' ? undefined : (reason ?? outcome) }
}

export function codesOf(text: string | undefined): readonly AnomalyCode[] {
  const codes = text === undefined ? [] : text.split(',')
  return anomalyCodes.filter((code) => codes.includes(code))
}

export function barsEveryLane(code: AnomalyCode): boolean {
  return anomalies[code].blocks === 'every-lane'
}

export async function standings(look: Look, fresh = false): Promise<Standings> {
  return await look.kept.get('standings', version(look), look.signal, (signal) => count(look.with(signal)), fresh)
}

async function count(look: Look): Promise<Standings> {
  const run = lastFinishedRun(look.database)
  const groups = new Map<string, StandingGroup>()
  let studies = 0
  await overStudies(look, (after, last) => {
    const rows = look.database.all(
      `SELECT modality, present, file, barred, route, device_id, state, left_for, verdict, verdict_reason, unhashed, codes,
         count(*) AS items, sum(size) AS bytes
       FROM (SELECT i.modality, i.size, ${standingColumns} FROM items i ${standingJoins} WHERE i.study_id > ? AND i.study_id <= ?)
       GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12`,
      run,
      after,
      last,
    )
    for (const row of rows) add(groups, row)
    const found = look.database.get(
      'SELECT count(*) AS studies FROM studies s WHERE s.id > ? AND s.id <= ? AND EXISTS (SELECT 1 FROM items i WHERE i.study_id = s.id)',
      after,
      last,
    )
    studies += found === undefined ? 0 : numberOf(found, 'studies')
  })
  return { groups: [...groups.values()], studies }
}

function add(groups: Map<string, StandingGroup>, row: Row): void {
  const { items, bytes, ...of } = row
  const key = Object.values(of).join('\n')
  let group = groups.get(key)
  if (group === undefined) {
    group = { ...standingOf(row), modality: row['modality'] === null ? undefined : textOf(row, 'modality'), items: 0, bytes: 0 }
    groups.set(key, group)
  }
  group.items += Number(items)
  group.bytes += Number(bytes)
}
