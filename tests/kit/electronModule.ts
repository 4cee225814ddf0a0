/**
 * A stand-in for the module `electron`, named as such: windows are not shown, utility processes are forked by Node.js, and the test that started
 * this process plays the page over its channel. It says nothing about Electron itself.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { electronStandIn, WindowStandIn } from './electronStandIn.ts'

const { electron, app: emitter, done } = electronStandIn()

/** A process of Node.js with the face of a utility process. */
class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess
  constructor(file: string, env: NodeJS.ProcessEnv) {
    super()
    this.#child = fork(file, [], { env, execArgv: [], serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    this.#child.on('message', (message) => this.emit('message', message))
    this.#child.on('exit', (code) => this.emit('exit', code ?? 1))
  }
  get pid() {
    return this.#child.pid
  }
  get stdout() {
    return this.#child.stdout
  }
  get stderr() {
    return this.#child.stderr
  }
  postMessage(message: object): void {
    if (this.#child.connected) this.#child.send(message, () => undefined)
  }
  kill(): void {
    this.#child.kill()
  }
}

const early: unknown[] = []
const note =
  (what: string) =>
  (...given: readonly unknown[]): void =>
    void early.push([what, ...given])
const quit = emitter.quit
export const app = Object.assign(emitter, {
  setPath: note('path'),
  enableSandbox: note('sandbox'),
  setAppUserModelId: note('id'),
  requestSingleInstanceLock: () => true,
  whenReady: () => Promise.resolve(),
  exit: (code: number) => process.exit(code),
  quit() {
    quit()
    if (done.quits > 0) process.exit(0)
  },
})
export const crashReporter = { start: note('crashes') }
export const protocol = { ...electron.protocol, registerSchemesAsPrivileged: note('scheme') }
export const utilityProcess = { fork: (file: string, _args: unknown, { env }: { env: NodeJS.ProcessEnv }) => new UtilityProcess(file, env) }
export const {
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  safeStorage,
  session,
  shell,
  Tray,
} = electron

export type FromTest =
  | { readonly do: 'call'; readonly id: number; readonly name: string; readonly input: object }
  | { readonly do: 'fetch'; readonly id: number; readonly url: string }
  | { readonly do: 'window'; readonly id: number }
  | { readonly do: 'quit' }

process.on('message', (message: FromTest) => void answer(message))

async function answer(message: FromTest): Promise<void> {
  const window = WindowStandIn.made[0]
  const page = { sender: window?.webContents, senderFrame: { url: 'firn-app://app/', parent: null, detached: false } }
  switch (message.do) {
    case 'call': {
      const text = JSON.stringify({ kind: 'call', id: message.id, name: message.name, input: message.input })
      process.send?.({ id: message.id, value: await ipcMain.invokes('firn:call', page, text) })
      break
    }
    case 'fetch': {
      const serve = done.served as ((request: { url: string; method: string }) => Promise<Response>) | undefined
      const reply = await serve?.({ url: message.url, method: 'GET' })
      const value = { status: reply?.status, policy: reply?.headers.get('content-security-policy'), text: await reply?.text() }
      process.send?.({ id: message.id, value })
      break
    }
    case 'window':
      process.send?.({ id: message.id, value: { loaded: window?.loaded ?? [], early, menu: done.menu !== undefined } })
      break
    case 'quit':
      app.quit()
      break
  }
}
