/** Builds the screens into out/renderer, unless what is there was made of the same sources. `node scripts/buildRenderer.mjs`, and before tests that look at screens. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashOf } from './build/hashOf.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const out = join(root, 'out/renderer')
const mark = join(out, 'sources.sha256')
const longest = 5 * 60_000

/**
 * @param {{ quiet?: boolean }} [options]
 * @returns {Promise<boolean>} whether anything had to be built
 */
export async function buildRenderer({ quiet = false } = {}) {
  const sources = hashOf(root, ['renderer', 'shared'], ['vite.config.ts', 'package-lock.json'])
  if (existsSync(mark) && readFileSync(mark, 'utf8') === sources && existsSync(join(out, 'index.html'))) return false
  await new Promise((done, fail) => {
    const args = [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', quiet ? 'error' : 'info']
    // What asks for the build may be a test: its NODE_ENV would give screens with React's slow half for developers.
    const env = { ...process.env, NODE_ENV: 'production' }
    const child = spawn(process.execPath, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: longest,
      killSignal: 'SIGKILL',
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
        if (!quiet) process.stdout.write(text)
      })
    }
    child.once('error', fail)
    child.once('close', (status) => (status === 0 ? done() : fail(new Error(`The screens could not be built:\n${output}`))))
  })
  writeFileSync(mark, sources)
  return true
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const built = await buildRenderer()
  if (!built) process.stdout.write('The screens are up to date.\n')
}
