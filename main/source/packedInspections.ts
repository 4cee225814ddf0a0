/** What was seen of many files as one compact message: columns of numbers, and each text once, since the files of a series share most of theirs. */
import type { FoundAnomaly } from '../../shared/domain/anomaly.ts'
import type { DicomHeader, ItemKind, ItemStat } from '../../shared/domain/item.ts'
import { bytes } from '../../shared/units/bytes.ts'

/** `unreadable`: it was there, but could not be read. Anomalies: what header, size and name tell. */
export type Inspected =
  | (ItemStat & { readonly kind: ItemKind; readonly header: DicomHeader | undefined; readonly anomalies: readonly FoundAnomaly[] })
  | { readonly kind: 'vanished' }
  | { readonly kind: 'unreadable'; readonly errno: string }

const kinds = ['file', 'special', 'link', 'folder', 'vanished', 'unreadable'] as const
const textFields = ['studyUid', 'seriesUid', 'sopUid', 'sopClass', 'modality', 'studyDate', 'transferSyntax'] as const
const hashFields = ['patientHash', 'accessionHash'] as const
const width = textFields.length + hashFields.length

/** One row per file, in the order asked. */
export type PackedInspections = {
  /** Indices into `kinds`. */
  readonly kinds: Uint8Array<ArrayBuffer>
  /** Size, mtime and inode, row by row. */
  readonly stats: Float64Array<ArrayBuffer>
  /** 1: DICOM. Its row of `cells` then holds, field by field, 0 for undefined, or one more than an index into `texts` or `hashes`. */
  readonly dicom: Uint8Array<ArrayBuffer>
  readonly cells: Uint16Array<ArrayBuffer>
  readonly texts: readonly string[]
  readonly hashes: readonly Uint8Array[]
  /** Of the few rows that have any. */
  readonly anomalies: readonly { readonly row: number; readonly found: readonly FoundAnomaly[] }[]
  readonly errnos: readonly { readonly row: number; readonly errno: string }[]
}

/** @param rows at most 4,000, so that 16 bits number every text */
export function packInspections(rows: readonly Inspected[]): PackedInspections {
  const texts = new Map<string, number>()
  const hashes = new Map<Uint8Array, number>()
  const packed = {
    kinds: new Uint8Array(rows.length),
    stats: new Float64Array(rows.length * 3),
    dicom: new Uint8Array(rows.length),
    cells: new Uint16Array(rows.length * width),
    anomalies: [] as { row: number; found: readonly FoundAnomaly[] }[],
    errnos: [] as { row: number; errno: string }[],
  }
  rows.forEach((seen, row) => {
    packed.kinds[row] = kinds.indexOf(seen.kind)
    if (seen.kind === 'vanished') return
    if (seen.kind === 'unreadable') {
      packed.errnos.push({ row, errno: seen.errno })
      return
    }
    packed.stats.set([seen.size, seen.mtimeUs, seen.inode], row * 3)
    if (seen.anomalies.length > 0) packed.anomalies.push({ row, found: seen.anomalies })
    const { header } = seen
    if (header === undefined) return
    packed.dicom[row] = 1
    let at = row * width
    for (const field of textFields) packed.cells[at++] = numberOf(texts, header[field])
    for (const field of hashFields) packed.cells[at++] = numberOf(hashes, header[field])
  })
  return { ...packed, texts: [...texts.keys()], hashes: [...hashes.keys()] }
}

export function unpackInspections(packed: PackedInspections): Inspected[] {
  const rows = Array.from(packed.kinds, (kind, row): Inspected => {
    const [size = 0, mtimeUs = 0, inode = 0] = packed.stats.subarray(row * 3, row * 3 + 3)
    const word = kinds[kind]
    if (word === undefined || word === 'vanished') return { kind: 'vanished' }
    if (word === 'unreadable') return { kind: 'unreadable', errno: 'EUNKNOWN' }
    return {
      kind: word,
      size: bytes(size),
      mtimeUs,
      inode,
      header: packed.dicom[row] === 1 ? headerAt(packed, row) : undefined,
      anomalies: [],
    }
  })
  for (const { row, errno } of packed.errnos) rows[row] = { kind: 'unreadable', errno }
  for (const { row, found } of packed.anomalies) {
    const seen = rows[row]
    if (seen !== undefined && 'anomalies' in seen) rows[row] = { ...seen, anomalies: found }
  }
  return rows
}

function headerAt({ cells, texts, hashes }: PackedInspections, row: number): DicomHeader {
  const at = row * width
  const text = (field: number): string | undefined => texts[(cells[at + field] ?? 0) - 1]
  const hash = (field: number): Uint8Array | undefined => hashes[(cells[at + textFields.length + field] ?? 0) - 1]
  return {
    studyUid: text(0),
    seriesUid: text(1),
    sopUid: text(2),
    sopClass: text(3),
    modality: text(4),
    studyDate: text(5),
    transferSyntax: text(6),
    patientHash: hash(0),
    accessionHash: hash(1),
  }
}

/** One more than the place of a value in its dictionary, where it is put if it is new; 0 for none. */
function numberOf<Value>(dictionary: Map<Value, number>, value: Value | undefined): number {
  if (value === undefined) return 0
  const known = dictionary.get(value)
  if (known !== undefined) return known
  dictionary.set(value, dictionary.size + 1)
  return dictionary.size
}
