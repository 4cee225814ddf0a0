/** Archives and the inventory: figures for charts, and keyset pages of studies, series and items. */
import { z } from 'zod'
import { amount, call, count, id, nothing, page, pageInput, pathToken, time } from './call.ts'

const anomaly = z.string().max(64)

export const archiveEntry = z.strictObject({
  id,
  /** The root, for the eyes of the person at this machine. */
  label: z.string(),
  bucket: z.string(),
  prefix: z.string(),
  kind: z.enum(['folder']),
  scannedAt: time.nullable(),
  /** A scan was cut off and goes on when it is started again. */
  scanOpen: z.boolean(),
  items: count,
  bytes: count,
  studies: count,
  dicomItems: count,
  vanished: count,
  ignored: count,
  anomalies: count,
})
export type ArchiveEntry = z.infer<typeof archiveEntry>

/** What an explorer shows: all of them must hold. Years are of the study date; both 0: studies without one. An empty modality: studies without one. */
export const inventoryFilter = z.strictObject({
  archiveId: id.nullable().default(null),
  modality: z.string().max(16).nullable().default(null),
  yearFrom: z.number().int().nullable().default(null),
  yearTo: z.number().int().nullable().default(null),
  anomaly: anomaly.nullable().default(null),
  kind: z.enum(['dicom', 'folder']).nullable().default(null),
  /** Last verdict of an item; `none`: never checked. */
  verdict: z.string().max(16).nullable().default(null),
  route: z.enum(['device', 'share', 'link', 'none']).nullable().default(null),
})
export type InventoryFilter = z.infer<typeof inventoryFilter>

export const studyRow = z.strictObject({
  id,
  archiveId: id,
  kind: z.enum(['dicom', 'folder']),
  modality: z.string().nullable(),
  /** YYYYMMDD */
  studyDate: z.string().nullable(),
  series: count,
  items: count,
  bytes: count,
  anomalies: count,
  verified: count,
})
export type StudyRow = z.infer<typeof studyRow>

export const seriesRow = z.strictObject({ studyId: id, series: count, modality: z.string().nullable(), items: count, bytes: count })
export type SeriesRow = z.infer<typeof seriesRow>

export const itemRow = z.strictObject({
  id,
  archiveId: id,
  studyId: id,
  kind: z.enum(['file', 'link', 'special', 'folder']),
  size: count,
  mtime: time,
  modality: z.string().nullable(),
  studyDate: z.string().nullable(),
  anomalies: z.array(anomaly),
  route: z.string().nullable(),
  state: z.string().nullable(),
  verdict: z.string().nullable(),
  present: z.boolean(),
})
export type ItemRow = z.infer<typeof itemRow>

const edges = z.array(z.number())

export const archiveCalls = {
  'archives.list': call(nothing, z.strictObject({ archives: z.array(archiveEntry) })),
  /** @throws Fault archives-overlap, archive-missing, bad-input, work-running. */
  'archives.add': call(
    z.strictObject({
      folder: pathToken,
      prefix: z
        .string()
        .max(512)
        .regex(/^$|\/$/, 'must end with /'),
    }),
    archiveEntry,
  ),
  /** Bytes, items and studies by modality and year of the study date; `null`: not known. */
  'archives.heatMap': call(
    z.strictObject({ archiveId: id.nullable().default(null) }),
    z.strictObject({
      cells: z.array(
        z.strictObject({ modality: z.string().nullable(), year: z.number().int().nullable(), studies: count, items: count, bytes: count }),
      ),
      at: time,
    }),
  ),
  /** Sizes of items, by powers of two: bucket n holds sizes from edges[n] up to below edges[n + 1]. */
  'archives.sizes': call(
    z.strictObject({ archiveId: id.nullable().default(null) }),
    z.strictObject({ edges, items: z.array(count), bytes: z.array(count), batchLimit: count, at: time }),
  ),
  /** What was last touched (mtime) in which year; not touched since the end of year y is the sum up to y. */
  'archives.coldness': call(
    z.strictObject({ archiveId: id.nullable().default(null) }),
    z.strictObject({ years: z.array(z.strictObject({ year: z.number().int(), items: count, bytes: count, studies: count })), at: time }),
  ),
  'archives.anomalies': call(
    z.strictObject({ archiveId: id.nullable().default(null) }),
    z.strictObject({ anomalies: z.array(z.strictObject({ code: anomaly, items: count, bytes: count })) }),
  ),
  /** Item ids, archive, size and code as CSV: no paths. Ends after `limit` rows and says so. */
  'archives.anomalyCsv': call(
    z.strictObject({ code: anomaly.nullable().default(null), includePaths: z.boolean().default(false) }),
    z.strictObject({ csv: z.string(), rows: count, more: z.boolean() }),
  ),
  'explorer.count': call(inventoryFilter, amount.extend({ studies: count })),
  'explorer.studies': call(inventoryFilter.extend(pageInput), page(studyRow)),
  'explorer.series': call(z.strictObject({ studyId: id }), z.strictObject({ series: z.array(seriesRow) })),
  /** Items of a study, of one series of it, or (studyId null) of all that the filter leaves. */
  'explorer.items': call(
    inventoryFilter.extend({ ...pageInput, studyId: id.nullable().default(null), series: count.nullable().default(null) }),
    page(itemRow),
  ),
  /**
   * Where to begin pages of a long list: the cursor before every `every`-th row, so that a scroll bar can jump. At most 5,000 marks;
   * `more` when the list is longer than they reach.
   */
  'explorer.bookmarks': call(
    inventoryFilter.extend({ of: z.enum(['studies', 'items']), every: z.number().int().min(50).max(5000) }),
    z.strictObject({ rows: count, marks: z.array(z.string().nullable()), more: z.boolean() }),
  ),
  /** One item whole. The path is for the eyes of the person at this machine and is never logged. */
  'explorer.item': call(
    z.strictObject({ itemId: id }),
    itemRow.extend({
      path: z.string(),
      key: z.string().nullable(),
      sha256: z.string().nullable(),
      crc64nvme: z.string().nullable(),
      transferSyntax: z.string().nullable(),
      sopClass: z.string().nullable(),
      batchKey: z.string().nullable(),
      deviceId: id.nullable(),
      leftBehindFor: z.string().nullable(),
    }),
  ),
} as const
