/** Decides, before anything else looks at a request, whether it may come in at all: where it thinks it goes, and where it comes from. Pure. */
import { isIP } from 'node:net'

export type Asked = {
  readonly method: string
  /** As it stands in the request. */
  readonly target: string
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly fetchSite: string | undefined
  readonly fetchMode: string | undefined
  readonly fetchDest: string | undefined
  readonly purpose: string | undefined
  readonly upgrade: boolean
}
export type Refused = { readonly status: 400 | 403 | 405 | 421; readonly why: string }

export type Gate = {
  /** Of what the browser may show: `http://127.0.0.1:8420`. The first is the one that links begin with. */
  readonly origins: readonly string[]
  judge(asked: Asked): Refused | undefined
}

/** @param origins exact: scheme, host and port. */
export function openGate(origins: readonly string[]): Gate {
  const allowed = new Set(origins)
  const hosts = new Map(origins.map((origin) => [new URL(origin).host, origin]))
  return {
    origins,
    judge({ method, target, host, origin, fetchSite, fetchMode, fetchDest, purpose, upgrade }) {
      if (method !== 'GET' && method !== 'HEAD') return { status: 405, why: 'method' }
      if (upgrade && method !== 'GET') return { status: 405, why: 'method' }
      // Only a path: neither `http://elsewhere/`, nor `//elsewhere`, nor `*`.
      if (!target.startsWith('/') || target.startsWith('//')) return { status: 400, why: 'target' }
      // A name of somebody else's that leads here (DNS rebinding) still says that name.
      const own = host === undefined ? undefined : hosts.get(host.toLowerCase())
      if (own === undefined) return { status: 421, why: 'host' }
      // A page can be named by several addresses; a request goes to the one its page came from.
      if (origin !== undefined && (!allowed.has(origin) || origin !== own)) return { status: 403, why: 'origin' }
      if (upgrade && origin === undefined) return { status: 403, why: 'origin' }
      if (purpose !== undefined) return { status: 403, why: 'prefetch' }
      if (fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none') return undefined
      // A link that somebody follows from a mail or a chat: its token speaks for it.
      const entering = !upgrade && target.startsWith('/enter?') && fetchMode === 'navigate' && fetchDest === 'document'
      return entering ? undefined : { status: 403, why: 'site' }
    },
  }
}

/** As a browser writes it in Host and Origin: IPv6 in brackets, the scheme's own port left out. */
export function originOf(scheme: 'http' | 'https', address: string, port: number): string {
  const host = isIP(address) === 6 ? `[${address}]` : address
  return new URL(`${scheme}://${host}:${port}`).origin
}
