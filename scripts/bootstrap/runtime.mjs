/** Chooses the Node.js that runs Firn: the machine's own when it is new enough, otherwise the pinned one, fetched by npm with its integrity. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { npmCi } from './npm.mjs'
import { Trouble } from './trouble.mjs'

const getNode = 'Install Node.js 24 (https://nodejs.org) and run the same command again.'

/**
 * `>=24.15` of package.json, as numbers.
 * @param {string} engines
 * @returns {[major: number, minor: number]}
 */
export function wantedVersion(engines) {
  const match = /^>=\s*(\d+)\.(\d+)/.exec(engines)
  if (match === null)
    throw new Trouble(
      `package.json asks for Node.js "${engines}", which the bootstrap cannot read.`,
      'Write engines.node as >=MAJOR.MINOR.',
    )
  return [Number(match[1]), Number(match[2])]
}

/**
 * @param {string} version such as 24.15.0
 * @param {[major: number, minor: number]} least
 */
export function isNewEnough(version, [major, minor]) {
  const [itsMajor = 0, itsMinor = 0] = version.split('.').map(Number)
  return itsMajor > major || (itsMajor === major && itsMinor >= minor)
}

/**
 * Where the pinned runtime is, or will be, and whether it is there.
 * @throws Trouble when there is none for this machine.
 */
export function pinnedRuntime(root, { platform = process.platform, arch = process.arch, musl = isMusl } = {}) {
  const name = `${platform === 'win32' ? 'win' : platform}-${arch}`
  const source = join(root, 'runtime', name)
  const here = `This is Node.js ${process.versions.node}, and Firn needs a newer one`
  if (!existsSync(join(source, 'package-lock.json'))) throw new Trouble(`${here}; there is no ready-made one for ${name}.`, getNode)
  const folder = join(root, '.runtime', name)
  const node = join(folder, 'node_modules', `node-${name}`, 'bin', platform === 'win32' ? 'node.exe' : 'node')
  const hash = createHash('sha256')
    .update(readFileSync(join(source, 'package-lock.json')))
    .digest('hex')
  const stamp = join(folder, 'installed')
  const isReady = () => existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash
  if (!isReady() && platform === 'linux' && musl()) {
    throw new Trouble(`${here}; the ready-made one does not run on a Linux with musl.`, getNode)
  }
  return { name, source, folder, node, hash, stamp, isReady }
}

/** Fetches the pinned runtime and makes sure that it runs. The stamp is written last: a half-finished fetch counts for nothing. */
export async function fetchRuntime(runtime, npm, onChild) {
  rmSync(runtime.stamp, { force: true })
  mkdirSync(runtime.folder, { recursive: true })
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(runtime.source, file), join(runtime.folder, file))
  await npmCi({ node: process.execPath, npm, folder: runtime.folder, what: 'Node.js 24', extra: ['--engine-strict=false'], onChild })
  const answer = spawnSync(runtime.node, ['--version'], { encoding: 'utf8', timeout: 30_000 })
  if (answer.status !== 0) {
    throw new Trouble('the Node.js that was fetched does not run on this machine.', getNode, answer.error?.message ?? answer.stderr.trim())
  }
  writeFileSync(runtime.stamp, runtime.hash)
}

function isMusl() {
  return process.report.getReport().header.glibcVersionRuntime === undefined
}
