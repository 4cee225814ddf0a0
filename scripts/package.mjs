/**
 * `npm run package [-- ELECTRON-BUILDER-ARGUMENTS]`: builds, then makes installers for this machine's system in dist/. `-- --dir`: only the
 * unpacked application. Nothing is ever published from here.
 */
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildAll } from './build.mjs'
import { electronVersion, fetchElectron, findElectron, versionIn, whyNoElectron } from './electron/runtime.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (text) => process.stderr.write(`${text}\n`)

async function main() {
  const electron = findElectron() ?? (await fetchElectron(say))
  if (electron === undefined) {
    say(
      `Nothing was packaged: ${whyNoElectron()}.\n` +
        `Unpack electron-v${electronVersion()}-${process.platform}-${process.arch}.zip somewhere and name that folder in ELECTRON_OVERRIDE_DIST_PATH, ` +
        `or put the zip into Electron's download cache, and run the same command again.`,
    )
    return 1
  }
  const version = versionIn(electron.dist)
  if (version !== electronVersion()) {
    say(`Nothing was packaged: Electron ${version ?? 'of an unknown version'} is in the named folder, but ${electronVersion()} is wanted.`)
    return 1
  }
  await buildAll({ quiet: true })
  const builder = join(root, 'node_modules/electron-builder/out/cli/cli.js')
  return await run([builder, '--publish', 'never', `-c.electronDist=${electron.dist}`, ...process.argv.slice(2)])
}

function run(args) {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
    child.once('error', () => done(1))
    child.once('exit', (code) => done(code ?? 1))
  })
}

process.exitCode = await main()
