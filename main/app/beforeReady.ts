/** What has to be said to Electron before it is ready: where data lies, that crashes stay here, the sandbox, our scheme, one instance. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { App, CrashReporter, Protocol } from 'electron'
import { prepareHome } from '../hosting/home.ts'
import { schemePrivileges } from '../security/appScheme.ts'

export const applicationId = 'org.firn.desktop'

export type EarlyParts = {
  readonly app: Pick<App, 'setPath' | 'enableSandbox' | 'requestSingleInstanceLock' | 'setAppUserModelId' | 'quit'>
  readonly crashReporter: Pick<CrashReporter, 'start'>
  readonly protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>
}

/** False: another Firn of this home runs already, and shows its window now. @throws Fault home-not-writable. */
export function beforeReady({ app, crashReporter, protocol }: EarlyParts, home: string): boolean {
  prepareHome(home)
  for (const [name, folder] of [
    ['userData', 'window'],
    ['crashDumps', 'crashes'],
  ] as const) {
    const path = join(home, folder)
    mkdirSync(path, { recursive: true, mode: 0o700 })
    app.setPath(name, path)
  }
  // Dumps stay on this machine; a person chooses whether they join a support bundle.
  crashReporter.start({ uploadToServer: false })
  app.enableSandbox()
  app.setAppUserModelId(applicationId)
  protocol.registerSchemesAsPrivileged([schemePrivileges])
  if (app.requestSingleInstanceLock()) return true
  app.quit()
  return false
}
