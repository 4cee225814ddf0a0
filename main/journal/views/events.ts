/** The event log for screens, newest first; and what has been run so far. */
import type { Answer, Parsed } from '../../../shared/contract/bridge.ts'
import { Fault, type Facts } from '../../../shared/faults/fault.ts'
import { checkEvents, eventOf, nothingChecked } from '../eventLog.ts'
import { blobOf, maybeNumber, numberOf, oneOf, textOf } from '../rows.ts'
import type { Look } from './look.ts'
import { pageOf, placeOf } from './pages.ts'

const runKinds = ['scan', 'plan', 'verification', 'evidence'] as const
const mostRuns = 1000
const checkedAtOnce = 2000

export function eventsPage({ database }: Look, input: Parsed<'events.page'>): Answer<'events.page'> {
  const [before] = placeOf(input.after, 'number') ?? [Number.MAX_SAFE_INTEGER]
  // By sequence, newest first: a log of events is short beside an inventory, and most filters leave much of it.
  const rows = database.all(
    `SELECT sequence, at, kind, body, hash FROM events
     WHERE sequence < ? AND at >= ? AND at <= ? ${input.kinds === null ? '' : `AND kind IN (SELECT value FROM json_each(?))`}
     ORDER BY sequence DESC LIMIT ?`,
    before,
    input.from ?? 0,
    input.to ?? Number.MAX_SAFE_INTEGER,
    ...(input.kinds === null ? [] : [JSON.stringify(input.kinds)]),
    input.limit + 1,
  )
  return pageOf(
    rows,
    input.limit,
    (row) => ({
      sequence: numberOf(row, 'sequence'),
      at: numberOf(row, 'at'),
      kind: textOf(row, 'kind'),
      facts: factsOf(textOf(row, 'body')),
      hash: Buffer.from(blobOf(row, 'hash')).toString('hex'),
    }),
    (row) => [numberOf(row, 'sequence')],
  )
}

function factsOf(body: string): Facts {
  const facts: unknown = JSON.parse(body)
  if (typeof facts !== 'object' || facts === null) throw new Fault('journal-damaged', { column: 'body' })
  return facts as Facts
}

export function eventKinds({ database }: Look): Answer<'events.kinds'> {
  return { kinds: database.all('SELECT DISTINCT kind FROM events ORDER BY kind').map((row) => textOf(row, 'kind')) }
}

export async function eventsCheck(look: Look): Promise<Answer<'events.check'>> {
  let checked = nothingChecked
  for (;;) {
    const rows = look.database.all('SELECT * FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?', checked.last, checkedAtOnce)
    if (rows.length === 0) return { whole: true, entries: checked.entries, brokenAt: null }
    checked = checkEvents(rows.map(eventOf), checked)
    if (checked.brokenAt !== undefined) return { whole: false, entries: checked.entries, brokenAt: checked.brokenAt }
    await look.pause()
  }
}

/** Newest first. Evidence is known by its event; the others by their own tables. */
export function historyRuns({ database }: Look): Answer<'history.runs'> {
  const rows = database.all(
    `SELECT 'scan' AS kind, s.id, s.started_at, s.finished_at, CAST(s.archive_id AS TEXT) AS note FROM scans s
     UNION ALL
     SELECT 'plan', p.id, p.begun_at, (SELECT max(e.at) FROM events e WHERE e.kind = 'plan-made' AND json_extract(e.body, '$.plan') = p.id), coalesce(p.approved_by, '') FROM plans p
     UNION ALL
     SELECT 'verification', v.id, v.started_at, v.finished_at, '' FROM verifications v
     UNION ALL
     SELECT 'evidence', e.sequence, e.at, e.at, coalesce(json_extract(e.body, '$.bundle'), '') FROM events e WHERE e.kind = 'evidence-written'
     ORDER BY 3 DESC, 1, 2 DESC LIMIT ?`,
    mostRuns,
  )
  return {
    runs: rows.map((row) => ({
      kind: oneOf(row, 'kind', runKinds),
      id: numberOf(row, 'id'),
      startedAt: numberOf(row, 'started_at'),
      finishedAt: maybeNumber(row, 'finished_at') ?? null,
      note: textOf(row, 'note'),
    })),
  }
}
