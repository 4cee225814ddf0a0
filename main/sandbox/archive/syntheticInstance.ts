/** One synthetic DICOM instance: invented identity, pixels of noise, sizes like those of the field scaled down. */
import { createHash } from 'node:crypto'
import { writeDicom, type Element, type Layout } from './dicomWriter.ts'
import { seededUid } from './seeded.ts'

export type Modality = 'CT' | 'MR' | 'US' | 'CR' | 'DX' | 'MG' | 'SR' | 'OT'

const sopClasses: Record<Modality, string> = {
  CT: '1.2.840.10008.5.1.4.1.1.2',
  MR: '1.2.840.10008.5.1.4.1.1.4',
  US: '1.2.840.10008.5.1.4.1.1.6.1',
  CR: '1.2.840.10008.5.1.4.1.1.1',
  DX: '1.2.840.10008.5.1.4.1.1.1.1',
  MG: '1.2.840.10008.5.1.4.1.1.1.2',
  SR: '1.2.840.10008.5.1.4.1.1.88.11',
  OT: '1.2.840.10008.5.1.4.1.1.7',
}

export type SyntheticInstance = {
  readonly seed: string
  readonly patient: number
  readonly study: number
  readonly series: number
  readonly instance: number
  readonly modality: Modality
  /** YYYYMMDD */
  readonly date: string
  readonly layout: Layout
  readonly pixelBytes: number
  /** Lets two files share an identity and differ in their pixels. */
  readonly variant?: number
}

export function instanceBytes(of: SyntheticInstance): Buffer {
  const { seed, patient, study, series, instance, modality, date } = of
  const sopClass = sopClasses[modality]
  const sopUid = seededUid(seed, 'instance', study, series, instance)
  const elements: Element[] = [
    { tag: 0x00080005, vr: 'CS', value: 'ISO_IR 192' },
    { tag: 0x00080016, vr: 'UI', value: sopClass },
    { tag: 0x00080018, vr: 'UI', value: sopUid },
    { tag: 0x00080020, vr: 'DA', value: date },
    { tag: 0x00080030, vr: 'TM', value: `${String(8 + (study % 10)).padStart(2, '0')}${String(study % 60).padStart(2, '0')}00` },
    { tag: 0x00080050, vr: 'SH', value: `SYN${String(study).padStart(9, '0')}` },
    { tag: 0x00080060, vr: 'CS', value: modality },
    { tag: 0x00080070, vr: 'LO', value: 'Firn rehearsal' },
    { tag: 0x00100010, vr: 'PN', value: `Invented^Person ${patient}` },
    { tag: 0x00100020, vr: 'LO', value: `SYNTHETIC-${patient}` },
    { tag: 0x00100030, vr: 'DA', value: `${1930 + (patient % 80)}0101` },
    { tag: 0x0020000d, vr: 'UI', value: seededUid(seed, 'study', study) },
    { tag: 0x0020000e, vr: 'UI', value: seededUid(seed, 'series', study, series) },
    { tag: 0x00200011, vr: 'IS', value: String(series) },
    { tag: 0x00200013, vr: 'IS', value: String(instance) },
    ...(modality === 'SR' ? report(of) : pixels(of)),
  ]
  return writeDicom(elements, of.layout, sopClass, sopUid)
}

/** Rows and columns are 16 bit; larger images become frames. */
function pixels({ seed, study, series, instance, pixelBytes, variant }: SyntheticInstance): Element[] {
  const side = Math.max(1, Math.min(1024, Math.floor(Math.sqrt(pixelBytes / 2))))
  const frames = Math.max(1, Math.round(pixelBytes / (side * side * 2)))
  const data = noise(`${seed}/${study}/${series}/${instance}/${variant ?? 0}`, side * side * 2 * frames)
  return [
    { tag: 0x00280002, vr: 'US', value: 1 },
    { tag: 0x00280004, vr: 'CS', value: 'MONOCHROME2' },
    { tag: 0x00280008, vr: 'IS', value: String(frames) },
    { tag: 0x00280010, vr: 'US', value: side },
    { tag: 0x00280011, vr: 'US', value: side },
    { tag: 0x00280100, vr: 'US', value: 16 },
    { tag: 0x00280101, vr: 'US', value: 12 },
    { tag: 0x00280102, vr: 'US', value: 11 },
    { tag: 0x00280103, vr: 'US', value: 0 },
    { tag: 0x7fe00010, vr: 'OW', value: data },
  ]
}

function report({ study, instance, pixelBytes }: SyntheticInstance): Element[] {
  const line = `Study ${study}, report ${instance}: no finding, because nobody was examined. `
  return [
    { tag: 0x0040a040, vr: 'CS', value: 'TEXT' },
    { tag: 0x0040a160, vr: 'UT', value: line.repeat(Math.max(1, Math.round(pixelBytes / line.length))) },
  ]
}

/** 64 KiB made once, turned and XORed by a hash of the instance: no two instances alike, at the price of a copy. */
const grain = 64 * 1024
let grains: Uint32Array | undefined

function noise(seed: string, length: number): Uint8Array {
  grains ??= makeGrains()
  const own = new Uint32Array(new Uint8Array(createHash('sha256').update(seed).digest()).buffer)
  const words = new Uint32Array(Math.ceil(length / 4))
  const key = (own[0] ?? 0) | 0
  for (let at = 0; at < words.length; at += 1) words[at] = (grains[(at + (own[1] ?? 0)) & (grain / 4 - 1)] ?? 0) ^ key ^ (at >>> 14)
  return new Uint8Array(words.buffer, 0, length)
}

function makeGrains(): Uint32Array {
  const blocks = Array.from({ length: grain / 32 }, (_, at) => createHash('sha256').update(`grain ${at}`).digest())
  return new Uint32Array(new Uint8Array(Buffer.concat(blocks)).buffer)
}
