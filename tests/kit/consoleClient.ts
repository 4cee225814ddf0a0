/** A console that listens for real, with a stand-in for the engine's process, and clients that may lie about everything. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as plainRequest, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { loopback, openConsole } from '../../main/console/console.ts'
import type { StartChild } from '../../main/hosting/childProcess.ts'
import type { Clock } from '../../shared/ports/world.ts'
import { told, type Reply, type Told } from '../../shared/contract/wire.ts'
import { testWorld } from './world.ts'

export type Got = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }

/** One request, exactly as given: the path is not put right, as a browser would. */
export function get(port: number, path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = plainRequest(
      { host: loopback, port, path, method, headers: { host: `${loopback}:${port}`, ...headers }, agent: false },
      (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => (body += part))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
        response.on('error', reject)
      },
    )
    request.on('error', reject)
    request.end()
  })
}

export type ScreenClient = {
  readonly socket: WebSocket
  readonly told: Told[]
  ask(name: string, input?: unknown): Promise<Reply>
  send(text: string | Buffer): void
  /** The code it was closed with. */
  readonly closed: Promise<number>
  /** The newest value of a topic that is good, as soon as there is one. */
  topic(name: string, good?: (value: unknown) => boolean): Promise<unknown>
}

/** Rejects with the status when the upgrade is refused. */
export function openScreenClient(port: number, headers: Readonly<Record<string, string>>, path = '/bridge'): Promise<ScreenClient> {
  const socket = new WebSocket(`ws://${loopback}:${port}${path}`, { headers: { origin: `http://${loopback}:${port}`, ...headers } })
  const all: Told[] = []
  const listening = new Set<() => void>()
  const closed = new Promise<number>((resolve) =>
    socket.on('close', (code) => {
      resolve(code)
      for (const look of listening) look()
    }),
  )
  socket.on('message', (data: Buffer) => {
    all.push(told.parse(JSON.parse(data.toString('utf8'))))
    for (const look of listening) look()
  })
  let lastId = 0
  const until = <Value>(look: () => Value | undefined): Promise<Value> =>
    new Promise((resolve, reject) => {
      const again = (): void => {
        const value = look()
        if (value === undefined && socket.readyState < WebSocket.CLOSING) return
        listening.delete(again)
        if (value === undefined) reject(new Error('the socket was closed'))
        else resolve(value)
      }
      listening.add(again)
      again()
    })
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (_, response) => {
      response.resume()
      reject(new Error(String(response.statusCode)))
    })
    socket.on('error', reject)
    socket.on('open', () =>
      resolve({
        socket,
        told: all,
        closed,
        send: (text) => socket.send(text),
        ask(name, input = {}) {
          lastId += 1
          const id = lastId
          socket.send(JSON.stringify({ kind: 'call', id, name, input }))
          return until(() => all.flatMap((one) => (one.kind === 'reply' && one.id === id ? [one.reply] : []))[0])
        },
        topic: (name, good = () => true) =>
          until(() => all.flatMap((one) => (one.kind === 'topic' && one.topic === name ? [one.value] : [])).findLast(good)),
      }),
    )
  })
}

export const page = '<!doctype html><title>Firn</title>'

export async function aConsole(options: { startChild: StartChild; clock?: Clock; home?: string; publicOrigin?: string; port?: number }) {
  const made = mkdtempSync(join(tmpdir(), 'firn-console-'))
  const screens = join(made, 'screens')
  mkdirSync(join(screens, 'assets'), { recursive: true })
  writeFileSync(join(screens, 'index.html'), page)
  writeFileSync(join(screens, 'wallboard.html'), 'the board')
  writeFileSync(join(screens, 'sources.sha256'), 'no page')
  writeFileSync(join(screens, 'assets', 'start.js'), 'export {}')
  writeFileSync(join(made, 'secret.js'), 'secret')
  const home = options.home ?? join(made, 'home')
  const world = { ...testWorld(), ...(options.clock === undefined ? {} : { clock: options.clock }) }
  const console = await openConsole({
    home,
    version: '0.0.0',
    screens,
    startChild: options.startChild,
    world,
    place: {
      address: loopback,
      port: options.port ?? 0,
      tls: undefined,
      names: [loopback, 'localhost'],
      publicOrigin: options.publicOrigin,
    },
  }).catch((error: unknown) => {
    rmSync(made, { recursive: true, force: true })
    throw error
  })
  const { server } = console
  const { port } = server
  const pathOf = (link: string): string => link.slice(new URL(link).origin.length)
  return {
    ...console,
    home,
    made,
    world,
    port,
    pathOf,
    /** The Cookie header of a new session. */
    async enter(): Promise<string> {
      const { headers } = await get(port, pathOf(server.newLink()))
      return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    },
    async end() {
      await console.close()
      rmSync(made, { recursive: true, force: true })
    },
  }
}
export type TestConsole = Awaited<ReturnType<typeof aConsole>>
