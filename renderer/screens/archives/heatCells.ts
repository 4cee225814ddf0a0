/** The heat map's figures, as rows of modalities and columns of years; and which shade a figure gets. Pure. */
import type { Answer } from '../../../shared/contract/bridge.ts'

export type HeatCell = Answer<'archives.heatMap'>['cells'][number]
export type Measure = 'bytes' | 'items' | 'studies'
export const measures: readonly Measure[] = ['bytes', 'items', 'studies']

/** Shades of drawn.css, the palest first. */
const shades = 9

export function modalitiesIn(cells: readonly HeatCell[]): readonly string[] {
  return [...new Set(cells.flatMap(({ modality }) => (modality === null ? [] : [modality])))].toSorted()
}

/** Every year between the first and the last, so that gaps are seen; oldest first. */
export function yearsIn(cells: readonly HeatCell[]): readonly number[] {
  const years = cells.flatMap(({ year }) => (year === null ? [] : [year]))
  if (years.length === 0) return []
  const first = Math.min(...years)
  const last = Math.max(...years)
  // A study dated 0001 or 2999 by a broken header must not stretch the table over millennia.
  return last - first < 80
    ? Array.from({ length: last - first + 1 }, (_, index) => first + index)
    : [...new Set(years)].toSorted((a, b) => a - b)
}

export type HeatTable = {
  readonly years: readonly (number | null)[]
  readonly rows: readonly { readonly modality: string | null; readonly cells: readonly (HeatCell | undefined)[]; readonly sum: number }[]
  readonly sums: readonly number[]
  readonly all: number
  readonly largest: number
}

/** The heaviest modality first; what has no modality or no date comes last. */
export function heatTable(cells: readonly HeatCell[], measure: Measure): HeatTable {
  const years: (number | null)[] = [...yearsIn(cells), ...(cells.some(({ year }) => year === null) ? [null] : [])]
  const byPlace = new Map(cells.map((cell) => [`${cell.modality ?? ''}/${cell.year ?? ''}`, cell]))
  const modalities = [...modalitiesIn(cells), ...(cells.some(({ modality }) => modality === null) ? [null] : [])]
  const rows = modalities
    .map((modality) => {
      const row = years.map((year) => byPlace.get(`${modality ?? ''}/${year ?? ''}`))
      return { modality, cells: row, sum: row.reduce((sum, cell) => sum + (cell?.[measure] ?? 0), 0) }
    })
    .toSorted((a, b) => Number(a.modality === null) - Number(b.modality === null) || b.sum - a.sum)
  const sums = years.map((_, column) => rows.reduce((sum, row) => sum + (row.cells[column]?.[measure] ?? 0), 0))
  return {
    years,
    rows,
    sums,
    all: sums.reduce((sum, one) => sum + one, 0),
    largest: cells.reduce((most, cell) => Math.max(most, cell[measure]), 0),
  }
}

/** By the square root: a linear scale leaves all but the heaviest modality pale. */
export function shadeOf(value: number, largest: number): number {
  if (value <= 0 || largest <= 0) return 0
  return Math.min(shades - 1, Math.floor(Math.sqrt(value / largest) * shades))
}
