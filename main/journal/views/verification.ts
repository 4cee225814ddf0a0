/** Verdicts for screens: in sum, by study with the worst first, by item, and what is extra. */
import type { Answer, Parsed } from '../../../shared/contract/bridge.ts'
import { repairedVerdicts, verdicts } from '../../../shared/domain/verification.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { toBase64, toHex } from '../../../shared/units/digest.ts'
import { pathForDisplay, pathFromBytes } from '../../../shared/units/itemPath.ts'
import type { JournalDatabase, Row } from '../database.ts'
import { blobOf, maybeBlob, maybeNumber, maybeText, numberOf, oneOf, textOf } from '../rows.ts'
import { repairable } from '../repair.ts'
import { lastFinishedRun } from '../verdictRows.ts'
import { figures } from './figures.ts'
import { judgedPage, leftBehindFor, type Candidates, type JudgedItem } from './judgedItems.ts'
import type { Look } from './look.ts'
import { pageOf, placeOf } from './pages.ts'
import { standings } from './standings.ts'

export async function verificationSummary(look: Look): Promise<Answer<'verification.summary'>> {
  const { database } = look
  const { totals, verdicts: counts, extras, unverified } = await figures(look)
  const reasons = new Map<string, { reason: string; items: number; bytes: number }>()
  for (const { reason, items, bytes } of (await standings(look)).groups) {
    if (reason === undefined) continue
    const sum = reasons.get(reason) ?? { reason, items: 0, bytes: 0 }
    sum.items += items
    sum.bytes += bytes
    reasons.set(reason, sum)
  }
  // The run whose verdicts these are; before the first has ended, the one that is under way.
  const run = database.get('SELECT id, started_at, finished_at FROM verifications ORDER BY finished_at IS NULL, id DESC LIMIT 1')
  return {
    run:
      run === undefined
        ? null
        : { id: numberOf(run, 'id'), startedAt: numberOf(run, 'started_at'), finishedAt: maybeNumber(run, 'finished_at') ?? null },
    counts: { ...counts },
    extras,
    unverified,
    notVerified: [...reasons.values()].toSorted((a, b) => b.items - a.items || (a.reason < b.reason ? -1 : 1)),
    inventory: totals.inventory,
    repairable: repairableNow(database),
  }
}

/** The few of a good migration, or the many of a bad one: counted by the index of what is not verified. */
function repairableNow(database: JournalDatabase): { items: number; bytes: number } {
  const run = lastFinishedRun(database)
  const sum = { items: 0, bytes: 0 }
  for (const verdict of repairedVerdicts) {
    const row = database.get(`SELECT count(*) AS items, coalesce(sum(i.size), 0) AS bytes ${repairable}`, run, verdict)
    if (row === undefined) continue
    sum.items += numberOf(row, 'items')
    sum.bytes += numberOf(row, 'bytes')
  }
  return sum
}

export async function verificationItems(look: Look, input: Parsed<'verification.items'>): Promise<Answer<'verification.items'>> {
  return await judgedPage(
    look,
    input,
    candidates(look.database, input),
    (item) =>
      (input.verdict === null || item.verdict === input.verdict) &&
      (input.reason === null || item.reason === input.reason) &&
      (input.studyId === null || item.studyId === input.studyId),
    itemRow,
  )
}

/** By the narrowest index that leads to all of them. */
function candidates(database: JournalDatabase, { verdict, studyId, reason }: Parsed<'verification.items'>): Candidates {
  if (studyId !== null)
    return {
      sql: 'SELECT id AS item_id FROM items INDEXED BY items_by_study WHERE study_id = ? AND id > ? ORDER BY id LIMIT ?',
      values: [studyId],
    }
  const run = lastFinishedRun(database)
  if (verdict === 'verified')
    return {
      sql: `SELECT item_id FROM verdicts WHERE run_id = ? AND verdict = 'verified' AND void = 0 AND item_id > ? ORDER BY item_id LIMIT ?`,
      values: [run],
    }
  if (verdict !== null)
    return {
      sql: `SELECT item_id FROM verdicts WHERE run_id = ? AND verdict <> 'verified' AND verdict = ? AND item_id > ? ORDER BY item_id LIMIT ?`,
      values: [run, verdict],
    }
  if (
    reason !== null &&
    database.get(`SELECT 1 FROM verdicts WHERE run_id = ? AND verdict <> 'verified' AND reason = ? LIMIT 1`, run, reason)
  )
    return {
      sql: `SELECT item_id FROM verdicts WHERE run_id = ? AND verdict <> 'verified' AND reason = ? AND item_id > ? ORDER BY item_id LIMIT ?`,
      values: [run, reason],
    }
  if (reason !== null && database.get(leftBehindFor(reason).sql, reason, 0, 1)) return leftBehindFor(reason)
  return { sql: 'SELECT id AS item_id FROM items WHERE id > ? ORDER BY id LIMIT ?', values: [] }
}

function itemRow({ id, studyId, size, verdict, method, reason, at }: JudgedItem): Answer<'verification.items'>['rows'][number] {
  return { itemId: id, studyId, size, verdict: verdict ?? null, method: method ?? null, reason: reason ?? null, at: at ?? null }
}

export function verificationExtras({ database }: Look, input: Parsed<'verification.extras'>): Answer<'verification.extras'> {
  const [archive, encoded] = placeOf(input.after, 'number', 'string') ?? [0, '']
  const rows = database.all(
    'SELECT archive_id, key, size FROM extras WHERE run_id = ? AND (archive_id, key) > (?, ?) ORDER BY archive_id, key LIMIT ?',
    lastFinishedRun(database),
    archive,
    Buffer.from(encoded, 'base64').toString(),
    input.limit + 1,
  )
  return pageOf(
    rows,
    input.limit,
    (row) => ({ key: textOf(row, 'key'), size: numberOf(row, 'size') }),
    // In base64 the longest key stays within a cursor, whatever is in it.
    (row) => [numberOf(row, 'archive_id'), Buffer.from(textOf(row, 'key')).toString('base64')],
  )
}

/** @throws Fault bad-input when there is no such item. */
export function verificationItem({ database }: Look, { itemId }: Parsed<'verification.item'>): Answer<'verification.item'> {
  const row = database.get('SELECT id, study_id, size, path, sha256, crc64nvme FROM items WHERE id = ?', itemId)
  if (row === undefined) throw new Fault('bad-input', { field: 'itemId', problem: 'there is no such item' })
  const verdict = database.get('SELECT * FROM verdicts WHERE run_id = ? AND item_id = ? AND void = 0', lastFinishedRun(database), itemId)
  const earlier = database.all(
    `SELECT v.run_id, v.verdict, v.reason, v.at FROM verifications r CROSS JOIN verdicts v ON v.run_id = r.id AND v.item_id = ?
     WHERE r.finished_at IS NOT NULL AND r.id <> ? ORDER BY r.id DESC LIMIT 100`,
    itemId,
    verdict === undefined ? 0 : numberOf(verdict, 'run_id'),
  )
  const [sha256, crc64nvme] = [maybeBlob(row, 'sha256'), maybeBlob(row, 'crc64nvme')]
  return {
    itemId,
    studyId: numberOf(row, 'study_id'),
    size: numberOf(row, 'size'),
    path: pathForDisplay(pathFromBytes(blobOf(row, 'path'))),
    sha256: sha256 === undefined ? null : toHex(sha256),
    crc64nvme: crc64nvme === undefined ? null : toBase64(crc64nvme),
    verdict: verdict === undefined ? null : verdictOf(verdict),
    earlier: earlier.map((one) => ({
      runId: numberOf(one, 'run_id'),
      verdict: oneOf(one, 'verdict', verdicts),
      reason: maybeText(one, 'reason') ?? null,
      at: numberOf(one, 'at'),
    })),
  }
}

function verdictOf(row: Row): NonNullable<Answer<'verification.item'>['verdict']> {
  return {
    verdict: oneOf(row, 'verdict', verdicts),
    method: textOf(row, 'method'),
    reason: maybeText(row, 'reason') ?? null,
    bucket: textOf(row, 'bucket'),
    key: textOf(row, 'key'),
    versionId: maybeText(row, 'version_id') ?? null,
    size: maybeNumber(row, 'size') ?? null,
    algorithm: maybeText(row, 'algorithm') ?? null,
    checksumType: maybeText(row, 'checksum_type') ?? null,
    expected: maybeText(row, 'expected') ?? null,
    actual: maybeText(row, 'actual') ?? null,
    storageClass: maybeText(row, 'storage_class') ?? null,
    at: numberOf(row, 'at'),
    runId: numberOf(row, 'run_id'),
  }
}
