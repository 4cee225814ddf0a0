/** Anomalies as CSV, for whoever puts them right at the source. Without paths unless they are asked for. */
import { stringify } from 'csv-stringify/sync'
import type { Answer, Parsed } from '../../../shared/contract/bridge.ts'
import { itemName, type ItemId } from '../../../shared/domain/item.ts'
import { pathForDisplay, pathFromBytes } from '../../../shared/units/itemPath.ts'
import type { Row } from '../database.ts'
import { blobOf, numberOf, textOf } from '../rows.ts'
import type { Look } from './look.ts'

const mostRows = 100_000
const atOnce = 5000

export async function anomalyCsv(
  look: Look,
  { code, includePaths }: Parsed<'archives.anomalyCsv'>,
): Promise<Answer<'archives.anomalyCsv'>> {
  const parts = [stringify([['item', 'archive', 'size', 'code', ...(includePaths ? ['path'] : [])]])]
  let rows = 0
  for (let after: readonly [string, number] = ['', 0]; ;) {
    // One row more than may be shown tells whether more follows.
    const found = look.database.all(
      `SELECT a.code, a.item_id, i.archive_id, i.size${includePaths ? ', i.path' : ''} FROM anomalies a CROSS JOIN items i ON i.id = a.item_id
       WHERE (a.code, a.item_id) > (?, ?) AND (?3 IS NULL OR a.code = ?3) ORDER BY a.code, a.item_id LIMIT ?`,
      ...after,
      code,
      Math.min(atOnce, mostRows + 1 - rows),
    )
    const last = found.at(-1)
    if (last === undefined) return { csv: parts.join(''), rows, more: false }
    const shown = found.slice(0, mostRows - rows)
    parts.push(stringify(shown.map((row) => csvRow(row, includePaths))))
    rows += shown.length
    if (shown.length < found.length) return { csv: parts.join(''), rows, more: true }
    after = [textOf(last, 'code'), numberOf(last, 'item_id')]
    await look.pause()
  }
}

function csvRow(row: Row, includePaths: boolean): (string | number)[] {
  const columns = [itemName(numberOf(row, 'item_id') as ItemId), numberOf(row, 'archive_id'), numberOf(row, 'size'), textOf(row, 'code')]
  // `./` keeps a spreadsheet from taking a name that begins with = + - @ for a formula.
  return includePaths ? [...columns, `./${pathForDisplay(pathFromBytes(blobOf(row, 'path')))}`] : columns
}
