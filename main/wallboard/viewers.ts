/** Screens that watch: server-sent events (WHATWG HTML, 9.2). Each message is made once and is whole, so that a slow screen may miss any of them. */
import type { ServerResponse } from 'node:http'

/** A wall has few screens; what is beyond this is a mistake or an attack. */
const mostViewers = 200
/** A screen that has not read this much gets nothing until it has. */
const mostUnread = 64 * 1024
/** …and is sent away when that lasts. */
const longestUnread = 60_000

type Viewer = { readonly response: ServerResponse; readonly pairingId: string; unreadSince: number | undefined }

export type Viewers = {
  /** `false`: there are too many already. */
  add(response: ServerResponse, pairingId: string): boolean
  tell(event: string, data: string): void
  /** Sends away whoever watches by a pairing that is not any more. */
  keepOnly(pairings: ReadonlySet<string>): void
  count(): number
  close(): void
}

export function openViewers(now: () => number, counted: (viewers: number) => void): Viewers {
  const viewers = new Set<Viewer>()
  const drop = (viewer: Viewer): void => {
    if (!viewers.delete(viewer)) return
    viewer.response.destroy()
    counted(viewers.size)
  }
  return {
    add(response, pairingId) {
      if (viewers.size >= mostViewers) return false
      const viewer: Viewer = { response, pairingId, unreadSince: undefined }
      viewers.add(viewer)
      response.on('close', () => drop(viewer))
      response.on('error', () => drop(viewer))
      counted(viewers.size)
      return true
    },
    tell(event, data) {
      const message = `event: ${event}\ndata: ${data}\n\n`
      for (const viewer of viewers) {
        if (viewer.response.writableLength > mostUnread) {
          viewer.unreadSince ??= now()
          if (now() - viewer.unreadSince > longestUnread) drop(viewer)
          continue
        }
        viewer.unreadSince = undefined
        viewer.response.write(message)
      }
    },
    keepOnly(pairings) {
      for (const viewer of viewers) if (!pairings.has(viewer.pairingId)) drop(viewer)
    },
    count: () => viewers.size,
    close() {
      for (const viewer of viewers) drop(viewer)
    },
  }
}
