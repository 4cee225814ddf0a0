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
import { startApplication } from './electron/startApplication.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const given = process.argv.slice(2)
const say = (text) => process.stderr.write(`${text}\n`)

/** Same terminal, each signal once. `undefined`: it could not be started. */
async function run(command, args) {
  // It would make a Node.js of Electron.
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

const end = await startApplication({
  environment: process.env,
  platform: process.platform,
  user: process.getuid?.(),
  find: findElectron,
  fetch: () => fetchElectron(say),
  whyNone: whyNoElectron,
  build: () => buildAll({ quiet: true }),
  open: (executable) => run(executable, [root, ...given]),
  openConsole: () => run(process.execPath, [join(root, 'main/cli/firn.ts'), 'console', '--open', ...given]),
  say,
})
if (end?.signal) {
  process.kill(process.pid, end.signal)
  // The signal ends us; should it be one that does not, the shell's way of saying so follows.
  setTimeout(() => process.exit(128), 1_000)
} else process.exit(end?.code ?? 1)
