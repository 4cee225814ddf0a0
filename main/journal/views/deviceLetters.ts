/** How far a device is loaded, one letter a batch: w waiting, s sending, d done (sent), p proven (every member verified). */
import { maybeNumber, numberOf, oneOf } from '../rows.ts'
import { lastFinishedRun } from '../verdictRows.ts'
import { version, type Look } from './look.ts'

const mostLetters = 4000
const batchesAtOnce = 20

/** Letters of `devices.detail`. */
export type DeviceLetters = {
  readonly letters: string
  /** Batches behind one letter, which is then that of the one that is least far. */
  readonly perLetter: number
  readonly count: number
  readonly done: number
  readonly alone: { readonly items: number; readonly bytes: number; readonly doneItems: number; readonly doneBytes: number }
}

const order = ['w', 's', 'd', 'p'] as const
type Letter = (typeof order)[number]

export async function deviceLetters(look: Look, { deviceId }: { readonly deviceId: number }): Promise<DeviceLetters> {
  return await look.kept.get(`letters ${deviceId}`, version(look), look.signal, (signal) => count(look.with(signal), deviceId))
}

async function count(look: Look, deviceId: number): Promise<DeviceLetters> {
  const { database } = look
  const run = lastFinishedRun(database)
  const letters: Letter[] = []
  for (let after = 0; ;) {
    const rows = database.all(
      `SELECT b.id, b.state, b.state = 'sent' AND EXISTS (SELECT 1 FROM transfers t WHERE t.batch_id = b.id AND t.state = 'sent') AND NOT EXISTS (
         SELECT 1 FROM transfers t LEFT JOIN verdicts v ON v.run_id = ?1 AND v.item_id = t.item_id AND v.void = 0
         WHERE t.batch_id = b.id AND t.state <> 'left-behind' AND coalesce(v.verdict, '') <> 'verified') AS proven
       FROM batches b WHERE b.device_id = ?2 AND b.id > ?3 ORDER BY b.id LIMIT ?4`,
      run,
      deviceId,
      after,
      batchesAtOnce,
    )
    const last = rows.at(-1)
    if (last === undefined) break
    for (const row of rows) {
      const state = oneOf(row, 'state', ['planned', 'sending', 'sent'] as const)
      letters.push(numberOf(row, 'proven') === 1 ? 'p' : state === 'sent' ? 'd' : state === 'sending' ? 's' : 'w')
    }
    after = numberOf(last, 'id')
    await look.pause()
  }
  const perLetter = Math.max(1, Math.ceil(letters.length / mostLetters))
  return {
    letters: leastFar(letters, perLetter),
    perLetter,
    count: letters.length,
    done: letters.filter((letter) => letter === 'd' || letter === 'p').length,
    alone: await alone(look, deviceId),
  }
}

function leastFar(letters: readonly Letter[], perLetter: number): string {
  let text = ''
  for (let at = 0; at < letters.length; at += perLetter) {
    const some = letters.slice(at, at + perLetter)
    text += order.find((letter) => some.includes(letter)) ?? 'w'
  }
  return text
}

const aloneAtOnce = 20_000

/** By item number: there is no index by device for what is sent, and a device takes few items alone beside its batches. */
async function alone(look: Look, deviceId: number): Promise<DeviceLetters['alone']> {
  const sum = { items: 0, bytes: 0, doneItems: 0, doneBytes: 0 }
  for (let after = 0; ;) {
    const row = look.database.get(
      `SELECT max(item_id) AS last, coalesce(sum(mine), 0) AS items, coalesce(sum(mine * size), 0) AS bytes, coalesce(sum(mine AND state = 'sent'), 0) AS done_items,
         coalesce(sum(CASE WHEN mine AND state = 'sent' THEN size ELSE 0 END), 0) AS done_bytes
       FROM (SELECT t.item_id, t.state, t.device_id IS ?1 AND t.batch_id IS NULL AND t.state <> 'left-behind' AS mine,
           CASE WHEN t.device_id IS ?1 AND t.batch_id IS NULL THEN (SELECT i.size FROM items i WHERE i.id = t.item_id) ELSE 0 END AS size
         FROM transfers t WHERE t.item_id > ?2 ORDER BY t.item_id LIMIT ?3)`,
      deviceId,
      after,
      aloneAtOnce,
    )
    const last = row === undefined ? undefined : maybeNumber(row, 'last')
    if (row === undefined || last === undefined) return sum
    sum.items += numberOf(row, 'items')
    sum.bytes += numberOf(row, 'bytes')
    sum.doneItems += numberOf(row, 'done_items')
    sum.doneBytes += numberOf(row, 'done_bytes')
    after = last
    await look.pause()
  }
}
