/** The one window: opened on the start page, closed as the settings say, opened again when its process ends by itself. */
import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron'
import type { Log } from '../../shared/ports/world.ts'
import { startAddress } from '../security/appScheme.ts'
import type { whenClosed } from './quit.ts'

export type WindowParts = {
  readonly make: (options: BrowserWindowConstructorOptions) => BrowserWindow
  readonly options: BrowserWindowConstructorOptions
  readonly onClose: () => ReturnType<typeof whenClosed>
  readonly onHidden: () => void
  readonly onQuit: () => void
  /** It ended too often in a row to be opened again without a person. */
  readonly onGaveUp: () => void
  readonly log: Log
  readonly now: () => number
}

export type MainWindow = {
  readonly window: BrowserWindow
  show(): void
  hide(): void
  /** A screen by its name, as in the address after `#`. */
  go(screen: string): void
  reload(): void
}

const mostReloads = 3
const reloadsCountFor = 60_000

export function openMainWindow(parts: WindowParts): MainWindow {
  const { log } = parts
  const window = parts.make(parts.options)
  let gone: readonly number[] = []

  const load = (address: string): void => {
    window.loadURL(address).catch(() => log.warn('desktop', 'page-not-loaded'))
  }
  const show = (): void => {
    if (window.isDestroyed()) return
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }
  const hide = (): void => {
    window.hide()
    parts.onHidden()
  }
  window.once('ready-to-show', show)
  window.on('close', (event) => {
    const what = parts.onClose()
    if (what === 'close') return
    event.preventDefault()
    if (what === 'hide') hide()
    else parts.onQuit()
  })
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log.error('desktop', 'window-gone', { reason, exitCode })
    if (reason === 'clean-exit') return
    const now = parts.now()
    gone = [...gone.filter((at) => now - at < reloadsCountFor), now]
    if (gone.length > mostReloads) parts.onGaveUp()
    else window.webContents.reload()
  })
  window.on('unresponsive', () => log.warn('desktop', 'window-unresponsive'))
  load(startAddress)
  return {
    window,
    show,
    hide,
    go(screen) {
      show()
      load(`${startAddress}#${screen}`)
    },
    reload() {
      gone = []
      window.webContents.reload()
    },
  }
}
