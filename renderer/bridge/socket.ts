/** The console's bridge: one WebSocket for questions and topics. Comes back by itself when the connection is lost. */
import { told } from '../../shared/contract/wire.ts'
import type { Connection, Transport } from './transport.ts'

/** Close codes of the console host: the session is over, or was never one. */
const sessionEnded = 4401
const firstPause = 250
const longestPause = 5000
/** The host logs a screen out that nobody touches: a touch is told, at most this often. */
const touchEvery = 10_000
const touches = ['pointerdown', 'keydown', 'wheel'] as const

type Waiting = { readonly resolve: (reply: unknown) => void; readonly message: string; sent: boolean }

const gone = { ok: false, fault: { code: 'engine-gone', retry: 'later', facts: { lost: 'connection' } } } as const
const ended = { ok: false, fault: { code: 'session-ended', retry: 'after-human', facts: {} } } as const

export function openSocket(at: URL): Transport {
  at.protocol = at.protocol === 'https:' ? 'wss:' : 'ws:'
  const waiting = new Map<number, Waiting>()
  const listeners = new Map<string, Set<(value: unknown) => void>>()
  const last = new Map<string, unknown>()
  const watching = new Set<(connection: Connection) => void>()
  let connection: Connection = { state: 'connecting', since: Date.now() }
  let socket: WebSocket
  let lastId = 0
  let pause = firstPause

  const change = (state: Connection['state']): void => {
    if (connection.state === state) return
    connection = { state, since: Date.now() }
    for (const tell of watching) tell(connection)
  }
  const connect = (): void => {
    socket = new WebSocket(at)
    socket.addEventListener('open', () => {
      pause = firstPause
      change('open')
      for (const one of waiting.values()) {
        if (one.sent) continue
        one.sent = true
        socket.send(one.message)
      }
    })
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (typeof event.data === 'string') hear(event.data)
    })
    socket.addEventListener('close', ({ code }) => {
      // What was sent may have been done or not: the screen asks again, the engine's answers can be repeated.
      for (const [id, one] of waiting) {
        if (!one.sent && code !== sessionEnded) continue
        waiting.delete(id)
        one.resolve(code === sessionEnded ? ended : gone)
      }
      if (code === sessionEnded) return change('ended')
      change('lost')
      setTimeout(connect, pause)
      pause = Math.min(pause * 2, longestPause)
    })
  }
  const hear = (text: string): void => {
    const message = told.safeParse(parsed(text))
    if (!message.success) return
    if (message.data.kind === 'reply') {
      const one = waiting.get(message.data.id)
      waiting.delete(message.data.id)
      one?.resolve(message.data.reply)
      return
    }
    const { topic, value } = message.data
    last.set(topic, value)
    for (const tell of listeners.get(topic) ?? []) tell(value)
  }
  connect()

  let touchedAt = Number.NEGATIVE_INFINITY
  const touched = (): void => {
    const now = performance.now()
    if (now - touchedAt < touchEvery || socket.readyState !== WebSocket.OPEN) return
    touchedAt = now
    socket.send('{"kind":"active"}')
  }
  for (const touch of touches) window.addEventListener(touch, touched, { capture: true, passive: true })

  return {
    call(name, input, signal) {
      if (connection.state === 'ended') return Promise.resolve(ended)
      lastId += 1
      const id = lastId
      return new Promise((resolve) => {
        const message = JSON.stringify({ kind: 'call', id, name, input })
        const sent = socket.readyState === WebSocket.OPEN
        waiting.set(id, { resolve, message, sent })
        if (sent) socket.send(message)
        signal?.addEventListener('abort', () => {
          const one = waiting.get(id)
          if (one === undefined) return
          if (one.sent && socket.readyState === WebSocket.OPEN) return socket.send(JSON.stringify({ kind: 'cancel', id }))
          waiting.delete(id)
          resolve({ ok: false, fault: { code: 'stopped', retry: 'later', facts: {} } })
        })
      })
    },
    listen(topic, tell) {
      const all = listeners.get(topic) ?? new Set()
      listeners.set(topic, all)
      all.add(tell)
      if (last.has(topic)) tell(last.get(topic))
      return () => void all.delete(tell)
    },
    connection(tell) {
      watching.add(tell)
      tell(connection)
      return () => void watching.delete(tell)
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
