/** Figures so short that they fit a small cell: 1.2 T, 340 G, 12 M. The whole figure with its unit stands in the cell's title. */
import type { Language } from '../../../shared/contract/settings.ts'

const letters = ['', 'k', 'M', 'G', 'T', 'P'] as const
const countWords: Readonly<Record<Language, readonly string[]>> = { en: ['', 'k', 'M', 'bn'], de: ['', 'Tsd', 'Mio', 'Mrd'] }

export function shortBytes(bytes: number, language: Language): string {
  return short(bytes, language, letters)
}

export function shortCount(count: number, language: Language): string {
  return short(count, language, countWords[language])
}

function short(value: number, language: Language, units: readonly string[]): string {
  let unit = 0
  let rest = value
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1000
    unit += 1
  }
  const fraction = unit > 0 && rest < 9.95 ? 1 : 0
  const digits = new Intl.NumberFormat(language, { minimumFractionDigits: fraction, maximumFractionDigits: fraction })
  return `${digits.format(rest)}${unit === 0 ? '' : '\u200a'}${units[unit] ?? ''}`
}

const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Powers of two read well in binary units only: 256 KiB, 1 MiB. */
export function binarySize(bytes: number, language: Language): string {
  let unit = 0
  let rest = bytes
  while (rest >= 1024 && unit < binary.length - 1) {
    rest /= 1024
    unit += 1
  }
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(rest)}\u00a0${binary[unit] ?? 'B'}`
}
