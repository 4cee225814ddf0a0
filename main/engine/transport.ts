/** Transport: the engine's line to its host, whoever that is: Electron's parentPort, or the channel of a forked process. Every message is checked, both ways. */
import { fromEngine, toEngine, type FromEngine } from '../../shared/contract/engineWire.ts'
import type { z } from 'zod'
import type { Log } from '../../shared/ports/world.ts'

export type ReadMessage = z.output<typeof toEngine>

/** A port of a window, as both hosts' MessagePorts are. */
export type WindowPort = {
  postMessage(message: unknown): void
  on(event: 'close', tell: () => void): unknown
  /** Electron's ports hear nothing before this. */
  start?(): void
  close(): void
}

export type Transport = {
  /** What the wire does not know is not sent, and logged. */
  post(message: FromEngine): void
  /** The host is gone, or has hung up. */
  onGone(tell: () => void): void
  /** Hangs up: nothing keeps the process alive any more. */
  close(): void
}

/** The part of Electron's process.parentPort that is used here; the engine itself knows no Electron. */
type ParentPort = {
  postMessage(message: unknown): void
  on(event: 'message', tell: (message: { readonly data: unknown; readonly ports: readonly WindowPort[] }) => void): unknown
  on(event: 'close', tell: () => void): unknown
}

/** @returns `undefined` in a process that nobody can talk to. What the wire does not know is dropped, and logged by its code alone. */
export function openTransport(log: () => Log, read: (message: ReadMessage, ports: readonly WindowPort[]) => void): Transport | undefined {
  const take = (raw: unknown, ports: readonly WindowPort[]): void => {
    const parsed = toEngine.safeParse(raw)
    if (parsed.success) read(parsed.data, ports)
    else log().warn('wire', 'message-refused', { issue: parsed.error.issues[0]?.code ?? 'unknown' })
  }
  const checked = (message: FromEngine, send: (message: FromEngine) => void): void => {
    const parsed = fromEngine.safeParse(message)
    if (parsed.success) send(parsed.data)
    else log().error('wire', 'message-refused', { to: 'host', issue: parsed.error.issues[0]?.code ?? 'unknown' })
  }
  const port = parentPort()
  if (port !== undefined) {
    port.on('message', ({ data, ports }) => take(data, ports))
    return {
      post: (message) => checked(message, (one) => port.postMessage(one)),
      onGone: (tell) => void port.on('close', tell),
      close: () => undefined,
    }
  }
  if (process.send === undefined) return undefined
  process.on('message', (raw) => take(raw, []))
  return {
    // A host that is gone is told of by 'disconnect'; what was meant for it is lost with it.
    post: (message) => checked(message, (one) => process.connected && process.send?.(one, undefined, {}, () => undefined)),
    onGone: (tell) => void process.once('disconnect', tell),
    close() {
      if (process.connected) process.disconnect()
    },
  }
}

function parentPort(): ParentPort | undefined {
  const port: unknown = Reflect.get(process, 'parentPort')
  return typeof port === 'object' && port !== null && 'postMessage' in port ? (port as ParentPort) : undefined
}
