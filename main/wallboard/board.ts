/** The wallboard's listener on the LAN: a page, its figures as events and JSON, and Prometheus metrics. Only ever read. */
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { WallboardFigures } from '../../shared/contract/wallboard.ts'
import type { Pairing } from '../../shared/contract/wallboardWire.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { Random } from '../../shared/ports/world.ts'
import { newToken, sha256 } from '../hosting/wallboardCodes.ts'
import { openAccess } from './access.ts'
import { metricsText, metricsType } from './metrics.ts'
import { pageFiles } from './pageFiles.ts'
import { openViewers } from './viewers.ts'

export type BoardOptions = {
  readonly address: string
  readonly port: number
  readonly page: string
  readonly tls: { readonly certificateFile: string; readonly keyFile: string } | null
  readonly pairings: readonly Pairing[]
  readonly now: () => number
  readonly random: Pick<Random, 'bytes'>
  /** Told of what the host writes down. */
  readonly viewers: (viewers: number) => void
  readonly seen: (pairingId: string, at: number) => void
  readonly paired: (pairingId: string, token: string) => void
}

export type Board = {
  readonly port: number
  figures(figures: WallboardFigures): void
  pairings(all: readonly Pairing[]): void
  code(code: { readonly pairingId: string; readonly code: string; readonly endsAt: number }): void
  close(): Promise<void>
}

const cookieName = 'firn-wallboard'
const cookieSeconds = 400 * 24 * 3600
const heartbeat = 5000
const mostConnections = 400
/** A pairing's last look is written down this seldom. */
const seenEvery = 60_000

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

const everywhere = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
} as const

/** @throws Fault port-in-use, wallboard-failed. */
export async function openBoard(options: BoardOptions): Promise<Board> {
  const { now } = options
  const files = pageFiles(options.page)
  const access = openAccess(now)
  access.pairings(options.pairings)
  const viewers = openViewers(now, options.viewers)
  const lastSeen = new Map<string, number>()
  let figures: WallboardFigures | undefined

  const holderOf = (request: IncomingMessage): string | undefined => {
    const bearer = /^Bearer ([\w-]{20,100})$/.exec(request.headers.authorization ?? '')?.[1]
    const holder = access.holder(bearer ?? cookieOf(request))
    if (holder === undefined) return undefined
    const at = now()
    if (at - (lastSeen.get(holder) ?? 0) > seenEvery) {
      lastSeen.set(holder, at)
      options.seen(holder, at)
    }
    return holder
  }

  const pair = (response: ServerResponse, token: string): void => {
    const secure = options.tls === null ? '' : '; Secure'
    const cookie = `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${cookieSeconds}${secure}`
    // Not a redirect: a strict cookie would not go with one that began on another site's link.
    const body =
      '<!doctype html><meta charset="utf-8"><title>Firn</title><link rel="icon" href="data:,"><p><a href="/">Firn wallboard</a></p>\n'
    answer(response, 200, 'text/html; charset=utf-8', body, { 'set-cookie': cookie, refresh: '0; url=/' })
  }

  const typed = (response: ServerResponse, code: string): void => {
    const redeemed = access.redeem(code.slice(0, 40))
    if (typeof redeemed === 'string') return answer(response, 303, 'text/plain', '', { location: `/?code=${redeemed}` })
    const token = newToken(options.random)
    access.admit(redeemed.pairingId, token)
    options.paired(redeemed.pairingId, sha256(token))
    pair(response, token)
  }

  const watch = (response: ServerResponse, holder: string): void => {
    if (!viewers.add(response, holder)) return answer(response, 503, 'text/plain', 'too many viewers\n', { 'retry-after': '30' })
    response.writeHead(200, { ...everywhere, 'content-type': 'text/event-stream' })
    response.write(`retry: 3000\n\n${figures === undefined ? '' : `event: figures\ndata: ${JSON.stringify({ now: now(), figures })}\n\n`}`)
  }

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(response, 405, 'text/plain', '', { allow: 'GET, HEAD' })
    const url = new URL(request.url?.startsWith('/') === true ? `http://wallboard${request.url}` : 'http://wallboard/none')
    const file = files.get(url.pathname)
    if (file !== undefined) return answer(response, 200, file.type, file.body)
    if (url.pathname === '/pair') return typed(response, url.searchParams.get('code') ?? '')
    if (url.pathname.startsWith('/pair/')) {
      const token = url.pathname.slice('/pair/'.length)
      if (access.holder(token) === undefined) return answer(response, 303, 'text/plain', '', { location: '/?code=wrong' })
      return pair(response, token)
    }
    if (!['/events', '/figures.json', '/metrics'].includes(url.pathname)) return answer(response, 404, 'text/plain', 'not found\n')
    const holder = holderOf(request)
    if (holder === undefined)
      return answer(response, 401, 'text/plain', 'not paired\n', { 'www-authenticate': 'Bearer realm="Firn wallboard"' })
    if (url.pathname === '/events' && request.method === 'GET') return watch(response, holder)
    if (figures === undefined) return answer(response, 503, 'text/plain', 'no figures yet\n', { 'retry-after': '5' })
    if (url.pathname === '/metrics') return answer(response, 200, metricsType, metricsText(figures, viewers.count()))
    answer(response, 200, 'application/json', `${JSON.stringify({ now: now(), figures })}\n`)
  }

  const limits = { headersTimeout: 10_000, requestTimeout: 15_000, keepAliveTimeout: 10_000, maxHeaderSize: 8192 }
  const server = options.tls === null ? createHttpServer(limits, handle) : secureServer(limits, options.tls, handle)
  server.maxConnections = mostConnections
  // What is not HTTP, or not TLS, is cut off without a word.
  server.on('clientError', (_error, socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenFault(error, options.port)))
    server.listen(options.port, options.address, resolve)
  })
  const beat = setInterval(() => viewers.tell('now', JSON.stringify({ now: now() })), heartbeat)

  return {
    port: (server.address() as AddressInfo).port,
    figures(next) {
      figures = next
      viewers.tell('figures', JSON.stringify({ now: now(), figures }))
    },
    pairings(all) {
      access.pairings(all)
      viewers.keepOnly(new Set(all.map(({ id }) => id)))
    },
    code: (code) => access.code(code),
    async close() {
      clearInterval(beat)
      viewers.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

function answer(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  more: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...everywhere, 'content-type': type, 'content-length': Buffer.byteLength(body), ...more })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

function cookieOf(request: IncomingMessage): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2)
    if (name === cookieName) return value
  }
  return undefined
}

function secureServer(
  limits: object,
  tls: { readonly certificateFile: string; readonly keyFile: string },
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  try {
    const certificate = { cert: readFileSync(tls.certificateFile), key: readFileSync(tls.keyFile) }
    return createHttpsServer({ ...limits, ...certificate, minVersion: 'TLSv1.2' }, handle)
  } catch (error) {
    throw new Fault('wallboard-failed', { certificate: 'certificate or key cannot be used' }, { cause: error })
  }
}

function listenFault(error: NodeJS.ErrnoException, port: number): Fault {
  if (error.code === 'EADDRINUSE') return new Fault('port-in-use', { port }, { cause: error })
  const problem = { EADDRNOTAVAIL: 'not an address of this machine', EACCES: 'this port is not allowed to this user' }[error.code ?? '']
  return new Fault('wallboard-failed', { problem: problem ?? error.code ?? 'unknown' }, { cause: error })
}
