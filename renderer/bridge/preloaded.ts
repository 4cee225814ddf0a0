/** The desktop's bridge: what its preload script put on the window. An AbortSignal cannot cross from page to preload script, a function can. */
import type { Transport } from './transport.ts'

export type Preloaded = Omit<Transport, 'call'> & {
  /** `onAbort` is called at once with what to call when the answer is no longer wanted. */
  call(name: string, input: unknown, onAbort?: (cancel: () => void) => void): Promise<unknown>
}

export function overPreload(bridge: Preloaded): Transport {
  return {
    ...bridge,
    call(name, input, signal) {
      if (signal === undefined) return bridge.call(name, input)
      return bridge.call(name, input, (cancel) => {
        if (signal.aborted) cancel()
        else signal.addEventListener('abort', () => cancel(), { once: true })
      })
    },
  }
}
