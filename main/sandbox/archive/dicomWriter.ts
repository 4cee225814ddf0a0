/** Writes DICOM Part 10 files (PS3.5 §7, PS3.10 §7) in the encodings an old archive holds. Only what the synthetic archive needs. */
export type Vr = 'UI' | 'CS' | 'DA' | 'TM' | 'SH' | 'LO' | 'PN' | 'IS' | 'US' | 'OW' | 'UL' | 'OB' | 'UT'

/** `tag`: group × 65,536 + element. Numbers are US values. Elements are written in the order given: keep them sorted. */
export type Element = { readonly tag: number; readonly vr: Vr; readonly value: string | number | Uint8Array }

export const layouts = ['explicit', 'implicit', 'big-endian', 'no-preamble', 'no-meta'] as const
/** `no-preamble`: begins with the meta group. `no-meta`: begins with the data set, implicit VR, as old modalities write. */
export type Layout = (typeof layouts)[number]

const transferSyntaxes: Record<Layout, string> = {
  explicit: '1.2.840.10008.1.2.1',
  implicit: '1.2.840.10008.1.2',
  'big-endian': '1.2.840.10008.1.2.2',
  'no-preamble': '1.2.840.10008.1.2.1',
  'no-meta': '1.2.840.10008.1.2',
}

/** `sopClass` and `sopUid` are repeated in the meta group, as the standard demands. */
export function writeDicom(dataSet: readonly Element[], layout: Layout, sopClass: string, sopUid: string): Buffer {
  const implicit = layout === 'implicit' || layout === 'no-meta'
  const body = dataSet.map((element) => encode(element, implicit, layout === 'big-endian'))
  if (layout === 'no-meta') return Buffer.concat(body)
  const meta = Buffer.concat(
    (
      [
        { tag: 0x00020001, vr: 'OB', value: Uint8Array.of(0, 1) },
        { tag: 0x00020002, vr: 'UI', value: sopClass },
        { tag: 0x00020003, vr: 'UI', value: sopUid },
        { tag: 0x00020010, vr: 'UI', value: transferSyntaxes[layout] },
        { tag: 0x00020012, vr: 'UI', value: '2.25.191' },
      ] satisfies Element[]
    ).map((element) => encode(element, false, false)),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32LE(meta.length)
  const group = encode({ tag: 0x00020000, vr: 'UL', value: length }, false, false)
  const preamble = layout === 'no-preamble' ? [] : [Buffer.alloc(128), Buffer.from('DICM')]
  return Buffer.concat([...preamble, group, meta, ...body])
}

function encode({ tag, vr, value }: Element, implicit: boolean, bigEndian: boolean): Buffer {
  const data = dataOf(vr, value, bigEndian)
  const long = vr === 'OW' || vr === 'OB' || vr === 'UT'
  const head = Buffer.alloc(implicit || !long ? 8 : 12)
  const write16 = (number: number, at: number): void => void (bigEndian ? head.writeUInt16BE(number, at) : head.writeUInt16LE(number, at))
  const write32 = (number: number, at: number): void => void (bigEndian ? head.writeUInt32BE(number, at) : head.writeUInt32LE(number, at))
  write16(tag >>> 16, 0)
  write16(tag & 0xffff, 2)
  if (implicit) write32(data.length, 4)
  else {
    head.write(vr, 4, 'latin1')
    if (long) write32(data.length, 8)
    else write16(data.length, 6)
  }
  return Buffer.concat([head, data])
}

/** Values have even length: text is padded with a space, UIDs with NUL (PS3.5 §6.2). */
function dataOf(vr: Vr, value: Element['value'], bigEndian: boolean): Uint8Array {
  if (typeof value === 'number') {
    const number = Buffer.alloc(2)
    if (bigEndian) number.writeUInt16BE(value)
    else number.writeUInt16LE(value)
    return number
  }
  if (typeof value !== 'string') return value
  const text = Buffer.from(value, 'utf8')
  return text.length % 2 === 0 ? text : Buffer.concat([text, Buffer.from(vr === 'UI' ? '\0' : ' ')])
}
