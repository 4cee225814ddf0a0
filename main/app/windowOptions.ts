/** How the window is made: sandboxed, isolated from Node.js in every way there is, and where it was when it was closed. */
import type { BrowserWindowConstructorOptions } from 'electron'

export function windowOptions(files: { readonly preload: string; readonly icon: string }): BrowserWindowConstructorOptions {
  return {
    // Electron keeps bounds and display mode of a named window, and brings it back onto a display that is there.
    name: 'main',
    windowStatePersistence: true,
    title: 'Firn',
    icon: files.icon,
    width: 1280,
    height: 800,
    minWidth: 800,
    minHeight: 560,
    show: false,
    webPreferences: {
      preload: files.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      safeDialogs: true,
    },
  }
}
