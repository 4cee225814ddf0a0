/** The console's server: the screens over HTTP, their bridge over a WebSocket, for whoever came in by a link. */
import { createServer as createPlain, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecure } from 'node:https'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Reply } from '../../shared/contract/wire.ts'
import { largestRequest } from '../../shared/contract/wire.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { World } from '../../shared/ports/world.ts'
import type { Caller, Host } from '../hosting/host.ts'
import { openGate, originOf, type Asked, type Gate } from './gate.ts'
import type { HandOuts } from './handedOut.ts'
import { barePolicy, headersWith, reportPolicy, screensPolicy } from './headers.ts'
import { pages } from './pages.ts'
import type { ScreenFile } from './screenFiles.ts'
import { closeCodes, openScreen, type Screen } from './screenSocket.ts'
import type { Session, Sessions } from './sessions.ts'

export type Place = {
  /** To listen on. */
  readonly address: string
  /** 0: a free one. */
  readonly port: number
  readonly tls: { readonly certificate: Buffer; readonly key: Buffer } | undefined
  /** Names and addresses by which browsers reach it. */
  readonly names: readonly string[]
  /** What a reverse proxy in front of it shows to browsers. */
  readonly publicOrigin: string | undefined
}

export type ConsoleServer = {
  readonly port: number
  /** What links begin with. */
  readonly origin: string
  /** A link for one screen: good once, for ten minutes. */
  newLink(): string
  screens(): number
  close(): Promise<void>
}

const mostConnections = 256
const mostScreens = 64
const mostScreensOfSession = 16
const idleLookEvery = 5000

/** @throws Fault port-in-use, bad-input when the address or the certificate cannot be used. */
export async function openConsoleServer(options: {
  readonly place: Place
  readonly files: ReadonlyMap<string, ScreenFile>
  readonly host: Host
  readonly sessions: Sessions
  readonly handOuts: HandOuts
  readonly world: World
}): Promise<ConsoleServer> {
  const { place, files, host, sessions, handOuts, world } = options
  const { clock, log } = world
  const over = new AbortController()
  const screens = new Map<Screen, string>()
  const server = serverFor(place.tls)
  const port = await listen(server, place)
  const scheme = place.tls === undefined ? 'http' : 'https'
  const own = place.names.map((name) => originOf(scheme, name, port))
  const gate = openGate([...(place.publicOrigin === undefined ? [] : [place.publicOrigin]), ...own])
  const [origin = ''] = gate.origins
  // Cookies know no port: consoles side by side need names of their own.
  const secure = scheme === 'https' || place.publicOrigin?.startsWith('https:') === true
  const cookieName = `${secure ? '__Host-' : ''}firn-console-${port}`
  const sessionOf = (request: IncomingMessage): Session | undefined => sessions.find(cookieIn(request.headers.cookie, cookieName))

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const give = (status: number, policy: string, type: string, body: Buffer, more: Record<string, string> = {}): void => {
      response.writeHead(status, { ...headersWith(policy, type, body.length), ...more })
      response.end(request.method === 'HEAD' ? undefined : body)
    }
    const page = (status: number, body: Buffer, more: Record<string, string> = {}): void =>
      give(status, barePolicy, 'text/html; charset=utf-8', body, more)
    const refused = judged(gate, request, false)
    if (refused !== undefined) {
      log.warn('console', 'message-refused', { why: refused.why })
      return page(refused.status, pages.refused, { connection: 'close', ...(refused.status === 405 ? { allow: 'GET, HEAD' } : {}) })
    }
    const [path = '', query] = (request.url ?? '').split('?', 2)
    if (path === '/enter' && request.method === 'GET') return enter(request, page, query)
    const session = sessionOf(request)
    if (session === undefined) return page(401, pages.noSession)
    const file = files.get(path)
    if (file !== undefined) {
      if (path === '/') sessions.touch(session.id)
      return give(200, screensPolicy, file.type, file.body)
    }
    const handed = request.method === 'GET' ? await handOuts.fetch(path, session.id) : undefined
    if (handed === undefined) return page(404, pages.notThere)
    if (handed.kind === 'report') return give(200, reportPolicy(handed.styleHash), 'text/html; charset=utf-8', handed.body)
    return give(200, barePolicy, 'application/x-tar', handed.body, { 'content-disposition': `attachment; filename="${handed.name}"` })
  }

  const enter = (
    request: IncomingMessage,
    page: (status: number, body: Buffer, more?: Record<string, string>) => void,
    query: string | undefined,
  ): void => {
    const token = /^token=([\w-]{1,100})$/.exec(query ?? '')?.[1]
    const cookie = token === undefined ? undefined : sessions.enter(token)
    if (cookie === undefined) {
      log.warn('console', 'session-ended', { why: 'link' })
      return page(401, pages.noSession)
    }
    const header = `${cookieName}=${cookie}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
    // A strict cookie does not travel with the redirect of a link that was followed from elsewhere; it does with what our own page asks for.
    const elsewhere = request.headers['sec-fetch-site'] === 'cross-site' || request.headers['sec-fetch-site'] === 'same-site'
    if (elsewhere) page(200, pages.entered, { 'set-cookie': header })
    else page(303, pages.entered, { 'set-cookie': header, location: '/' })
  }

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    // Nothing here has a body to read.
    request.resume()
    answer(request, response).catch((error: unknown) => {
      log.error('console', 'unforeseen', { name: error instanceof Error ? error.name : 'unknown' })
      response.destroy()
    })
  })
  server.on('clientError', (_error, socket: Duplex) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
  })

  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestRequest, perMessageDeflate: false, clientTracking: false })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => undefined)
    const refused = judged(gate, request, true)
    const there = (request.url ?? '') === '/bridge'
    if (refused !== undefined || !there) {
      log.warn('console', 'message-refused', { why: refused?.why ?? 'target' })
      socket.end(`HTTP/1.1 ${refused?.status ?? 404} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (screen) => {
      screen.on('error', () => undefined)
      const session = sessionOf(request)
      if (session === undefined) return screen.close(closeCodes.sessionEnded, 'session-ended')
      const ofSession = [...screens.values()].filter((id) => id === session.id).length
      if (screens.size >= mostScreens || ofSession >= mostScreensOfSession) return screen.close(closeCodes.tooMany, 'too-many-calls')
      sessions.touch(session.id)
      const caller: Caller = { session: session.id }
      const opened = openScreen(screen, {
        clock,
        log,
        call: (name, input, signal): Promise<Reply> => host.call(name, input, signal, caller),
        active: () => sessions.touch(session.id),
        closed() {
          screens.delete(opened)
          host.screens(screens.size)
        },
      })
      screens.set(opened, session.id)
      host.screens(screens.size)
      opened.tell('host', host.state())
      const last = host.snapshot()
      if (last !== undefined) opened.tell('snapshot', last)
    })
  })

  const tellAll = (topic: string, value: unknown): void => {
    for (const screen of screens.keys()) screen.tell(topic, value)
  }
  const noMore = [host.watch((state) => tellAll('host', state)), host.onSnapshot((snapshot) => tellAll('snapshot', snapshot))]
  sessions.onEnd((id) => {
    handOuts.forgetSession(id)
    for (const [screen, session] of screens) if (session === id) screen.close(closeCodes.sessionEnded)
  })
  const idling = (async () => {
    while (!over.signal.aborted) {
      sessions.endIdle(clock.now() - host.state().settings.idleMinutes * 60_000)
      await clock.sleep(idleLookEvery, over.signal).catch(() => undefined)
    }
  })()

  return {
    port,
    origin,
    newLink: () => `${origin}/enter?token=${sessions.newToken()}`,
    screens: () => screens.size,
    async close() {
      over.abort()
      for (const stop of noMore) stop()
      for (const screen of screens.keys()) screen.close(closeCodes.goingAway)
      const closed = new Promise<void>((done) => server.close(() => done()))
      // What was told goes out; who does not take it does not hold up the end.
      await new Promise((soon) => setImmediate(soon))
      server.closeAllConnections()
      sockets.close()
      await Promise.all([closed, idling])
    },
  }
}

function serverFor(tls: Place['tls']): Server {
  const limits = {
    maxHeaderSize: 16 * 1024,
    headersTimeout: 10_000,
    requestTimeout: 15_000,
    keepAliveTimeout: 5000,
    requireHostHeader: true,
  }
  try {
    const server =
      tls === undefined ? createPlain(limits) : createSecure({ ...limits, cert: tls.certificate, key: tls.key, minVersion: 'TLSv1.2' })
    server.maxConnections = mostConnections
    return server
  } catch (error) {
    throw new Fault('bad-input', { field: '--certificate', problem: 'certificate and key cannot be used together' }, { cause: error })
  }
}

function listen(server: Server, { address, port }: Place): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Fault('port-in-use', { port }, { cause: error })
          : new Fault('bad-input', { field: '--listen', problem: `cannot be listened on (${error.code ?? 'unknown'})` }, { cause: error }),
      )
    })
    server.listen({ host: address, port }, () => {
      server.removeAllListeners('error')
      server.on('error', () => undefined)
      const bound = server.address()
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port)
    })
  })
}

function judged(gate: Gate, request: IncomingMessage, upgrade: boolean): ReturnType<Gate['judge']> {
  const one = (name: string): string | undefined => {
    const value = request.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }
  const asked: Asked = {
    method: request.method ?? '',
    target: request.url ?? '',
    host: request.headers.host,
    origin: one('origin'),
    fetchSite: one('sec-fetch-site'),
    fetchMode: one('sec-fetch-mode'),
    fetchDest: one('sec-fetch-dest'),
    purpose: one('sec-purpose') ?? one('purpose'),
    upgrade,
  }
  return gate.judge(asked)
}

/** Two of the same name are none: somebody else's site may have planted one. */
function cookieIn(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim().split('=', 2))
    .filter(([key]) => key === name)
    .map(([, value]) => value)
  return values.length === 1 ? values[0] : undefined
}
