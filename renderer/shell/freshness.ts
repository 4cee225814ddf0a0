/** Whether what is shown is of now: figures stand for the moment they were heard, and say so when that is past. */
import type { Connection } from '../bridge/transport.ts'
import { useConnection, useNow, useSnapshot } from '../bridge/live.ts'

/** The engine tells a snapshot at least every 2 s; the host or its process may be busy for a moment. */
const freshFor = 10_000

/** undefined: of now. Otherwise since when nothing was heard, and which way is broken. */
export function staleSince(
  connection: Connection,
  heardAt: number | undefined,
  now: number,
): { readonly since: number; readonly why: 'connection' | 'engine' } | undefined {
  if (connection.state === 'lost') return { since: Math.min(heardAt ?? connection.since, connection.since), why: 'connection' }
  if (heardAt !== undefined && now - heardAt > freshFor) return { since: heardAt, why: 'engine' }
  return undefined
}

export function useStaleSince(): ReturnType<typeof staleSince> {
  return staleSince(useConnection(), useSnapshot()?.heardAt, useNow())
}
