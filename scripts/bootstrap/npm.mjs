/** Finds npm and runs `npm ci` with a Node.js of our choice: npm picks and checks packages by the Node.js it runs under. */
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { npmTrouble, Trouble } from './trouble.mjs'

const keptOutput = 64 * 1024

/** The path of npm-cli.js. npm names itself in npm_execpath when it has started us; otherwise it lies beside Node.js or in PATH. */
export function findNpm(env = process.env, execPath = process.execPath) {
  const bin = dirname(execPath)
  const candidates = [
    env.npm_execpath,
    join(bin, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(bin, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    ...(env.PATH ?? env.Path ?? '')
      .split(delimiter)
      .filter((folder) => folder !== '')
      .flatMap((folder) => [join(folder, 'npm'), join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js')]),
  ]
  for (const candidate of candidates) {
    if (candidate === undefined || !existsSync(candidate)) continue
    const real = realpathSync(candidate)
    if (/[\\/]npm-cli\.c?js$/.test(real)) return real
  }
  throw new Trouble('npm was not found.', 'Install Node.js 24 together with npm (https://nodejs.org), and run the same command again.')
}

/**
 * Runs `npm ci` in `folder`, quietly. Signals that reach us while it runs are left to the caller.
 * @param {{ node: string, npm: string, folder: string, what: string, extra?: readonly string[], onChild?: (child: import('node:child_process').ChildProcess | undefined) => void }} how
 */
export async function npmCi({ node, npm, folder, what, extra = [], onChild }) {
  const flags = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const child = spawn(node, [npm, ...flags, ...extra], {
    cwd: folder,
    env: npmEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  onChild?.(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-keptOutput)
    })
  }
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) => resolve(signal ?? status))
  }).finally(() => onChild?.(undefined))
  if (code !== 0) throw npmTrouble(what, output)
}

/** What the outer npm said about its own command must not reach the inner one. */
function npmEnvironment() {
  const env = {}
  for (const [name, value] of Object.entries(process.env)) {
    if (
      /^npm_(package|lifecycle)_|^npm_config_(local_prefix|global|workspaces?|dry_run|package_lock_only|omit|only|production|json)$/i.test(
        name,
      )
    )
      continue
    env[name] = value
  }
  delete env.NODE_ENV
  return env
}
