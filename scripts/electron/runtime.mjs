/**
 * Where Electron's runtime is on this machine. Its npm package holds none: it is fetched when it is first wanted, or ELECTRON_OVERRIDE_DIST_PATH
 * names a folder that has it.
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const folder = join(root, 'node_modules', 'electron')
const executables = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }

/** Long enough to hear whether the place of the downloads answers at all. */
const answersWithin = 5_000
/** What lies in the download cache is only unpacked. */
const unpacksWithin = 15_000
const downloadsWithin = 10 * 60_000

/** @returns {string} */
export const electronVersion = () => createRequire(import.meta.url)(join(folder, 'package.json')).version

/**
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {{ readonly dist: string, readonly executable: string } | undefined}
 */
export function findElectron(environment = process.env, platform = process.platform) {
  const named = environment.ELECTRON_OVERRIDE_DIST_PATH
  const dist = named === undefined || named === '' ? join(folder, 'dist') : named
  const executable = join(dist, executables[platform] ?? 'electron')
  return existsSync(executable) ? { dist, executable } : undefined
}

/**
 * Fetches it where it can be had. Never hangs: without an answer within seconds, only the download cache is looked at.
 * @param {(text: string) => void} say
 */
export async function fetchElectron(say, environment = process.env) {
  const reachable = await answers(environment)
  if (reachable) say(`Fetching Electron ${electronVersion()} …`)
  await install(reachable ? downloadsWithin : unpacksWithin, environment)
  return findElectron(environment)
}

/** Why there is none, in a few words. */
export function whyNoElectron(environment = process.env) {
  const named = environment.ELECTRON_OVERRIDE_DIST_PATH
  return named === undefined || named === ''
    ? `Electron ${electronVersion()} is not here and could not be downloaded`
    : 'ELECTRON_OVERRIDE_DIST_PATH names a folder without Electron'
}

async function answers(environment) {
  const mirror =
    environment.ELECTRON_MIRROR ?? environment.npm_config_electron_mirror ?? 'https://github.com/electron/electron/releases/download/'
  try {
    await fetch(mirror, { method: 'HEAD', signal: AbortSignal.timeout(answersWithin), redirect: 'manual' })
    return true
  } catch {
    return false
  }
}

/** By the package's own script, which checks the digest. What it prints helps nobody here: the caller says why in one line. */
function install(timeout, environment) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(folder, 'install.js')], {
      env: environment,
      stdio: 'ignore',
      timeout,
      killSignal: 'SIGKILL',
    })
    child.once('error', () => done())
    child.once('close', () => done())
  })
}

/** The version that a folder says it holds. */
export function versionIn(dist) {
  try {
    return readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '')
  } catch {
    return undefined
  }
}
