/**
 * Places of a list that is taller than a browser can scroll: it has as many slots as fit, and row = slot + shift. Small steps keep the shift and are exact to
 * the pixel; a jump (the scroll bar dragged, End) chooses the shift anew, so that the bar's place is the list's place.
 */
export const rowHeight = 28
/** Chromium and Firefox end at about 33.5 million pixels. */
const tallest = 33_500_000
export const mostSlots = Math.floor(tallest / rowHeight)

export function slotsFor(rows: number): number {
  return Math.min(rows, mostSlots)
}

/** Shift for a scroll bar at `ratio` (0 to 1) of its way. */
export function shiftAt(ratio: number, rows: number): number {
  return Math.round(Math.min(Math.max(ratio, 0), 1) * (rows - slotsFor(rows)))
}

/** Slot and shift that show a row where the scroll bar should stand for it. */
export function placeOf(row: number, rows: number): { readonly slot: number; readonly shift: number } {
  const shift = rows <= 1 ? 0 : shiftAt(row / (rows - 1), rows)
  return { slot: row - shift, shift }
}
