/**
 * The first thing that runs on a fresh clone: `node scripts/bootstrap.mjs FILE …args`.
 * Brings the packages and, where the machine's own is too old, the Node.js that Firn needs; then runs FILE with them.
 * Needs nothing but Node.js 20 and npm. Says nothing when nothing is to be done.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch, passSignals } from './bootstrap/launch.mjs'
import { holdingLock } from './bootstrap/lock.mjs'
import { findNpm, npmCi } from './bootstrap/npm.mjs'
import { installedPackages } from './bootstrap/packages.mjs'
import { fetchRuntime, isNewEnough, pinnedRuntime, wantedVersion } from './bootstrap/runtime.mjs'
import { npmTrouble, tellTrouble, Trouble } from './bootstrap/trouble.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (text) => process.stderr.write(`${text}\n`)

async function main() {
  const [file, ...args] = process.argv.slice(2)
  if (file === undefined) throw new Trouble('no program was named.', 'Use: node scripts/bootstrap.mjs FILE …args')
  if (!isNewEnough(process.versions.node, [20, 0])) {
    throw new Trouble(
      `this is Node.js ${process.versions.node}.`,
      'Install Node.js 24 (20 is the least) from https://nodejs.org and run the same command again.',
    )
  }
  const program = resolve(root, file)
  if (!existsSync(program)) throw new Trouble(`there is no ${file} here.`, 'Clone the repository again, or name a file that exists.')

  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const runtime = isNewEnough(process.versions.node, wantedVersion(engines.node)) ? undefined : pinnedRuntime(root)
  const node = runtime?.node ?? process.execPath
  const packages = () => installedPackages(root, runtime === undefined ? process.versions.node : '24')
  const isReady = () => (runtime === undefined || runtime.isReady()) && packages().isReady()
  if (!isReady()) await holdingLock(join(root, '.runtime', 'installing'), say, (nameWorker) => install(runtime, node, packages, nameWorker))
  // What Node.js makes of the sources is kept: every later start, and every thread, costs half the processor time.
  process.env.NODE_COMPILE_CACHE ??= join(root, '.runtime', 'compiled')
  await launch(node, [program, ...args])
}

async function install(runtime, node, packages, nameWorker) {
  let child
  let stoppedBy
  const stopPassing = passSignals(() => child)
  const noteStop = (signal) => (stoppedBy = signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, noteStop)
  const onChild = (started) => {
    child = started
    nameWorker(started?.pid)
  }
  try {
    const npm = findNpm()
    if (runtime !== undefined && !runtime.isReady()) {
      say(`Fetching Node.js 24 for ${runtime.name}: this machine has ${process.versions.node} …`)
      await fetchRuntime(runtime, npm, onChild)
    }
    const wanted = packages()
    if (!wanted.isReady()) {
      say(`Installing ${wanted.count} packages …`)
      await npmCi({ node, npm, folder: root, what: 'the packages', onChild })
      wanted.write()
    }
  } catch (error) {
    if (stoppedBy !== undefined)
      throw new Trouble(`the install was stopped (${stoppedBy}).`, 'Run the same command again; it starts from a clean state.')
    throw error
  } finally {
    stopPassing()
    for (const signal of signals) process.off(signal, noteStop)
  }
}

try {
  await main()
} catch (error) {
  const known =
    error instanceof Trouble
      ? error
      : error?.code === undefined
        ? undefined
        : npmTrouble('what Firn needs', `npm error ${error.code} ${error.message}`)
  process.stderr.write(known === undefined ? `${error?.stack ?? error}\n` : tellTrouble(known))
  process.exitCode = 1
}
