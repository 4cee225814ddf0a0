/** Who may look: one-time links, the sessions they are exchanged for, and when those end. Only hashes are kept. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Clock, Random } from '../../shared/ports/world.ts'

const linkLives = 10 * 60_000
const mostLinks = 16
/** The one that nobody touched for longest gives way. */
const mostSessions = 32

export type Session = {
  /** For binding things to it. Not the secret. */
  readonly id: string
  touchedAt: number
}

export type Sessions = {
  /** The token of a link. Good once, and for ten minutes. */
  newToken(): string
  /** The cookie's value; `undefined` when the token is unknown, used, or too old. */
  enter(token: string): string | undefined
  find(cookie: string | undefined): Session | undefined
  touch(id: string): void
  end(id: string): void
  /** Ends those that nobody touched since. */
  endIdle(since: number): void
  onEnd(tell: (id: string) => void): void
}

type Hash = Buffer

export function openSessions(clock: Clock, random: Random): Sessions {
  let links: { readonly hash: Hash; readonly endsAt: number }[] = []
  let sessions: { readonly hash: Hash; readonly session: Session }[] = []
  const watching: ((id: string) => void)[] = []

  const secret = (): string => Buffer.from(random.bytes(32)).toString('base64url')
  const end = (id: string): void => {
    if (!sessions.some(({ session }) => session.id === id)) return
    sessions = sessions.filter(({ session }) => session.id !== id)
    for (const tell of watching) tell(id)
  }
  return {
    newToken() {
      const token = secret()
      links = [...links, { hash: hashOf(token), endsAt: clock.now() + linkLives }].slice(-mostLinks)
      return token
    },
    enter(token) {
      const now = clock.now()
      links = links.filter(({ endsAt }) => endsAt > now)
      const link = among(links, token)
      if (link === undefined) return undefined
      links = links.filter((one) => one !== link)
      const cookie = secret()
      if (sessions.length >= mostSessions) {
        const [idlest] = sessions.toSorted((a, b) => a.session.touchedAt - b.session.touchedAt)
        if (idlest !== undefined) end(idlest.session.id)
      }
      sessions.push({ hash: hashOf(cookie), session: { id: random.uuid(), touchedAt: now } })
      return cookie
    },
    find: (cookie) => (cookie === undefined ? undefined : among(sessions, cookie)?.session),
    touch(id) {
      const found = sessions.find(({ session }) => session.id === id)
      if (found !== undefined) found.session.touchedAt = clock.now()
    },
    end,
    endIdle(since) {
      for (const { session } of sessions) if (session.touchedAt < since) end(session.id)
    },
    onEnd: (tell) => void watching.push(tell),
  }
}

/** Takes as long whichever it is, and whether it is one. */
function among<Kept extends { readonly hash: Hash }>(all: readonly Kept[], secret: string): Kept | undefined {
  const hash = hashOf(secret)
  let found: Kept | undefined
  for (const one of all) if (timingSafeEqual(one.hash, hash)) found = one
  return found
}

function hashOf(secret: string): Hash {
  return createHash('sha256').update(secret).digest()
}
