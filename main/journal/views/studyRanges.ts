/** Long sums in short steps: the journal is walked by ranges of studies, each as long as a step may hold up whoever else waits for this thread. */
import { maybeNumber } from '../rows.ts'
import type { Look } from './look.ts'

const shortest = 30
const longest = 120
const atFirst = 200
const atMost = 20_000

/** Calls `step` for the studies after the first number up to the second, until there are no more. Studies that are found meanwhile may come too. */
export async function overStudies(look: Look, step: (after: number, last: number) => void): Promise<void> {
  let together = atFirst
  for (let after = 0; ;) {
    const row = look.database.get('SELECT max(id) AS last FROM (SELECT id FROM studies WHERE id > ? ORDER BY id LIMIT ?)', after, together)
    const last = row === undefined ? undefined : maybeNumber(row, 'last')
    if (last === undefined) return
    const began = look.monotonic()
    step(after, last)
    const took = look.monotonic() - began
    if (took > longest) together = Math.max(1, together >> 1)
    else if (took < shortest) together = Math.min(atMost, together * 2)
    after = last
    await look.pause()
  }
}
