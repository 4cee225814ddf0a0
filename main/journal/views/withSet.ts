/** Work with a set of studies (sets.ts) that is kept while the journal does not change. */
import { version, type Look } from './look.ts'
import type { SetTable } from './sets.ts'

/** The set kept under a key, made anew when the journal has changed or it has gone; and work with it. */
export async function withSet<Result>(
  look: Look,
  table: SetTable,
  key: string,
  fill: (look: Look, set: number) => Promise<void>,
  work: (set: number) => Result | Promise<Result>,
): Promise<Result> {
  const name = `${table} ${key}`
  const get = (): Promise<number> =>
    look.kept.get(name, version(look), look.signal, (signal) => look.sets.make(table, (set) => fill(look.with(signal), set)))
  let set = await get()
  while (!look.sets.has(set)) {
    look.kept.forget(name)
    set = await get()
  }
  return await look.sets.use(set, work)
}
