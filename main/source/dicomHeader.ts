/**
 * Reads just enough of a DICOM file to know which study it belongs to: pure over the first bytes of it.
 * dicom-parser walks the elements (sequences, undefined lengths, both byte orders); what it leaves open is decided here:
 * what counts as DICOM at all, how a file without preamble or meta group is encoded, and where a file that was cut off ends.
 */
import { createHmac, type KeyObject } from 'node:crypto'
import dicomParser from 'dicom-parser'
import type { FoundAnomaly } from '../../shared/domain/anomaly.ts'
import type { DicomHeader } from '../../shared/domain/item.ts'
import { inflatePrefix } from './inflatePrefix.ts'
import { pixelDataEnd, type Encoding } from './pixelDataEnd.ts'

export type HeaderReading = {
  /** `undefined`: not DICOM. */
  readonly header: DicomHeader | undefined
  readonly anomalies: readonly FoundAnomaly[]
  /** The elements wanted lie beyond these bytes: ask again with more of them. What was found so far is already in `header`. */
  readonly needsMore: boolean
}

/** A KeyObject saves the preparation of the key, which costs more than the hashing of an identifier. */
export type PatientKey = Uint8Array | KeyObject

type Elements = Record<string, { readonly tag: string; readonly length: number; readonly dataOffset: number } | undefined>
/** `rest`: where the elements after the series UID begin, when it was found. */
type DataSet = {
  readonly bytes: Uint8Array
  readonly elements: Elements
  readonly ranOut: boolean
  readonly rest: { readonly at: number; readonly encoding: Encoding } | undefined
}

const notDicom: HeaderReading = { header: undefined, anomalies: [], needsMore: false }
const preamble = 128
const magic = 0x4449434d
const seriesTag = 'x0020000e'

/** PS3.5 annex A, PS3.4 F (DICOMDIR). */
const implicitSyntax = '1.2.840.10008.1.2'
const deflatedSyntax = '1.2.840.10008.1.2.1.99'
const bigEndianSyntax = '1.2.840.10008.1.2.2'
const mediaDirectory = '1.2.840.10008.1.3.10'

/**
 * @param bytes the first bytes of the file, or all of them
 * @param wholeSize size of the whole file
 * @param patientKey key of the HMAC-SHA-256 that stands for patient ID and accession number; their values leave this function in no other form
 *
 * A file counts as DICOM when it says so (DICM at 128), or when it begins like a meta group or a data set and then names a DICOM SOP class,
 * or both a study and an instance. `header-truncated` means that the file ends before the UIDs that every storage SOP class demands, or before
 * the end of its uncompressed pixel data where that element begins within `bytes`. Compressed pixel data tells no length: its end is not judged.
 * Never throws, whatever the bytes.
 */
export function readDicomHeader(bytes: Uint8Array, wholeSize: number, patientKey: PatientKey): HeaderReading {
  const begin = whereItBegins(bytes)
  if (begin === undefined) return notDicom
  const meta = readMetaGroup(bytes, begin.at)
  const transferSyntax = uid(bytes, meta.elements['x00020010'])
  const metaClass = uid(bytes, meta.elements['x00020002'])
  const isWhole = bytes.length >= wholeSize

  // A directory of a medium describes many studies and belongs to none: it travels with its folder.
  if (metaClass === mediaDirectory) return { header: directory(transferSyntax), anomalies: [], needsMore: false }

  const data = meta.ranOut ? { bytes, elements: {}, ranOut: true, rest: undefined } : readDataSet(bytes, meta.end, transferSyntax)
  const { elements } = data
  const hash = (tag: string): Uint8Array | undefined => hashed(data.bytes, elements[tag], patientKey)
  const header: DicomHeader = {
    studyUid: uid(data.bytes, elements['x0020000d']),
    seriesUid: uid(data.bytes, elements[seriesTag]),
    sopUid: uid(data.bytes, elements['x00080018']),
    sopClass: uid(data.bytes, elements['x00080016']) ?? metaClass,
    modality: matching(data.bytes, elements['x00080060'], /^[A-Z0-9_ ]{1,16}$/),
    studyDate: matching(data.bytes, elements['x00080020'], /^\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/),
    transferSyntax,
    patientHash: hash('x00100020'),
    accessionHash: hash('x00080050'),
  }
  const named = header.sopClass?.startsWith('1.2.840.10008.') === true || (header.studyUid !== undefined && header.sopUid !== undefined)
  if (!begin.certain && !named) return notDicom

  const { rest } = data
  const tags = Object.keys(elements)
  const reached = rest !== undefined || tags.some((tag) => tag > seriesTag)
  const lacksPixels = rest !== undefined && data.bytes === bytes && pixelDataEnd(bytes, rest.at, rest.encoding) > wholeSize
  const cutOff = lacksPixels || (!reached && isWhole && (data.ranOut || tags.length === 0 || header.sopClass !== undefined))
  return { header, anomalies: cutOff ? [{ code: 'header-truncated' }] : [], needsMore: !reached && !isWhole }
}

/** `certain`: the file itself says that it is DICOM (PS3.10 §7.1). Otherwise its elements have to prove it. */
function whereItBegins(bytes: Uint8Array): { readonly at: number; readonly certain: boolean } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (bytes.length >= preamble + 4 && view.getUint32(preamble) === magic) return { at: preamble + 4, certain: true }
  if (bytes.length < 8) return undefined
  const group = view.getUint16(0, true)
  if (group === 0x0002 || group === 0x0008) return { at: 0, certain: false }
  return view.getUint16(0) === 0x0008 && looksExplicit(bytes, 0) ? { at: 0, certain: false } : undefined
}

/** The meta group is always explicit VR, little endian. It ends where another group begins: its own length element is often wrong. */
function readMetaGroup(bytes: Uint8Array, at: number): { readonly elements: Elements; readonly end: number; readonly ranOut: boolean } {
  const elements: Elements = {}
  let end = at
  try {
    while (end + 8 <= bytes.length && bytes[end] === 0x02 && bytes[end + 1] === 0x00) {
      const stream = new dicomParser.ByteStream(dicomParser.littleEndianByteArrayParser, bytes, end)
      const element = dicomParser.readDicomElementExplicit(stream, [])
      elements[element.tag] = element
      end = stream.position
    }
    return { elements, end, ranOut: end > bytes.length }
  } catch {
    return { elements, end, ranOut: true }
  }
}

function readDataSet(whole: Uint8Array, begin: number, transferSyntax: string | undefined): DataSet {
  const deflated = transferSyntax === deflatedSyntax
  const bytes = deflated ? inflatePrefix(whole.subarray(begin)) : whole
  const at = deflated ? 0 : begin
  const elements: Elements = {}
  if (at >= bytes.length) return { bytes, elements, ranOut: true, rest: undefined }
  const encoding = encodingAt(bytes, at, transferSyntax)
  const order = encoding === 'big-endian' ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser
  const stream = new dicomParser.ByteStream(order, bytes, at)
  const warnings: string[] = []
  const into = { elements, warnings, byteArray: bytes } as unknown as dicomParser.DataSet
  const parse = encoding === 'implicit' ? dicomParser.parseDicomDataSetImplicit : dicomParser.parseDicomDataSetExplicit
  try {
    parse(into, stream, bytes.length, { untilTag: seriesTag })
  } catch {
    // Whatever it stumbled over (a length beyond the window, a nonsense VR): the elements before it are in `elements`.
    return { bytes, elements, ranOut: true, rest: undefined }
  }
  const series = elements[seriesTag]
  const after = series === undefined ? stream.position : series.dataOffset + series.length
  const unfinished = [...warnings, ...stream.warnings].some((warning) => warning.startsWith('eof encountered'))
  const ranOut = unfinished || after > bytes.length
  return { bytes, elements, ranOut, rest: series === undefined || ranOut ? undefined : { at: after, encoding } }
}

/** The transfer syntax says it, unless the first element plainly shows otherwise, as files of some old modalities do. */
function encodingAt(bytes: Uint8Array, at: number, transferSyntax: string | undefined): Encoding {
  if (transferSyntax === bigEndianSyntax || (transferSyntax === undefined && bytes[at] === 0 && bytes[at + 1] === 8)) return 'big-endian'
  if (looksExplicit(bytes, at)) return 'explicit'
  const upper = (value: number | undefined): boolean => value !== undefined && value >= 0x41 && value <= 0x5a
  const couldBeVr = upper(bytes[at + 4]) && upper(bytes[at + 5])
  return transferSyntax === undefined || transferSyntax === implicitSyntax || !couldBeVr ? 'implicit' : 'explicit'
}

/** PS3.5 §6.2 */
const valueRepresentations = new Set(
  'AE AS AT CS DA DS DT FL FD IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(' '),
)

function looksExplicit(bytes: Uint8Array, at: number): boolean {
  return valueRepresentations.has(String.fromCharCode(bytes[at + 4] ?? 0, bytes[at + 5] ?? 0))
}

/** A value without its padding (PS3.5 §6.2: spaces, or NUL for UIDs). `undefined`: absent, empty, or not wholly within the bytes. */
function value(bytes: Uint8Array, element: Elements[string], longest: number): Uint8Array | undefined {
  if (element === undefined || element.length === 0 || element.length > longest) return undefined
  if (element.dataOffset + element.length > bytes.length) return undefined
  let from = element.dataOffset
  let to = from + element.length
  const isPadding = (byte: number | undefined): boolean => byte === 0x20 || byte === 0
  while (to > from && isPadding(bytes[to - 1])) to -= 1
  while (from < to && isPadding(bytes[from])) from += 1
  return from === to ? undefined : bytes.subarray(from, to)
}

function matching(bytes: Uint8Array, element: Elements[string], pattern: RegExp): string | undefined {
  const found = value(bytes, element, 256)
  if (found === undefined) return undefined
  const text = Buffer.from(found.buffer, found.byteOffset, found.length).toString('latin1')
  return pattern.test(text) ? text : undefined
}

/** PS3.5 §9.1: components of digits joined by dots, 64 characters at most. Anything else cannot identify a study. */
function uid(bytes: Uint8Array, element: Elements[string]): string | undefined {
  const text = matching(bytes, element, /^\d+(\.\d+)*$/)
  return text === undefined || text.length > 64 ? undefined : text
}

function hashed(bytes: Uint8Array, element: Elements[string], key: PatientKey): Uint8Array | undefined {
  const found = value(bytes, element, 4096)
  return found === undefined ? undefined : recentHashes.of(found, key)
}

/** The last few identifiers and their hashes: the files of a study lie together and name the same ones. An HMAC costs as much as opening the file. */
class RecentHashes {
  readonly #recent: { readonly identifier: Uint8Array; readonly key: PatientKey; readonly hash: Uint8Array }[] = []

  of(identifier: Uint8Array, key: PatientKey): Uint8Array {
    const known = this.#recent.find((one) => one.key === key && Buffer.compare(one.identifier, identifier) === 0)
    if (known !== undefined) return known.hash
    const hash = new Uint8Array(createHmac('sha256', key).update(identifier).digest())
    this.#recent.unshift({ identifier: identifier.slice(), key, hash })
    this.#recent.length = Math.min(this.#recent.length, 4)
    return hash
  }
}

const recentHashes = new RecentHashes()

function directory(transferSyntax: string | undefined): DicomHeader {
  return {
    studyUid: undefined,
    seriesUid: undefined,
    sopUid: undefined,
    sopClass: mediaDirectory,
    modality: undefined,
    studyDate: undefined,
    transferSyntax,
    patientHash: undefined,
    accessionHash: undefined,
  }
}
