/** Whether the anomalies that a scan found are the ones that were planted, item by item. */
import type { AnomalyCode } from '../../shared/domain/anomaly.ts'
import type { EvidenceJournal } from '../../shared/ports/journal.ts'
import type { Planted } from './rehearsalFolder.ts'

export type PlantedComparison = { readonly same: boolean; readonly planted: number; readonly missed: number; readonly surplus: number }

export function comparePlanted(journal: EvidenceJournal, planted: Planted): PlantedComparison {
  const name = (code: AnomalyCode, path: string): string => `${code} ${path}`
  const waiting = new Set(planted.map(({ code, path }) => name(code, path)))
  let surplus = 0
  for (const item of journal.evidence()) {
    for (const code of item.anomalies) if (!waiting.delete(name(code, Buffer.from(item.path).toString('base64')))) surplus += 1
  }
  return { same: waiting.size === 0 && surplus === 0, planted: planted.length, missed: waiting.size, surplus }
}
