/** `npm run build`: screens, the application's own processes and their icons into out/. What is there and was made of the same sources stays. */
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { holdingLock } from './bootstrap/lock.mjs'
import { hashOf } from './build/hashOf.mjs'
import { buildRenderer } from './buildRenderer.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const out = join(root, 'out')
const mark = join(out, 'processes.sha256')
const longest = 5 * 60_000

/** From build/ into out/icons, under the name that the application uses. */
const icons = {
  'icons/32x32.png': '32.png',
  'icons/256x256.png': '256.png',
  'icon.ico': 'tray.ico',
  'trayTemplate.png': 'trayTemplate.png',
  'trayTemplate@2x.png': 'trayTemplate@2x.png',
}
/** The rehearsal's archive begins with these. out/ mirrors the repository, so the engine finds them where it always does. */
const samples = 'tests/fixtures/dicom'
/** Put into every bundle of evidence as it is. */
const verifier = 'main/evidence/verify-evidence.mjs'

/**
 * @param {{ quiet?: boolean }} [options]
 * @returns {Promise<boolean>} whether anything had to be built
 */
export function buildAll({ quiet = false } = {}) {
  // One build at a time: tests and `npm start` may want it at once.
  return holdingLock(
    join(root, '.runtime', 'building'),
    () => undefined,
    () => build(quiet),
  )
}

async function build(quiet) {
  const screens = await buildRenderer({ quiet })
  const sources = hashOf(
    root,
    ['main', 'shared', 'build', 'scripts/build', samples],
    ['electron.vite.config.ts', 'scripts/build.mjs', 'package.json', 'package-lock.json'],
  )
  if (existsSync(mark) && readFileSync(mark, 'utf8') === sources) return screens
  for (const made of ['main', 'shared', 'tests', 'icons', 'processes.sha256']) rmSync(join(out, made), { recursive: true, force: true })
  await electronVite(quiet)
  mkdirSync(join(out, 'icons'), { recursive: true })
  for (const [from, to] of Object.entries(icons)) cpSync(join(root, 'build', from), join(out, 'icons', to))
  writeFileSync(join(out, 'package.json'), packageFile())
  cpSync(join(root, samples), join(out, samples), { recursive: true })
  cpSync(join(root, verifier), join(out, verifier))
  writeFileSync(mark, sources)
  return true
}

/** For whoever asks for Firn's version, and so that Node.js reads what is built as modules wherever it lies. */
function packageFile() {
  const { name, version, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return `${JSON.stringify({ name, version, type }, null, 2)}\n`
}

function electronVite(quiet) {
  const args = [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', quiet ? 'error' : 'warn']
  return new Promise((done, fail) => {
    const env = { ...process.env, NODE_ENV: 'production' }
    const child = spawn(process.execPath, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: longest,
      killSignal: 'SIGKILL',
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.once('error', fail)
    child.once('close', (status) => (status === 0 ? done() : fail(new Error(`The application could not be built:\n${output}`))))
  })
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const built = await buildAll()
  process.stdout.write(built ? 'Built into out/.\n' : 'out/ is up to date.\n')
}
