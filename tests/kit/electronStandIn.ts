/**
 * A stand-in for Electron, named as such: objects that keep what they were told and let a test play the page, the person and the system.
 * It says nothing about Electron itself; tests/desktop/ runs the real one where there is one.
 */
import { EventEmitter } from 'node:events'

/** A class of things that emit. */
type Made = new (given: object) => EventEmitter
type Anything = (...given: never[]) => unknown

/** Whether a listener called preventDefault. */
function emits(from: EventEmitter, event: string, more: object = {}, ...rest: unknown[]): 'prevented' | 'allowed' {
  let prevented = false
  from.emit(event, { ...more, preventDefault: () => (prevented = true) }, ...rest)
  return prevented ? 'prevented' : 'allowed'
}

const nothing: unknown = undefined

export function sessionStandIn() {
  let request: Anything = () => undefined
  let check: Anything = () => undefined
  let before: Anything = () => undefined
  let device: Anything = () => undefined
  const session = Object.assign(new EventEmitter(), {
    displayMedia: nothing,
    setPermissionRequestHandler: (handler: Anything) => void (request = handler),
    setPermissionCheckHandler: (handler: Anything) => void (check = handler),
    setDevicePermissionHandler: (handler: Anything) => void (device = handler),
    setDisplayMediaRequestHandler(handler: unknown) {
      session.displayMedia = handler
    },
    webRequest: { onBeforeRequest: (handler: Anything) => void (before = handler) },
    asks(permission: string, requestingUrl: string, isMainFrame: boolean): unknown {
      let answer: unknown
      request(...([null, permission, (given: unknown) => (answer = given), { requestingUrl, isMainFrame }] as never[]))
      return answer
    },
    checks: (permission: string, requestingUrl: string, isMainFrame: boolean): unknown =>
      check(...([null, permission, requestingUrl, { isMainFrame }] as never[])),
    device: (): unknown => device(...([{}] as never[])),
    requests(url: string): unknown {
      let answer: unknown
      before(...([{ url }, (given: unknown) => (answer = given)] as never[]))
      return answer
    },
    downloads: (url: string) => emits(session, 'will-download', {}, { getURL: () => url }),
  })
  return session
}

export function contentsStandIn() {
  let open: (details: { url: string }) => { action: string } = () => ({ action: 'allow' })
  const sent: { channel: string; message: unknown; ports: readonly unknown[] }[] = []
  const contents = Object.assign(new EventEmitter(), {
    sent,
    reloads: 0,
    isDestroyed: () => false,
    send: (channel: string, message: unknown) => void sent.push({ channel, message, ports: [] }),
    postMessage: (channel: string, message: unknown, ports: readonly unknown[] = []) => void sent.push({ channel, message, ports }),
    reload: () => void (contents.reloads += 1),
    setWindowOpenHandler: (handler: typeof open) => void (open = handler),
    navigates: (event: string, url: string) => emits(contents, event, { url }),
    opens: (url: string): string => open({ url }).action,
  })
  return contents
}
export type ContentsStandIn = ReturnType<typeof contentsStandIn>

/** ipcMain. `invokes` and `sends` are the page's end. */
export function ipcStandIn() {
  const handlers = new Map<string, Anything>()
  const ipc = Object.assign(new EventEmitter(), {
    handle: (channel: string, handler: Anything) => void handlers.set(channel, handler),
    removeHandler: (channel: string) => void handlers.delete(channel),
    async invokes(channel: string, event: object, ...given: unknown[]): Promise<unknown> {
      const handler = handlers.get(channel)
      if (handler === undefined) throw new Error(`no handler for ${channel}`)
      return await handler(...([event, ...given] as never[]))
    },
    sends: (channel: string, event: object, ...given: unknown[]) => ipc.emit(channel, event, ...given),
    channels: () => [...handlers.keys()],
  })
  return ipc
}

export class WindowStandIn extends EventEmitter {
  static made: WindowStandIn[] = []
  readonly webContents = contentsStandIn()
  readonly options: unknown
  readonly loaded: string[] = []
  readonly progress: unknown[] = []
  shown = false
  destroyed = false
  constructor(options: unknown) {
    super()
    this.options = options
    WindowStandIn.made.push(this)
  }
  loadURL(address: string): Promise<void> {
    this.loaded.push(address)
    return Promise.resolve()
  }
  show(): void {
    this.shown = true
  }
  hide(): void {
    this.shown = false
  }
  focus(): void {}
  restore(): void {}
  isMinimized(): boolean {
    return false
  }
  isDestroyed(): boolean {
    return this.destroyed
  }
  setProgressBar(...given: unknown[]): void {
    this.progress.push(given)
  }
  /** The person closes it. */
  closes(): 'prevented' | 'allowed' {
    return emits(this, 'close')
  }
}

export class UtilityStandIn extends EventEmitter {
  readonly stdout = new EventEmitter()
  readonly stderr = new EventEmitter()
  readonly posted: { message: unknown; ports: readonly unknown[] }[] = []
  killed = 0
  pid: number | undefined = 4711
  readonly file: string
  readonly options: { env: Record<string, string>; serviceName: string; stdio: string; execArgv: string[] }
  constructor(file: string, options: UtilityStandIn['options']) {
    super()
    this.file = file
    this.options = options
    for (const stream of [this.stdout, this.stderr]) Object.assign(stream, { resume: () => undefined })
  }
  postMessage(message: unknown, ports: readonly unknown[]): void {
    this.posted.push({ message, ports })
  }
  kill(): void {
    this.killed += 1
  }
}

/** Everything that main/app/desktop.ts takes of Electron, and what was done with it. */
export function electronStandIn() {
  WindowStandIn.made = []
  const done = {
    menu: undefined as unknown,
    served: undefined as unknown,
    openedOutside: [] as string[],
    openedPaths: [] as string[],
    shownFolders: [] as string[],
    notifications: [] as object[],
    boxes: [] as object[],
    dialogs: [] as object[],
    quits: 0,
    blocks: new Set<number>(),
    tooltips: [] as string[],
  }
  /** What the person answers next. */
  const answers = { button: 0, folder: undefined as string | undefined }
  class Notification extends EventEmitter {
    static isSupported = () => true
    readonly text: object
    constructor(text: object) {
      super()
      this.text = text
    }
    show(): void {
      done.notifications.push(this.text)
    }
  }
  class Tray extends EventEmitter {
    setToolTip = (text: string) => void done.tooltips.push(text)
    setContextMenu = () => undefined
  }
  class MessageChannelMain {
    readonly port1 = { end: 'window' }
    readonly port2 = { end: 'engine' }
  }
  const app = Object.assign(new EventEmitter(), {
    getVersion: () => '0.1.0',
    getPreferredSystemLanguages: () => ['en-GB'],
    quit: () => {
      if (emits(app, 'before-quit') === 'allowed') done.quits += 1
    },
  })
  const electron = {
    app,
    BrowserWindow: WindowStandIn,
    dialog: {
      async showOpenDialog(_window: unknown, options: object) {
        done.dialogs.push(options)
        return await Promise.resolve({
          canceled: answers.folder === undefined,
          filePaths: answers.folder === undefined ? [] : [answers.folder],
        })
      },
      async showMessageBox(...given: object[]) {
        done.boxes.push(given.at(-1) ?? {})
        return await Promise.resolve({ response: answers.button })
      },
    },
    ipcMain: ipcStandIn(),
    Menu: { buildFromTemplate: (template: unknown) => template, setApplicationMenu: (menu: unknown) => void (done.menu = menu) },
    MessageChannelMain,
    Notification: Notification as unknown as Made & { isSupported(): boolean },
    powerMonitor: new EventEmitter(),
    powerSaveBlocker: {
      start: () => {
        done.blocks.add(done.blocks.size + 1)
        return done.blocks.size
      },
      stop: (block: number) => void done.blocks.delete(block),
    },
    protocol: { handle: (_scheme: string, handler: unknown) => void (done.served = handler) },
    safeStorage: {
      isAsyncEncryptionAvailable: () => Promise.resolve(true),
      getSelectedStorageBackend: () => 'gnome_libsecret',
      encryptStringAsync: (text: string) => Promise.resolve(Buffer.from(text, 'utf8').reverse()),
      decryptStringAsync: (bytes: Buffer) => Promise.resolve({ shouldReEncrypt: false, result: Buffer.from(bytes).reverse().toString() }),
    },
    session: { defaultSession: sessionStandIn() },
    shell: {
      beep: () => undefined,
      openExternal: async (address: string) => void done.openedOutside.push(address),
      openPath: (path: string) => Promise.resolve(done.openedPaths.push(path) > 0 ? '' : 'no viewer'),
      showItemInFolder: (path: string) => void done.shownFolders.push(path),
    },
    Tray: Tray as unknown as Made,
  }
  return { electron, app, done, answers, window: () => WindowStandIn.made[0] as WindowStandIn }
}
