/** Whether what is shown is of now: figures stand for the moment they were heard, and say so when that is past. */
import { useEffect, useState } from 'react'
import type { Connection } from '../bridge/transport.ts'
import { lastHeardAt, useConnection } from '../bridge/live.ts'

/** The engine tells a snapshot at least every 2 s; the host or its process may be busy for a moment. */
const freshFor = 10_000
const lookEvery = 1000

/** Since when nothing was heard, and which way is broken. */
export type Stale = { readonly since: number; readonly why: 'connection' | 'engine' }

function staleNow(connection: Connection): Stale | undefined {
  const heardAt = lastHeardAt()
  if (connection.state === 'lost') return { since: Math.min(heardAt ?? connection.since, connection.since), why: 'connection' }
  return heardAt !== undefined && Date.now() - heardAt > freshFor ? { since: heardAt, why: 'engine' } : undefined
}

/** `undefined`: what is shown is of now. Draws again only when that changes. */
export function useStaleSince(): Stale | undefined {
  const connection = useConnection()
  const [stale, setStale] = useState(() => staleNow(connection))
  useEffect(() => {
    const look = (): void =>
      setStale((before) => {
        const now = staleNow(connection)
        return before?.since === now?.since && before?.why === now?.why ? before : now
      })
    look()
    const timer = setInterval(look, lookEvery)
    return () => clearInterval(timer)
  }, [connection])
  return stale
}
