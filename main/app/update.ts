/** Updates: off until an administrator names a feed, held back while work is open, and on Windows only from the publisher this application came from. */
import { readFile } from 'node:fs/promises'
import type { HostState } from '../../shared/contract/hostState.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { Log } from '../../shared/ports/world.ts'

/** What of electron-updater is used. */
export type Updater = {
  autoDownload: boolean
  autoInstallOnAppQuit: boolean
  allowDowngrade: boolean
  disableWebInstaller: boolean
  logger: unknown
  setFeedURL(feed: { readonly provider: 'generic'; readonly url: string }): void
  checkForUpdates(): Promise<{ readonly isUpdateAvailable: boolean; readonly updateInfo: { readonly version: string } } | null>
  downloadUpdate(): Promise<unknown>
  quitAndInstall(isSilent: boolean, isForceRunAfter: boolean): void
}

export type UpdateParts = {
  readonly load: () => Promise<Updater>
  /** Address of the feed; `null`: none was named. */
  readonly feed: () => string | null
  readonly busy: () => boolean
  /** Whether the system or electron-updater will check who signed the update. */
  readonly signatureIsChecked: () => Promise<boolean>
  /** Stops everything; what comes next is the installer. */
  readonly beforeInstall: () => Promise<void>
  readonly changed: () => void
  readonly log: Log
}
export type Update = { state(): HostState['update']; check(): Promise<void>; install(): Promise<void> }

export function openUpdate(parts: UpdateParts): Update {
  let state: HostState['update'] = { state: 'off', version: null }
  let updater: Updater | undefined
  let checking: Promise<void> | undefined

  const become = (next: HostState['update']): void => {
    state = next
    parts.changed()
  }
  const ready = async (url: string): Promise<Updater> => {
    updater ??= await parts.load()
    // It decides nothing by itself, and writes no log: its lines name paths.
    Object.assign(updater, {
      autoDownload: false,
      autoInstallOnAppQuit: false,
      allowDowngrade: false,
      disableWebInstaller: true,
      logger: null,
    })
    updater.setFeedURL({ provider: 'generic', url })
    return updater
  }
  const check = async (): Promise<void> => {
    const url = parts.feed()
    if (url === null) return become({ state: 'off', version: null })
    if (state.state === 'ready') return
    try {
      if (!(await parts.signatureIsChecked())) {
        parts.log.error('update', 'publisher-unknown')
        return become({ state: 'failed', version: null })
      }
      const own = await ready(url)
      const found = await own.checkForUpdates()
      if (found?.isUpdateAvailable !== true) return become({ state: 'none', version: null })
      const { version } = found.updateInfo
      if (parts.busy()) return become({ state: 'held-back', version })
      become({ state: 'available', version })
      await own.downloadUpdate()
      become({ state: 'ready', version })
    } catch (error) {
      parts.log.error('update', 'update-failed', codeOf(error))
      become({ state: 'failed', version: state.version })
    }
  }
  return {
    state: () => state,
    check() {
      checking ??= check().finally(() => {
        checking = undefined
      })
      return checking
    },
    async install() {
      if (parts.busy()) throw new Fault('work-running')
      if (state.state !== 'ready' || updater === undefined) return
      await parts.beforeInstall()
      updater.quitAndInstall(true, true)
    },
  }
}

/**
 * electron-updater leaves the check out, with a warning, where the packaged configuration names no publisher. Firn leaves out the update then.
 * macOS checks the signature itself; AppImage, deb and rpm carry none that could be checked, their digest comes from the feed over HTTPS.
 */
export async function signatureIsChecked(platform: NodeJS.Platform, configuration: string): Promise<boolean> {
  if (platform !== 'win32') return true
  const text = await readFile(configuration, 'utf8').catch(() => '')
  return /^publisherName:[ \t]*(\S.*|\n[ \t]*-[ \t]*\S.*)$/m.test(text)
}

function codeOf(error: unknown): { readonly code?: string } {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' && /^[A-Z_]{3,60}$/.test(code) ? { code } : {}
}
