/** The checks that need no test: types, lint, format, boundaries, dead code. Runs all of them, two at a time, and says which failed and why. */
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const tool = (path) => join(root, 'node_modules', path)

/** The slowest first. A check passes when it ends with 0 within its time. */
export const checks = [
  { name: 'types', args: ['scripts/check/floors.mjs'] },
  { name: 'lint', args: [tool('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings'] },
  { name: 'format', args: [tool('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'] },
  { name: 'boundaries', args: ['scripts/check/boundaries.mjs'] },
  { name: 'dead code', args: [tool('knip/bin/knip.js'), '--no-progress', '--no-config-hints'] },
  { name: 'bundle budgets', args: ['scripts/check/bundle.mjs'] },
]
const atOnce = 2
const longest = 10 * 60_000

/**
 * @param {readonly { name: string, args: readonly string[] }[]} [wanted]
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks(wanted = checks, write = (text) => process.stdout.write(text)) {
  const waiting = [...wanted]
  let failed = 0
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const started = performance.now()
      const { code, output } = await run(check.args)
      const took = `${((performance.now() - started) / 1000).toFixed(1)} s`
      if (code !== 0) failed += 1
      write(code === 0 ? `✓ ${check.name} (${took})\n` : `\n✗ ${check.name} (${took}) failed with ${code}:\n${output.trimEnd()}\n\n`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return { passed: wanted.length - failed, failed }
}

/** Runs Node with these arguments; output and end together. Never rejects: what cannot be started has failed. */
function run(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], timeout: longest, killSignal: 'SIGKILL' })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.once('error', (error) => resolve({ code: 'error', output: error.message }))
    child.once('close', (status, signal) => resolve({ code: signal ?? status, output }))
  })
}
