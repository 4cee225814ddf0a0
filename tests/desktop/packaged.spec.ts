/** The packaged application: made by electron-builder with the configuration of the repository, and its fuses read back from the binary. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { electronVersion } from '../../scripts/electron/runtime.mjs'
import { allFuses } from '../../scripts/package/fuses.mjs'
import { begunEngine } from '../kit/engineProcess.ts'
import { desktopTest, root, whyNot } from './kit.ts'

const folder = mkdtempSync(join(tmpdir(), 'firn-packaged-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function pack(output: string, environment: NodeJS.ProcessEnv): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts/package.mjs'), '--dir', `-c.directories.output=${output}`],
    { cwd: root, env: environment, timeout: 600_000, encoding: 'utf8' },
  )
  return { status, said: stdout + stderr }
}

/** The one binary among what was packaged. */
function executableIn(output: string): string {
  const [unpacked = ''] = readdirSync(output).filter((name) => name.includes('unpacked') || name.startsWith('mac'))
  const inside = join(output, unpacked)
  const [name = ''] = ['firn', 'Firn.exe', 'Firn.app'].filter((name) => existsSync(join(inside, name)))
  return join(inside, name)
}

async function fusesOf(executable: string): Promise<Readonly<Record<string, boolean>>> {
  const wire: Readonly<Record<string, unknown>> = { ...(await getCurrentFuseWire(executable)) }
  return Object.fromEntries(
    Object.keys(allFuses(configured)).map((index) => [FuseV1Options[Number(index)] ?? index, wire[index] === FuseState.ENABLE]),
  )
}
const configured = (parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) as { electronFuses: Record<string, boolean> })
  .electronFuses
const wanted = Object.fromEntries(
  Object.entries(allFuses(configured)).map(([index, value]) => [FuseV1Options[Number(index)] ?? index, value]),
)

describe.runIf(process.platform === 'linux')('packaged around a stand-in for the runtime, everything else real', () => {
  const output = join(folder, 'stand-in')
  let result: ReturnType<typeof pack>
  beforeAll(() => {
    const runtime = join(folder, 'runtime')
    mkdirSync(join(runtime, 'resources'), { recursive: true })
    mkdirSync(join(runtime, 'locales'))
    writeFileSync(join(runtime, 'version'), electronVersion())
    for (const language of ['en-US', 'de', 'fr']) writeFileSync(join(runtime, 'locales', `${language}.pak`), '')
    for (const file of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox']) writeFileSync(join(runtime, file), '')
    const fuses = Object.keys(wanted).length
    const wire = Buffer.concat([Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'), Buffer.from([1, fuses]), Buffer.alloc(fuses, '1')])
    writeFileSync(join(runtime, 'electron'), Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(64), wire, Buffer.alloc(64)]))
    chmodSync(join(runtime, 'electron'), 0o755)
    result = pack(output, { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: runtime })
  }, 600_000)

  test('electron-builder takes the configuration', () => {
    expect(result.status, result.said).toBe(0)
    const inside = readdirSync(join(output, 'linux-unpacked'))
    expect(inside).toEqual(expect.arrayContaining(['firn', 'resources']))
    expect(readdirSync(join(output, 'linux-unpacked', 'locales')).sort()).toEqual(['de.pak', 'en-US.pak'])
    expect(readdirSync(join(output, 'linux-unpacked', 'resources')).sort()).toEqual([
      'LICENSE.txt',
      'NOTICE.txt',
      'README.md',
      'app-update.yml',
      'app.asar',
    ])
  })
  test('every fuse has the value that was decided', async () => {
    expect(await fusesOf(executableIn(output))).toEqual(wanted)
  })
  test('the engine in the archive runs: no package that it needs was left out', async () => {
    const unpacked = join(folder, 'asar')
    const asar = join(root, 'node_modules/@electron/asar/bin/asar.mjs')
    const bin = existsSync(asar) ? asar : join(root, 'node_modules/@electron/asar/bin/asar.js')
    const { status, stderr } = spawnSync(process.execPath, [bin, 'extract', join(output, 'linux-unpacked/resources/app.asar'), unpacked], {
      encoding: 'utf8',
      timeout: 120_000,
    })
    expect(status, stderr).toBe(0)
    const engine = await begunEngine(join(folder, 'home'), null, {}, join(unpacked, 'out/main/engine/entry.js'))
    await engine.ask('migrations.rehearse', { instances: 10 })
    expect(await engine.over('prepare')).toMatchObject({ state: 'done' })
    expect(await engine.work({ kind: 'rehearsal' })).toMatchObject({ state: 'done', fault: null })
    expect(await engine.end()).toBe(0)
  }, 300_000)
})

desktopTest(
  'packaged around the real runtime, every fuse has the value that was decided',
  async () => {
    const output = join(folder, 'real')
    const result = pack(output, process.env)
    expect(result.status, result.said).toBe(0)
    expect(await fusesOf(executableIn(output))).toEqual(wanted)
  },
  900_000,
)

test.runIf(whyNot !== undefined && process.env['ELECTRON_OVERRIDE_DIST_PATH'] === undefined)(
  'without a runtime nothing is packaged, and it says what to do',
  () => {
    const { status, said } = pack(join(folder, 'none'), { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'nowhere') })
    expect([status, said]).toEqual([
      1,
      expect.stringContaining('Nothing was packaged: ELECTRON_OVERRIDE_DIST_PATH names a folder without Electron.') as unknown,
    ])
  },
)
