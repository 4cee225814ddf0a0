/** Items that were left behind and are to be tried again: what barred them is taken off, and they wait on their lane or for the next plan. */
import { anomalies, anomalyCodes } from '../../shared/domain/anomaly.ts'
import { canRetry } from '../../shared/domain/retry.ts'
import type { JournalDatabase } from './database.ts'
import { removeAnomaly } from './inventoryJournal.ts'
import { numberOf, textOf } from './rows.ts'

const chunk = 1000
const barring = anomalyCodes.filter((code) => anomalies[code].blocks === 'every-lane')
/** What has left the house takes nothing more. */
const laneOpen = `(t.device_id IS NULL OR (d.given_up = 0 AND
  d.state IN ('planned', 'ordering', 'New', 'PreparingAppliance', 'PreparingShipment', 'InTransitToCustomer', 'WithCustomer')
  AND NOT EXISTS (SELECT 1 FROM custody c WHERE c.device_id = d.id AND c.step = 'handed-over')))`

export function retryLeftBehind(database: JournalDatabase, codes: readonly string[] | null): number {
  return database
    .all(`SELECT DISTINCT reason FROM transfers WHERE state = 'left-behind' AND reason IS NOT NULL`)
    .map((row) => textOf(row, 'reason'))
    .filter((reason) => canRetry(reason) && (codes === null || codes.includes(reason)))
    .reduce((sum, reason) => sum + retryCause(database, reason), 0)
}

function retryCause(database: JournalDatabase, reason: string): number {
  const code = anomalyCodes.find((one) => one === reason)
  const others = barring.filter((one) => one !== reason)
  let [after, count] = [0, 0]
  for (;;) {
    const rows = database.all(
      `SELECT t.item_id, ${laneOpen} AS open, coalesce(b.state, 'sent') = 'planned' AS together
       FROM transfers t JOIN items i ON i.id = t.item_id LEFT JOIN batches b ON b.id = t.batch_id LEFT JOIN devices d ON d.id = t.device_id
       WHERE t.state = 'left-behind' AND t.reason = ? AND t.item_id > ? AND i.kind = 'file' AND i.present = 1
         AND NOT EXISTS (SELECT 1 FROM anomalies a WHERE a.item_id = i.id AND a.code IN (${others.map(() => '?').join(', ')}))
       ORDER BY t.item_id LIMIT ${chunk}`,
      reason,
      after,
      ...others,
    )
    const last = rows.at(-1)
    if (last === undefined) return count
    database.transaction(() => {
      for (const row of rows) {
        const item = numberOf(row, 'item_id')
        if (code !== undefined) removeAnomaly(database, item, code)
        if (numberOf(row, 'open') === 0) database.run('DELETE FROM transfers WHERE item_id = ?', item)
        // A batch that is being packed is not opened again: the item travels alone.
        else
          database.run(
            `UPDATE transfers SET state = 'planned', reason = NULL, packed_at = NULL, batch_id = CASE WHEN ? THEN batch_id END WHERE item_id = ?`,
            numberOf(row, 'together'),
            item,
          )
      }
    })
    after = numberOf(last, 'item_id')
    count += rows.length
  }
}
