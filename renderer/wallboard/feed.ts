/** What the wallboard's server tells: figures as events, their age by the server's own clock, and whether this screen is paired. */
import { useEffect, useState } from 'react'
import { z } from 'zod'
import { wallboardFigures, type WallboardFigures } from '../../shared/contract/wallboard.ts'

/** Figures older than this are stale: the whole board says so. */
const freshFor = 30_000

const told = z.object({ now: z.number(), figures: wallboardFigures })
const beat = z.object({ now: z.number() })

export type Feed =
  | { readonly at: 'connecting' }
  | { readonly at: 'unpaired' }
  | { readonly at: 'figures'; readonly figures: WallboardFigures; readonly staleSince: number | undefined; readonly now: number }

type Heard = { readonly figures: WallboardFigures; readonly offset: number }

/** offset: server's clock minus this screen's, as heard last: screens on walls have wrong clocks. */
export function useFeed(): Feed {
  const [heard, setHeard] = useState<Heard | undefined>(undefined)
  const [unpaired, setUnpaired] = useState(false)
  const [now, setNow] = useState(() => Date.now())

  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])

  useEffect(() => {
    let source: EventSource
    let again: ReturnType<typeof setTimeout> | undefined
    let over = false
    const connect = (): void => {
      source = new EventSource('./events')
      source.addEventListener('figures', (event) => {
        const parsed = told.safeParse(parsedJson(event.data))
        if (!parsed.success) return
        setUnpaired(false)
        setHeard({ figures: parsed.data.figures, offset: parsed.data.now - Date.now() })
      })
      source.addEventListener('now', (event) => {
        const parsed = beat.safeParse(parsedJson(event.data))
        if (parsed.success) setHeard((before) => (before === undefined ? before : { ...before, offset: parsed.data.now - Date.now() }))
      })
      source.addEventListener('error', () => {
        // The browser comes back by itself from a lost network, and gives up when it is refused: ask why, and try again later.
        if (source.readyState !== EventSource.CLOSED || over) return
        void refused().then((yes) => {
          if (over) return
          setUnpaired(yes)
          again = setTimeout(connect, 5000)
        })
      })
    }
    connect()
    return () => {
      over = true
      clearTimeout(again)
      source.close()
    }
  }, [])

  if (unpaired) return { at: 'unpaired' }
  if (heard === undefined) return { at: 'connecting' }
  const age = now + heard.offset - heard.figures.at
  return { at: 'figures', figures: heard.figures, now: now + heard.offset, staleSince: age > freshFor ? heard.figures.at : undefined }
}

async function refused(): Promise<boolean> {
  try {
    return (await fetch('./figures.json', { cache: 'no-store' })).status === 401
  } catch {
    return false
  }
}

function parsedJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    return undefined
  }
}
