/**
 * `npm test [-- VITEST-ARGUMENTS]`: the checks, then every test. The last line is `N passed, N failed, N skipped`,
 * in which each check counts as one. A run of vitest that crashed, or found no test, is a failure.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runChecks } from './check/run.mjs'
import { addUp } from './test/addUp.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

async function main() {
  const checks = await runChecks()
  const folder = mkdtempSync(join(tmpdir(), 'firn-tally-'))
  try {
    const file = join(folder, 'tally.json')
    const end = await runVitest(file, process.argv.slice(2))
    return addUp(checks, readTally(file), end)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runVitest(file, args) {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=./tests/kit/tally.ts']
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, FIRN_TALLY: file },
    })
    // A terminal tells vitest itself; here it is enough to stay and count what it says.
    process.on('SIGINT', () => {})
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    child.once('error', (error) => resolve(error.message))
    child.once('close', (status, signal) => resolve(signal ?? status ?? 'unknown'))
  })
}

function readTally(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

const { text, line, ok } = await main().catch((error) => ({ text: `${error.stack}\n`, line: '0 passed, 1 failed, 0 skipped', ok: false }))
process.stdout.write(`${text}${line}\n`)
process.exitCode = ok ? 0 : 1
