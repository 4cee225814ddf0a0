/** The main process's end of the bridge: who speaks, how long, how often, and in which shape is checked here; then the host answers. */
import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron'
import { faultToWire, largestRequest, mostOpenCalls, request, type Reply, type Request } from '../../shared/contract/wire.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { FaultCode } from '../../shared/faults/catalogue.ts'
import type { Host } from '../hosting/abilities.ts'
import { isTrusted } from '../security/sender.ts'
import { channels } from './channels.ts'
import { droppedFolder } from './dropped.ts'
import { openTelling } from './telling.ts'

export type Channel = { readonly port1: unknown; readonly port2: unknown }

export type Bridge = {
  readonly ipc: Pick<IpcMain, 'handle' | 'on' | 'removeHandler' | 'removeListener'>
  readonly window: WebContents
  readonly host: Pick<Host, 'call' | 'tokenFor' | 'state' | 'watch' | 'attachPort'>
  /** A pair of connected ports: one for the engine, one for the window. */
  readonly newChannel: () => Channel
  readonly isFolder: (path: string) => Promise<boolean>
  /** Something came that no page of ours sends. For the log; what it said is not repeated. */
  readonly onRefused: (code: FaultCode) => void
}

/** Until what it returns is called. One window at a time. */
export function serveBridge({ ipc, window, host, newChannel, isFolder, onRefused }: Bridge): () => void {
  const open = new Map<number, AbortController>()
  const telling = openTelling(window, host, newChannel)

  const refused = (code: FaultCode): Reply => {
    onRefused(code)
    return { ok: false, fault: faultToWire(new Fault(code)) }
  }
  const onCall = async (event: IpcMainInvokeEvent, text: unknown): Promise<Reply> => {
    if (!isTrusted(event, window)) return refused('message-refused')
    const asked = requestIn(text)
    if (asked?.kind !== 'call' || open.has(asked.id)) return refused('message-refused')
    if (open.size >= mostOpenCalls) return refused('too-many-calls')
    const controller = new AbortController()
    open.set(asked.id, controller)
    try {
      return await host.call(asked.name, asked.input, controller.signal)
    } catch (error) {
      return { ok: false, fault: faultToWire(error) }
    } finally {
      open.delete(asked.id)
    }
  }
  const onCancel = (event: IpcMainEvent, id: unknown): void => {
    if (isTrusted(event, window) && typeof id === 'number') open.get(id)?.abort(new Fault('stopped'))
  }
  const onWatch = (event: IpcMainEvent, nonce: unknown): void => {
    if (!isTrusted(event, window) || typeof nonce !== 'string' || nonce.length > 100) return void refused('message-refused')
    // A page that was loaded anew no longer waits for the answers of the one before.
    abandon()
    telling.begin(nonce)
  }
  const onDropped = async (event: IpcMainInvokeEvent, path: unknown): Promise<unknown> => {
    if (isTrusted(event, window)) return await droppedFolder(path, isFolder, host)
    onRefused('message-refused')
    return null
  }
  const abandon = (): void => {
    for (const controller of open.values()) controller.abort(new Fault('stopped'))
  }

  ipc.handle(channels.call, onCall)
  ipc.handle(channels.dropped, onDropped)
  ipc.on(channels.cancel, onCancel)
  ipc.on(channels.watch, onWatch)
  return () => {
    ipc.removeHandler(channels.call)
    ipc.removeHandler(channels.dropped)
    ipc.removeListener(channels.cancel, onCancel)
    ipc.removeListener(channels.watch, onWatch)
    abandon()
    telling.end()
  }
}

/** Length first: what is too long is not even parsed. */
function requestIn(text: unknown): Request | undefined {
  if (typeof text !== 'string' || text.length > largestRequest || Buffer.byteLength(text) > largestRequest) return undefined
  try {
    return request.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
