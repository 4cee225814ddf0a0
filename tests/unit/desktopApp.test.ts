/** The desktop application as a whole: the real host, bridge and policy, over a stand-in of Electron and an engine that only says it is there. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { beforeReady } from '../../main/app/beforeReady.ts'
import { openDesktop, type Electron } from '../../main/app/desktop.ts'
import type { ChildName, ChildProcess } from '../../main/hosting/childProcess.ts'
import { calls } from '../../shared/contract/bridge.ts'
import type { Reply } from '../../shared/contract/wire.ts'
import { electronStandIn } from '../kit/electronStandIn.ts'
import { aSnapshotOf, aWork } from '../kit/works.ts'
import { testWorld } from '../kit/world.ts'

/** An engine that is ready at once and takes everything; the test tells what it says. */
function engineStandIn() {
  const heard: { kind: string }[] = []
  const ports: unknown[] = []
  let tell: (message: unknown) => void = () => undefined
  let ended: (how: string) => void = () => undefined
  let killed = 0
  const start = (_name: ChildName): ChildProcess => {
    setImmediate(() => tell({ kind: 'ready', pid: 7 }))
    return {
      pid: 7,
      post(message, given = []) {
        heard.push(message as { kind: string })
        ports.push(...given)
        if ((message as { kind: string }).kind === 'end') setImmediate(() => ended('exit 0'))
      },
      onMessage: (listener) => void (tell = listener),
      onExit: (listener) => void (ended = listener),
      kill: () => void (killed += 1),
    }
  }
  return { start, heard, ports, says: (message: object) => tell(message), ends: (how: string) => ended(how), killed: () => killed }
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firn-desktop-'))
  mkdirSync(join(folder, 'renderer'))
  writeFileSync(join(folder, 'renderer', 'index.html'), '<!doctype html>')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function opened(platform: NodeJS.Platform = 'linux') {
  const stand = electronStandIn()
  const engine = engineStandIn()
  const world = testWorld()
  const desktop = await openDesktop({
    electron: stand.electron as unknown as Electron,
    home: join(folder, 'home'),
    world: { ...world, clock: { ...world.clock, sleep: (_ms, signal) => untilAborted(signal) } },
    platform,
    startChild: engine.start,
    files: { renderer: join(folder, 'renderer'), preload: '/app/bridge.cjs', icon: '/app/256.png', trayIcon: '/app/32.png' },
    loadUpdater: () => Promise.reject(new Error('not to be loaded')),
    signatureIsChecked: () => Promise.resolve(true),
  })
  const window = stand.window()
  const page = { sender: window.webContents, senderFrame: { url: 'firn-app://app/', parent: null, detached: false } }
  let id = 0
  const ask = (name: string, input: object = {}) =>
    stand.electron.ipcMain.invokes('firn:call', page, JSON.stringify({ kind: 'call', id: (id += 1), name, input })) as Promise<Reply>
  await settled()
  return { ...stand, desktop, engine, world, window, page, ask }
}
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }))
const settled = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))))
const working = { kind: 'snapshot', snapshot: aSnapshotOf([aWork()]) }

describe('before Electron is ready', () => {
  const told: unknown[][] = []
  const note =
    (what: string) =>
    (...given: unknown[]) =>
      void told.push([what, ...given])
  const early = (first: boolean) => ({
    app: {
      setPath: note('path'),
      enableSandbox: note('sandbox'),
      requestSingleInstanceLock: () => first,
      setAppUserModelId: note('id'),
      quit: note('quit'),
    },
    crashReporter: { start: note('crashes') },
    protocol: { registerSchemesAsPrivileged: note('scheme') },
  })
  test('every window is sandboxed, crashes stay here, and data lies in one folder', () => {
    told.length = 0
    expect(beforeReady(early(true) as never, join(folder, 'home'))).toBe(true)
    expect(told).toEqual([
      ['path', 'userData', join(folder, 'home', 'window')],
      ['path', 'crashDumps', join(folder, 'home', 'crashes')],
      ['crashes', { uploadToServer: false }],
      ['sandbox'],
      ['id', 'org.firn.desktop'],
      ['scheme', [expect.objectContaining({ scheme: 'firn-app' })]],
    ])
  })
  test('a second Firn leaves at once', () => {
    told.length = 0
    expect(beforeReady(early(false) as never, join(folder, 'home'))).toBe(false)
    expect(told.at(-1)).toEqual(['quit'])
  })
})

describe('the desktop application', () => {
  test('opens its own page in a sandboxed window, when there is something to see', async () => {
    const { window } = await opened()
    expect([window.loaded, window.shown]).toEqual([['firn-app://app/'], false])
    window.emit('ready-to-show')
    expect(window.shown).toBe(true)
    expect(window.options).toMatchObject({ webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false } })
  })

  test('answers a page of its own by the contract, as a desktop with a secret store', async () => {
    const { ask } = await opened()
    const reply = await ask('host.state')
    expect(reply).toMatchObject({
      ok: true,
      value: { host: 'desktop', folderDialog: 'native', secretStore: true, engine: { state: 'running' } },
    })
    expect(calls['host.state'].answer.safeParse(reply.ok ? reply.value : undefined).success).toBe(true)
    expect(await ask('host.nonsense')).toMatchObject({ ok: false, fault: { code: 'unknown-call' } })
    expect(await ask('__proto__')).toMatchObject({ ok: false, fault: { code: 'unknown-call' } })
  })

  test('gives a folder that was chosen as a token; its path is not in the answer', async () => {
    const { ask, answers, done } = await opened()
    answers.folder = join(folder, 'DOE^JANE', 'archive')
    const reply = await ask('host.choose', { purpose: 'archive' })
    expect(reply).toMatchObject({ ok: true, value: { token: expect.stringMatching(/^path-[0-9a-f]{32}$/) as unknown } })
    expect(done.dialogs).toEqual([expect.objectContaining({ properties: ['openDirectory', 'dontAddToRecent'] })])
    answers.folder = undefined
    expect(await ask('host.choose', { purpose: 'archive' })).toEqual({ ok: true, value: null })
  })

  test('gives the engine a port of the window, so that snapshots need no detour', async () => {
    const { electron, engine, page, window } = await opened()
    electron.ipcMain.sends('firn:watch', page, 'nonce-1')
    expect(window.webContents.sent.map(({ channel }) => channel)).toEqual(['firn:told', 'firn:port'])
    expect([engine.ports, engine.heard.at(-1)]).toEqual([[{ end: 'engine' }], { kind: 'port' }])
  })

  test('stays away from sleep while work runs, and shows how far it is', async () => {
    const { engine, done, window } = await opened()
    expect(done.blocks.size).toBe(0)
    engine.says(working)
    await settled()
    expect([done.blocks.size, window.progress.at(-1), done.tooltips.at(-1)]).toEqual([
      1,
      [0.25, { mode: 'normal' }],
      'Firn: loading a device 25%',
    ])
    engine.says({ kind: 'snapshot', snapshot: aSnapshotOf([]) })
    await settled()
    expect([done.blocks.size, window.progress.at(-1)]).toEqual([0, [-1]])
  })

  test('hides when it is closed at work, says so, and comes back when it is started again', async () => {
    const { engine, window, done, app } = await opened()
    window.emit('ready-to-show')
    engine.says(working)
    expect([window.closes(), window.shown]).toEqual(['prevented', false])
    expect(done.notifications).toEqual([expect.objectContaining({ title: 'Firn goes on in the background' })])
    app.emit('second-instance')
    expect(window.shown).toBe(true)
  })

  test('asks before it quits at work, stays if told to, and stops the engine cleanly before it goes', async () => {
    const { engine, app, done, answers } = await opened()
    engine.says(working)
    answers.button = 0
    app.quit()
    await settled()
    expect([done.quits, done.boxes]).toEqual([
      0,
      [expect.objectContaining({ detail: expect.stringContaining('loading a device 3') as unknown })],
    ])
    answers.button = 2
    app.quit()
    await settled()
    await settled()
    expect([done.quits, engine.heard.at(-1), engine.killed()]).toEqual([1, { kind: 'end' }, 0])
  })

  test('ends without a question when the system shuts down', async () => {
    const { engine, electron, done } = await opened()
    engine.says(working)
    electron.powerMonitor.emit('shutdown')
    await settled()
    await settled()
    expect([done.boxes, done.quits, engine.heard.at(-1)]).toEqual([[], 1, { kind: 'end' }])
  })

  test('tells what the engine has to say, as the settings allow', async () => {
    const { engine, ask, done } = await opened()
    const notice = { kind: 'notice', notice: { kind: 'device-delivered', at: 1, facts: {} } }
    await ask('host.saveSettings', {
      settings: { notifications: { 'device-delivered': false, 'lane-stalled': true, 'verification-done': true, failure: true } },
    })
    engine.says(notice)
    engine.says({ kind: 'notice', notice: { kind: 'failure', at: 1, facts: {} } })
    await settled()
    expect(done.notifications).toEqual([expect.objectContaining({ title: 'Something needs you' })])
  })

  test('speaks German in its menu as soon as that is chosen', async () => {
    const { ask, done } = await opened()
    await ask('host.saveSettings', { settings: { language: 'de' } })
    await settled()
    expect((done.menu as { label: string }[]).map(({ label }) => label)).toEqual([
      'Datei',
      'Bearbeiten',
      'Ansicht',
      'Gehe zu',
      'Übertragungen',
      'Fenster',
      'Hilfe',
    ])
  })

  test('opens its window again when that ended by itself, three times in a minute, and then asks', async () => {
    const { window, done } = await opened()
    for (let time = 0; time < 4; time += 1) window.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 })
    expect([window.webContents.reloads, done.boxes]).toEqual([3, [expect.objectContaining({ message: 'The window ended unexpectedly' })]])
  })

  test('shows the engine gone and back again', async () => {
    const { engine, ask } = await opened()
    engine.ends('exit 139')
    await settled()
    const { value } = (await ask('host.state')) as { value: { engine: { state: string; lastEnd: { how: string } } } }
    expect(value.engine.lastEnd.how).toBe('exit 139')
    expect(value.engine.state).not.toBe('running')
  })

  test('hands every page it ever makes to the policy', async () => {
    const { app, done } = await opened()
    const { contentsStandIn } = await import('../kit/electronStandIn.ts')
    const contents = contentsStandIn()
    app.emit('web-contents-created', {}, contents)
    expect([
      contents.opens('https://evil.example/'),
      contents.opens('https://docs.aws.amazon.com/'),
      contents.navigates('will-navigate', 'https://evil.example/'),
    ]).toEqual(['deny', 'deny', 'prevented'])
    expect(done.openedOutside).toEqual(['https://docs.aws.amazon.com/'])
  })
})
