/**
 * `npm start`: the application. Builds what is out of date and opens it in Electron; where that cannot be, says so in one line and opens the
 * same screens in the browser, from the console host.
 */
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { passSignals } from './bootstrap/launch.mjs'
import { buildAll } from './build.mjs'
import { fetchElectron, findElectron, whyNoElectron } from './electron/runtime.mjs'
import { whyNoDesktop } from './electron/desktopHere.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (text) => process.stderr.write(`${text}\n`)
/** What a shell and the loader end with when a program, or a library of it, is not there. */
const notRunnable = 127

async function main() {
  const why = whyNoDesktop(process.env, process.platform, process.getuid?.())
  if (why !== undefined) return await openConsole(why)
  const electron = findElectron() ?? (await fetchElectron(say))
  if (electron === undefined) return await openConsole(whyNoElectron())
  await buildAll({ quiet: true })
  const end = await run(electron.executable, [root, ...process.argv.slice(2)])
  return end === undefined || end.code === notRunnable ? await openConsole('Electron cannot run on this machine') : end
}

function openConsole(why) {
  say(`${why}: opening the console in the browser instead.`)
  return run(process.execPath, [join(root, 'main/cli/firn.ts'), 'console', '--open', ...process.argv.slice(2)])
}

/** `undefined`: it could not be started. */
async function run(command, args) {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  const child = spawn(command, args, { stdio: 'inherit', env })
  const stop = passSignals(() => child)
  const end = await new Promise((resolve) => {
    child.once('error', () => resolve(undefined))
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  stop()
  return end
}

const end = await main()
if (end?.signal) {
  process.kill(process.pid, end.signal)
  // The signal ends us; should it be one that does not, the shell's way of saying so follows.
  setTimeout(() => process.exit(128), 1_000)
} else process.exit(end?.code ?? 1)
