/** The desktop application: what belongs to Electron joined with the host. Everything that decides something lies in a module of its own. */
import { readFile, stat } from 'node:fs/promises'
import type { Language } from '../../shared/contract/settings.ts'
import type { World } from '../../shared/ports/world.ts'
import { serveBridge } from '../bridge/serve.ts'
import type { Host } from '../hosting/abilities.ts'
import type { StartChild } from '../hosting/childProcess.ts'
import { openHost } from '../hosting/host.ts'
import { answerRequest, bundleOf, schemePrivileges } from '../security/appScheme.ts'
import { blockForeignRequests, denyPermissions, keepInPlace } from '../security/policy.ts'
import { openSecrets } from '../security/secrets.ts'
import { choosePath } from './dialogs.ts'
import { openMainWindow } from './mainWindow.ts'
import { menuTemplate } from './menu.ts'
import { openNotifications } from './notifications.ts'
import { keepAwake, pauseWhileAsleep } from './power.ts'
import { progressOf } from './progress.ts'
import { answerOf, openQuitGate, quitQuestion, whenClosed } from './quit.ts'
import { shortcutLines, type Act } from './shortcuts.ts'
import { showInTaskbar } from './taskbar.ts'
import { trayView } from './tray.ts'
import { openUpdate, type Updater } from './update.ts'
import { windowOptions } from './windowOptions.ts'
import { languageFor, wordsIn } from './words.ts'

/** What of Electron is used. start.ts gives the real one, tests a stand-in. */
export type Electron = Pick<
  typeof import('electron'),
  | 'app'
  | 'BrowserWindow'
  | 'dialog'
  | 'ipcMain'
  | 'Menu'
  | 'MessageChannelMain'
  | 'Notification'
  | 'powerMonitor'
  | 'powerSaveBlocker'
  | 'protocol'
  | 'safeStorage'
  | 'session'
  | 'shell'
  | 'Tray'
>

export type DesktopParts = {
  readonly electron: Electron
  readonly home: string
  readonly world: World
  readonly platform: NodeJS.Platform
  readonly startChild: StartChild
  readonly files: { readonly renderer: string; readonly preload: string; readonly icon: string; readonly trayIcon: string }
  readonly loadUpdater: () => Promise<Updater>
  readonly signatureIsChecked: () => Promise<boolean>
}

const updateEvery = 6 * 3_600_000

/** Call it when Electron is ready. Gives how to end without a question. @throws Fault home-not-writable. */
export async function openDesktop(parts: DesktopParts): Promise<{ readonly end: () => Promise<void> }> {
  const { electron, world, platform, files } = parts
  const { app, dialog, shell } = electron
  const { log, clock } = world

  const bundle = bundleOf(files.renderer)
  electron.protocol.handle(schemePrivileges.scheme, (request) => answerRequest(bundle, request, readFile))
  denyPermissions(electron.session.defaultSession)
  blockForeignRequests(electron.session.defaultSession, () => log.warn('desktop', 'request-blocked'))
  const openOutside = (address: string): void => {
    shell.openExternal(address).catch(() => log.warn('desktop', 'link-not-opened'))
  }
  app.on('web-contents-created', (_event, contents) => keepInPlace(contents, openOutside))

  const update = openUpdate({
    load: parts.loadUpdater,
    feed: () => host.state().settings.update.feed,
    busy: () => host.busy(),
    signatureIsChecked: parts.signatureIsChecked,
    beforeInstall: () => gate.prepare(),
    changed: () => host.changed(),
    log,
  })
  const host: Host = await openHost({
    home: parts.home,
    startChild: parts.startChild,
    world,
    abilities: {
      kind: 'desktop',
      version: app.getVersion(),
      folderDialog: 'native',
      choose: (purpose) => choosePath((options) => dialog.showOpenDialog(main.window, options), purpose, words()),
      async openReport(file) {
        // No viewer for it: the folder is shown instead.
        if ((await shell.openPath(file)) !== '') shell.showItemInFolder(file)
        return null
      },
      reveal: (folder) => shell.showItemInFolder(folder),
      secrets: await openSecrets(electron.safeStorage, platform),
      update,
    },
  })
  const language = (): Language => languageFor(host.state().settings.language, app.getPreferredSystemLanguages())
  const words = () => wordsIn(language())

  const gate = openQuitGate({
    busy: () => host.busy(),
    ask: async () => answerOf((await dialog.showMessageBox(main.window, quitQuestion(host.snapshot(), words(), language()))).response),
    goOn: () => main.hide(),
    end: () => host.end('stop'),
    quit: () => app.quit(),
  })
  const notify = (text: { readonly title: string; readonly body: string }): void => {
    if (!electron.Notification.isSupported()) return
    const notification = new electron.Notification({ ...text, icon: files.icon })
    notification.on('click', () => main.show())
    notification.show()
  }
  const main = openMainWindow({
    make: (options) => new electron.BrowserWindow(options),
    options: windowOptions(files),
    onClose: () => whenClosed({ quitting: gate.quitting(), busy: host.busy(), onClose: host.state().settings.onClose, platform }),
    onHidden: () => {
      if (platform !== 'darwin') notify({ title: words().wentOn, body: words().wentOnDetail })
    },
    onQuit: () => void gate.request(),
    onGaveUp: () => {
      const text = { message: words().screenGone, detail: words().screenGoneDetail, buttons: [words().openAgain] }
      dialog.showMessageBox({ type: 'error', ...text }).then(
        () => main.reload(),
        () => undefined,
      )
    },
    log,
    now: clock.now,
  })
  const stopServing = serveBridge({
    ipc: electron.ipcMain,
    window: main.window.webContents,
    host,
    newChannel: () => new electron.MessageChannelMain(),
    isFolder: (path) =>
      stat(path).then(
        (found) => found.isDirectory(),
        () => false,
      ),
    onRefused: (code) => log.warn('bridge', code),
  })
  main.window.on('closed', stopServing)

  const act = (what: Act): void => {
    switch (what.do) {
      case 'go':
        return main.go(what.screen)
      case 'call':
        void host.call(what.call, {}, new AbortController().signal).then(({ ok }) => {
          // The screen says why; here a sound is all there is room for.
          if (!ok) shell.beep()
        })
        return
      case 'shortcuts': {
        const box = { message: words().shortcutList, detail: shortcutLines(words(), platform).join('\n'), buttons: [words().ok] }
        dialog.showMessageBox(main.window, box).catch(() => undefined)
        return
      }
      case 'quit':
        return void gate.request()
      case 'role':
        return undefined
    }
  }

  const tray = openTray()
  const awake = keepAwake(electron.powerSaveBlocker)
  let shown = ''
  const refresh = (): void => {
    const snapshot = host.snapshot()
    const migrationOpen = snapshot?.migration !== null && snapshot?.migration !== undefined
    const view = trayView(snapshot, words(), language(), main.show, act)
    if (!main.window.isDestroyed()) showInTaskbar(main.window, progressOf(snapshot))
    tray?.setToolTip(view.text)
    awake(host.busy())
    if (update.state().state === 'held-back' && !host.busy()) void update.check()
    const labels = JSON.stringify([language(), migrationOpen, view.menu])
    if (labels === shown) return
    shown = labels
    tray?.setContextMenu(electron.Menu.buildFromTemplate(view.menu))
    electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(menuTemplate(words(), platform, migrationOpen, act)))
  }
  function openTray(): InstanceType<Electron['Tray']> | undefined {
    try {
      const made = new electron.Tray(files.trayIcon)
      made.on('click', () => main.show())
      return made
    } catch {
      // A desktop without a tray: starting Firn again brings the window back.
      log.warn('desktop', 'no-tray')
      return undefined
    }
  }

  let feed = host.state().settings.update.feed
  host.onSnapshot(refresh)
  host.watch((state) => {
    refresh()
    if (state.settings.update.feed === feed) return
    feed = state.settings.update.feed
    void update.check()
  })
  host.onNotice(openNotifications(() => host.state().settings, words, notify, clock.now))
  refresh()
  void update.check()
  setInterval(() => void update.check(), updateEvery).unref()

  const sleep = pauseWhileAsleep(host)
  electron.powerMonitor.on('suspend', () => void sleep.suspend())
  electron.powerMonitor.on('resume', () => void sleep.resume())
  electron.powerMonitor.on('shutdown', () => void gate.now())
  app.on('second-instance', main.show)
  app.on('activate', main.show)
  // Which window is the last does not decide here: the quit gate does.
  app.on('window-all-closed', () => undefined)
  app.on('before-quit', (event) => {
    if (gate.quitting()) return
    event.preventDefault()
    void gate.request()
  })
  return { end: gate.now }
}
