/** Cursors of keyset pages: where the last row stood, as a short text that a screen hands back as it is. */
import { Fault } from '../../../shared/faults/fault.ts'

export function cursorOf(place: readonly (number | string)[]): string {
  return JSON.stringify(place)
}

/** @throws Fault bad-input when the text is no cursor of this form. */
export function placeOf<Kinds extends readonly ('number' | 'string')[]>(
  cursor: string | null,
  ...kinds: Kinds
): { [At in keyof Kinds]: Kinds[At] extends 'number' ? number : string } | undefined {
  if (cursor === null) return undefined
  const place = parsed(cursor)
  if (!Array.isArray(place) || place.length !== kinds.length || place.some((value, at) => typeof value !== kinds[at]))
    throw new Fault('bad-input', { field: 'after', problem: 'is not the end of a page' })
  return place as { [At in keyof Kinds]: Kinds[At] extends 'number' ? number : string }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A page from one row more than was asked for, which tells whether more follows. */
export function pageOf<Row, Shown>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => Shown,
  place: (row: Row) => readonly (number | string)[],
): { rows: Shown[]; next: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown.map(show), next: rows.length > limit && last !== undefined ? cursorOf(place(last)) : null }
}
