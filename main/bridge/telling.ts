/** What a window is told without asking: the host's state by the main process, snapshots by the engine itself over a port of their own. */
import type { MessagePortMain, WebContents } from 'electron'
import type { HostState } from '../../shared/contract/hostState.ts'
import type { Told } from '../../shared/contract/wire.ts'
import type { Host } from '../hosting/abilities.ts'
import { channels } from './channels.ts'

export function openTelling(
  window: Pick<WebContents, 'send' | 'postMessage' | 'isDestroyed'>,
  host: Pick<Host, 'state' | 'watch' | 'attachPort'>,
  newChannel: () => { readonly port1: unknown; readonly port2: unknown },
): { begin(nonce: string): void; end(): void } {
  let nonce: string | undefined
  /** Start of the engine that holds the other end of the window's port. */
  let attachedTo: number | undefined

  const tell = (state: HostState): void => {
    if (nonce === undefined || window.isDestroyed()) return
    window.send(channels.told, { kind: 'topic', topic: 'host', value: state } satisfies Told)
    const { state: engine, since } = state.engine
    if (engine !== 'running' || attachedTo === since) return
    attachedTo = since
    const { port1, port2 } = newChannel()
    window.postMessage(channels.port, nonce, [port1 as MessagePortMain])
    host.attachPort?.(port2)
  }
  const stop = host.watch(tell)
  return {
    begin(wanted) {
      nonce = wanted
      attachedTo = undefined
      tell(host.state())
    },
    end() {
      nonce = undefined
      stop()
    },
  }
}
