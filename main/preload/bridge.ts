/** What the window gets of the world: four functions. Neither Electron's own objects nor a path ever reach the page. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { channels } from '../bridge/channels.ts'

type Tell = (value: unknown) => void
type Message = { readonly kind?: string; readonly topic?: string; readonly value?: unknown } | null
/** The window's kind of port; the types at hand are those of Node.js. */
type Port = {
  addEventListener(kind: 'message', tell: (event: { readonly data: Message }) => void): void
  start(): void
  close(): void
}

const nonce = crypto.getRandomValues(new Uint32Array(4)).join('-')
const listeners = new Map<string, Set<Tell>>()
const last = new Map<string, unknown>()
const watching = new Set<Tell>()
let connection = { state: 'connecting', since: Date.now() }
let lastId = 0
let port: Port | undefined

function hear(message: Message): void {
  if (message?.kind !== 'topic' || typeof message.topic !== 'string') return
  if (connection.state !== 'open') {
    connection = { state: 'open', since: Date.now() }
    for (const tell of watching) tell(connection)
  }
  last.set(message.topic, message.value)
  for (const tell of listeners.get(message.topic) ?? []) tell(message.value)
}

ipcRenderer.on(channels.told, (_event, message: Message) => hear(message))
ipcRenderer.on(channels.port, (event, given: unknown) => {
  // Only the port that was asked for: the engine was restarted when it is not the first.
  if (given !== nonce) return
  port?.close()
  const ports: readonly unknown[] = event.ports
  port = ports[0] as Port | undefined
  port?.addEventListener('message', ({ data }) => hear(data))
  port?.start()
})

contextBridge.exposeInMainWorld('bridge', {
  /** An AbortSignal cannot be handed in here: `onAbort` is called with what to call when the answer is no longer wanted. */
  async call(name: unknown, input: unknown, onAbort?: (cancel: () => void) => void): Promise<unknown> {
    lastId += 1
    const id = lastId
    const answer = ipcRenderer.invoke(channels.call, JSON.stringify({ kind: 'call', id, name, input }))
    onAbort?.(() => ipcRenderer.send(channels.cancel, id))
    return await answer
  },
  listen(topic: string, tell: Tell): () => void {
    const all = listeners.get(topic) ?? new Set()
    listeners.set(topic, all.add(tell))
    if (last.has(topic)) tell(last.get(topic))
    return () => void all.delete(tell)
  },
  connection(tell: Tell): () => void {
    watching.add(tell)
    tell(connection)
    return () => void watching.delete(tell)
  },
  async dropped(file: File): Promise<unknown> {
    const path = webUtils.getPathForFile(file)
    return path === '' ? null : await ipcRenderer.invoke(channels.dropped, path)
  },
})

ipcRenderer.send(channels.watch, nonce)
