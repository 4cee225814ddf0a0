/** Bytes: a count of bytes that cannot be mistaken for a count of items. Whole and not negative. */
declare const bytesBrand: unique symbol
export type Bytes = number & { readonly [bytesBrand]: true }

export function bytes(count: number): Bytes {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`not a count of bytes: ${count}`)
  return count as Bytes
}

export const KiB = 1024
export const MiB = 1024 ** 2
export const GiB = 1024 ** 3
export const MB = 1e6
export const GB = 1e9
export const TB = 1e12

const decimalUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** Decimal units, as device and link sizes are sold: 1 TB = 10^12 B. Three significant digits. */
export function formatBytes(count: number): string {
  let unit = 0
  let value = count
  while (value >= 999.5 && unit < decimalUnits.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2
  return `${value.toFixed(digits)} ${decimalUnits[unit] ?? 'B'}`
}

const factors: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: KiB,
  mib: MiB,
  gib: GiB,
  tib: 1024 ** 4,
}

/** Reads "512", "1GiB", "100 GB". `undefined` when the text is not a size. */
export function parseBytes(text: string): Bytes | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text)
  if (match === null) return undefined
  const factor = factors[(match[2] ?? '').toLowerCase() || 'b']
  if (factor === undefined) return undefined
  const count = Math.round(Number(match[1]) * factor)
  return Number.isSafeInteger(count) ? (count as Bytes) : undefined
}
