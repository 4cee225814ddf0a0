/** Where the uncompressed pixel data of a DICOM file should end: a walk by lengths alone, for noticing a file that was cut off. */
export type Encoding = 'explicit' | 'implicit' | 'big-endian'

const undefinedLength = 0xffffffff

/** PS3.5 §7.1.2: VRs whose length takes 32 bits, after two reserved bytes. */
const longVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'].map(vrNumber))

/**
 * From the element at `at`, skips whole elements up to (7FE0,0010).
 * @returns the offset just after the pixel data, or 0 when that cannot be told: the element does not begin within `bytes`,
 * or an element before it, or the pixel data itself (as when compressed), has no stated length.
 */
export function pixelDataEnd(bytes: Uint8Array, at: number, encoding: Encoding): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const little = encoding !== 'big-endian'
  let position = at
  while (position + 8 <= bytes.length) {
    const group = view.getUint16(position, little)
    const element = view.getUint16(position + 2, little)
    let length: number
    let data: number
    if (encoding === 'implicit') {
      length = view.getUint32(position + 4, true)
      data = position + 8
    } else if (longVrs.has(view.getUint16(position + 4))) {
      if (position + 12 > bytes.length) return 0
      length = view.getUint32(position + 8, little)
      data = position + 12
    } else {
      length = view.getUint16(position + 6, little)
      data = position + 8
    }
    if (length === undefinedLength || group > 0x7fe0) return 0
    if (group === 0x7fe0 && element === 0x0010) return data + length
    position = data + length
  }
  return 0
}

function vrNumber(name: string): number {
  return (name.charCodeAt(0) << 8) | name.charCodeAt(1)
}
