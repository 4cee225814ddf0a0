/** One screen's WebSocket: calls in, answers and topics out. Nothing it sends can grow without bound, here or in the engine. */
import type { WebSocket } from 'ws'
import { largestRequest, mostOpenCalls, request, type Reply, type Request, type Told } from '../../shared/contract/wire.ts'
import { Fault, type Facts } from '../../shared/faults/fault.ts'
import type { FaultCode } from '../../shared/faults/catalogue.ts'
import type { Clock, Log } from '../../shared/ports/world.ts'

/** Close codes of RFC 6455, and one of our own: the session is over, or was never one. */
export const closeCodes = { goingAway: 1001, refused: 1008, tooMany: 1013, sessionEnded: 4401 } as const
const topicEvery = 250
/** Refusals that were not read yet: a screen that asks on and on without reading is none of ours. */
const mostUnread = 256
const pingEvery = 30_000
const closeLimit = 2000

export type ScreenParts = {
  readonly clock: Clock
  readonly log: Log
  call(name: string, input: unknown, signal: AbortSignal): Promise<Reply>
  /** A person touched the screen. */
  active(): void
  closed(): void
}
export type Screen = {
  /** Whole values: a slow screen gets the newest one only. */
  tell(topic: string, value: unknown): void
  close(code: number): void
}

export function openScreen(socket: WebSocket, { clock, log, call, active, closed }: ScreenParts): Screen {
  const open = new Map<number, AbortController>()
  const over = new AbortController()
  const topics = new Map<string, unknown>()
  let telling = false
  let unread = 0
  let answered = true

  const send = (message: Told): Promise<void> =>
    new Promise((written) => {
      if (socket.readyState !== socket.OPEN) return written()
      socket.send(JSON.stringify(message), () => written())
    })

  const answer = async (id: number, reply: Reply): Promise<void> => {
    await send({ kind: 'reply', id, reply })
    // An answer that is not read yet is an open call still: so a screen that does not read cannot pile up answers.
    open.delete(id)
  }

  const refuse = (facts: Facts): void => {
    log.warn('console', 'message-refused', facts)
    socket.close(closeCodes.refused, 'message-refused')
  }

  const turnAway = async (id: number): Promise<void> => {
    unread += 1
    if (unread > mostUnread) return socket.terminate()
    await send({ kind: 'reply', id, reply: refusal('too-many-calls') })
    unread -= 1
  }

  const hear = async (message: Request): Promise<void> => {
    switch (message.kind) {
      case 'active':
        return active()
      case 'cancel':
        return open.get(message.id)?.abort()
      case 'call': {
        const { id, name, input } = message
        if (open.has(id)) return refuse({ problem: 'id' })
        if (open.size >= mostOpenCalls) return turnAway(id)
        const controller = new AbortController()
        open.set(id, controller)
        return answer(id, await call(name, input, controller.signal))
      }
    }
  }

  /** One at a time, and not before the last one was taken: what came meanwhile is forgotten but for the newest. */
  const tellAll = async (): Promise<void> => {
    while (topics.size > 0 && !over.signal.aborted) {
      const now = [...topics]
      topics.clear()
      for (const [topic, value] of now) await send({ kind: 'topic', topic, value })
      await clock.sleep(topicEvery, over.signal).catch(() => undefined)
    }
    telling = false
  }

  /** A half-open connection would count as a screen for hours. */
  const watch = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await clock.sleep(pingEvery, over.signal).catch(() => undefined)
      if (over.signal.aborted) return
      if (!answered) return socket.terminate()
      answered = false
      socket.ping()
    }
  }

  socket.on('message', (data, binary) => {
    // What was on its way when it was closed or cut off is not looked at any more.
    if (over.signal.aborted || socket.readyState !== socket.OPEN) return
    const text = binary ? undefined : textOf(data)
    if (text === undefined || text.length > largestRequest) return refuse({ problem: 'form' })
    const parsed = request.safeParse(parsedJson(text))
    if (!parsed.success) return refuse({ problem: 'shape' })
    void hear(parsed.data)
  })
  socket.on('pong', () => {
    answered = true
  })
  // Too long, not UTF-8, not WebSocket: ws has closed it with the code for that.
  socket.on('error', (error) => log.warn('console', 'message-refused', { problem: 'code' in error ? String(error.code) : 'socket' }))
  socket.on('close', () => {
    over.abort()
    topics.clear()
    for (const controller of open.values()) controller.abort()
    closed()
  })
  void watch()

  return {
    tell(topic, value) {
      topics.set(topic, value)
      if (telling) return
      telling = true
      // What is told in the same breath goes out together.
      queueMicrotask(() => void tellAll())
    },
    close(code) {
      socket.close(code)
      // A screen that does not answer the close is cut off.
      clock.sleep(closeLimit, over.signal).then(
        () => socket.terminate(),
        () => undefined,
      )
    },
  }
}

function refusal(code: FaultCode): Reply {
  const { retry, facts } = new Fault(code)
  return { ok: false, fault: { code, retry, facts } }
}

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string | undefined {
  return Buffer.isBuffer(data) ? data.toString('utf8') : undefined
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
