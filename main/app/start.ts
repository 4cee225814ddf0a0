/** Where the desktop application begins: gives Electron to desktop.ts, and says so when it cannot begin. */
import { resolve } from 'node:path'
import {
  app,
  BrowserWindow,
  crashReporter,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  session,
  shell,
  Tray,
  utilityProcess,
} from 'electron'
import { asFault, wordsFor } from '../../shared/faults/fault.ts'
import { logFile } from '../engine/logFile.ts'
import { realWorld, systemClock } from '../engine/world.ts'
import { filesOfHome, homeFolder } from '../hosting/home.ts'
import { beforeReady } from './beforeReady.ts'
import { openDesktop, type Electron } from './desktop.ts'
import { signatureIsChecked } from './update.ts'
import { utilityChildren } from './utilityChild.ts'

const out = resolve(import.meta.dirname, '../..')
const { platform, env } = process
const electron: Electron = {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  session,
  shell,
  Tray,
}

async function start(home: string): Promise<void> {
  await app.whenReady()
  const log = logFile(filesOfHome(home).log, systemClock)
  const { end } = await openDesktop({
    electron,
    home,
    world: realWorld(log),
    platform,
    startChild: utilityChildren({
      fork: utilityProcess.fork,
      app,
      files: { engine: new URL('../engine/entry.ts', import.meta.url), wallboard: new URL('../wallboard/entry.ts', import.meta.url) },
      environment: env,
      log,
      killNow: (pid) => process.kill(pid, 'SIGKILL'),
    }),
    files: {
      renderer: resolve(out, 'renderer'),
      preload: resolve(out, 'main/preload/bridge.cjs'),
      icon: resolve(out, 'icons/256.png'),
      trayIcon: resolve(out, platform === 'darwin' ? 'icons/trayTemplate.png' : platform === 'win32' ? 'icons/tray.ico' : 'icons/32.png'),
    },
    loadUpdater: async () => (await import('electron-updater')).default.autoUpdater,
    signatureIsChecked: () => signatureIsChecked(platform, resolve(process.resourcesPath, 'app-update.yml')),
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end())
  process.on('uncaughtException', (error) => {
    log.error('desktop', 'unforeseen', { name: error.name })
    void end()
  })
}

/** Before there is a window, and in English: the settings that hold the language may be what could not be read. */
function tell(error: unknown): void {
  const { happened, safe, todo } = wordsFor(asFault(error))
  dialog.showErrorBox('Firn', `${happened}\n\n${safe}\n\n${todo}`)
  app.exit(1)
}

try {
  const home = homeFolder()
  if (beforeReady({ app, crashReporter, protocol }, home)) start(home).catch(tell)
} catch (error) {
  tell(error)
}
