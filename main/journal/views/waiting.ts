/** What waits on a lane: items that travel alone in the order they go, then those in batches. A place in it is told by item ids: keys are paths. */
import type { Answer, Parsed } from '../../../shared/contract/bridge.ts'
import type { Row } from '../database.ts'
import { maybeNumber, numberOf, textOf } from '../rows.ts'
import type { Look } from './look.ts'
import { pageOf, placeOf } from './pages.ts'
import { standings } from './standings.ts'

type Input = Parsed<'transfers.waiting'>

const columns = 't.item_id, t.device_id, t.batch_id, t.state, i.size'

export async function transfersWaiting(look: Look, input: Input): Promise<Answer<'transfers.waiting'>> {
  const left = { items: 0, bytes: 0 }
  for (const group of (await standings(look)).groups) {
    if (group.route !== input.route || (group.state !== 'planned' && group.state !== 'sending')) continue
    left.items += group.items
    left.bytes += group.bytes
  }
  // 0: alone, by device; 1: in batches, by batch.
  const [part, group, item] = placeOf(input.after, 'number', 'number', 'number') ?? [0, 0, 0]
  const wanted = input.limit + 1
  const rows = part === 0 ? alone(look, input, group, item, wanted) : []
  if (rows.length < wanted && input.route === 'device')
    rows.push(...inBatches(look, part === 0 ? 0 : group, part === 0 ? 0 : item, wanted - rows.length))
  const page = pageOf(
    rows,
    input.limit,
    (row) => ({
      itemId: numberOf(row, 'item_id'),
      size: numberOf(row, 'size'),
      state: textOf(row, 'state'),
      batch: row['batch_id'] !== null,
    }),
    (row) => {
      const batch = maybeNumber(row, 'batch_id')
      return [batch === undefined ? 0 : 1, batch ?? maybeNumber(row, 'device_id') ?? 0, numberOf(row, 'item_id')]
    },
  )
  return { left, ...page }
}

function alone({ database }: Look, { route }: Input, fromDevice: number, afterItem: number, wanted: number): Row[] {
  const devices =
    route === 'device'
      ? database.all('SELECT id FROM devices WHERE id >= ? ORDER BY id', fromDevice).map((row) => numberOf(row, 'id'))
      : [null]
  const rows: Row[] = []
  for (const device of devices) {
    if (rows.length >= wanted) break
    const begun = (device ?? 0) === fromDevice ? afterItem : 0
    rows.push(
      ...database.all(
        `SELECT ${columns} FROM transfers t CROSS JOIN items i ON i.id = t.item_id
         WHERE t.route = ? AND t.device_id IS ? AND t.batch_id IS NULL AND t.state IN ('planned', 'sending') AND (t.key, t.item_id) > (?, ?)
         ORDER BY t.key, t.item_id LIMIT ?`,
        route,
        device,
        keyOf(database, begun),
        begun,
        wanted - rows.length,
      ),
    )
  }
  return rows
}

function inBatches({ database }: Look, fromBatch: number, afterItem: number, wanted: number): Row[] {
  const rows: Row[] = []
  for (let batch = fromBatch, after = afterItem; rows.length < wanted; after = 0) {
    const row = database.get(`SELECT min(id) AS id FROM batches WHERE id >= ? AND state <> 'sent'`, batch)
    const next = row === undefined ? undefined : maybeNumber(row, 'id')
    if (next === undefined) break
    if (next !== batch) after = 0
    rows.push(
      ...database.all(
        `SELECT ${columns} FROM transfers t CROSS JOIN items i ON i.id = t.item_id
         WHERE t.batch_id = ? AND t.state IN ('planned', 'sending') AND (t.key, t.item_id) > (?, ?) ORDER BY t.key, t.item_id LIMIT ?`,
        next,
        keyOf(database, after),
        after,
        wanted - rows.length,
      ),
    )
    batch = next + 1
  }
  return rows
}

/** Where an item stood in the list. It keeps its key when it is sent meanwhile. */
function keyOf(database: Look['database'], item: number): string {
  const row = item === 0 ? undefined : database.get('SELECT key FROM transfers WHERE item_id = ?', item)
  return row === undefined ? '' : textOf(row, 'key')
}
