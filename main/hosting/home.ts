/** Where the application keeps what is this machine's and no migration's: settings, keys, the list of migrations, the host's own log. */
import { accessSync, constants, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { Fault } from '../../shared/faults/fault.ts'

/** FIRN_HOME, or the data folder of the platform. */
export function homeFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  user: string = homedir(),
): string {
  const named = (name: string): string | undefined => {
    const value = environment[name]
    return value === undefined || value === '' ? undefined : value
  }
  const asked = named('FIRN_HOME')
  if (asked !== undefined) return resolve(asked)
  switch (platform) {
    case 'darwin':
      return join(user, 'Library', 'Application Support', 'Firn')
    case 'win32':
      return join(named('LOCALAPPDATA') ?? join(user, 'AppData', 'Local'), 'Firn')
    default:
      return join(named('XDG_DATA_HOME') ?? join(user, '.local', 'share'), 'firn')
  }
}

export function filesOfHome(home: string) {
  return {
    settings: join(home, 'settings.json'),
    keys: join(home, 'keys'),
    log: join(home, 'host.log'),
  } as const
}

/** Makes the home if need be; its owner alone may look into it. @throws Fault home-not-writable. */
export function prepareHome(home: string): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 })
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new Fault('home-not-writable', errnoOf(error), { cause: error })
  }
}

function errnoOf(error: unknown): { readonly errno?: string } {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' ? { errno: code } : {}
}
