/** The rows of the bundle's CSV files. Only the files asked for with paths ever see one. */
import { createHmac } from 'node:crypto'
import { stringify } from 'csv-stringify/sync'
import type { ChainedEntry } from '../../shared/domain/custody.ts'
import { custodyNoteText, custodyPlace } from '../../shared/domain/custodyWords.ts'
import { codeOrOther, type Outcome } from '../../shared/domain/evidence.ts'
import { itemName } from '../../shared/domain/item.ts'
import type { KeptJobLog } from '../../shared/domain/jobLog.ts'
import type { DeviceId } from '../../shared/domain/transfer.ts'
import { rollUp, verdicts } from '../../shared/domain/verification.ts'
import type { ItemEvidence, VerdictByGroup } from '../../shared/ports/journal.ts'
import type { ParquetColumn } from './parquetSink.ts'
import { toBase64, toHex } from '../../shared/units/digest.ts'
import { pathForDisplay, pathText } from '../../shared/units/itemPath.ts'

export const itemColumns = [
  'item',
  'archive',
  'size',
  'sha256_hex',
  'crc64nvme_base64',
  'route',
  'batch',
  'device',
  'state',
  'left_behind_reason',
  'anomalies',
  'verdict',
  'verdict_reason',
  'method',
  'algorithm',
  'type',
  'expected',
  'actual',
  'version_id',
  'storage_class',
  'verified_at',
] as const

/** The same columns as they stand in items.parquet. */
export const itemParquet: readonly ParquetColumn[] = itemColumns.map((name) => ({
  name,
  type: name === 'archive' || name === 'device' ? 'int32' : name === 'size' ? 'int64' : name === 'verified_at' ? 'time' : 'text',
  ...(name === 'item' || name === 'archive' || name === 'size' || name === 'verdict' ? { required: true } : {}),
}))

/** Of the batch only the name that Firn made up: what precedes it is not needed to tell batches apart. */
export function itemRow(item: ItemEvidence, outcome: Outcome, reason: string | undefined): readonly (string | number)[] {
  const verdict = item.verdict?.verdict === outcome ? item.verdict : undefined
  return [
    itemName(item.id),
    item.archiveId,
    item.size,
    item.sha256 === undefined ? '' : toHex(item.sha256),
    item.crc64nvme === undefined ? '' : toBase64(item.crc64nvme),
    item.route ?? '',
    batchName(item.batchKey),
    item.deviceId ?? '',
    item.transferState ?? '',
    outcome === 'left-behind' ? (reason ?? '') : '',
    item.anomalies.toSorted().join(' '),
    outcome,
    outcome === 'left-behind' ? '' : (reason ?? ''),
    verdict?.method ?? '',
    codeOrOther(verdict?.algorithm) ?? '',
    codeOrOther(verdict?.checksumType) ?? '',
    digestText(verdict?.expected),
    digestText(verdict?.actual),
    opaque(verdict?.versionId),
    codeOrOther(verdict?.storageClass) ?? '',
    verdict === undefined ? '' : new Date(verdict.at).toISOString(),
  ]
}

export const pathColumns = ['item', 'archive', 'path', 'name_form', 'outcome'] as const

/** `./` before the path keeps a spreadsheet from taking a name that begins with = + - @ for a formula. */
export function pathRow(item: ItemEvidence, outcome: Outcome): readonly (string | number)[] {
  const utf8 = pathText(item.path) !== undefined
  return [
    itemName(item.id),
    item.archiveId,
    `./${pathForDisplay(item.path)}`,
    utf8 ? 'utf-8' : 'not utf-8: other bytes shown as \\xNN',
    outcome,
  ]
}

export const anomalyColumns = ['item', 'code'] as const
export const extraColumns = ['key_hmac_sha256_hex', 'size'] as const
export const extraColumnsWithKey = [...extraColumns, 'key'] as const

export type Extra = { readonly key: string; readonly size: number }

/** Keys may hold names. A keyed hash tells extra objects apart, over several bundles too, and without the key no guess can be confirmed. */
export function extraRow(extra: Extra, hashKey: Uint8Array, includePaths: boolean): readonly (string | number)[] {
  const hash = createHmac('sha256', hashKey).update(extra.key, 'utf8').digest('hex')
  return includePaths ? [hash, extra.size, `./${extra.key}`] : [hash, extra.size]
}

export const groupColumns = ['group', 'verdict', 'items', 'size', ...verdicts, 'without_verdict'] as const

/** A study or series by its number, with the worst verdict of its items. */
export function groupRow({ group, counts, items, bytes }: VerdictByGroup): readonly (string | number)[] {
  const judged = verdicts.map((verdict) => counts[verdict])
  return [group, rollUp(counts, items), items, bytes, ...judged, items - judged.reduce((sum, one) => sum + one, 0)]
}

export const custodyColumns = [
  'device',
  'number',
  'at',
  'entered_at',
  'step',
  'person',
  'place',
  'from',
  'to',
  'note',
  'corrects',
  'attachments_sha256',
  'previous',
  'hash',
] as const

export function custodyRow(entry: ChainedEntry): readonly (string | number)[] {
  return [
    entry.deviceId,
    entry.number,
    new Date(entry.at).toISOString(),
    new Date(entry.enteredAt).toISOString(),
    entry.step,
    entry.person,
    custodyPlace(entry, 'en'),
    entry.from,
    entry.to,
    custodyNoteText(entry, 'en'),
    entry.corrects ?? '',
    entry.attachments.map(({ sha256 }) => sha256).join(' '),
    entry.previous,
    entry.hash,
  ]
}

export const jobLogColumns = ['device', 'log', 'kept_at', 'bytes', 'sha256_hex'] as const

/** The logs of an import job name keys, which may be paths: they stay in the migration's folder, and the evidence holds their digests. */
export function jobLogRow(device: DeviceId, { kind, at, bytes, sha256 }: KeptJobLog): readonly (string | number)[] {
  return [device, kind, new Date(at).toISOString(), bytes, sha256]
}

/** Machine values go out as they are: a digest must not be altered. */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  return stringify(rows.map((row) => [...row]))
}

/** Text that people typed: values that a spreadsheet would run as a formula are defused with an apostrophe. */
export function csvOfPeople(rows: readonly (readonly (string | number)[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true },
  )
}

/** Base64, hex or an ETag with its number of parts; anything else is not a digest and is not repeated. */
function digestText(text: string | undefined): string {
  if (text === undefined) return ''
  return /^"?[A-Za-z0-9+/=]{1,128}(-\d{1,5})?"?$/.test(text) ? text : 'other'
}

/** S3 version ids are opaque ASCII of up to 1,024 bytes. */
function opaque(text: string | undefined): string {
  if (text === undefined) return ''
  return /^[A-Za-z0-9._~+/=-]{1,1024}$/.test(text) ? text : 'other'
}

function batchName(key: string | undefined): string {
  if (key === undefined) return ''
  return /(firn-batch-\d+-\d+\.tar)$/.exec(key)?.[1] ?? 'other'
}
