/** Spots of the week's grid: cells, and the heads of rows and columns, which stand for a whole day, one hour of every day, or the whole week. */
export const hours: readonly number[] = Array.from({ length: 24 }, (_, hour) => hour)

/** −1 is a head. */
export type Spot = { readonly day: number; readonly hour: number }

/** The cells of the rectangle between two spots, as hours of the week. */
export function cellsIn(from: Spot, to: Spot): ReadonlySet<number> {
  const span = (a: number, b: number, last: number): readonly [number, number] =>
    a < 0 || b < 0 ? [0, last] : [Math.min(a, b), Math.max(a, b)]
  const [firstDay, lastDay] = span(from.day, to.day, 6)
  const [firstHour, lastHour] = span(from.hour, to.hour, hours.length - 1)
  const cells = new Set<number>()
  for (let day = firstDay; day <= lastDay; day += 1)
    for (let hour = firstHour; hour <= lastHour; hour += 1) cells.add(day * hours.length + hour)
  return cells
}

export function amongCells(cells: ReadonlySet<number>, { day, hour }: Spot): boolean {
  return cells.has(day * hours.length + hour)
}

/** Where a key leads, or `undefined` when the grid has no use for it. */
export function spotAfter(key: string, { day, hour }: Spot, farthest: boolean): Spot | undefined {
  switch (key) {
    case 'ArrowLeft':
      return { day, hour: Math.max(-1, hour - 1) }
    case 'ArrowRight':
      return { day, hour: Math.min(hours.length - 1, hour + 1) }
    case 'ArrowUp':
      return { day: Math.max(-1, day - 1), hour }
    case 'ArrowDown':
      return { day: Math.min(6, day + 1), hour }
    case 'Home':
      return { day: farthest ? 0 : day, hour: 0 }
    case 'End':
      return { day: farthest ? 6 : day, hour: hours.length - 1 }
    default:
      return undefined
  }
}
